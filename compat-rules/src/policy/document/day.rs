//! A day or a moment in a document, as milliseconds.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A day, which begins at midnight UTC, or a moment by RFC 3339. Ordered by time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day {
    at: i64,
    text: String,
}

/// A text that is no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a day such as 2026-12-01 nor a moment such as 2026-12-01T08:00:00Z")]
pub struct BadDay(String);

impl Day {
    /// When it begins: milliseconds since 1970, UTC.
    #[must_use]
    pub const fn at(&self) -> i64 {
        self.at
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl TryFrom<String> for Day {
    type Error = BadDay;

    fn try_from(text: String) -> Result<Self, BadDay> {
        let midnight = |day: Date| day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
        let moment = match text.len() {
            10 => text.parse::<Date>().and_then(midnight),
            _ => text.parse::<Timestamp>(),
        };
        match moment {
            Ok(moment) => Ok(Self {
                at: moment.as_millisecond(),
                text,
            }),
            Err(_) => Err(BadDay(text.chars().take(40).collect())),
        }
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.text
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.text)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Day")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A day, which begins at midnight UTC, or a moment by RFC 3339.",
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
        })
    }
}
