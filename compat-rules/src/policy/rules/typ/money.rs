//! Amounts that have to be exact.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::model::FieldType;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::parameter::FieldNames;

use super::{instead, report};

pub(super) const TYP001: PolicyRule = PolicyRule {
    code: "TYP001",
    slug: "money-no-float",
    title: "A field named like money is not binary floating point.",
    formats: ALL_FORMATS,
    hint: "use a decimal, or whole cents",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Money>,
    prepare: |parameters| look::with::<Money>(parameters, no_money),
};

pub(super) const TYP002: PolicyRule = PolicyRule {
    code: "TYP002",
    slug: "no-float",
    title: "No field is binary floating point.",
    formats: ALL_FORMATS,
    hint: "use a decimal, or count smaller units",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', '·', '·']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, no_float),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Money {
    /// What fields that hold money are called.
    money_names: FieldNames,
}

impl Default for Money {
    fn default() -> Self {
        let names = [
            "amount",
            "*_amount",
            "amount_*",
            "price",
            "*_price",
            "cost",
            "*_cost",
            "fee",
            "*_fee",
            "balance",
            "*_balance",
            "salary",
            "*_salary",
            "money",
            "*_money",
        ];
        Self {
            money_names: FieldNames::shipped(&names),
        }
    }
}

const fn is_float(one: FieldType) -> bool {
    matches!(one, FieldType::Float32 | FieldType::Float64)
}

fn no_money(parameters: &Money, candidate: &Candidate<'_>, found: &mut Found) {
    let hint = instead(
        candidate.schema.format,
        [
            "use bytes/decimal(18,2), or long cents",
            "use a patterned string, or integer cents",
            "use google.type.Money, or int64 cents",
        ],
    );
    let fields = candidate.schema.fields().map(|(_, field)| field);
    for field in fields.filter(|field| parameters.money_names.include(&field.name)) {
        for (element, held) in field.values().filter(|(_, held)| is_float(held.r#type)) {
            let what = format!("{} cannot hold money exactly", held.type_name);
            report(found, Some(field), element, &what, hint);
        }
    }
}

fn no_float(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (field, element, held) in candidate.schema.values() {
        if is_float(held.r#type) {
            let what = format!("{} is binary floating point", held.type_name);
            report(found, field, element, &what, TYP002.hint);
        }
    }
}
