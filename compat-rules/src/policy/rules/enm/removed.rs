//! ENM005: values that were there, and with them enums that are gone as a whole.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::change::Pairs;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, Field, FieldType, Held, Model, Type, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CHANGE_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::before::{self, Fields};
use crate::policy::rules::look;

use super::called;

pub(super) const ENM005: PolicyRule = PolicyRule {
    code: "ENM005",
    slug: "enum-value-removed",
    title: "No value of an enum disappears.",
    formats: ALL_FORMATS,
    hint: "keep the value and mark it as deprecated",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, kept),
};

fn kept(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(before) = before::pairs(candidate) else {
        return;
    };
    for (one, was) in &before.pairs {
        let has: HashSet<&str> = one.symbols.iter().map(|one| one.name.as_str()).collect();
        for symbol in &was.symbols {
            if !has.contains(symbol.name.as_str()) {
                found.add(Report {
                    element: one.element.clone(),
                    detail: symbol.name.clone(),
                    message: format!(
                        "{} has lost the value \"{}\"",
                        called(&one.name),
                        symbol.name
                    ),
                    hint: None,
                });
            }
        }
    }
    gone(&before, candidate.schema, found);
}

/// Enums that are gone, where the fields that held them are not.
fn gone(before: &Pairs<'_>, schema: &Model, found: &mut Found) {
    let enums = before.removed.iter();
    let enums: HashMap<&str, &Type> = enums
        .filter(|one| one.kind == TypeKind::Enum)
        .map(|one| (name_of(schema.format, one), *one))
        .collect();
    if enums.is_empty() {
        return;
    }
    let now: HashMap<&str, &Type> = schema
        .enums()
        .map(|one| (name_of(schema.format, one), one))
        .collect();
    for (one, was) in &before.pairs {
        let had = Fields::of(was);
        for field in &one.fields {
            let Some(old) = had.was(field) else { continue };
            let held = old
                .values()
                .filter(|(_, held)| held.r#type == FieldType::Enum);
            let held = held.filter_map(|(element, held)| {
                let name = held_name(schema.format, element, held);
                enums.get(name.as_ref())
            });
            for lost in held {
                let mut values = lost.symbols.iter();
                if values.any(|value| !is_taken(field, &value.name, &now, schema.format)) {
                    report(field, lost, found);
                }
            }
        }
    }
}

fn name_of(format: Format, one: &Type) -> &str {
    match format {
        Format::Json => &one.element.path,
        Format::Avro | Format::Protobuf => &one.full_name,
    }
}

/// The name of the enum that is held: in JSON the path of its definition, or of the value itself.
fn held_name<'h>(format: Format, element: &'h Element, held: &'h Held) -> Cow<'h, str> {
    match (format, held.type_name.strip_prefix("#/")) {
        (Format::Json, Some(pointer)) => Cow::Owned(pointer.replace('/', ".")),
        (Format::Json, None) => Cow::Borrowed(&element.path),
        (Format::Avro | Format::Protobuf, _) => Cow::Borrowed(&held.type_name),
    }
}

/// True if the field still takes the value: as one of another enum, or in JSON, where values are texts and numbers
/// whatever they were called, as one that the type allows.
fn is_taken(field: &Field, value: &str, now: &HashMap<&str, &Type>, format: Format) -> bool {
    field
        .values()
        .any(|(element, held)| match (format, held.r#type) {
            // One that is imported cannot be looked at.
            (_, FieldType::Enum) => has(now.get(held_name(format, element, held).as_ref()), value),
            (Format::Json, _) => is_allowed(held, value),
            _ => false,
        })
}

/// An enum that is defined elsewhere has what it has.
fn has(known: Option<&&Type>, value: &str) -> bool {
    known.is_none_or(|known| known.symbols.iter().any(|symbol| symbol.name == value))
}

fn is_allowed(held: &Held, value: &str) -> bool {
    match held.r#type {
        FieldType::String | FieldType::Any => true,
        FieldType::Int64 | FieldType::Float64 => value.parse::<f64>().is_ok(),
        FieldType::Boolean => matches!(value, "true" | "false"),
        _ => false,
    }
}

fn report(field: &Field, lost: &Type, found: &mut Found) {
    found.add(Report {
        element: field.element.clone(),
        detail: lost.full_name.clone(),
        message: format!(
            "field \"{}\" held {}, which is gone with its values",
            field.name,
            called(&lost.name)
        ),
        hint: None,
    });
}
