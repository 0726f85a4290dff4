//! A day or a moment in a document, as milliseconds.

use std::borrow::Cow;

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
        match milliseconds(&text) {
            Some(at) => Ok(Self { at, text }),
            None => Err(BadDay(text.chars().take(40).collect())),
        }
    }
}

const DAY: i64 = 86_400_000;

/// Milliseconds since 1970 of `2026-12-01`, `2026-12-01T08:00:00Z` or `2026-12-01T08:00:00.5+01:00`.
fn milliseconds(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let midnight = days_since_1970(year, month, day)? * DAY;
    let Some(time) = time else {
        return Some(midnight);
    };
    let zone = time.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = time.split_at(zone);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hours, minutes, seconds] = numbers(clock, ':', [2, 2, 2])?;
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let seconds = (hours * 60 + minutes) * 60 + seconds;
    Some(midnight + seconds * 1000 + thousandths(fraction)? - offset(zone)? * 60_000)
}

/// Three numbers of so many digits.
fn numbers(text: &str, between: char, digits: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(between);
    let mut numbers = [0; 3];
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next().filter(|part| part.len() == digits)?;
        *number = digits_only(part)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn digits_only(text: &str) -> Option<i64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// The first three digits of a fraction of a second.
fn thousandths(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    digits_only(fraction)?;
    digits_only(&format!("{fraction:0<3}")[..3])
}

/// Minutes east of Greenwich.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, rest) = match zone.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        (_, rest) => (-1, rest),
    };
    let (hours, minutes) = rest.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (digits_only(hours)?, digits_only(minutes)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Days from 1970-01-01; none for a date that the calendar does not have.
fn days_since_1970(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [
        31,
        28 + i64::from(is_leap),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let index = usize::try_from(month.checked_sub(1)?).ok()?;
    let length = *lengths.get(index)?;
    if day < 1 || day > length {
        return None;
    }
    // The leap days before this year; counted from the year 0, which is one.
    let before = year - 1;
    let leap_days = if year == 0 {
        0
    } else {
        before / 4 - before / 100 + before / 400 + 1
    };
    let days_of_months: i64 = lengths[..index].iter().sum();
    Some(year * 365 + leap_days + days_of_months + day - 1 - 719_528)
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

#[cfg(test)]
mod tests {
    use super::milliseconds;
    use jiff::Timestamp;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_date_or_moment_is_none() {
        for text in [
            "",
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "26-04-30",
            "2026-4-30",
            "2026-04-30-01",
            "+026-04-30",
            "2026-04-30T",
            "2026-04-30T08:00:00",
            "2026-04-30T08:00Z",
            "2026-04-30T24:00:00Z",
            "2026-04-30T08:60:00Z",
            "2026-04-30T08:00:00.Z",
            "2026-04-30T08:00:00+1:00",
            "2026-04-30T08:00:00+25:00",
            "2026-04-30T08:00:00é",
            "yesterday",
        ] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
        assert_eq!(milliseconds("2024-02-29"), Some(1_709_164_800_000));
    }

    proptest! {
        /// jiff is the second opinion; it is too large to be brought along.
        #[test]
        fn every_moment_is_read_as_another_library_reads_it(at in -62_000_000_000_000_i64..250_000_000_000_000) {
            let moment = Timestamp::from_millisecond(at).expect("a moment").to_string();
            prop_assert_eq!(milliseconds(&moment), Some(at), "{}", moment);
            let day = &moment[..10];
            let midnight: Timestamp = format!("{day}T00:00:00Z").parse().expect("a moment");
            prop_assert_eq!(milliseconds(day), Some(midnight.as_millisecond()));
            let there = moment.replace('Z', "+05:30");
            let moment: Timestamp = there.parse().expect("a moment");
            prop_assert_eq!(milliseconds(&there), Some(moment.as_millisecond()));
        }
    }
}
