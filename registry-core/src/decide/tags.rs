//! Judges an edit of tags, metadata or rules of a version: it becomes a new version (`semantics.md` section 5.3).

use compat_rules::TagEdit;

use crate::draft::Judgement;
use crate::rule_set::RuleSet;
use crate::schema::Metadata;
use crate::subject::Subject;
use crate::submission::{Submission, SubmittedReference, WantedVersion};
use crate::{Error, Version, VersionSpec};

use super::Judge;
use super::equivalence::VERSION_PROPERTY;
use super::register::{RegisterOptions, Registered, check_name, register};

/// What is to change between a version and the new one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagChange {
    /// The number of the new version.
    pub new_version: WantedVersion,
    /// Inline tags.
    pub tags: TagEdit,
    /// Metadata instead of those of the version.
    pub metadata: Option<Metadata>,
    /// Rules instead of those of the version.
    pub rule_set: Option<RuleSet>,
    /// Rules over those of the version before the new one.
    pub rules_to_merge: Option<RuleSet>,
    /// Names of rules to leave out.
    pub rules_to_remove: Vec<String>,
}

/// Judges the new version.
pub(crate) fn edit_tags(
    judge: &Judge<'_>,
    subject: &Subject,
    spec: VersionSpec,
    change: &TagChange,
) -> Result<Judgement<Registered>, Error> {
    check_name(judge, subject)?;
    let source = judge.view.addressed(subject, spec, false)?;
    let rule_set = rule_set(judge, subject, change)?;
    let number = match change.new_version {
        WantedVersion::Any => 0,
        WantedVersion::Latest => -1,
        WantedVersion::Exactly(number) => number,
    };
    let mut metadata = change
        .metadata
        .clone()
        .or(source.schema.metadata)
        .unwrap_or_default();
    // Present, so that the registration replaces it by the number that the version gets.
    metadata
        .properties
        .insert(VERSION_PROPERTY.to_owned(), number.to_string());
    let submission = Submission {
        text: Some(source.schema.text.to_string()),
        schema_type: Some(source.schema.format.to_string()),
        references: source
            .schema
            .references
            .iter()
            .map(SubmittedReference::from)
            .collect(),
        metadata: Some(metadata),
        rule_set,
        version: change.new_version,
        tags: change.tags.clone(),
        ..Submission::default()
    };
    register(judge, subject, &submission, RegisterOptions::default())
}

fn rule_set(
    judge: &Judge<'_>,
    subject: &Subject,
    change: &TagChange,
) -> Result<Option<RuleSet>, Error> {
    let edits = change.rules_to_merge.is_some() || !change.rules_to_remove.is_empty();
    if !edits {
        return Ok(change.rule_set.clone());
    }
    if change.rule_set.is_some() {
        let refusal = "ruleSet should be omitted if specifying rulesToMerge or rulesToRemove";
        return Err(Error::InvalidRuleSet(refusal.to_owned()));
    }
    let before = match change.new_version {
        WantedVersion::Exactly(number) => {
            let before = Version::new(i64::from(number) - 1);
            VersionSpec::Number(before.ok_or(Error::VersionNotFound(VersionSpec::Latest))?)
        }
        WantedVersion::Any | WantedVersion::Latest => VersionSpec::Latest,
    };
    let old = judge
        .view
        .addressed(subject, before, false)?
        .schema
        .rule_set
        .unwrap_or_default();
    let merged = match &change.rules_to_merge {
        Some(merge) => old.overlaid(merge),
        None => old,
    };
    Ok(Some(merged.without(&change.rules_to_remove)))
}
