//! Holds a candidate against earlier versions (`semantics.md` section 7).

use std::sync::Arc;

use compat_rules::{
    Earlier, Level, ParsedSchema, Report, check, reserved_field_messages, reserved_names,
};

use crate::settings::Config;
use crate::subject::Subject;
use crate::submission::Submission;
use crate::view::{Stored, StoredVersion};
use crate::{Error, VersionSpec};

use super::Judge;
use super::admission::PolicyEvaluation;
use super::candidate::{Candidate, Reading};
use super::register::{RegisterOptions, ask_at_compatibility_endpoint};

/// The metadata property that lists reserved field names.
const RESERVED_PROPERTY: &str = "confluent:reserved";

/// Which versions a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CheckedAgainst {
    /// All active ones, as the level says.
    All,
    /// This one alone.
    One(VersionSpec),
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Why the schema does not go with the versions; empty if it does.
    pub messages: Vec<String>,
    /// What the policies found, where they are asked here, too.
    pub policies: Option<Box<PolicyEvaluation>>,
}

impl Judge<'_> {
    /// Whether a submission goes with the versions of a subject, and where the policies want it, with them.
    pub(crate) fn check(
        &self,
        subject: &Subject,
        against: CheckedAgainst,
        submission: &Submission,
        normalize: bool,
    ) -> Result<Checked, Error> {
        let versions = self.checked_versions(subject, against)?;
        let submission = submission.with_key_defaults();
        let content = submission
            .content()?
            .ok_or_else(|| Error::InvalidSchema("Empty schema".to_owned()))?;
        let config = self.config(subject)?;
        let normalize = normalize || config.normalize.unwrap_or(false);
        let reading = Reading::new_schema(normalize, &config, self.options);
        let candidate = self
            .candidate(subject, &content, reading)
            .map_err(|no| no.with_echo(subject, &content))?;
        let messages = self.messages(subject, &candidate, &versions, &config)?;
        let policies = match self.policies.in_force(&self.view)? {
            Some(in_force) if in_force.bundle.concerns_compatibility_endpoint() => {
                let options = RegisterOptions {
                    normalize,
                    force: false,
                };
                ask_at_compatibility_endpoint(self, subject, &submission, options)?
            }
            _ => None,
        };
        Ok(Checked { messages, policies })
    }

    fn checked_versions(
        &self,
        subject: &Subject,
        against: CheckedAgainst,
    ) -> Result<Vec<StoredVersion>, Error> {
        Ok(match against {
            CheckedAgainst::All => self.view.active_versions(subject)?,
            CheckedAgainst::One(VersionSpec::Latest) => {
                self.view.latest(subject)?.active().into_iter().collect()
            }
            CheckedAgainst::One(spec @ VersionSpec::Number(number)) => {
                let version = self
                    .view
                    .version(subject, number)?
                    .filter(|version| !version.deleted);
                vec![version.ok_or(Error::VersionNotFound(spec))?]
            }
        })
    }

    /// The messages of the reference, in its order: reserved names, differences, settings.
    pub(crate) fn messages(
        &self,
        subject: &Subject,
        candidate: &Candidate,
        versions: &[StoredVersion],
        config: &Config,
    ) -> Result<Vec<String>, Error> {
        let level = config.level.unwrap_or(self.options.level);
        let validate_fields = config
            .validate_fields
            .unwrap_or(self.options.validate_fields);
        let mut messages = Vec::new();
        if validate_fields {
            messages = self.reserved_messages(subject, candidate, versions)?;
        }
        let earlier = self.compared(subject, candidate, versions, config, level)?;
        let earlier: Vec<Earlier<'_>> = earlier
            .iter()
            .map(|(version, schema)| Earlier {
                version: version.version.get(),
                schema,
            })
            .collect();
        // The first version is compared with nothing, which would only make the others look quick.
        if !earlier.is_empty() {
            let policy = config.policy.unwrap_or_default();
            let format = candidate.schema.format;
            let span = tracing::debug_span!(
                "compare",
                format = format.as_str(),
                versions = earlier.len()
            );
            let report = self
                .figures
                .comparisons(format)
                .time(|| span.in_scope(|| check(level, policy, &candidate.parsed, &earlier)));
            messages.extend(report.messages());
        }
        if !messages.is_empty() {
            messages.push(Report::settings_line(level, validate_fields));
        }
        Ok(messages)
    }

    fn reserved_messages(
        &self,
        subject: &Subject,
        candidate: &Candidate,
        versions: &[StoredVersion],
    ) -> Result<Vec<String>, Error> {
        let previous = versions
            .last()
            .map(|version| self.view.stored(subject, *version))
            .transpose()?;
        let previous = previous
            .as_ref()
            .and_then(|stored| stored.schema.property(RESERVED_PROPERTY));
        let reserved = reserved_names(candidate.schema.property(RESERVED_PROPERTY));
        Ok(reserved_field_messages(
            &candidate.parsed,
            &reserved,
            &reserved_names(previous),
        ))
    }

    /// The versions that the level needs, of the candidate's group, ascending and understood.
    fn compared(
        &self,
        subject: &Subject,
        candidate: &Candidate,
        versions: &[StoredVersion],
        config: &Config,
        level: Level,
    ) -> Result<Vec<(StoredVersion, Arc<ParsedSchema>)>, Error> {
        let wanted = match level.scope() {
            _ if level == Level::None => 0,
            compat_rules::Scope::Latest => 1,
            compat_rules::Scope::All => versions.len(),
        };
        let mut compared = Vec::new();
        for version in versions.iter().rev() {
            if compared.len() == wanted {
                break;
            }
            let stored = self.view.stored(subject, *version)?;
            if in_group(candidate, &stored, config.group.as_deref()) {
                compared.push((*version, self.parsed(&stored)?));
            }
        }
        compared.reverse();
        Ok(compared)
    }
}

/// True when both carry the same value of the metadata property that groups versions, or neither has it.
fn in_group(candidate: &Candidate, stored: &Stored, group: Option<&str>) -> bool {
    group.is_none_or(|group| candidate.schema.property(group) == stored.schema.property(group))
}
