//! EVT: what every event carries, whatever it tells. Keys are no events.

use schemars::JsonSchema;
use serde::Deserialize;

use super::look;
use super::parameter::FieldNames;
use crate::policy::candidate::{Candidate, Role};
use crate::policy::finding::Found;
use crate::policy::model::FieldType;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, PolicyRule};

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&EVT001, &EVT002, &EVT003];

const EVT001: PolicyRule = PolicyRule {
    code: "EVT001",
    slug: "event-id",
    title: "An event has an id, in the root or in a declared header.",
    formats: ALL_FORMATS,
    hint: "add event_id to the root, or name a header",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<EventId>,
    prepare: |parameters| look::with::<EventId>(parameters, event_id),
};

const EVT002: PolicyRule = PolicyRule {
    code: "EVT002",
    slug: "event-time",
    title: "An event says when it occurred, in the root or in a declared header.",
    formats: ALL_FORMATS,
    hint: "add occurred_at, an instant, to the root",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<EventTime>,
    prepare: |parameters| look::with::<EventTime>(parameters, event_time),
};

const EVT003: PolicyRule = PolicyRule {
    code: "EVT003",
    slug: "correlation",
    title: "An event can be correlated, by a field of the root or a declared header.",
    formats: ALL_FORMATS,
    hint: "add correlation_id, or name its header",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Correlation>,
    prepare: |parameters| look::with::<Correlation>(parameters, correlation),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct EventId {
    /// What the field may be called.
    names: FieldNames,
    /// The types that it may have.
    types: Vec<FieldType>,
    /// The headers that stand for it.
    headers: Vec<String>,
}

impl Default for EventId {
    fn default() -> Self {
        Self {
            names: FieldNames::shipped(&["event_id", "message_id", "id"]),
            types: vec![
                FieldType::Uuid,
                FieldType::String,
                FieldType::Fixed,
                FieldType::Bytes,
            ],
            headers: owned(&["event-id", "message-id", "ce_id"]),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct EventTime {
    /// What the field may be called.
    names: FieldNames,
    /// The headers that stand for it.
    headers: Vec<String>,
}

impl Default for EventTime {
    fn default() -> Self {
        Self {
            names: FieldNames::shipped(&["*occurred*", "event_time", "time", "*timestamp", "*_at"]),
            headers: owned(&["event-time", "ce_time"]),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Correlation {
    /// What the field may be called.
    names: FieldNames,
    /// The headers that stand for it.
    headers: Vec<String>,
}

impl Default for Correlation {
    fn default() -> Self {
        let names = [
            "correlation_id",
            "trace_id",
            "traceparent",
            "trace_parent",
            "causation_id",
        ];
        Self {
            names: FieldNames::shipped(&names),
            headers: owned(&["traceparent", "correlation-id", "b3", "ce_traceparent"]),
        }
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn event_id(parameters: &EventId, candidate: &Candidate<'_>, found: &mut Found) {
    let types = &parameters.types;
    let (names, headers) = (&parameters.names, &parameters.headers);
    demand(candidate, names, headers, found, "id", |one| {
        types.contains(&one)
    });
}

fn event_time(parameters: &EventTime, candidate: &Candidate<'_>, found: &mut Found) {
    let (names, headers) = (&parameters.names, &parameters.headers);
    let is_instant = |one| one == FieldType::Instant;
    demand(candidate, names, headers, found, "time", is_instant);
}

fn correlation(parameters: &Correlation, candidate: &Candidate<'_>, found: &mut Found) {
    let (names, headers) = (&parameters.names, &parameters.headers);
    demand(candidate, names, headers, found, "correlation", |_| true);
}

/// The property in which a subject declares the headers of its records, divided by commas or blanks.
const HEADERS: &str = "headers";

fn demand(
    candidate: &Candidate<'_>,
    names: &FieldNames,
    headers: &[String],
    found: &mut Found,
    what: &str,
    is_of_type: impl Fn(FieldType) -> bool,
) {
    if candidate.subject.role == Role::Key {
        return;
    }
    let declared = candidate.metadata.properties.get(HEADERS);
    let mut declared = declared
        .into_iter()
        .flat_map(|list| list.split([',', ' ']))
        .map(str::trim);
    if declared.any(|header| headers.iter().any(|one| one.eq_ignore_ascii_case(header))) {
        return;
    }
    let root = candidate.schema.root();
    let named = root
        .into_iter()
        .flat_map(|root| &root.fields)
        .filter(|field| names.include(&field.name));
    let mut other = None;
    for field in named {
        if is_of_type(field.held.r#type) {
            return;
        }
        other = Some(field);
    }
    match other {
        None => found.report_whole(format!(
            "the event has no {what}: no field of its root is called like {:?}",
            names.first()
        )),
        Some(field) => found.report(
            &field.element,
            format!(
                "field \"{}\" has a type that is not for the {what} of an event",
                field.name
            ),
        ),
    }
}
