//! Governance documents: policies, teams, who owns what, and vocabularies.
//!
//! One data model for YAML, JSON and TOML (`document/read.rs`). A document remembers what was written and nothing that
//! was left out, so its canonical JSON, and the digest over it, do not depend on the format of the file. What documents
//! mean together is decided in `bundle.rs`.

mod day;
mod fault;
mod ownership;
mod policy;
mod read;
mod schema;
mod team;
mod vocabulary;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use day::{BadDay, Day};
pub use fault::DocumentFault;
pub use ownership::{OwnershipRule, OwnershipSpec};
pub use policy::{
    CheckSpec, EndpointAction, Enforcement, Exemption, Expectation, FormatName, LifecycleName,
    Match, NewSubject, PolicySpec, PolicyTest, RoleName, RolloutStep, RuleUse,
};
pub use read::{Syntax, read_documents};
pub use schema::document_schema;
pub use team::{Contact, TeamSpec};
pub use vocabulary::VocabularySpec;

/// The version of the documents' form. There is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ApiVersion {
    /// The first.
    #[serde(rename = "governance/v1")]
    V1,
}

/// The kind of a document.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Kind {
    /// Rules and settings for a scope.
    Policy,
    /// Who owns which subjects.
    Ownership,
    /// A team and how it is reached.
    Team,
    /// Allowed words.
    Vocabulary,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Policy, Self::Ownership, Self::Team, Self::Vocabulary];

    /// The word in the document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "Policy",
            Self::Ownership => "Ownership",
            Self::Team => "Team",
            Self::Vocabulary => "Vocabulary",
        }
    }
}

/// What a document says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DocumentMetadata {
    /// Unique within the kind: lower-case letters, digits and `. _ / -`.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9._/-]{0,127}$"))]
    pub name: String,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The repository that it comes from; nobody else changes it without taking it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub managed_by: Option<String>,
}

/// The envelope that every kind shares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Envelope<S> {
    /// Always `governance/v1`.
    pub api_version: ApiVersion,
    /// The kind that `spec` is of.
    pub kind: Kind,
    /// Name and origin.
    pub metadata: DocumentMetadata,
    /// The content.
    pub spec: S,
}

/// A document that was read. It is compared by what it says, not by where it stood.
#[derive(Debug, Clone)]
pub struct Document {
    /// The file and the line in it where the document begins; for faults only.
    pub source: DocumentSource,
    /// What it says.
    pub content: Content,
}

/// Where a document stood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentSource {
    /// The name of the file; empty where there was none.
    pub file: String,
    /// The line at which the document begins, from 1.
    pub line: u32,
}

/// The content of a document, by kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// A policy.
    Policy(Box<Envelope<PolicySpec>>),
    /// Rules of ownership.
    Ownership(Envelope<OwnershipSpec>),
    /// A team.
    Team(Envelope<TeamSpec>),
    /// Allowed words.
    Vocabulary(Envelope<VocabularySpec>),
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.content == other.content
    }
}

impl Document {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.content {
            Content::Policy(_) => Kind::Policy,
            Content::Ownership(_) => Kind::Ownership,
            Content::Team(_) => Kind::Team,
            Content::Vocabulary(_) => Kind::Vocabulary,
        }
    }

    /// Name, owner, description, origin.
    #[must_use]
    pub const fn metadata(&self) -> &DocumentMetadata {
        match &self.content {
            Content::Policy(envelope) => &envelope.metadata,
            Content::Ownership(envelope) => &envelope.metadata,
            Content::Team(envelope) => &envelope.metadata,
            Content::Vocabulary(envelope) => &envelope.metadata,
        }
    }

    /// Says that somebody manages the document from now on.
    pub fn set_manager(&mut self, manager: String) {
        let metadata = match &mut self.content {
            Content::Policy(envelope) => &mut envelope.metadata,
            Content::Ownership(envelope) => &mut envelope.metadata,
            Content::Team(envelope) => &mut envelope.metadata,
            Content::Vocabulary(envelope) => &mut envelope.metadata,
        };
        metadata.managed_by = Some(manager);
    }

    /// The name, unique within the kind.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.metadata().name
    }

    /// Canonical JSON by RFC 8785: the same bytes whatever format the document was written in.
    #[must_use]
    pub fn canonical(&self) -> String {
        let bytes = serde_json_canonicalizer::to_vec(&self.content)
            .expect("keys are strings and numbers are finite: it came from such a text");
        String::from_utf8(bytes).expect("JSON is UTF-8")
    }
}

#[cfg(test)]
mod tests;
