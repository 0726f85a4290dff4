//! Fields whose names promise a type.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::model::{Element, Field, FieldType, Held};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::parameter::FieldNames;

use super::{innermost, instead, report};

pub(super) const TYP003: PolicyRule = PolicyRule {
    code: "TYP003",
    slug: "instant-logical",
    title: "A field named like an instant has an instant type.",
    formats: ALL_FORMATS,
    hint: "use the instant type of the format",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Instants>,
    prepare: |parameters| look::with::<Instants>(parameters, instants),
};

pub(super) const TYP005: PolicyRule = PolicyRule {
    code: "TYP005",
    slug: "date-logical",
    title: "A field named like a date has a date type.",
    formats: ALL_FORMATS,
    hint: "use the date type of the format",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Dates>,
    prepare: |parameters| look::with::<Dates>(parameters, dates),
};

pub(super) const TYP006: PolicyRule = PolicyRule {
    code: "TYP006",
    slug: "id-type",
    title: "A field named like an id has a type for ids.",
    formats: ALL_FORMATS,
    hint: "use a string, a uuid or 64 bits",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Ids>,
    prepare: |parameters| look::with::<Ids>(parameters, ids),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Instants {
    /// What such fields are called.
    names: FieldNames,
}

impl Default for Instants {
    fn default() -> Self {
        Self {
            names: FieldNames::shipped(&["*_at", "*_time", "*timestamp*"]),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Dates {
    /// What such fields are called.
    names: FieldNames,
}

impl Default for Dates {
    fn default() -> Self {
        Self {
            names: FieldNames::shipped(&["*_date", "*_on"]),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Ids {
    /// What such fields are called.
    names: FieldNames,
    /// The types that they may have.
    allow: Vec<FieldType>,
}

impl Default for Ids {
    fn default() -> Self {
        Self {
            names: FieldNames::shipped(&["*_id"]),
            allow: vec![
                FieldType::String,
                FieldType::Uuid,
                FieldType::Int64,
                FieldType::UInt64,
            ],
        }
    }
}

fn instants(parameters: &Instants, candidate: &Candidate<'_>, found: &mut Found) {
    let hint = instead(
        candidate.schema.format,
        [
            "use long with timestamp-millis",
            "use a string with format date-time",
            "use google.protobuf.Timestamp",
        ],
    );
    // One without a zone is the business of TYP004.
    let is_instant = |one| matches!(one, FieldType::Instant | FieldType::LocalInstant);
    named(candidate, &parameters.names, |field, element, held| {
        if !is_instant(held.r#type) {
            let what = format!("{} is no instant", held.type_name);
            report(found, Some(field), element, &what, hint);
        }
    });
}

fn dates(parameters: &Dates, candidate: &Candidate<'_>, found: &mut Found) {
    let hint = instead(
        candidate.schema.format,
        [
            "use int with date",
            "use a string with format date",
            "use google.type.Date",
        ],
    );
    named(candidate, &parameters.names, |field, element, held| {
        // `is_on` is no day.
        if !matches!(held.r#type, FieldType::Date | FieldType::Boolean) {
            let what = format!("{} is no date", held.type_name);
            report(found, Some(field), element, &what, hint);
        }
    });
}

fn ids(parameters: &Ids, candidate: &Candidate<'_>, found: &mut Found) {
    named(candidate, &parameters.names, |field, element, held| {
        // Who allows arrays means the whole of the field.
        let whole = [field.held.r#type, held.r#type];
        if !whole.iter().any(|one| parameters.allow.contains(one)) {
            let what = format!("{} is no type for ids", held.type_name);
            report(found, Some(field), element, &what, TYP006.hint);
        }
    });
}

/// Shows what the fields with such names hold in the end.
fn named<'c>(
    candidate: &Candidate<'c>,
    names: &FieldNames,
    mut see: impl FnMut(&Field, &Element, &Held),
) {
    let fields = candidate.schema.fields().map(|(_, field)| field);
    for field in fields.filter(|field| names.include(&field.name)) {
        for (element, held) in innermost(field) {
            see(field, element, held);
        }
    }
}
