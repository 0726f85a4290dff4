//! The JSON of `/governance/v1`, but for findings and explanations, which the command line prints as well.

use compat_rules::policy::DocumentFault;
use registry_core::{PolicyEvaluation, PolicyRevision};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::governance::digest_text;
use crate::governance::findings::{CountLine, FindingLine};

/// Documents as they are sent: a text in one of three formats, or JSON values.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SentDocuments {
    /// The documents as JSON. An empty list says that there shall be none.
    #[serde(default)]
    pub documents: Option<Vec<Value>>,
    /// The documents as a text.
    #[serde(default)]
    pub text: Option<String>,
    /// The format of the text: `yaml` (the default), `json` or `toml`.
    #[serde(default)]
    pub format: TextFormat,
    /// The revision that the change is based on; 0 stands for none. Left out, whatever is in force is replaced.
    #[serde(default)]
    pub base_revision: Option<u64>,
    /// Who manages the documents from now on. Left out, the documents are all that there are.
    #[serde(default)]
    pub manager: Option<String>,
    /// What the manager has in force and does not send goes.
    #[serde(default)]
    pub prune: bool,
    /// Documents that another one manages are changed all the same.
    #[serde(default)]
    pub take_over: bool,
    /// Where the documents come from, such as a commit.
    #[serde(default)]
    pub source: String,
    /// Why.
    #[serde(default)]
    pub comment: String,
}

/// The format of a text of documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TextFormat {
    /// YAML.
    #[default]
    Yaml,
    /// JSON.
    Json,
    /// TOML.
    Toml,
}

/// The wish to go back to an earlier revision.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SentRollback {
    /// The revision whose documents shall be in force again.
    pub revision: u64,
    /// As in [`SentDocuments`].
    #[serde(default)]
    pub base_revision: Option<u64>,
    /// Why.
    #[serde(default)]
    pub comment: String,
}

/// A revision without its documents.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevisionLine<'a> {
    /// Its number; 0 where there are no documents.
    pub revision: u64,
    /// SHA-256 of the canonical JSON of its documents.
    pub digest: String,
    /// Who made it.
    pub author: &'a str,
    /// When, in milliseconds since 1970.
    pub applied: i64,
    /// Where its documents come from.
    pub source: &'a str,
    /// Why.
    pub comment: &'a str,
    /// How many documents it has.
    pub document_count: usize,
}

/// A revision with its documents.
#[derive(Debug, Serialize)]
pub struct RevisionShape<'a> {
    /// What is known about it.
    #[serde(flatten)]
    pub line: RevisionLine<'a>,
    /// Its documents, by kind and name.
    pub documents: Vec<&'a RawValue>,
}

/// One document of the revision in force.
#[derive(Debug, Serialize)]
pub struct DocumentShape<'a> {
    /// The number of the revision.
    pub revision: u64,
    /// The document.
    pub document: &'a RawValue,
}

/// A revision that was put in force.
#[derive(Debug, Serialize)]
pub struct AppliedShape<'a> {
    /// What is known about it.
    #[serde(flatten)]
    pub line: RevisionLine<'a>,
    /// What is probably not meant.
    pub warnings: Vec<FaultLine<'a>>,
}

/// What is wrong with documents, or probably not meant.
#[derive(Debug, Serialize)]
pub struct FaultLine<'a> {
    /// Kind and name of the document.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub document: &'a str,
    /// The element in it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub path: &'a str,
    /// The line in the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The character in the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What.
    pub message: &'a str,
}

/// What the rules say about a schema.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationShape<'a> {
    /// `pass`, `warn` or `refuse`.
    pub verdict: &'static str,
    /// The revision of the documents; 0 where there are none.
    pub policy_revision: u64,
    /// How many findings there are.
    pub counts: CountLine,
    /// The findings.
    pub findings: Vec<FindingLine<'a>>,
}

impl<'a> RevisionLine<'a> {
    /// Of a revision.
    #[must_use]
    pub fn new(revision: &'a PolicyRevision) -> Self {
        Self {
            revision: revision.number,
            digest: digest_text(&revision.digest),
            author: &revision.author,
            applied: revision.applied_ms,
            source: &revision.origin.source,
            comment: &revision.origin.comment,
            document_count: revision.documents.len(),
        }
    }
}

impl<'a> FaultLine<'a> {
    /// Of a fault.
    #[must_use]
    pub fn new(fault: &'a DocumentFault) -> Self {
        Self {
            document: &fault.document,
            path: &fault.path,
            line: fault.place.map(|place| place.line),
            column: fault.place.map(|place| place.column),
            message: &fault.message,
        }
    }
}

impl<'a> EvaluationShape<'a> {
    /// Of an evaluation; none stands for no rule at all.
    #[must_use]
    pub fn new(policies: Option<&'a PolicyEvaluation>, revision: u64) -> Self {
        let mut counts = CountLine::default();
        let Some(policies) = policies else {
            return Self {
                verdict: "pass",
                policy_revision: revision,
                counts,
                findings: Vec::new(),
            };
        };
        counts.add(&policies.evaluation.counts);
        Self {
            verdict: policies.evaluation.verdict().as_str(),
            policy_revision: policies.revision,
            counts,
            findings: policies
                .evaluation
                .findings
                .iter()
                .map(FindingLine::new)
                .collect(),
        }
    }
}
