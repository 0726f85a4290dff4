//! LIM: how large a schema may be.

use schemars::JsonSchema;
use serde::Deserialize;

use super::look;
use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&LIM001, &LIM002, &LIM003, &LIM004, &LIM005];

const LIM001: PolicyRule = PolicyRule {
    code: "LIM001",
    slug: "max-fields",
    title: "A type has no more fields than the limit.",
    formats: ALL_FORMATS,
    hint: "put fields that belong together into a type",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<MaxFields>,
    prepare: |parameters| look::with::<MaxFields>(parameters, few_fields),
};

const LIM002: PolicyRule = PolicyRule {
    code: "LIM002",
    slug: "max-depth",
    title: "Types do not nest deeper than the limit.",
    formats: ALL_FORMATS,
    hint: "flatten the deepest types, or send them by themselves",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<MaxDepth>,
    prepare: |parameters| look::with::<MaxDepth>(parameters, not_deep),
};

const LIM003: PolicyRule = PolicyRule {
    code: "LIM003",
    slug: "max-types",
    title: "A schema defines no more types than the limit.",
    formats: ALL_FORMATS,
    hint: "register shared types by themselves, and refer to them",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<MaxTypes>,
    prepare: |parameters| look::with::<MaxTypes>(parameters, few_types),
};

const LIM004: PolicyRule = PolicyRule {
    code: "LIM004",
    slug: "max-bytes",
    title: "The text of a schema is no longer than the limit.",
    formats: ALL_FORMATS,
    hint: "shorten the schema, or divide it and refer to its parts",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<MaxBytes>,
    prepare: |parameters| look::with::<MaxBytes>(parameters, short_text),
};

const LIM005: PolicyRule = PolicyRule {
    code: "LIM005",
    slug: "no-recursion",
    title: "No type contains itself.",
    formats: ALL_FORMATS,
    hint: "send a list of elements that name a parent",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, no_recursion),
};

macro_rules! limits {
    ($($name:ident = $default:literal)+) => {$(
        #[derive(Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        struct $name {
            /// The limit: so many are allowed.
            max: usize,
        }

        impl Default for $name {
            fn default() -> Self {
                Self { max: $default }
            }
        }
    )+};
}

limits! {
    MaxFields = 100
    MaxDepth = 8
    MaxTypes = 50
    MaxBytes = 1_000_000
}

fn few_fields(limit: &MaxFields, candidate: &Candidate<'_>, found: &mut Found) {
    for one in &candidate.schema.types {
        let (count, max) = (one.fields.len(), limit.max);
        if count > max {
            let name = match one.name.as_str() {
                "" => "the type".to_owned(),
                name => format!("type \"{name}\""),
            };
            found.report(
                &one.element,
                format!("{name} has {count} fields, {max} are allowed"),
            );
        }
    }
}

fn not_deep(limit: &MaxDepth, candidate: &Candidate<'_>, found: &mut Found) {
    let (depth, max) = (candidate.schema.depth, limit.max);
    if depth > max {
        found.report_whole(format!("types nest {depth} deep, {max} is allowed"));
    }
}

fn few_types(limit: &MaxTypes, candidate: &Candidate<'_>, found: &mut Found) {
    let types = candidate.schema.types.iter();
    let (count, max) = (types.filter(|one| !one.name.is_empty()).count(), limit.max);
    if count > max {
        found.report_whole(format!(
            "the schema defines {count} types, {max} are allowed"
        ));
    }
}

fn short_text(limit: &MaxBytes, candidate: &Candidate<'_>, found: &mut Found) {
    let (bytes, max) = (candidate.schema.bytes, limit.max);
    if bytes > max {
        found.report_whole(format!("the schema has {bytes} bytes, {max} are allowed"));
    }
}

fn no_recursion(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.types.iter().filter(|one| one.is_recursive) {
        let name = match one.name.as_str() {
            "" => "the schema".to_owned(),
            name => format!("type \"{name}\""),
        };
        found.report(&one.element, format!("{name} contains itself"));
    }
}
