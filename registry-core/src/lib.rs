//! State: what is registered, who may change it, how it is stored.
//!
//! **The life of a write.** [`Registry::register`] takes a view and asks `decide`, which reads and never writes. What
//! may be done comes back as a draft with its basis: what the judgement looked at. The one writer thread commits
//! drafts whose basis still stands, many in one synced batch; *durable, then published, then answered*. A draft that
//! is stale is judged again.
//!
//! **The life of a read.** [`Registry::view`] is a snapshot; its questions are range scans and point reads of rows
//! that the writer keeps ready. Nothing is rebuilt at start.
//!
//! Judging a schema is the work of `compat-rules`; HTTP and JSON are that of `registry-server`.

mod apply;
mod association;
mod audit;
mod caller;
mod counts;
mod decide;
mod deed;
mod dek;
mod draft;
mod error;
mod evidence;
mod fact;
mod figures;
mod id;
pub mod json_text;
mod kek;
mod key_error;
mod key_material;
mod kms;
mod library;
mod named;
mod options;
mod policy;
mod registry;
mod rule_set;
mod schema;
mod settings;
mod store;
mod subject;
mod submission;
mod view;
mod writer;

pub use association::{
    Association, AssociationFilter, AssociationMutation, AssociationOp, AssociationRequest,
    AssociationType, AssociationWish, Intent, Lifecycle, RESOURCE_TYPE, Resource, SentResource,
    StoredAssociation,
};
pub use audit::{
    Anchor, AuditLine, AuditOptions, AuditProblem, AuditReport, Checkpoint, CheckpointRole,
    ClearNames, ErrorCodes, MalformedKey, PublicKey, RefusedAttempt, SignedCheckpoint, SigningKeys,
    Verifier, hex,
};
pub use caller::{Authentication, Caller, Principal};
pub use counts::{ByFormat, Counts};
pub use decide::{
    Associated, Checked, Deletion, Examined, FoundSchema, Granted, PolicyEvaluation, Pruned,
    RegisterOptions, Registered, RuleTimes, TagChange,
};
pub use dek::{Dek, DekAlgorithm, DekSeries, DekVersion, ServedDek, StoredDek, SubmittedDek};
pub use error::Error;
pub use evidence::{Admission, Judged, RecordedFinding, RefusalRecord, ReportId, Source};
pub use figures::{Figures, Histogram, Outcome};
pub use id::{Guid, MalformedGuid, Revision, SchemaId, Timestamp, Version, VersionSpec};
pub use kek::{Kek, KekName, KekUpdate, StoredKek, SubmittedKek};
pub use key_error::KeyError;
pub use key_material::KeyMaterial;
pub use kms::{KeyServices, KmsFailure, LocalSecret};
pub use options::RegistryOptions;
pub use policy::{InForce, PoliciesInForce, PolicyBase, PolicyClaim, PolicyOrigin, PolicyRevision};
pub use registry::{AuditPart, AuditWatch, AuditWatched, Registry};
pub use rule_set::{EnableAt, Rule, RuleKind, RuleMode, RuleSet};
pub use schema::{Metadata, Schema, SchemaReference};
pub use settings::{Config, ConfigUpdate, Mode, Update};
pub use store::{Fault, OpenError, StoreOptions};
pub use subject::{Context, Scope, Subject, SubjectFilter};
pub use submission::{Submission, SubmittedReference, WantedVersion};
pub use view::{Deleted, Finding, Latest, Stored, StoredJson, StoredVersion, SubjectState, View};
