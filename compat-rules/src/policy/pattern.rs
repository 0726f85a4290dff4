//! Patterns for names of subjects: which they match, how specific they are, whether two can match the same name.
//!
//! A pattern is a literal name; with `*` (any run of characters except `.`) or `**` (any run); or, after `re:`, a
//! regular expression that must match the whole name. All are matched in linear time, on the name without its context.

use regex::{Regex, RegexBuilder};

/// A pattern that was understood.
#[derive(Debug, Clone)]
pub struct SubjectPattern {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Literal,
    Glob(Regex),
    Expression(Regex),
}

/// A pattern that is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pattern:?} is no pattern of subjects: {reason}")]
pub struct BadPattern {
    /// The text, cut.
    pub pattern: String,
    /// Why.
    pub reason: String,
}

impl SubjectPattern {
    /// The longest pattern, in bytes.
    pub const LENGTH_MAX: usize = 1024;

    /// Reads a pattern.
    ///
    /// # Errors
    /// [`BadPattern`] when it is empty, too long, or a regular expression that is none or too large.
    pub fn parse(text: &str) -> Result<Self, BadPattern> {
        if text.is_empty() {
            return Err(BadPattern::new(text, "it is empty"));
        }
        let kind = if let Some(expression) = text.strip_prefix("re:") {
            // By itself first: `a)|(b` is an expression only between the brackets that follow.
            linear_regex(expression, text)?;
            Kind::Expression(linear_regex(&format!("^(?:{expression})$"), text)?)
        } else if text.contains('*') {
            Kind::Glob(linear_regex(&glob_expression(text), text)?)
        } else if text.len() > Self::LENGTH_MAX {
            return Err(BadPattern::new(text, "it is longer than 1024 bytes"));
        } else {
            Kind::Literal
        };
        Ok(Self {
            text: text.to_owned(),
            kind,
        })
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True when the name, without its context, is one of those meant.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        match &self.kind {
            Kind::Literal => self.text == name,
            Kind::Glob(regex) | Kind::Expression(regex) => regex.is_match(name),
        }
    }

    /// True when it names exactly one subject.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        matches!(self.kind, Kind::Literal)
    }

    /// What every name that it matches begins with; of a regular expression at least the plain characters in front.
    #[must_use]
    pub fn literal_prefix(&self) -> String {
        match &self.kind {
            Kind::Literal => self.text.clone(),
            Kind::Glob(_) => self.text.split('*').next().unwrap_or_default().to_owned(),
            Kind::Expression(_) => expression_prefix(&self.text["re:".len()..]),
        }
    }

    /// False only when no name can match both. Two patterns of which one is a regular expression are told apart by
    /// what they begin with.
    #[must_use]
    pub fn may_overlap(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Literal, _) => other.matches(&self.text),
            (_, Kind::Literal) => self.matches(&other.text),
            (Kind::Glob(_), Kind::Glob(_)) => globs_meet(&self.text, &other.text),
            _ => {
                let (one, two) = (self.literal_prefix(), other.literal_prefix());
                one.starts_with(&two) || two.starts_with(&one)
            }
        }
    }

    /// True only when every name that `other` matches is matched by this pattern. May be false where it is so.
    #[must_use]
    pub fn surely_covers(&self, other: &Self) -> bool {
        if self.text == other.text || other.is_exact() {
            return self.text == other.text || self.matches(&other.text);
        }
        let start = self.text.strip_suffix("**");
        start.is_some_and(|start| {
            !self.text.starts_with("re:")
                && !start.contains('*')
                && other.literal_prefix().starts_with(start)
        })
    }
}

impl BadPattern {
    fn new(pattern: &str, reason: impl Into<String>) -> Self {
        Self {
            pattern: pattern.chars().take(80).collect(),
            reason: reason.into(),
        }
    }
}

/// Compiles an expression whose size is bounded; matching it is linear by construction.
fn linear_regex(expression: &str, pattern: &str) -> Result<Regex, BadPattern> {
    if pattern.len() > SubjectPattern::LENGTH_MAX {
        return Err(BadPattern::new(pattern, "it is longer than 1024 bytes"));
    }
    RegexBuilder::new(expression)
        .size_limit(1 << 18)
        .build()
        .map_err(|error| BadPattern::new(pattern, reason_in_one_line(&error)))
}

/// The last line of the engine's message says what is wrong; those before draw the place.
fn reason_in_one_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().last().unwrap_or_default().trim();
    last.trim_start_matches("error: ").to_owned()
}

fn glob_expression(glob: &str) -> String {
    let mut expression = String::from("(?s)^");
    let mut rest = glob;
    while let Some(star) = rest.find('*') {
        expression.push_str(&regex::escape(&rest[..star]));
        let after = rest[star..].trim_start_matches('*');
        let stars = rest.len() - star - after.len();
        expression.push_str(if stars == 1 { "[^.]*" } else { ".*" });
        rest = after;
    }
    expression.push_str(&regex::escape(rest));
    expression.push('$');
    expression
}

fn expression_prefix(expression: &str) -> String {
    // An alternative anywhere, or a flag, can undo what stands in front.
    if expression.contains('|') || expression.starts_with("(?") {
        return String::new();
    }
    let mut prefix = String::new();
    let mut characters = expression.strip_prefix('^').unwrap_or(expression).chars();
    while let Some(character) = characters.next() {
        match character {
            '?' | '*' | '{' => {
                prefix.pop();
                break;
            }
            '\\' => match characters.next() {
                Some(escaped) if escaped.is_ascii_punctuation() => prefix.push(escaped),
                _ => break,
            },
            plain if plain.is_alphanumeric() || matches!(plain, '-' | '_') => prefix.push(plain),
            _ => break,
        }
    }
    prefix
}

/// One step of a glob: a character, or a run of which a `.` may or may not be part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    One(char),
    Run { dots: bool },
}

fn steps(glob: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for character in glob.chars() {
        match (character, steps.last_mut()) {
            ('*', Some(Step::Run { dots })) => *dots = true,
            ('*', _) => steps.push(Step::Run { dots: false }),
            _ => steps.push(Step::One(character)),
        }
    }
    steps
}

/// True when some name matches both globs. The walk over pairs of positions is bounded by the lengths' product.
fn globs_meet(one: &str, other: &str) -> bool {
    let (one, other) = (steps(one), steps(other));
    let width = other.len() + 1;
    let mut seen = vec![false; (one.len() + 1) * width];
    let mut waiting = vec![(0, 0)];
    while let Some((at, beside)) = waiting.pop() {
        if std::mem::replace(&mut seen[at * width + beside], true) {
            continue;
        }
        match (one.get(at), other.get(beside)) {
            (None, None) => return true,
            (Some(Step::Run { .. }), Some(Step::Run { .. })) => {
                waiting.extend([(at + 1, beside), (at, beside + 1)]);
            }
            (Some(Step::Run { dots }), step) => {
                waiting.push((at + 1, beside));
                if matches!(step, Some(Step::One(character)) if *dots || *character != '.') {
                    waiting.push((at, beside + 1));
                }
            }
            (step, Some(Step::Run { dots })) => {
                waiting.push((at, beside + 1));
                if matches!(step, Some(Step::One(character)) if *dots || *character != '.') {
                    waiting.push((at + 1, beside));
                }
            }
            (Some(Step::One(left)), Some(Step::One(right))) if left == right => {
                waiting.push((at + 1, beside + 1));
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::SubjectPattern;
    use proptest::prelude::*;

    fn pattern(text: &str) -> SubjectPattern {
        SubjectPattern::parse(text).expect("a pattern")
    }

    #[test]
    fn one_star_stops_at_a_dot_and_two_do_not() {
        let cases = [
            ("orders.*", "orders.created", true),
            ("orders.*", "orders.created.v1", false),
            ("orders.*", "orders.", true),
            ("orders.**", "orders.created.v1", true),
            ("orders.**", "orders", false),
            ("payments.**-value", "payments.a.b-value", true),
            ("payments.**-value", "payments.a.b-key", false),
            ("*", "orders", true),
            ("**", "orders.created-value", true),
            ("orders", "orders", true),
            ("orders", "orders2", false),
            ("a+b.*", "a+b.c", true),
            ("a+b.*", "aab.c", false),
            ("re:orders\\.[a-z]+", "orders.created", true),
            ("re:orders\\.[a-z]+", "my.orders.created", false),
            ("re:a|b", "ab", false),
            ("re:a|b", "b", true),
        ];
        for (text, name, expected) in cases {
            assert_eq!(pattern(text).matches(name), expected, "{text} on {name}");
        }
    }

    #[test]
    fn a_pattern_that_is_none_says_why() {
        let long = "a".repeat(SubjectPattern::LENGTH_MAX + 1);
        for (text, reason) in [
            ("", "empty"),
            ("re:(", "unclosed"),
            ("re:a)|(?:b", "unopened"),
            ("re:(?=a)b", "look-around"),
            ("re:((a{0,1000}){0,1000}){0,1000}", "size limit"),
            (long.as_str(), "longer than"),
        ] {
            let refusal = SubjectPattern::parse(text).expect_err("no pattern");
            assert!(
                refusal.to_string().contains(reason),
                "{text:.20}: {refusal}"
            );
        }
    }

    #[test]
    fn the_literal_prefix_ends_where_the_names_may_differ() {
        for (text, prefix) in [
            ("orders.**", "orders."),
            ("**", ""),
            ("orders", "orders"),
            ("re:orders\\.[a-z]+", "orders."),
            ("re:^ab*", "a"),
            ("re:ab|cd", ""),
            ("re:orders.x", "orders"),
            ("re:(?i)orders", ""),
        ] {
            assert_eq!(pattern(text).literal_prefix(), prefix, "{text}");
        }
    }

    #[test]
    fn patterns_that_share_no_name_do_not_overlap() {
        for (one, other, expected) in [
            ("orders.**", "payments.**", false),
            ("orders.**", "**.created", true),
            ("*", "orders.created", false),
            ("*", "*.created", false),
            ("a.*", "*.b", true),
            ("a*c", "ab*d", false),
            ("orders.**", "re:payments\\..*", false),
            ("orders.**", "re:orders\\.x", true),
        ] {
            assert_eq!(
                pattern(one).may_overlap(&pattern(other)),
                expected,
                "{one} and {other}"
            );
            assert_eq!(
                pattern(other).may_overlap(&pattern(one)),
                expected,
                "{other} and {one}"
            );
        }
    }

    #[test]
    fn a_pattern_covers_what_lies_wholly_within_it() {
        for (one, other, expected) in [
            ("orders.legacy.**", "orders.legacy.**", true),
            ("orders.**", "orders.legacy.*", true),
            ("orders.**", "orders.a", true),
            ("orders.legacy.**", "orders.**", false),
            ("orders.*", "orders.a.**", false),
        ] {
            let covers = pattern(one).surely_covers(&pattern(other));
            assert_eq!(covers, expected, "{one} over {other}");
        }
    }

    proptest! {
        /// The names tried are short, so that many of them match.
        #[test]
        fn patterns_said_to_be_apart_match_no_common_name(
            one in "[ab.*]{1,5}", other in "(re:)?[ab]{0,2}[ab.*]{0,4}b", name in "[ab.]{0,6}",
        ) {
            let (Ok(one), Ok(other)) = (SubjectPattern::parse(&one), SubjectPattern::parse(&other)) else {
                return Ok(());
            };
            if one.matches(&name) && other.matches(&name) {
                prop_assert!(one.may_overlap(&other));
            }
            if one.surely_covers(&other) && other.matches(&name) {
                prop_assert!(one.matches(&name));
            }
            if one.matches(&name) {
                prop_assert!(name.starts_with(&one.literal_prefix()));
            }
        }
    }
}
