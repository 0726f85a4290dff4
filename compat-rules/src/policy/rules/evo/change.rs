//! Rules about what changed since the version before: names, nothing at all, names in JSON, the order of messages.

use std::collections::{HashMap, HashSet};

use crate::Format;
use crate::policy::candidate::{Candidate, EarlierVersion, ReferenceFacts};
use crate::policy::change::{ChangeKind, changes, pair};
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, Field, FieldType, Model, Type, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CHANGE_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;

pub(super) const EVO005: PolicyRule = PolicyRule {
    code: "EVO005",
    slug: "rename-alias",
    title: "What is renamed keeps its old name as an alias.",
    formats: &[Format::Avro],
    hint: "add the old name to \"aliases\"",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, renames),
};

pub(super) const EVO008: PolicyRule = PolicyRule {
    code: "EVO008",
    slug: "empty-change",
    title: "A new version changes more than whitespace or order.",
    formats: ALL_FORMATS,
    hint: "do not register what is there already",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, empty),
};

pub(super) const EVO013: PolicyRule = PolicyRule {
    code: "EVO013",
    slug: "json-name-stable",
    title: "A field keeps its name in JSON.",
    formats: &[Format::Protobuf],
    hint: "give it its old json_name",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, json_names),
};

pub(super) const EVO014: PolicyRule = PolicyRule {
    code: "EVO014",
    slug: "message-order-stable",
    title: "Messages keep their position in the file.",
    formats: &[Format::Protobuf],
    hint: "put new messages behind the old ones",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, message_order),
};

/// A rename without an alias looks like one name that is gone and one that is new. What stands at the same position
/// with the same type is taken for the same.
fn renames(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(earlier) = candidate.history.first() else {
        return;
    };
    if earlier.schema.format != Format::Avro {
        return;
    }
    for (new, old) in pair(&earlier.schema, candidate.schema).pairs {
        if new.full_name != old.full_name && !new.aliases.contains(&old.full_name) {
            report_alias(&new.element, &old.full_name, &new.full_name, found);
        }
        let (was, is) = (names(&old.fields), names(&new.fields));
        let aliases = new.fields.iter().flat_map(|one| &one.aliases);
        let aliases: HashSet<&String> = aliases.collect();
        for (field, before) in new.fields.iter().zip(&old.fields) {
            let is_renamed = !was.contains(field.name.as_str())
                && !is.contains(before.name.as_str())
                && !aliases.contains(&before.name);
            if is_renamed && is_same_type(field, before) {
                report_alias(&field.element, &before.name, &field.name, found);
            }
        }
    }
}

fn names(fields: &[Field]) -> HashSet<&str> {
    fields.iter().map(|one| one.name.as_str()).collect()
}

fn is_same_type(one: &Field, other: &Field) -> bool {
    let types = |field: &Field| -> Vec<(FieldType, String)> {
        let held = field.values().map(|(_, held)| held);
        held.map(|held| (held.r#type, held.type_name.clone()))
            .collect()
    };
    types(one) == types(other)
}

fn report_alias(element: &Element, before: &str, after: &str, found: &mut Found) {
    found.add(Report {
        element: element.clone(),
        detail: before.to_owned(),
        message: format!("\"{after}\" was \"{before}\", and does not have that name as an alias"),
        hint: Some(format!("add \"aliases\": [\"{before}\"]")),
    });
}

fn empty(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(earlier) = candidate.history.first() else {
        return;
    };
    if parts(candidate.schema) == parts(&earlier.schema)
        && *candidate.metadata == earlier.metadata
        && are_same(candidate.references, &earlier.references)
        && is_same_content(candidate, earlier)
    {
        found.report_whole(format!(
            "version {} has the same content but for whitespace and order",
            earlier.version
        ));
    }
}

/// How many parts a schema has: whitespace and order leave that as it is, and normal forms are dear.
fn parts(schema: &Model) -> (usize, usize, usize) {
    let fields = schema.fields().count();
    let symbols = schema.types.iter().map(|one| one.symbols.len()).sum();
    (schema.types.len(), fields, symbols)
}

fn are_same(one: &[ReferenceFacts], other: &[ReferenceFacts]) -> bool {
    let key = |reference: &ReferenceFacts| {
        (
            reference.name.clone(),
            reference.subject.clone(),
            reference.version,
        )
    };
    let sorted = |list: &[ReferenceFacts]| {
        let mut keys: Vec<_> = list.iter().map(key).collect();
        keys.sort();
        keys
    };
    sorted(one) == sorted(other)
}

/// What cannot be brought into normal form is not the same.
fn is_same_content(candidate: &Candidate<'_>, earlier: &EarlierVersion) -> bool {
    let normal = (candidate.parsed.normalized(), earlier.parsed.normalized());
    candidate.schema.format == earlier.schema.format
        && matches!(normal, (Ok(one), Ok(other)) if one.canonical() == other.canonical())
}

fn json_names(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(earlier) = candidate.history.first() else {
        return;
    };
    for change in changes(&earlier.schema, candidate.schema) {
        if let (ChangeKind::FieldJsonNameChanged, Some(before), Some(after)) =
            (change.kind, change.before, change.after)
        {
            found.add(Report {
                element: change.element,
                detail: before.clone(),
                message: format!("the field was \"{before}\" in JSON, and is now \"{after}\""),
                hint: Some(format!("add json_name = \"{before}\"")),
            });
        }
    }
}

fn message_order(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(earlier) = candidate.history.first() else {
        return;
    };
    if earlier.schema.format != Format::Protobuf {
        return;
    }
    let before: HashMap<&str, usize> = positions(&earlier.schema)
        .map(|(message, position)| (message.full_name.as_str(), position))
        .collect();
    for (message, position) in positions(candidate.schema) {
        if let Some(before) = before.get(message.full_name.as_str())
            && *before != position
        {
            found.report(
                &message.element,
                format!(
                    "message \"{}\" was number {before} in its place, and is now number {position}",
                    message.name
                ),
            );
        }
    }
}

/// Every message, with its position among those of the same file or message, from 0.
fn positions(schema: &Model) -> impl Iterator<Item = (&Type, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let messages = schema
        .types
        .iter()
        .filter(|one| one.kind == TypeKind::Record);
    messages.map(move |message| {
        let outer = message
            .element
            .path
            .rsplit_once('.')
            .map_or("", |(outer, _)| outer);
        let next = counts.entry(outer).or_default();
        let position = *next;
        *next += 1;
        (message, position)
    })
}
