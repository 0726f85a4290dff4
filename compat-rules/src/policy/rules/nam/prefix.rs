//! What the values of Protobuf's enums are called: they share one scope with their siblings' values.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::words::words;

pub(super) const NAM008: PolicyRule = PolicyRule {
    code: "NAM008",
    slug: "enum-value-prefix",
    title: "The values of an enum carry its name.",
    formats: &[Format::Protobuf],
    hint: "begin the value with the name of the enum",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, prefixed),
};

pub(super) const NAM009: PolicyRule = PolicyRule {
    code: "NAM009",
    slug: "enum-zero-unspecified",
    title: "The value 0 of an enum says that nothing was set.",
    formats: &[Format::Protobuf],
    hint: "make 0 the value ..._UNSPECIFIED",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Zero>,
    prepare: |parameters| look::with::<Zero>(parameters, zero),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Zero {
    /// How the name of the value 0 ends.
    suffix: String,
}

impl Default for Zero {
    fn default() -> Self {
        Self {
            suffix: "_UNSPECIFIED".to_owned(),
        }
    }
}

fn upper_snake(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

fn prefixed(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.enums() {
        let prefix = format!("{}_", upper_snake(&one.name));
        for symbol in &one.symbols {
            if !symbol.name.starts_with(&prefix) {
                let name = &symbol.name;
                found.add(Report {
                    element: symbol.element.clone(),
                    detail: String::new(),
                    message: format!("value \"{name}\" does not begin with \"{prefix}\""),
                    hint: Some(format!("write \"{prefix}{}\"", upper_snake(name))),
                });
            }
        }
    }
}

fn zero(parameters: &Zero, candidate: &Candidate<'_>, found: &mut Found) {
    let suffix = &parameters.suffix;
    for one in candidate.schema.enums() {
        let zero = one.symbols.iter().find(|symbol| symbol.number == Some(0));
        if let Some(zero) = zero
            && !zero.name.ends_with(suffix)
        {
            let name = &zero.name;
            found.add(Report {
                element: zero.element.clone(),
                detail: String::new(),
                message: format!("value \"{name}\" is 0 and does not end in \"{suffix}\""),
                hint: Some(format!("make 0 \"{}{suffix}\"", upper_snake(&one.name))),
            });
        }
    }
}
