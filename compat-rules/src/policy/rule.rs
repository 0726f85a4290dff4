//! A rule of policy: what it is called, what it looks at, and how it is made ready.

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, schema_for};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::candidate::Candidate;
use super::finding::Found;
use super::profile::Profiles;
use super::setting::Point;
use crate::Format;

/// The parameters of a rule as a document gives them.
pub type Parameters = Map<String, Value>;

/// One rule. A `const` of this type stands beside the code that checks it; its page is `governance/<code>.md`.
pub struct PolicyRule {
    /// Such as `TYP001`; never used again for another rule.
    pub code: &'static str,
    /// Such as `money-no-float`.
    pub slug: &'static str,
    /// What is demanded, in one sentence.
    pub title: &'static str,
    /// The formats that it applies to.
    pub formats: &'static [Format],
    /// What to write instead, in one line.
    pub hint: &'static str,
    /// Who has to agree to exceptions.
    pub category: Category,
    /// True for the rules that make a "standard pattern".
    pub is_pattern: bool,
    /// How grave a finding is in each profile.
    pub profiles: Profiles,
    /// Where it is evaluated.
    pub points: &'static [Point],
    /// The JSON Schema of its parameters.
    pub parameters: fn() -> Schema,
    /// Reads its parameters and makes it ready; whatever is costly is done here, once for a bundle of documents.
    pub prepare: fn(&Parameters) -> Result<Box<dyn Check>, BadParameters>,
}

/// What a rule is about, as far as exceptions are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Most rules.
    Technical,
    /// Classification, personal data and admission.
    Security,
}

/// A rule with its parameters, ready to look.
pub trait Check: Send + Sync {
    /// Reports every element that does not keep the rule, in the order of the text.
    fn check(&self, candidate: &Candidate<'_>, found: &mut Found);

    /// What the name of a subject says, for a rule that reads names; none for any other rule or name. The other
    /// rules see it as [`Candidate::captures`].
    fn captures(&self, _name: &str) -> Option<BTreeMap<String, String>> {
        None
    }
}

/// Parameters that a rule does not understand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadParameters(pub String);

/// All formats.
pub const ALL_FORMATS: &[Format] = &[Format::Avro, Format::Json, Format::Protobuf];

/// Where rules about the content of a schema are evaluated.
pub const CONTENT_POINTS: &[Point] = &[Point::Register, Point::Check, Point::Audit];

/// Where rules about a change, or about who asks for it, are evaluated: what stands cannot keep or break them.
pub const CHANGE_POINTS: &[Point] = &[Point::Register, Point::Check];

/// The parameters of a rule that has none.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoParameters {}

/// The JSON Schema of a type of parameters.
#[must_use]
pub fn schema<P: JsonSchema>() -> Schema {
    schema_for!(P)
}

/// Reads parameters into their type; what is left out has its default there.
///
/// # Errors
/// [`BadParameters`] that names the key or value in question.
pub fn read<P: DeserializeOwned>(parameters: &Parameters) -> Result<P, BadParameters> {
    serde_json::from_value(Value::Object(parameters.clone()))
        .map_err(|error| BadParameters(error.to_string()))
}

impl PolicyRule {
    /// The letters of the code, such as `TYP`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.code
            .trim_end_matches(|last: char| last.is_ascii_digit())
    }
}

impl PartialEq for PolicyRule {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for PolicyRule {}

impl fmt::Debug for PolicyRule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.code, self.slug)
    }
}
