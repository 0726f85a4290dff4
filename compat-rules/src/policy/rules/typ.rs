//! TYP: what values are made of. Whoever reads a type reads it in every language.

mod decimal;
mod forbidden;
mod general;
mod money;
mod named;

use crate::Format;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, Field, Held};
use crate::policy::rule::PolicyRule;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[
    &money::TYP001,
    &money::TYP002,
    &named::TYP003,
    &general::TYP004,
    &named::TYP005,
    &named::TYP006,
    &decimal::TYP008,
    &general::TYP010,
    &general::TYP012,
    &forbidden::TYP013,
    &decimal::TYP016,
];

/// What a field holds in the end: values that are not made of further ones. Each has to be what the name promises.
fn innermost(field: &Field) -> impl Iterator<Item = (&Element, &Held)> {
    field.values().filter(|(_, held)| !held.is_outer)
}

/// What to write in each format: Avro, JSON, Protobuf.
const fn instead(format: Format, [avro, json, protobuf]: [&str; 3]) -> &str {
    match format {
        Format::Avro => avro,
        Format::Json => json,
        Format::Protobuf => protobuf,
    }
}

/// Of a value that a field holds, or that none does.
fn report(found: &mut Found, field: Option<&Field>, element: &Element, what: &str, hint: &str) {
    let holder = field.map_or_else(
        || "the schema".to_owned(),
        |field| format!("field \"{}\"", field.name),
    );
    found.add(Report {
        element: element.clone(),
        detail: String::new(),
        message: format!("{holder}: {what}"),
        hint: Some(hint.to_owned()),
    });
}
