//! Judges a registration: `semantics.md` section 3, step by step.

mod admit;
mod before;
mod draft;
mod inherit;

use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::schema::Schema;
use crate::settings::{Config, Mode};
use crate::subject::Subject;
use crate::submission::{Submission, WantedVersion};
use crate::view::{Stored, StoredVersion};
use crate::{Error, Guid, SchemaId, Timestamp, Version};

use super::Judge;
use super::admission::PolicyEvaluation;
use super::candidate::{Candidate, Reading};
use super::lookup::{Found, Sought, Versions};
pub(super) use before::ask_at_compatibility_endpoint;
pub(crate) use before::evaluate;

/// How a registration is to be carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RegisterOptions {
    /// Bring the schema into its normal form first.
    pub normalize: bool,
    /// Skip the compatibility check.
    pub force: bool,
}

/// A schema that is registered now, or was already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// The content.
    pub schema: Schema,
    /// Its hash.
    pub guid: Guid,
    /// Its id.
    pub id: SchemaId,
    /// The version that holds it.
    pub version: Version,
    /// When that version was written and whether it is deleted: only where the protocol tells.
    pub written: Option<(Timestamp, bool)>,
    /// What the policies in force found in it; none for what was registered already.
    pub policies: Option<Box<PolicyEvaluation>>,
    /// False for what was registered already.
    pub is_new: bool,
}

/// A registration under judgement.
struct Registration<'a> {
    judge: &'a Judge<'a>,
    subject: &'a Subject,
    submission: &'a Submission,
    options: RegisterOptions,
    config: Config,
    mode: Mode,
    /// Every version of the subject, ascending.
    versions: Vec<StoredVersion>,
    wanted: WantedVersion,
    /// What step 3 looked for among all active versions, in vain.
    sought: Option<Schema>,
}

/// Judges whether, and as what, a schema may be registered.
pub(crate) fn register(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
    options: RegisterOptions,
) -> Result<Judgement<Registered>, Error> {
    let submission = &*submission.with_key_defaults();
    check_wish(judge, subject, submission)?;
    let config = judge.config(subject)?;
    let sought = match already(judge, subject, submission, &config, options.normalize)? {
        Already::Registered(found) => return Ok(Judgement::Already(*found)),
        Already::Nowhere(sought) => sought,
    };
    let registration = Registration::of(judge, subject, submission, options, config, sought)?;
    check_mode(subject, registration.mode, submission.id)?;
    registration.judge()
}

/// What [`register`] finds registered already, where that is a matter of a few reads: see [`Judge::known`].
pub(crate) fn registered_already(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
) -> Option<Registered> {
    let submission = &*submission.with_key_defaults();
    check_wish(judge, subject, submission).ok()?;
    let config = judge.config(subject).ok()?;
    let is_plain = submission.id.is_none() && submission.version == WantedVersion::Any;
    if !is_plain || makes_new_version(submission, &config) {
        return None;
    }
    let found = judge.known(subject, submission, &config)?;
    Some(Registered::from(found))
}

/// True where an equivalent version does not stand for the submission.
fn makes_new_version(submission: &Submission, config: &Config) -> bool {
    submission.propagate_tags
        || submission.tags != compat_rules::TagEdit::default()
        || config.completes_schemas()
}

/// Steps 1 and 2: what can be said before anything is looked for.
fn check_wish(judge: &Judge<'_>, subject: &Subject, submission: &Submission) -> Result<(), Error> {
    if let Some(rule_set) = &submission.rule_set {
        rule_set.validate().map_err(Error::InvalidRuleSet)?;
    }
    check_name(judge, subject)
}

pub(super) fn check_name(judge: &Judge<'_>, subject: &Subject) -> Result<(), Error> {
    let rejected = judge.options.reject_empty_subject && matches!(subject.name.as_str(), "" | "*");
    // The empty subject of the default context has no address to read it back from.
    let unaddressable = subject.name.is_empty() && subject.context.is_default();
    if !subject.may_be_registered() || rejected || unaddressable {
        return Err(Error::InvalidSubject(subject.clone()));
    }
    Ok(())
}

fn check_mode(subject: &Subject, mode: Mode, id: Option<SchemaId>) -> Result<(), Error> {
    let refusal = match (mode, id) {
        (mode, _) if mode.is_read_only() => "read-only mode",
        (mode, Some(_)) if !mode.is_import() => "import mode",
        (mode, None) if mode != Mode::ReadWrite => "read-write mode",
        _ => return Ok(()),
    };
    let not = if mode.is_read_only() { "" } else { "not " };
    let context = subject.context.qualifier();
    Err(Error::NotPermitted(format!(
        "Subject {subject} in context {context} is {not}in {refusal}"
    )))
}

/// What step 3 found.
enum Already {
    /// The answer.
    Registered(Box<Registered>),
    /// None; and what no active version is equivalent to, if that is known.
    Nowhere(Option<Schema>),
}

/// Step 3: the answer without any write, in every mode.
fn already(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
    config: &Config,
    normalize: bool,
) -> Result<Already, Error> {
    if makes_new_version(submission, config) {
        return Ok(Already::Nowhere(None));
    }
    let found = match submission.version {
        WantedVersion::Latest => latest_if_equivalent(judge, subject, submission, normalize)?,
        WantedVersion::Any | WantedVersion::Exactly(_) => {
            match judge.seek(subject, submission, normalize, Versions::Active)? {
                Sought::Found(found) => Some(found),
                Sought::Nowhere(schema) => return Ok(Already::Nowhere(schema)),
            }
        }
    };
    let Some(found) = found else {
        return Ok(Already::Nowhere(None));
    };
    let same_id = submission.id == Some(found.stored.version.id);
    let registered = match submission.version {
        WantedVersion::Any | WantedVersion::Latest => {
            (submission.id.is_none() || same_id).then(|| Registered::from(found))
        }
        WantedVersion::Exactly(number) if same_id => exactly(judge, subject, found, number)?,
        WantedVersion::Exactly(_) => None,
    };
    Ok(match registered {
        Some(registered) => Already::Registered(Box::new(registered)),
        None => Already::Nowhere(None),
    })
}

fn latest_if_equivalent(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
    normalize: bool,
) -> Result<Option<Found>, Error> {
    let Some(content) = submission.content()? else {
        return Ok(None);
    };
    let normalize = normalize || judge.config(subject)?.normalize.unwrap_or(false);
    let candidate = judge.candidate(subject, &content, Reading::stored(normalize))?;
    let Some(latest) = judge.view.latest(subject)?.active() else {
        return Ok(None);
    };
    let stored = judge.view.stored(subject, latest)?;
    Ok(judge.is_equivalent(&candidate, &stored)?.then_some(Found {
        stored,
        by_hash: false,
    }))
}

/// The version that was asked for, if it holds what was found.
fn exactly(
    judge: &Judge<'_>,
    subject: &Subject,
    found: Found,
    number: i32,
) -> Result<Option<Registered>, Error> {
    let Some(wanted) = Version::new(i64::from(number)) else {
        return Ok(None);
    };
    if found.stored.version.version == wanted {
        return Ok(Some(Registered::from(found)));
    }
    let version = judge.view.version(subject, wanted)?;
    let Some(version) =
        version.filter(|version| !version.deleted && version.id == found.stored.version.id)
    else {
        return Ok(None);
    };
    let stored = judge.view.stored(subject, version)?;
    Ok((stored.schema == found.stored.schema).then(|| Registered::from(Found { stored, ..found })))
}

impl From<Found> for Registered {
    fn from(found: Found) -> Self {
        let Stored {
            version,
            guid,
            schema,
            ..
        } = found.stored;
        Self {
            schema,
            guid,
            id: version.id,
            version: version.version,
            written: (!found.by_hash).then_some((version.written, version.deleted)),
            policies: None,
            is_new: false,
        }
    }
}

impl<'a> Registration<'a> {
    fn of(
        judge: &'a Judge<'a>,
        subject: &'a Subject,
        submission: &'a Submission,
        options: RegisterOptions,
        config: Config,
        sought: Option<Schema>,
    ) -> Result<Self, Error> {
        let wanted = match submission.version {
            // Editing tags makes a new version even of an old text, so it is stamped with its number.
            WantedVersion::Any if submission.tags != compat_rules::TagEdit::default() => {
                WantedVersion::Latest
            }
            wanted => wanted,
        };
        Ok(Self {
            judge,
            subject,
            submission,
            options,
            config,
            mode: judge.mode(subject)?,
            versions: judge.view.versions(subject)?,
            wanted,
            sought,
        })
    }
}

impl Registration<'_> {
    /// Steps 6 to 17.
    fn judge(self) -> Result<Judgement<Registered>, Error> {
        let next = self.next_version()?;
        let content = self.content(next)?;
        let candidate = self
            .judge
            .candidate(self.subject, &content, self.reading())?;
        self.check_references(&candidate)?;
        let reused = self.reused(&candidate)?;
        if let Some(found) = self.held_already(reused, &candidate)? {
            return Ok(Judgement::Already(Registered::from(found)));
        }
        let policies = match self.admit(&content, &candidate) {
            Ok(policies) => policies,
            Err(refusal) => return self.turned_away(&content, refusal),
        };
        let id = self.submission.id.or(reused);
        match self.version(next, id, &candidate) {
            Ok(version) => self.draft(&content, candidate, version, id, policies),
            Err(refusal) => self.refused_late(refusal),
        }
    }

    /// A registration that came this far has made its context known, even if it is refused now (step 13).
    fn refused_late(&self, refusal: Error) -> Result<Judgement<Registered>, Error> {
        let context = &self.subject.context;
        if context.is_default() || self.judge.view.has_context(context)? {
            return Err(refusal);
        }
        let topic = Topic::Context(context.clone());
        let fact = Fact::Context {
            context: context.clone(),
            exists: true,
        };
        let draft = Draft {
            basis: Basis {
                revision: self.judge.view.revision(),
                topics: vec![topic.clone()],
            },
            changes: vec![topic],
            facts: Facts::settled(vec![fact]),
        };
        Ok(Judgement::WriteThenRefuse(Box::new(draft), refusal))
    }

    fn next_version(&self) -> Result<Version, Error> {
        let highest = self.versions.last().map(|version| version.version);
        let next = highest.map_or(Some(Version::FIRST), Version::next);
        next.ok_or_else(|| {
            Error::NotPermitted(format!(
                "Subject {} has no version number left",
                self.subject
            ))
        })
    }

    fn reading(&self) -> Reading {
        if self.mode.is_import() {
            return Reading::imported();
        }
        let normalize = self.options.normalize || self.config.normalize.unwrap_or(false);
        Reading::new_schema(normalize, &self.config, self.judge.options)
    }

    /// The id that the content has already, unless it only happens to have the same hash.
    fn reused(&self, candidate: &Candidate) -> Result<Option<SchemaId>, Error> {
        let known = self
            .judge
            .view
            .id_of(&self.subject.context, candidate.schema.guid())?;
        let known = known.filter(|known| self.submission.id.is_none_or(|wanted| wanted == *known));
        let Some(id) = known else { return Ok(None) };
        let stored = self.judge.view.schema(&self.subject.context, id)?;
        Ok(stored
            .is_some_and(|stored| stored.is_named_by_same_hash(&candidate.schema))
            .then_some(id))
    }

    /// Step 9: what a topic owns can go with it at any time, so nothing may refer to it.
    fn check_references(&self, candidate: &Candidate) -> Result<(), Error> {
        for reference in &candidate.schema.references {
            let target = Subject::parse_in(&self.subject.context, &reference.subject);
            if self.judge.view.owner(&target)?.is_some() {
                return Err(Error::NotPermitted(format!(
                    "Subject '{target}' has a strong association and cannot be referenced"
                )));
            }
        }
        Ok(())
    }

    /// Steps 10 and 11.
    fn held_already(
        &self,
        reused: Option<SchemaId>,
        candidate: &Candidate,
    ) -> Result<Option<Found>, Error> {
        if self.wanted != WantedVersion::Any || self.sought.as_ref() == Some(&candidate.schema) {
            return Ok(None);
        }
        if let Some(id) = reused
            && let Some(number) = self.judge.view.held_version(self.subject, id)?
            && let Some(version) = self
                .versions
                .iter()
                .find(|version| version.version == number && !version.deleted)
        {
            let stored = self.judge.view.stored(self.subject, *version)?;
            return Ok(Some(Found {
                stored,
                by_hash: true,
            }));
        }
        // Only IMPORT holds on to the id that was asked for; FORWARD compares without it.
        let wanted = self.submission.id.filter(|_| self.mode == Mode::Import);
        for version in self
            .versions
            .iter()
            .rev()
            .filter(|version| !version.deleted)
        {
            if wanted.is_some_and(|wanted| wanted != version.id) {
                continue;
            }
            let stored = self.judge.view.stored(self.subject, *version)?;
            if self.judge.is_equivalent(candidate, &stored)? {
                return Ok(Some(Found {
                    stored,
                    by_hash: false,
                }));
            }
        }
        Ok(None)
    }

    /// Step 12.
    fn check_compatibility(&self, candidate: &Candidate) -> Result<(), Error> {
        if self.mode.is_import() || self.options.force {
            return Ok(());
        }
        let active: Vec<StoredVersion> = self
            .versions
            .iter()
            .filter(|version| !version.deleted)
            .copied()
            .collect();
        let messages = self
            .judge
            .messages(self.subject, candidate, &active, &self.config)?;
        if messages.is_empty() {
            return Ok(());
        }
        Err(Error::Incompatible {
            subject: self.subject.clone(),
            messages,
            policies: None,
        })
    }

    /// Steps 14 and 15: the number is the next one, and an id never changes its content.
    fn version(
        &self,
        next: Version,
        id: Option<SchemaId>,
        candidate: &Candidate,
    ) -> Result<Version, Error> {
        let version = match self.wanted {
            WantedVersion::Exactly(number) => Version::new(i64::from(number)),
            WantedVersion::Any | WantedVersion::Latest => Some(next),
        };
        let version = version
            .filter(|version| self.mode.is_import() || *version == next)
            .ok_or_else(|| {
                Error::InvalidSchema("Version is not one more than previous version".to_owned())
            })?;
        let stored = id
            .map(|id| self.judge.view.schema(&self.subject.context, id))
            .transpose()?
            .flatten();
        match (id, stored) {
            (Some(id), Some(stored)) if stored != candidate.schema => {
                Err(Error::NotPermitted(format!(
                    "Overwrite new schema with id {id} in context {} is not permitted.",
                    self.subject.context.qualifier()
                )))
            }
            _ => Ok(version),
        }
    }
}
