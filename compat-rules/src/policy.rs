//! Policy: what a platform team wants its schemas to look like, and what a schema lacks.
//!
//! Judgement only: documents come in as text, the clock as a number, and findings go out. Who stores documents, who
//! asks and what a refused client sees is decided elsewhere.

mod bundle;
pub mod candidate;
mod change;
mod document;
mod effective;
mod evaluate;
mod finding;
mod matching;
pub mod model;
mod page;
mod pattern;
mod profile;
mod refusal;
pub mod rule;
mod rules;
mod setting;
mod trial;

pub use bundle::{Bundle, Owner, OwnerSource};
pub use change::{Breaks, Change, ChangeClass, ChangeKind, changes};
pub use document::{
    ApiVersion, BadDay, CheckSpec, Contact, Content, Day, Document, DocumentFault,
    DocumentMetadata, DocumentSource, EndpointAction, Enforcement, Envelope, Exemption,
    Expectation, FormatName, Kind, LifecycleName, Match, NewSubject, OwnershipRule, OwnershipSpec,
    PolicySpec, PolicyTest, RoleName, RolloutStep, RuleUse, Syntax, TeamSpec, VocabularySpec,
    document_schema, read_documents,
};
pub use effective::{Effective, EffectiveRule, Passed, PolicyInForce, Step, Upcoming};
pub use evaluate::{Counts, Evaluation, Verdict, evaluate, evaluate_telling};
pub use finding::{Disposition, Finding, Fingerprint, Found, Report};
pub use matching::{Rank, RankLevel, Scope};
pub use page::rule_page;
pub use pattern::{BadPattern, SubjectPattern};
pub use profile::{Profile, Profiles};
pub use refusal::{Refusal, violations, warnings};
pub use rules::{catalogue, rule as rule_named};
pub use setting::{Action, Baseline, Point, Severity};
pub use trial::{Trial, Tried};
