//! `GET /schemas`: versions of many subjects, filtered (`protocol.md` section 7.4).

use std::collections::BTreeMap;

use registry_core::{
    Deleted, Stored, StoredAssociation, StoredVersion, Subject, SubjectFilter, View,
};

use super::associations::SchemaFilter;
use super::call::{Answer, Call, Reply};
use super::entities::Shown;
use super::entities::association::write_association;
use super::error::Refusal;
use super::json::{self, write_object};
use super::parameters::{Page, text_order};
use super::schemas::schema_limits;
use crate::app::App;
use crate::request::alias;

/// The handler.
pub fn list(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, schema_limits(app))?;
    let view = app.registry.view();
    let subjects = subjects(&view, call)?;
    let mut found = Vec::new();
    for listed in &subjects {
        for version in versions(&view, &listed.subject, call)? {
            found.push((listed, version));
        }
    }
    // A filter by rule needs the contents; without one only those of the page are read.
    let rule_type = call
        .query
        .first("ruleType")
        .filter(|rule_type| !rule_type.is_empty());
    let mut shown = Vec::new();
    match rule_type {
        None => {
            for (listed, version) in page.cut(found) {
                shown.push((listed, view.stored(&listed.subject, version)?));
            }
        }
        Some(rule_type) => {
            let mut ruled = Vec::new();
            for (listed, version) in found {
                let stored = view.stored(&listed.subject, version)?;
                if stored
                    .schema
                    .rule_set
                    .as_ref()
                    .is_some_and(|rules| rules.has_type(rule_type))
                {
                    ruled.push((listed, stored));
                }
            }
            shown.extend(page.cut(ruled));
        }
    }
    Ok(Reply::ok(json::array(shown, |out, (listed, stored)| {
        write_entry(out, listed, &stored)
    })))
}

/// A subject whose versions are listed.
struct Listed {
    subject: Subject,
    /// The aliases that led to it.
    aliases: Vec<String>,
    /// The associations that it is listed for.
    associations: Vec<StoredAssociation>,
}

/// The subjects to list, in the order of their texts.
fn subjects(view: &View<'_>, call: &Call) -> Result<Vec<Listed>, Refusal> {
    let associated = SchemaFilter::of(call)?;
    let mut listed = Vec::new();
    for (subject, aliases) in named_subjects(view, call)? {
        let associations = match &associated {
            None => Some(Vec::new()),
            Some(filter) => filter.admitted(view.associations_of_subject(&subject)?),
        };
        listed.extend(associations.map(|associations| Listed {
            subject,
            aliases,
            associations,
        }));
    }
    Ok(listed)
}

/// The subjects that the prefix lets through, in the order of their texts, each with the aliases that led to it.
fn named_subjects(view: &View<'_>, call: &Call) -> Result<Vec<(Subject, Vec<String>)>, Refusal> {
    let filter = SubjectFilter::parse(call.query.first("subjectPrefix").unwrap_or_default());
    let found = view.subjects(&filter)?;
    let mut subjects: BTreeMap<Subject, Vec<String>> = found
        .into_iter()
        .map(|state| (state.subject, Vec::new()))
        .collect();
    if call.query.flag("aliases") {
        for (subject, alias) in view
            .aliases()?
            .into_iter()
            .filter(|(subject, _)| is_let_through(&filter, subject))
        {
            let name = subject.to_string();
            let target = Subject::parse(&alias::follow(&name, Some(&alias)));
            subjects.entry(target).or_default().push(name);
        }
    }
    let mut listed: Vec<(String, Subject, Vec<String>)> = subjects
        .into_iter()
        .map(|(subject, aliases)| (subject.to_string(), subject, aliases))
        .collect();
    listed.sort_unstable_by(|(one, ..), (other, ..)| text_order(one, other));
    Ok(listed
        .into_iter()
        .map(|(_, subject, aliases)| (subject, aliases))
        .collect())
}

fn is_let_through(filter: &SubjectFilter, subject: &Subject) -> bool {
    match filter {
        SubjectFilter::EveryContext { prefix } => subject.name.starts_with(prefix),
        SubjectFilter::Within(within) => {
            subject.context == within.context && subject.name.starts_with(&within.name)
        }
    }
}

fn versions(
    view: &View<'_>,
    subject: &Subject,
    call: &Call,
) -> Result<Vec<StoredVersion>, Refusal> {
    let deleted = if call.query.flag("deleted") {
        Deleted::With
    } else {
        Deleted::Without
    };
    Ok(view.listed_versions(subject, deleted, call.query.flag("latestOnly"))?)
}

fn write_entry(out: &mut String, listed: &Listed, stored: &Stored) {
    let shown = Shown::stored(stored);
    write_object(out, |out| {
        shown.schema_members(out);
        out.texts_if_any("aliases", &listed.aliases);
        out.array_if_any("associations", &listed.associations, write_association);
    });
}
