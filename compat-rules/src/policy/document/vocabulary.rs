//! `kind: Vocabulary`: the words that tags, classifications, domains and properties may use.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The content of a `Vocabulary`. Several vocabularies are one: their words add up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct VocabularySpec {
    /// The tags that fields may carry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The classifications, from the most open to the most confidential. Only one document may give them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classifications: Vec<String>,
    /// The classification that a field with a tag has at least.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tag_classifications: BTreeMap<String, String>,
    /// The domains of the business.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<String>,
    /// The keys of a subject's properties, each with its allowed values; an empty list allows any value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Vec<String>>,
}
