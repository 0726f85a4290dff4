//! Types that are not used whatever the field is called.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, FieldType, Held, Model};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;

use super::report;

pub(super) const TYP004: PolicyRule = PolicyRule {
    code: "TYP004",
    slug: "instant-zoned",
    title: "No instant is without a zone.",
    formats: ALL_FORMATS,
    hint: "use an instant in UTC, and a zone beside it",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, zoned),
};

pub(super) const TYP010: PolicyRule = PolicyRule {
    code: "TYP010",
    slug: "no-any",
    title: "No value is without a type.",
    formats: &[Format::Json, Format::Protobuf],
    hint: "say what it is, or which of several",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, typed),
};

pub(super) const TYP012: PolicyRule = PolicyRule {
    code: "TYP012",
    slug: "union-limits",
    title: "Unions are optional values, or have few branches.",
    formats: &[Format::Avro, Format::Json],
    hint: "give each branch a field of its own",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Branches>,
    prepare: |parameters| look::with::<Branches>(parameters, few_branches),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Branches {
    /// So many branches are allowed, null not counted.
    max: usize,
}

impl Default for Branches {
    fn default() -> Self {
        Self { max: 1 }
    }
}

fn zoned(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (field, element, held) in candidate.schema.values() {
        if held.r#type == FieldType::LocalInstant {
            let what = "an instant without a zone";
            report(found, field, element, what, TYP004.hint);
        }
    }
}

fn typed(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (field, element, held) in candidate.schema.values() {
        if held.r#type == FieldType::Any {
            let what = format!("{} can be anything", held.type_name);
            report(found, field, element, &what, TYP010.hint);
        }
    }
}

fn few_branches(parameters: &Branches, candidate: &Candidate<'_>, found: &mut Found) {
    let max = parameters.max;
    for (element, branches) in unions(candidate.schema) {
        if branches > max {
            found.add(Report {
                element: element.clone(),
                detail: String::new(),
                message: format!("a union of {branches} types, {max} is allowed"),
                hint: None,
            });
        }
    }
}

/// Every union with its branches: those of a value in JSON may stand in the word `type`.
fn unions(schema: &Model) -> Vec<(&Element, usize)> {
    let mut unions: Vec<(&Element, usize)> = Vec::new();
    for one in &schema.types {
        if one.branches > 1 {
            unions.push((&one.element, one.branches));
        }
    }
    // Those that are types are among them already.
    let is_list = |held: &Held| held.r#type == FieldType::Union && held.type_name.contains('|');
    if schema.format == Format::Json {
        let lists = schema.values().filter(|(_, _, held)| is_list(held));
        unions.extend(lists.map(|(_, element, held)| (element, held.branches)));
    }
    unions
}
