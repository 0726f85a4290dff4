//! Everything that a decision may look at. What is not here cannot decide anything, so a decision can be repeated.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{TeamSpec, VocabularySpec};
use super::model::{Model, Properties};
use crate::{Level, ParsedSchema};

/// A schema on its way into a subject, or a version that is examined where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The subject.
    pub subject: &'a SubjectFacts,
    /// What the subject's name says, by the named groups of the pattern that it matches (SUB001).
    pub captures: &'a BTreeMap<String, String>,
    /// The schema.
    pub schema: &'a Model,
    /// The schema as it was parsed, for what only a comparison can tell.
    pub parsed: &'a ParsedSchema,
    /// Its metadata, merged with defaults and overrides.
    pub metadata: &'a MetadataFacts,
    /// What it refers to.
    pub references: &'a [ReferenceFacts],
    /// The earlier versions, newest first.
    pub history: &'a [EarlierVersion],
    /// Who asks; none where nobody was authenticated.
    pub principal: Option<&'a PrincipalFacts>,
    /// How it is asked for.
    pub request: RequestFacts,
    /// The team that owns the subject, by name, if it is known.
    pub team: Option<(&'a str, &'a TeamSpec)>,
    /// The words that may be used.
    pub vocabulary: &'a VocabularySpec,
    /// The time of the decision, in milliseconds since 1970.
    pub now: i64,
}

/// What is known of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectFacts {
    /// The name without its context.
    pub name: String,
    /// The context: `.` for the default one.
    pub context: String,
    /// What it is for, by its ending.
    pub role: Role,
    /// True if it has no version yet.
    pub is_new: bool,
    /// When its first version was written, in milliseconds since 1970.
    pub created: Option<i64>,
    /// Versions that are not deleted.
    pub version_count: usize,
    /// The compatibility level in force.
    pub level: Level,
    /// The compatibility group property in force, if any.
    pub compatibility_group: Option<String>,
    /// Other subjects of the context whose names are equal but for case and separators.
    pub near_duplicates: Vec<String>,
}

/// What a subject is for, by its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// `-key`.
    Key,
    /// `-value`.
    Value,
    /// Neither.
    None,
}

impl SubjectFacts {
    /// The name without `-key` or `-value`.
    #[must_use]
    pub fn stem(&self) -> &str {
        let stem = match self.role {
            Role::Key => self.name.strip_suffix("-key"),
            Role::Value => self.name.strip_suffix("-value"),
            Role::None => None,
        };
        stem.unwrap_or(&self.name)
    }
}

impl Role {
    /// Of the subject with that name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        if name.ends_with("-key") {
            Self::Key
        } else if name.ends_with("-value") {
            Self::Value
        } else {
            Self::None
        }
    }
}

/// The metadata of a version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetadataFacts {
    /// Key and value.
    pub properties: Properties,
    /// Element path, with wildcards, to tags.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Keys whose values are sensitive.
    pub sensitive: Vec<String>,
    /// The rule set of the version, if it has one: any text that is equal for equal rule sets.
    pub rule_set: Option<String>,
}

/// A reference of the candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceFacts {
    /// The name by which the text knows it.
    pub name: String,
    /// The subject, without its context if that is the candidate's.
    pub subject: String,
    /// The version as it was sent; -1 for the latest.
    pub version: i64,
    /// How long the longest chain through it is, itself being 1.
    pub depth: usize,
    /// The properties of the version that it names.
    pub properties: Properties,
    /// True if that version, or its subject, is deleted.
    pub is_deleted: bool,
}

/// A version before the candidate.
#[derive(Debug, Clone)]
pub struct EarlierVersion {
    /// Its number.
    pub version: u32,
    /// Its schema.
    pub schema: Model,
    /// Its schema as it was parsed.
    pub parsed: Arc<ParsedSchema>,
    /// Its metadata.
    pub metadata: MetadataFacts,
    /// What it refers to.
    pub references: Vec<ReferenceFacts>,
    /// When it was written, in milliseconds since 1970.
    pub written: i64,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrincipalFacts {
    /// The name.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
    /// The roles.
    pub roles: Vec<String>,
}

/// How a registration is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestFacts {
    /// The compatibility check is to be skipped.
    pub force: bool,
    /// The text is in its normal form, or was to be brought into it.
    pub normalize: bool,
}
