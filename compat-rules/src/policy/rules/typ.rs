//! TYP: what values are made of. Whoever reads a type reads it in every language.

mod decimal;
mod general;
mod money;
mod named;

use crate::Format;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Field, FieldType};
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
    &general::TYP013,
    &decimal::TYP016,
];

/// True if the field holds such a value, or many of them.
fn holds(field: &Field, is_it: impl Fn(FieldType) -> bool) -> bool {
    is_it(field.r#type) || field.item.is_some_and(is_it)
}

/// What to write in each format: Avro, JSON, Protobuf.
const fn instead(format: Format, [avro, json, protobuf]: [&str; 3]) -> &str {
    match format {
        Format::Avro => avro,
        Format::Json => json,
        Format::Protobuf => protobuf,
    }
}

fn report(found: &mut Found, field: &Field, what: &str, hint: &str) {
    found.add(Report {
        element: field.element.clone(),
        detail: String::new(),
        message: format!("field \"{}\": {what}", field.name),
        hint: Some(hint.to_owned()),
    });
}
