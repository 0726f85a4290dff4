//! How clients form the names of subjects: by topic, by record, or by both.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::{Candidate, Role, SubjectFacts};
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, Model, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;

pub(super) const SUB004: PolicyRule = PolicyRule {
    code: "SUB004",
    slug: "strategy-expected",
    title: "The subject's name is formed by the expected strategy.",
    formats: ALL_FORMATS,
    hint: "use the subject name strategy that is expected",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Expected>,
    prepare: |parameters| look::with(parameters, expected),
};

pub(super) const SUB005: PolicyRule = PolicyRule {
    code: "SUB005",
    slug: "strategy-record-match",
    title: "A record's name in a subject is the full name of the schema's record.",
    formats: ALL_FORMATS,
    hint: "register under the full name of the record",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Used>,
    prepare: |parameters| look::with(parameters, record_match),
};

/// A strategy by which clients form names.
#[derive(Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Strategy {
    /// The topic and `-key` or `-value`.
    #[default]
    Topic,
    /// The full name of the record.
    Record,
    /// The topic, a hyphen, the full name of the record.
    TopicRecord,
}

impl Strategy {
    const fn form(self) -> &'static str {
        match self {
            Self::Topic => "<topic>-key or <topic>-value",
            Self::Record => "<full name of the record>",
            Self::TopicRecord => "<topic>-<full name of the record>",
        }
    }
}

/// Parameters of SUB004.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    /// The strategy that all clients use.
    strategy: Strategy,
}

/// Parameters of SUB005.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Used {
    /// The strategy that all clients use. Where it is left out, it is told from the subject: a qualified name whose
    /// last part begins with a capital letter is taken for a record's.
    strategy: Option<Strategy>,
}

fn expected(parameters: &Expected, candidate: &Candidate<'_>, found: &mut Found) {
    let subject = candidate.subject;
    let is_formed = match (parameters.strategy, subject.role) {
        (Strategy::Topic, role) => role != Role::None && !subject.stem().is_empty(),
        (_, Role::Key | Role::Value) => false,
        (Strategy::Record, Role::None) => is_record_name(&subject.name),
        (Strategy::TopicRecord, Role::None) => topic_and_record(&subject.name).is_some(),
    };
    if !is_formed {
        found.report_whole(format!(
            "subject \"{}\" is not formed as {}",
            subject.name,
            parameters.strategy.form()
        ));
    }
}

fn record_match(parameters: &Used, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(named) = named_record(parameters.strategy, candidate.subject) else {
        return;
    };
    let records = record_names(candidate.schema);
    if records.is_empty() || records.contains(&named) {
        return;
    }
    found.add(Report {
        element: Element::default(),
        detail: String::new(),
        message: format!(
            "subject \"{}\" names the record \"{named}\", the schema's is \"{}\"",
            candidate.subject.name, records[0]
        ),
        hint: None,
    });
}

/// The record that the subject's name speaks of, if it speaks of any.
fn named_record(strategy: Option<Strategy>, subject: &SubjectFacts) -> Option<&str> {
    if subject.role != Role::None {
        return None;
    }
    let name = subject.name.as_str();
    match strategy {
        Some(Strategy::Topic) => None,
        Some(Strategy::Record) => Some(name),
        Some(Strategy::TopicRecord) => topic_and_record(name).map(|(_, record)| record),
        None => {
            let record = topic_and_record(name).map_or(name, |(_, record)| record);
            looks_like_a_record(record).then_some(record)
        }
    }
}

/// Names of records have no hyphen, so the last one divides.
fn topic_and_record(name: &str) -> Option<(&str, &str)> {
    let (topic, record) = name.rsplit_once('-')?;
    (!topic.is_empty() && is_record_name(record)).then_some((topic, record))
}

fn is_record_name(name: &str) -> bool {
    name.split('.').all(|part| {
        part.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && part
                .chars()
                .all(|one| one.is_ascii_alphanumeric() || one == '_')
    })
}

fn looks_like_a_record(name: &str) -> bool {
    let last = name.rsplit_once('.').map(|(_, last)| last);
    is_record_name(name)
        && last.is_some_and(|last| last.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// The names under which clients may register the schema; none if it names no record.
fn record_names(schema: &Model) -> Vec<&str> {
    match schema.format {
        // Of a file with several messages any can be the one that is written.
        Format::Protobuf => {
            let messages = schema
                .types
                .iter()
                .filter(|one| one.kind == TypeKind::Record);
            messages.map(|one| one.full_name.as_str()).collect()
        }
        Format::Avro => {
            let names = schema.root().map(|root| root.full_name.as_str());
            names.into_iter().filter(|name| !name.is_empty()).collect()
        }
        // Clients take the title for the name.
        Format::Json => {
            let title = schema.properties.get("title").map(String::as_str);
            title.into_iter().collect()
        }
    }
}
