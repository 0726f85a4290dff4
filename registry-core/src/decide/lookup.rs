//! Finds the version of a subject that holds a schema (`semantics.md` section 4.3).

use compat_rules::Strictness;

use crate::Error;
use crate::schema::Schema;
use crate::settings::Config;
use crate::subject::Subject;
use crate::submission::Submission;
use crate::view::Stored;

use super::Judge;
use super::candidate::{Candidate, Content, Reading};

/// What a lookup found, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The version that holds it.
    pub stored: Stored,
    /// Found by the hash of its content: then the protocol answers without time and deletion.
    pub by_hash: bool,
}

/// Whether softly deleted versions are found, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Versions {
    Active,
    All,
}

/// How a search ended.
pub(super) enum Sought {
    Found(Found),
    /// Nothing stands for the submission; with it the schema that was looked for last, if there was any.
    Nowhere(Option<Schema>),
}

impl Judge<'_> {
    /// Looks a submission up under a subject; a blank text is found nowhere.
    pub(crate) fn lookup(
        &self,
        subject: &Subject,
        submission: &Submission,
        normalize: bool,
        versions: Versions,
    ) -> Result<Option<Found>, Error> {
        Ok(match self.seek(subject, submission, normalize, versions)? {
            Sought::Found(found) => Some(found),
            Sought::Nowhere(_) => None,
        })
    }

    /// The same, for who goes on if it is found nowhere.
    pub(super) fn seek(
        &self,
        subject: &Subject,
        submission: &Submission,
        normalize: bool,
        versions: Versions,
    ) -> Result<Sought, Error> {
        let Some(content) = submission.content()? else {
            return Ok(Sought::Nowhere(None));
        };
        let config = self.config(subject)?;
        let reading = Reading::stored(normalize || config.normalize.unwrap_or(false));
        let mut candidate = self.candidate(subject, &content, reading)?;
        let mut found = self.find(subject, &candidate, versions)?;
        // A client that registered without metadata got those of its configuration, or of the version before.
        if found.is_none() && self.complete(subject, &config, &content, &mut candidate)? {
            found = self.find(subject, &candidate, versions)?;
        }
        Ok(match found {
            Some(found) => Sought::Found(found),
            None => Sought::Nowhere(Some(candidate.schema)),
        })
    }

    /// The active version that holds a submission, where that is a matter of a few reads: for a text without references
    /// that was parsed lately, by its hash. What is found is what [`Self::seek`] finds.
    pub(crate) fn known(
        &self,
        subject: &Subject,
        submission: &Submission,
        config: &Config,
    ) -> Option<Found> {
        if config.normalize == Some(true) || !submission.references.is_empty() {
            return None;
        }
        let content = submission.content().ok()??;
        let parsed = self
            .library
            .known(content.format, &content.text, Strictness::Stored)?;
        let schema = content.as_stored(&parsed, Vec::new());
        self.find_by_hash(subject, &schema, Versions::Active).ok()?
    }

    /// Gives the candidate the metadata and rules that a registration would give it; true if that changed it.
    fn complete(
        &self,
        subject: &Subject,
        config: &Config,
        content: &Content,
        candidate: &mut Candidate,
    ) -> Result<bool, Error> {
        let Some(latest) = self.view.latest(subject)?.active() else {
            return Ok(false);
        };
        let latest = self.view.stored(subject, latest)?;
        let completed = content.clone().completed(config, Some(&latest.schema));
        let changed = completed.metadata != candidate.schema.metadata
            || completed.rule_set != candidate.schema.rule_set;
        candidate.schema.metadata = completed.metadata;
        candidate.schema.rule_set = completed.rule_set;
        Ok(changed)
    }

    pub(crate) fn find(
        &self,
        subject: &Subject,
        candidate: &Candidate,
        versions: Versions,
    ) -> Result<Option<Found>, Error> {
        if let Some(found) = self.find_by_hash(subject, &candidate.schema, versions)? {
            return Ok(Some(found));
        }
        for version in self.view.versions(subject)?.into_iter().rev() {
            if version.deleted && versions == Versions::Active {
                continue;
            }
            let stored = self.view.stored(subject, version)?;
            if self.is_equivalent(candidate, &stored)? {
                return Ok(Some(Found {
                    stored,
                    by_hash: false,
                }));
            }
        }
        Ok(None)
    }

    fn find_by_hash(
        &self,
        subject: &Subject,
        sought: &Schema,
        versions: Versions,
    ) -> Result<Option<Found>, Error> {
        let guid = sought.guid();
        let Some(id) = self.view.id_of(&subject.context, guid)? else {
            return Ok(None);
        };
        let Some(number) = self.view.held_version(subject, id)? else {
            return Ok(None);
        };
        let Some(version) = self.view.version(subject, number)? else {
            return Ok(None);
        };
        if version.deleted && versions == Versions::Active {
            return Ok(None);
        }
        let mut stored = self.view.stored(subject, version)?;
        if !stored.schema.is_named_by_same_hash(sought) {
            return Ok(None);
        }
        // The answer is built from what was asked.
        stored.guid = guid;
        stored.schema = sought.clone();
        Ok(Some(Found {
            stored,
            by_hash: true,
        }))
    }
}
