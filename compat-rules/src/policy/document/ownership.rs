//! `kind: Ownership`: which team owns which subjects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The content of an `Ownership`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnershipSpec {
    /// The last rule that matches a subject wins.
    pub rules: Vec<OwnershipRule>,
}

/// Subjects and their team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnershipRule {
    /// Patterns of subjects without their context.
    pub subjects: Vec<String>,
    /// Contexts as in the match of a policy; any where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contexts: Option<Vec<String>>,
    /// The name of a `Team`.
    pub team: String,
}
