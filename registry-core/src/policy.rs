//! Governance documents as the registry keeps them: revisions, of which the last is in force.
//!
//! What documents say, and what they find in a schema, is judgement and lies in `compat_rules::policy`. Here is what is
//! kept of them, and the compiled form of the revision in force.

mod kept;

use std::sync::{Arc, Mutex, PoisonError};

use compat_rules::Format;
use compat_rules::policy::candidate::{MetadataFacts, SubjectFacts};
use compat_rules::policy::{Bundle, Document, Syntax, read_documents};
use serde::{Deserialize, Serialize};

use crate::view::View;
use crate::{Error, RegistryOptions, Timestamp};
pub use kept::InForce;
use kept::KeptRules;

/// All documents of one moment. Nothing of it ever changes; what is taken back comes again as a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRevision {
    /// Its number; the first is 1.
    pub number: u64,
    /// SHA-256 of the canonical JSON of its documents, in hexadecimal digits.
    pub digest: String,
    /// Who made it; empty where nobody was authenticated.
    pub author: String,
    /// When, in milliseconds since 1970.
    pub applied_ms: i64,
    /// Where its documents come from, and why.
    pub origin: PolicyOrigin,
    /// The canonical JSON of each document, by kind and name.
    pub documents: Vec<String>,
}

/// Where the documents of a revision come from, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyOrigin {
    /// A commit, a folder, or `rollback to 3`.
    pub source: String,
    /// What its author says about it.
    pub comment: String,
}

/// For whom documents are changed, and how far that goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyClaim {
    /// Who manages the documents, such as `git:acme/event-governance`. Where nobody does, the documents sent are all
    /// that there are.
    pub manager: Option<String>,
    /// What the manager has and does not send any more goes.
    pub prunes: bool,
    /// Documents that another one manages are changed all the same.
    pub takes_over: bool,
}

/// What a change of the documents is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyBase {
    /// This revision has to be the one in force; 0 stands for none.
    Revision(u64),
    /// One of these has to be: those that the client has seen.
    Seen(Vec<u64>),
    /// Whatever is in force.
    Any,
}

/// The revision in force, ready to be asked.
#[derive(Debug)]
pub struct PoliciesInForce {
    /// Its number.
    pub number: u64,
    /// Its documents.
    pub bundle: Bundle,
    kept: KeptRules,
}

impl PoliciesInForce {
    /// What is in force for a subject at a time, in milliseconds since 1970; kept ready for the next who asks.
    #[must_use]
    pub fn of(
        &self,
        facts: &SubjectFacts,
        metadata: &MetadataFacts,
        format: Option<Format>,
        now: i64,
    ) -> InForce {
        self.kept.of(&self.bundle, facts, metadata, format, now)
    }
}

impl PolicyRevision {
    /// The documents, read again.
    ///
    /// # Errors
    /// [`Error::InvalidPolicies`] for documents that this version of the program does not understand any more.
    pub fn read(&self) -> Result<Vec<Document>, Error> {
        let mut documents = Vec::new();
        for text in &self.documents {
            documents
                .extend(read_documents("", Syntax::Json, text).map_err(Error::InvalidPolicies)?);
        }
        Ok(documents)
    }
}

/// Keeps the revision in force compiled. A number never stands for two revisions, so what is kept cannot be stale.
#[derive(Debug)]
pub(crate) struct Policies {
    enabled: bool,
    subjects_kept_max: usize,
    compiled: Mutex<Option<Arc<PoliciesInForce>>>,
}

impl Policies {
    pub(crate) const fn new(options: &RegistryOptions) -> Self {
        Self {
            enabled: options.policies_enabled,
            subjects_kept_max: options.policy_subjects_kept_max,
            compiled: Mutex::new(None),
        }
    }

    /// False where nobody has to be asked.
    pub(crate) fn are_in_force(&self, view: &View<'_>) -> Result<bool, Error> {
        Ok(self.enabled && view.policy_number()?.is_some())
    }

    /// What is in force in a view; none as long as no documents were ever applied.
    pub(crate) fn in_force(&self, view: &View<'_>) -> Result<Option<Arc<PoliciesInForce>>, Error> {
        let number = view.policy_number()?.filter(|_| self.enabled);
        let Some(number) = number else {
            return Ok(None);
        };
        let kept = self
            .compiled
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(kept) = kept.filter(|kept| kept.number == number) {
            return Ok(Some(kept));
        }
        let documents = view.policy_revision(number)?.read()?;
        let bundle = Bundle::compile(documents).map_err(Error::InvalidPolicies)?;
        let compiled = Arc::new(PoliciesInForce {
            number,
            bundle,
            kept: KeptRules::new(self.subjects_kept_max),
        });
        *self.compiled.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&compiled));
        Ok(Some(compiled))
    }
}

impl PolicyRevision {
    /// When it was made.
    #[must_use]
    pub const fn applied(&self) -> Timestamp {
        Timestamp(self.applied_ms)
    }
}
