//! What a client sends to be registered, looked up or checked, before anything about it is known to be right.

use std::borrow::Cow;

use compat_rules::TagEdit;

use crate::SchemaId;
use crate::rule_set::RuleSet;
use crate::schema::Metadata;

/// A schema as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Submission {
    /// The text; blank means "the one of the latest version" to a registration.
    pub text: Option<String>,
    /// The `schemaType`; absent and empty mean Avro.
    pub schema_type: Option<String>,
    /// What it imports.
    pub references: Vec<SubmittedReference>,
    /// Metadata.
    pub metadata: Option<Metadata>,
    /// Rules.
    pub rule_set: Option<RuleSet>,
    /// Which version it is to become.
    pub version: WantedVersion,
    /// The id that it is to have, in import mode.
    pub id: Option<SchemaId>,
    /// Inline tags to add and to remove before anything else.
    pub tags: TagEdit,
    /// Take over the inline tags of the latest version.
    pub propagate_tags: bool,
}

impl Submission {
    /// The submission with what its rules for encryption leave to be concluded.
    pub(crate) fn with_key_defaults(&self) -> Cow<'_, Self> {
        let completed = self.rule_set.as_ref().and_then(RuleSet::with_key_defaults);
        match completed {
            None => Cow::Borrowed(self),
            Some(rule_set) => Cow::Owned(Self {
                rule_set: Some(rule_set),
                ..self.clone()
            }),
        }
    }
}

/// A reference of which anything may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubmittedReference {
    /// How the text names it.
    pub name: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The version; -1 is the latest.
    pub version: Option<i32>,
}

impl std::fmt::Display for SubmittedReference {
    /// As the reference's messages show it.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.name.as_deref().unwrap_or("null");
        let subject = self.subject.as_deref().unwrap_or("null");
        let version = self
            .version
            .map_or_else(|| "null".to_owned(), |version| version.to_string());
        write!(
            out,
            "{{name='{name}', subject='{subject}', version={version}}}"
        )
    }
}

/// The `version` of a request (`semantics.md` section 5.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WantedVersion {
    /// Absent or 0: whichever holds it already, else the next.
    #[default]
    Any,
    /// Any negative number: the latest, if that holds it, else the next; the number is stamped into the metadata.
    Latest,
    /// Exactly this one.
    Exactly(i32),
}

impl WantedVersion {
    /// Reads the number of a request.
    #[must_use]
    pub const fn of(number: i32) -> Self {
        match number {
            0 => Self::Any,
            ..0 => Self::Latest,
            _ => Self::Exactly(number),
        }
    }
}
