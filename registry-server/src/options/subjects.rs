//! Subjects that are to have figures of their own: names, and beginnings of names, in a list with a bound.

use std::fmt;
use std::str::FromStr;

/// So many lines a figure may have: labels are bounded, whatever subjects there are.
const PATTERNS_MAX: usize = 100;

/// Names and beginnings of names, in the order in which they are tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubjectPatterns(Vec<String>);

/// A list that is too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} subjects are named, and {PATTERNS_MAX} may be: a name that ends in `*` stands for many"
)]
pub struct TooMany(usize);

impl SubjectPatterns {
    /// As they were given.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// The place of the first that fits a subject.
    #[must_use]
    pub fn place(&self, subject: &str) -> Option<usize> {
        self.0.iter().position(|pattern| {
            pattern
                .strip_suffix('*')
                .map_or(pattern == subject, |start| subject.starts_with(start))
        })
    }
}

impl FromStr for SubjectPatterns {
    type Err = TooMany;

    fn from_str(text: &str) -> Result<Self, TooMany> {
        let patterns = text.split(',').map(str::trim);
        let patterns: Vec<String> = patterns
            .filter(|pattern| !pattern.is_empty())
            .map(str::to_owned)
            .collect();
        if patterns.len() > PATTERNS_MAX {
            return Err(TooMany(patterns.len()));
        }
        Ok(Self(patterns))
    }
}

impl fmt::Display for SubjectPatterns {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_or_beginning_that_fits_counts() {
        let patterns: SubjectPatterns = "orders-value, orders-*,, :.prod:*".parse().expect("few");
        assert_eq!(patterns.place("orders-value"), Some(0));
        assert_eq!(patterns.place("orders-key"), Some(1));
        assert_eq!(patterns.place(":.prod:orders-value"), Some(2));
        assert_eq!(patterns.place("orders"), None);
        assert_eq!(patterns.to_string().parse(), Ok(patterns));
    }

    #[test]
    fn a_list_without_bound_is_refused() {
        let of = |count: usize| vec!["a"; count].join(",").parse::<SubjectPatterns>();
        assert!(of(100).is_ok());
        let refused = of(101).expect_err("too many");
        assert!(refused.to_string().contains("101"), "{refused}");
    }
}
