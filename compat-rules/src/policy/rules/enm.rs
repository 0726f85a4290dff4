//! ENM: enums, which every reader has to know in full.

mod removed;

use schemars::JsonSchema;
use serde::Deserialize;

use super::look;
use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};

use super::words::words;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&ENM001, &ENM002, &ENM003, &ENM004, &removed::ENM005];

const ENM001: PolicyRule = PolicyRule {
    code: "ENM001",
    slug: "enum-default",
    title: "An enum has a default symbol.",
    formats: &[Format::Avro],
    hint: "add \"default\": a symbol that means unknown",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, default_symbol),
};

const ENM002: PolicyRule = PolicyRule {
    code: "ENM002",
    slug: "enum-size",
    title: "An enum has no more values than the limit.",
    formats: ALL_FORMATS,
    hint: "make it a string, with a table of values",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Size>,
    prepare: |parameters| look::with::<Size>(parameters, small),
};

const ENM003: PolicyRule = PolicyRule {
    code: "ENM003",
    slug: "enum-no-alias",
    title: "No enum has two names for one number.",
    formats: &[Format::Protobuf],
    hint: "remove allow_alias and one of the two names",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, no_alias),
};

const ENM004: PolicyRule = PolicyRule {
    code: "ENM004",
    slug: "enum-unknown-value",
    title: "An enum has a value that means unknown.",
    formats: &[Format::Avro, Format::Json],
    hint: "add the value UNKNOWN",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Unknown>,
    prepare: |parameters| look::with::<Unknown>(parameters, unknown),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Size {
    /// So many values are allowed.
    max: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { max: 100 }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Unknown {
    /// A value with one of these words in its name means unknown.
    words: Vec<String>,
}

impl Default for Unknown {
    fn default() -> Self {
        let words = ["unknown", "unspecified", "undefined", "other"];
        Self {
            words: words.map(str::to_owned).to_vec(),
        }
    }
}

/// How the enum is called in messages.
fn called(name: &str) -> String {
    match name {
        "" => "the enum".to_owned(),
        name => format!("enum \"{name}\""),
    }
}

fn default_symbol(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.enums() {
        if one.default_symbol.is_none() {
            found.report(
                &one.element,
                format!("{} has no default", called(&one.name)),
            );
        }
    }
}

fn small(size: &Size, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.enums() {
        let (count, max) = (one.symbols.len(), size.max);
        if count > max {
            let message = format!(
                "{} has {count} values, {max} are allowed",
                called(&one.name)
            );
            found.report(&one.element, message);
        }
    }
}

fn no_alias(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.enums() {
        if one
            .properties
            .get("allow_alias")
            .is_some_and(|value| value == "true")
        {
            found.report(
                &one.element,
                format!("{} allows aliases", called(&one.name)),
            );
        }
    }
}

fn unknown(parameters: &Unknown, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.enums() {
        // One value is a constant, not a choice.
        let is_constant = candidate.schema.format == Format::Json && one.symbols.len() == 1;
        let means_unknown = |name: &str| {
            words(name)
                .iter()
                .any(|word| parameters.words.contains(word))
        };
        if !is_constant && !one.symbols.iter().any(|symbol| means_unknown(&symbol.name)) {
            let message = format!("{} has no value that means unknown", called(&one.name));
            found.report(&one.element, message);
        }
    }
}
