//! Every "no" of the registry: refusals, which are expected, and faults, which are not.
//!
//! The texts are the protocol's (`protocol.md` section 6). Status and code are not here: one exhaustive `match` in
//! the server gives them.

use compat_rules::policy::DocumentFault;

use crate::association::AssociationType;
use crate::decide::PolicyEvaluation;
use crate::store::Fault;
use crate::subject::{Context, Subject};
use crate::{KeyError, Version, VersionSpec};

/// Why a request is not carried out.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// No visible version in the subject.
    #[error("Subject '{0}' not found.")]
    SubjectNotFound(String),
    /// The subject exists, the version does not.
    #[error("Version {0} not found.")]
    VersionNotFound(VersionSpec),
    /// A lookup found nothing.
    #[error("Schema not found")]
    SchemaNotFound,
    /// No schema of that id or guid.
    #[error("Schema {0} not found")]
    NoSuchSchema(String),
    /// Softly deleted already.
    #[error("Subject '{0}' was soft deleted.Set permanent=true to delete permanently")]
    SubjectSoftDeleted(Subject),
    /// Permanent deletion comes second.
    #[error("Subject '{0}' was not deleted first before being permanently deleted")]
    SubjectNotSoftDeleted(Subject),
    /// Softly deleted already.
    #[error("Subject '{0}' Version {1} was soft deleted.Set permanent=true to delete permanently")]
    VersionSoftDeleted(Subject, VersionSpec),
    /// Permanent deletion comes second.
    #[error("Subject '{0}' Version {1} was not deleted first before being permanently deleted")]
    VersionNotSoftDeleted(Subject, VersionSpec),
    /// The scope has no configuration of its own.
    #[error("Subject '{0}' does not have subject-level compatibility configured")]
    ConfigNotFound(Subject),
    /// The scope has no mode of its own.
    #[error("Subject '{0}' does not have subject-level mode configured")]
    ModeNotFound(Subject),
    /// An earlier version speaks against it.
    #[error(
        "Schema being registered is incompatible with an earlier schema for subject \"{subject}\", details: [{}]{}",
        messages.join(", "),
        policies.as_deref().map(PolicyEvaluation::appended).unwrap_or_default()
    )]
    Incompatible {
        /// The subject.
        subject: Subject,
        /// The reasons.
        messages: Vec<String>,
        /// What the policies in force say besides.
        policies: Option<Box<PolicyEvaluation>>,
    },
    /// The policies in force speak against it.
    #[error("{}", policies.refusal(subject))]
    RefusedByPolicy {
        /// The subject; empty for settings of the whole registry.
        subject: String,
        /// What they found.
        policies: Box<PolicyEvaluation>,
    },
    /// These are no documents, or they contradict each other.
    #[error("Governance documents invalid: {}", first(.0))]
    InvalidPolicies(Vec<DocumentFault>),
    /// No revision of the documents has that number.
    #[error("Policy revision {0} not found.")]
    NoSuchPolicyRevision(u64),
    /// Somebody else was faster.
    #[error(
        "Revision {in_force} of the governance documents is in force, not {base}: look at it and apply again"
    )]
    PoliciesChanged {
        /// The revision that the change is based on.
        base: u64,
        /// The one in force.
        in_force: u64,
    },
    /// Somebody else was faster, by the tags that the client sent.
    #[error(
        "Revision {in_force} of the governance documents is in force, which If-Match does not name: look at it and apply again"
    )]
    PoliciesNotSeen {
        /// The revision in force.
        in_force: u64,
    },
    /// They are another one's to change.
    #[error(
        "Governance documents are managed elsewhere: {}. Apply them as that manager, or take them over",
        first(.0)
    )]
    PoliciesManagedElsewhere(
        /// Kind, name and manager of each.
        Vec<String>,
    ),
    /// Not a schema, a bad reference, or a wrong version number.
    #[error("{0}")]
    InvalidSchema(String),
    /// No mode has that name.
    #[error("Invalid mode. Valid values are READWRITE, READONLY, IMPORT and FORWARD.")]
    InvalidMode,
    /// Only the root of all settings can forward.
    #[error("Forward mode only supported on global level")]
    ForwardOnlyGlobally,
    /// Not in this mode, or not with this id.
    #[error("{0}")]
    NotPermitted(String),
    /// Schemas refer to it.
    #[error(
        "One or more references exist to the schema {{magic=1,keytype=SCHEMA,subject={subject},version={version}}}."
    )]
    ReferencesExist {
        /// The subject referred to.
        subject: Subject,
        /// Its version.
        version: Version,
    },
    /// Schemas refer to a subject that a topic is to own.
    #[error("One or more references exist to the schema {0}.")]
    SubjectReferenced(Subject),
    /// An association may not be asked for in this way.
    #[error(
        "The association specified an invalid value for property: '{property}', detail: {detail}"
    )]
    InvalidAssociation {
        /// The member that is wrong.
        property: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// A topic has no such association.
    #[error("Association for '{0}' not found.")]
    AssociationNotFound(String),
    /// The topic is bound already, and differently.
    #[error("An association of type '{association_type}' already exists for resource '{resource}'")]
    ResourceAssociated {
        /// Its keys or its values.
        association_type: AssociationType,
        /// The topic's name.
        resource: String,
    },
    /// Topics are bound to the subject.
    #[error("An association already exists for subject '{0}'")]
    SubjectAssociated(Subject),
    /// A topic owns the subject.
    #[error("A strong association already exists for subject '{0}'")]
    SubjectOwned(Subject),
    /// A topic can be bound only to a subject that has a schema.
    #[error("No active (non-deleted) version exists for subject '{0}'")]
    NoActiveVersion(Subject),
    /// The association can neither be changed nor go alone.
    #[error("The association of type  '{association_type}' is frozen for subject '{subject}'")]
    AssociationFrozen {
        /// Keys or values.
        association_type: AssociationType,
        /// The subject.
        subject: Subject,
    },
    /// A subject that topics are bound to keeps its last active version.
    #[error("Error while deleting Schema Version")]
    LastVersionAssociated,
    /// The name may not be used.
    #[error("The specified subject '{0}' is not a valid.")]
    InvalidSubject(Subject),
    /// Larger than a record may be.
    #[error("Register operation failed because schema is too large")]
    SchemaTooLarge,
    /// A rule set that breaks its own rules.
    #[error("{0}")]
    InvalidRuleSet(String),
    /// Something lives in the context.
    #[error("The specified context '{}' is not empty.", .0.qualifier())]
    ContextNotEmpty(Context),
    /// A refusal of the key registry.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Every id of the context has been given out.
    #[error("no schema id is left in this context")]
    NoIdLeft,
    /// Other writers were faster, again and again.
    #[error("too many writers change the same subject; try again")]
    Contended,
    /// The queue of the writer is full.
    #[error("too many changes wait to be written; try again")]
    WriterBusy,
    /// The registry is closing.
    #[error("the registry is shutting down")]
    ShuttingDown,
    /// A write failed, and nothing more is written until the next start.
    #[error(
        "the store failed while writing: whether this write took place is unknown until the registry is restarted, \
         and no further write is accepted"
    )]
    WriteOutcomeUnknown,
    /// A write failed earlier.
    #[error("an earlier write failed: no write is accepted until the registry is restarted")]
    WritesStopped,
    /// Disk, corruption, a broken invariant.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Error {
    /// What policies have to say about it.
    #[must_use]
    pub fn policies(&self) -> Option<&PolicyEvaluation> {
        match self {
            Self::Incompatible { policies, .. } => policies.as_deref(),
            Self::RefusedByPolicy { policies, .. } => Some(policies),
            _ => None,
        }
    }

    /// True when the registry has decided against the wish, false when something is out of order.
    pub(crate) const fn is_refusal(&self) -> bool {
        !matches!(
            self,
            Self::WriterBusy
                | Self::ShuttingDown
                | Self::WriteOutcomeUnknown
                | Self::WritesStopped
                | Self::Fault(_)
        )
    }

    /// True if a client is told the name of a report.
    pub(crate) fn is_reported(&self) -> bool {
        self.policies()
            .is_some_and(|policies| policies.report.is_some())
    }

    /// The same without the name of a report, for a refusal whose report is not kept.
    pub(crate) fn unreported(mut self) -> Self {
        if let Self::RefusedByPolicy { policies, .. }
        | Self::Incompatible {
            policies: Some(policies),
            ..
        } = &mut self
        {
            policies.report = None;
        }
        self
    }

    pub(crate) fn read_only(subject: &str, context: &str) -> Self {
        Self::NotPermitted(format!(
            "Subject {subject} in context {context} is in read-only mode"
        ))
    }
}

/// As many as a message has room for; the list has all.
fn first<T: ToString>(all: &[T]) -> String {
    const SHOWN_MAX: usize = 5;
    let mut shown: Vec<String> = all.iter().take(SHOWN_MAX).map(T::to_string).collect();
    if all.len() > SHOWN_MAX {
        shown.push(format!("(+{} more)", all.len() - SHOWN_MAX));
    }
    shown.join("; ")
}
