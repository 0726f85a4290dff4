//! DEF: defaults, and what may be absent.

use super::before::{self, Fields};
use super::look;
use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::FieldType;
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, ALL_FORMATS, CHANGE_POINTS, CONTENT_POINTS, Category, NoParameters, PolicyRule,
};

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&DEF001, &DEF002, &DEF003, &DEF004, &DEF006];

const DEF001: PolicyRule = PolicyRule {
    code: "DEF001",
    slug: "new-field-default",
    title: "A field added after version 1 has a default or is optional.",
    formats: ALL_FORMATS,
    hint: "give it a default, or make it optional",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, new_have_default),
};

const DEF002: PolicyRule = PolicyRule {
    code: "DEF002",
    slug: "null-first",
    title: "An optional value is null or a type, in this order, with the default null.",
    formats: &[Format::Avro],
    hint: "write [\"null\", T] with \"default\": null",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, null_first),
};

const DEF003: PolicyRule = PolicyRule {
    code: "DEF003",
    slug: "default-valid",
    title: "A default is a value of its type.",
    formats: &[Format::Avro, Format::Json],
    hint: "give a default that the type allows",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, valid),
};

const DEF004: PolicyRule = PolicyRule {
    code: "DEF004",
    slug: "no-required",
    title: "No field is required.",
    formats: &[Format::Protobuf],
    hint: "make it optional, and check it where used",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, none_required),
};

const DEF006: PolicyRule = PolicyRule {
    code: "DEF006",
    slug: "default-changed",
    title: "The default of a field does not change.",
    formats: ALL_FORMATS,
    hint: "keep the default, or add another field",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, same_default),
};

fn new_have_default(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(before) = before::pairs(candidate) else {
        return;
    };
    for (one, was) in before.pairs {
        let had = Fields::of(was);
        for field in one.fields.iter().filter(|field| field.required) {
            if had.was(field).is_none() {
                let name = &field.name;
                found.report(
                    &field.element,
                    format!("field \"{name}\" is new and has no default"),
                );
            }
        }
    }
}

fn null_first(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (_, field) in candidate.schema.fields() {
        let is_optional =
            field.nullable && field.held.branches == 1 && field.held.r#type != FieldType::Null;
        let name = &field.name;
        if is_optional && !field.null_first {
            found.report(
                &field.element,
                format!("field \"{name}\": null is not the first branch"),
            );
        } else if is_optional && field.default.as_deref() != Some("null") {
            found.report(
                &field.element,
                format!("field \"{name}\": the default is not null"),
            );
        }
    }
}

fn valid(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (_, field) in candidate.schema.fields() {
        if !field.default_is_valid {
            let name = &field.name;
            found.report(
                &field.element,
                format!("field \"{name}\": the default is no value of its type"),
            );
        }
    }
}

fn none_required(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (_, field) in candidate
        .schema
        .fields()
        .filter(|(_, field)| field.required)
    {
        found.report(
            &field.element,
            format!("field \"{}\" is required", field.name),
        );
    }
}

fn same_default(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(before) = before::pairs(candidate) else {
        return;
    };
    let shown = |default: &Option<String>| default.clone().unwrap_or_else(|| "none".to_owned());
    for (one, was) in before.pairs {
        let had = Fields::of(was);
        for field in &one.fields {
            let Some(old) = had.was(field) else {
                continue;
            };
            // One that appears changes nothing that was said before.
            if old.default.is_some() && old.default != field.default {
                let (old, new) = (shown(&old.default), shown(&field.default));
                found.add(Report {
                    element: field.element.clone(),
                    detail: format!("{old} {new}"),
                    message: format!(
                        "field \"{}\": the default was {old} and is {new}",
                        field.name
                    ),
                    hint: None,
                });
            }
        }
    }
}
