//! The name of a subject by itself: its pattern, length and characters, its domain, and names that look the same.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::candidate::{Candidate, Role};
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, ALL_FORMATS, BadParameters, CONTENT_POINTS, Category, Check, NoParameters, PolicyRule,
};
use crate::policy::rules::look;

pub(super) const SUB001: PolicyRule = PolicyRule {
    code: "SUB001",
    slug: "subject-pattern",
    title: "The subject matches one of the patterns.",
    formats: ALL_FORMATS,
    hint: "register under a name like orders.shipment-value",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Patterns>,
    prepare: |parameters| Ok(Box::new(Expressions::make(rule::read(parameters)?)?)),
};

pub(super) const SUB002: PolicyRule = PolicyRule {
    code: "SUB002",
    slug: "subject-length",
    title: "The subject is not too long, nor is the topic that it names.",
    formats: ALL_FORMATS,
    hint: "choose a shorter name, a topic up to 249",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Length>,
    prepare: |parameters| look::with(parameters, length),
};

pub(super) const SUB003: PolicyRule = PolicyRule {
    code: "SUB003",
    slug: "subject-charset",
    title: "The subject consists of letters, digits, dots, underscores and hyphens.",
    formats: ALL_FORMATS,
    hint: "use A-Z, a-z, 0-9, `.`, `_` and `-` only",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Charset>,
    prepare: |parameters| look::with(parameters, charset),
};

pub(super) const SUB009: PolicyRule = PolicyRule {
    code: "SUB009",
    slug: "near-duplicate-subject",
    title: "No other subject has the same name but for case and separators.",
    formats: ALL_FORMATS,
    hint: "register under the subject that exists",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, near_duplicate),
};

pub(super) const SUB010: PolicyRule = PolicyRule {
    code: "SUB010",
    slug: "domain-known",
    title: "The domain in the subject's name is in the vocabulary.",
    formats: ALL_FORMATS,
    hint: "use a domain of the vocabulary",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, domain_known),
};

/// Parameters of SUB001.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Patterns {
    /// Regular expressions; the subject without its context matches one of them as a whole. Named groups, such as
    /// `domain`, are known to other rules.
    patterns: Vec<String>,
}

impl Default for Patterns {
    fn default() -> Self {
        let pattern = "(?<domain>[a-z][a-z0-9-]*)\\.(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)";
        Self {
            patterns: vec![pattern.to_owned()],
        }
    }
}

struct Expressions {
    texts: Vec<String>,
    expressions: Vec<Regex>,
}

impl Expressions {
    const COUNT_MAX: usize = 100;
    const LENGTH_MAX: usize = 1024;

    fn make(parameters: Patterns) -> Result<Self, BadParameters> {
        let texts = parameters.patterns;
        if texts.is_empty() || texts.len() > Self::COUNT_MAX {
            return Err(BadParameters(
                "patterns: between one and a hundred are needed".to_owned(),
            ));
        }
        let expressions = texts.iter().map(|text| Self::compile(text));
        Ok(Self {
            expressions: expressions.collect::<Result<_, _>>()?,
            texts,
        })
    }

    fn compile(text: &str) -> Result<Regex, BadParameters> {
        let refused = |reason: &dyn std::fmt::Display| {
            let text: String = text.chars().take(80).collect();
            BadParameters(format!("patterns: {text:?}: {reason}"))
        };
        if text.len() > Self::LENGTH_MAX {
            return Err(refused(&"longer than 1024 bytes"));
        }
        // By itself first: `a)|(b` is an expression only between the brackets that follow.
        let build = |expression: &str| {
            RegexBuilder::new(expression)
                .size_limit(1 << 18)
                .build()
                .map_err(|error| {
                    let text = error.to_string();
                    refused(&text.lines().last().unwrap_or_default().trim())
                })
        };
        build(text)?;
        build(&format!("^(?:{text})$"))
    }

    fn groups(&self, name: &str) -> Option<BTreeMap<String, String>> {
        self.expressions.iter().find_map(|expression| {
            let captured = expression.captures(name)?;
            let groups = expression.capture_names().flatten();
            let pairs = groups.filter_map(|group| {
                let text = captured.name(group)?.as_str();
                Some((group.to_owned(), text.to_owned()))
            });
            Some(pairs.collect())
        })
    }
}

impl Check for Expressions {
    fn check(&self, candidate: &Candidate<'_>, found: &mut Found) {
        let name = &candidate.subject.name;
        if !self.expressions.iter().any(|one| one.is_match(name)) {
            let listed: Vec<&str> = self.texts.iter().take(3).map(String::as_str).collect();
            found.report_whole(format!(
                "subject \"{name}\" matches none of the patterns {}",
                listed.join(" | ")
            ));
        }
    }

    fn captures(&self, name: &str) -> Option<BTreeMap<String, String>> {
        self.groups(name)
    }
}

/// Parameters of SUB002.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Length {
    /// The most characters of a subject, without its context.
    max: usize,
    /// The most characters of the part before `-key` or `-value`.
    max_topic: usize,
}

impl Default for Length {
    fn default() -> Self {
        Self {
            max: 255,
            max_topic: 249,
        }
    }
}

fn length(limits: &Length, candidate: &Candidate<'_>, found: &mut Found) {
    let subject = candidate.subject;
    let characters = subject.name.chars().count();
    let topic = subject.stem().chars().count();
    if characters > limits.max {
        found.report_whole(format!(
            "the subject has {characters} characters, at most {} are allowed",
            limits.max
        ));
    } else if subject.role != Role::None && topic > limits.max_topic {
        found.report_whole(format!(
            "the topic in the subject has {topic} characters, at most {} are allowed",
            limits.max_topic
        ));
    }
}

/// Parameters of SUB003.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Charset {
    /// Dots and underscores may not occur together: Kafka's metrics take one for the other.
    one_separator: bool,
}

fn charset(parameters: &Charset, candidate: &Candidate<'_>, found: &mut Found) {
    let name = &candidate.subject.name;
    let is_allowed = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-');
    if let Some(wrong) = name.chars().find(|one| !is_allowed(*one)) {
        found.report_whole(format!(
            "subject \"{name}\" contains {:?}, which is none of letters, digits, `.`, `_` and `-`",
            wrong
        ));
    } else if parameters.one_separator && name.contains('.') && name.contains('_') {
        found.report_whole(format!(
            "subject \"{name}\" has both `.` and `_`, which Kafka's metrics take for the same"
        ));
    }
}

fn near_duplicate(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for other in &candidate.subject.near_duplicates {
        found.add(Report {
            element: Element::default(),
            detail: other.clone(),
            message: format!(
                "subject \"{}\" is called like \"{other}\" but for case and separators",
                candidate.subject.name
            ),
            hint: Some(format!("register under \"{other}\"")),
        });
    }
}

fn domain_known(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let known = &candidate.vocabulary.domains;
    let Some(domain) = candidate.captures.get("domain") else {
        return;
    };
    if !known.is_empty() && !known.contains(domain) {
        found.report_whole(format!(
            "domain \"{domain}\" of subject \"{}\" is not in the vocabulary",
            candidate.subject.name
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::{Expressions, Patterns};

    fn expressions(patterns: &[&str]) -> Result<Expressions, String> {
        let patterns = patterns.iter().map(|&text| text.to_owned()).collect();
        Expressions::make(Patterns { patterns }).map_err(|bad| bad.0)
    }

    #[test]
    fn groups_are_those_of_the_first_pattern_that_matches_the_whole_name() {
        let expressions = expressions(&[
            "(?<domain>[a-z]+)",
            "(?<domain>[a-z]+)\\.(?<kind>event|cdc)?.*",
        ])
        .expect("patterns");
        let groups = expressions.groups("orders.event-value").expect("a match");
        assert_eq!(groups["domain"], "orders");
        assert_eq!(groups["kind"], "event");
        let groups = expressions.groups("orders.x").expect("a match");
        assert_eq!(groups.get("kind"), None);
        assert_eq!(expressions.groups("ORDERS"), None);
    }

    #[test]
    fn patterns_that_are_none_or_too_large_are_refused() {
        let long = "a".repeat(1025);
        for pattern in [
            "(",
            "a)|(?:b",
            "(?=a)b",
            "((a{0,1000}){0,1000}){0,1000}",
            &long,
        ] {
            let refusal = expressions(&[pattern]).err().expect("no pattern");
            assert!(refusal.starts_with("patterns: "), "{refusal}");
            assert!(!refusal.contains('\n'), "{refusal}");
        }
        assert!(expressions(&[]).is_err());
    }
}
