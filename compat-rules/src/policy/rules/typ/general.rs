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

pub(super) const TYP013: PolicyRule = PolicyRule {
    code: "TYP013",
    slug: "forbidden-type",
    title: "No field has a type that is not to be used.",
    formats: ALL_FORMATS,
    hint: "use another type, as the registry demands",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Types>,
    prepare: |parameters| look::with_made::<Types, _>(parameters, Forbidden::of, allowed),
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

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Types {
    /// Types that are not used: words such as `fixed` or `float32`, or names as the text writes them.
    types: Vec<String>,
}

struct Forbidden {
    kinds: Vec<FieldType>,
    names: Vec<String>,
}

impl Forbidden {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "others that are made of parameters can fail"
    )]
    fn of(types: Types) -> Result<Self, rule::BadParameters> {
        let kind =
            |word: &String| FieldType::deserialize(serde_json::Value::from(word.as_str())).ok();
        Ok(Self {
            kinds: types.types.iter().filter_map(kind).collect(),
            names: types.types,
        })
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

fn allowed(forbidden: &Forbidden, candidate: &Candidate<'_>, found: &mut Found) {
    let is_protobuf = candidate.schema.format == Format::Protobuf;
    let is_named = |held: &Held| {
        let mut names = held.logical.iter().chain([&held.type_name]);
        // The name of many values is that of each, which is looked at by itself.
        !(is_protobuf && held.is_outer) && names.any(|name| forbidden.names.contains(name))
    };
    for (field, element, held) in candidate.schema.values() {
        if forbidden.kinds.contains(&held.r#type) || is_named(held) {
            let name = held.logical.as_ref().unwrap_or(&held.type_name);
            let what = format!("{name} is not to be used");
            report(found, field, element, &what, TYP013.hint);
        }
    }
}
