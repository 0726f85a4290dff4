//! Regular expressions in schemas.
//!
//! A schema is accepted when its patterns are valid *Java* patterns, so the grammar is checked by a reader of our
//! own (`syntax.rs`, `escape.rs`, `class.rs`), which translates what it reads for the engine (`property.rs` knows the names in
//! `\p{…}`). The engine only ever sees names of properties, with a limit on backtracking and on size. A pattern
//! that is valid but that the engine cannot run matches nothing.

mod class;
mod escape;
mod property;
mod syntax;

use fancy_regex::{CompileError, Error, Regex, RegexBuilder};

use crate::{Budget, Exhausted};

/// Why a text is not a pattern.
pub(super) type BadPattern = String;

/// Steps back that one match may take. Names are short: even a pattern that explodes is done within a millisecond.
const BACKTRACK_MAX: usize = 1_000;
/// Bytes that a compiled pattern may take: how many nearly all need, how many some do, and what the trial costs.
const SIZES: [(usize, u64); 2] = [(1 << 18, 300), (10 << 20, 100_000)];
/// Instructions that a pattern with look-around or references may take.
const PROGRAM_MAX: usize = 10_000;
/// What one match costs.
const MATCH_STEPS: u64 = 50;

/// Says what is wrong with a pattern, if anything is.
pub(super) fn check(pattern: &str) -> Result<(), BadPattern> {
    syntax::translate(pattern).map(|_| ())
}

/// A pattern that is ready to be found in names.
pub(super) struct Matcher {
    regex: Option<Regex>,
}

impl Matcher {
    pub(super) fn new(pattern: &str, budget: &mut Budget) -> Result<Self, Exhausted> {
        let Some(text) = syntax::translate(pattern).ok().flatten() else {
            return Ok(Self { regex: None });
        };
        let mut regex = None;
        for (size, steps) in SIZES {
            budget.spend_many(steps + text.len() as u64 / 8)?;
            let built = RegexBuilder::new(&text)
                .backtrack_limit(BACKTRACK_MAX)
                .delegate_size_limit(size)
                .max_prog_size(PROGRAM_MAX)
                .build();
            let is_too_large = matches!(&built, Err(error) if is_about_size(error));
            regex = built.ok();
            if !is_too_large {
                break;
            }
        }
        Ok(Self { regex })
    }

    /// True when the pattern is found somewhere in the name. Who explodes matches nothing.
    pub(super) fn is_found_in(&self, name: &str, budget: &mut Budget) -> Result<bool, Exhausted> {
        let Some(regex) = &self.regex else {
            return Ok(false);
        };
        budget.spend_many(MATCH_STEPS + name.len() as u64 / 64)?;
        Ok(regex.is_match(name).unwrap_or(false))
    }
}

fn is_about_size(error: &Error) -> bool {
    match error {
        Error::CompileError(error) => match &**error {
            CompileError::InnerError(inner) => inner.size_limit().is_some(),
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(pattern: &str, name: &str) -> bool {
        let mut budget = Budget::default();
        let matcher = Matcher::new(pattern, &mut budget).unwrap();
        matcher.is_found_in(name, &mut budget).unwrap()
    }

    #[test]
    fn what_java_refuses_is_refused() {
        let bad = [
            "[",
            "{",
            "a{",
            "a{x}",
            "a{,3}",
            "a{3,2}",
            "*a",
            "+",
            "a**",
            "(",
            "(a",
            "a)",
            "\\",
            "\\q",
            "[z-a]",
            "[]",
            "(?<n>a)(?<n>b)",
            "\\k<n>",
            "(?<=a*)b",
            "(?z)",
            "(?<1>a)",
            "\\x1",
            "\\u12",
            "\\p{Nope}",
            "\\p{",
            "\\0",
            "[a",
            "a{99999999999}",
            "(?",
            "\\N",
        ];
        for pattern in bad {
            assert!(check(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn what_java_accepts_is_accepted() {
        let good = [
            "",
            "]",
            "}",
            "a]",
            "x{2}",
            "x{2,}?",
            "x{2,3}+",
            "[]a]",
            "[^]a]",
            "[a-]",
            "[a&&[^b]]",
            "\\p{L}\\pN\\p{Alpha}\\p{IsLatin}\\p{InGreek}\\p{javaLowerCase}\\P{Lu}",
            "^*$+",
            "(?i)a(?-i:b)",
            "(?<name>a)\\k<name>",
            "(a)\\1",
            "\\Q[{\\E",
            "\\x41\\x{1F600}\\u0041",
            "(?<=a{2})b",
            "(?<!ab|c)d",
            "(?>a)",
            "a*+",
            "\\cA\\e\\a\\R\\h\\v\\X",
            "[\\w.-]+@[\\w.-]+",
            "{3}",
            "\\-\\_\\#",
            "[[a-c][x-z]]",
        ];
        for pattern in good {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_is_found_anywhere_in_a_name_with_javas_meaning_of_classes() {
        let cases = [
            ("^b", "b1", true),
            ("^b", "ab", false),
            ("b", "abc", true),
            ("^\\d+$", "12", true),
            ("^\\d+$", "١", false),
            ("^x-(?!y)", "x-z", true),
            ("^x-(?!y)", "x-y", false),
            ("\\p{Upper}", "aB", true),
            ("^[a-z&&[^b]]+$", "acd", true),
            ("^[a-z&&[^b]]+$", "abc", false),
            ("\\Qa.b\\E", "xa.b", true),
            ("\\Qa.b\\E", "xaxb", false),
            ("^(a)\\1$", "aa", true),
        ];
        for (pattern, name, found) in cases {
            assert_eq!(is_found(pattern, name), found, "{pattern} in {name}");
        }
    }

    #[test]
    fn patterns_that_explode_end_with_an_answer() {
        let name = "a".repeat(5_000) + "!";
        let explosive = [
            "^(a+)+$",
            "(?=(a+)+$)b",
            "^(a|a)*\\1$",
            "(?:a{0,1000}){0,1000}$",
            &("(".repeat(50_000) + &")".repeat(50_000)),
        ];
        for pattern in explosive {
            assert!(!is_found(pattern, &name));
        }
    }
}
