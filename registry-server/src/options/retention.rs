//! For how long something is kept: a whole number and its unit, so that nobody takes one unit for another.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A time for which something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Retention {
    number: u32,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Days,
    Hours,
    Minutes,
    Seconds,
}

/// Not the text of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a time is a whole number above 0 and its unit: d for days, h for hours, m for minutes, s for seconds"
)]
pub struct MalformedRetention;

impl Retention {
    /// How long that is.
    #[must_use]
    pub fn duration(self) -> Duration {
        let seconds = match self.unit {
            Unit::Days => 24 * 60 * 60,
            Unit::Hours => 60 * 60,
            Unit::Minutes => 60,
            Unit::Seconds => 1,
        };
        Duration::from_secs(u64::from(self.number) * seconds)
    }
}

impl FromStr for Retention {
    type Err = MalformedRetention;

    fn from_str(text: &str) -> Result<Self, MalformedRetention> {
        let text = text.trim();
        let end = text.len().saturating_sub(1);
        let (number, unit) = text.split_at_checked(end).ok_or(MalformedRetention)?;
        let unit = match unit {
            "d" => Unit::Days,
            "h" => Unit::Hours,
            "m" => Unit::Minutes,
            "s" => Unit::Seconds,
            _ => return Err(MalformedRetention),
        };
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number
            .parse()
            .ok()
            .filter(|number| *number > 0 && is_number);
        let number = number.ok_or(MalformedRetention)?;
        Ok(Self { number, unit })
    }
}

impl TryFrom<String> for Retention {
    type Error = MalformedRetention;

    fn try_from(text: String) -> Result<Self, MalformedRetention> {
        text.parse()
    }
}

impl From<Retention> for String {
    fn from(retention: Retention) -> Self {
        retention.to_string()
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Days => 'd',
            Unit::Hours => 'h',
            Unit::Minutes => 'm',
            Unit::Seconds => 's',
        };
        write!(out, "{}{unit}", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_its_unit() {
        for (text, seconds) in [
            ("400d", 34_560_000),
            ("36h", 129_600),
            ("90m", 5400),
            ("1s", 1),
        ] {
            let retention: Retention = text.parse().expect(text);
            assert_eq!(retention.duration(), Duration::from_secs(seconds));
            assert_eq!(retention.to_string(), text);
        }
    }

    #[test]
    fn a_number_alone_and_no_time_at_all_are_refused() {
        for text in [
            "",
            "d",
            "400",
            "0d",
            "-1d",
            "+1d",
            "1.5d",
            "1 d",
            "1w",
            "1D",
            "1é",
            "9999999999d",
        ] {
            assert_eq!(text.parse::<Retention>(), Err(MalformedRetention), "{text}");
        }
    }
}
