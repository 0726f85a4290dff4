//! All documents of one moment, checked against each other and ready to be asked.
//!
//! All or nothing: a bundle that has one fault is no bundle. Rules are prepared here, once, so that no expression is
//! compiled when a schema is judged. The steps: `bundle/names.rs` (names), `bundle/settings.rs` (rules, parameters),
//! `bundle/extension.rs` (`extends`), `bundle/locks.rs` (locked rules, ties), `bundle/owners.rs` and `bundle/words.rs`
//! (teams, vocabulary). `bundle/fold.rs` says what is in force for a subject.

mod extension;
mod fold;
mod locks;
mod names;
mod owners;
mod settings;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::document::{Content, Document, DocumentFault, EndpointAction, VocabularySpec};
use super::matching::Matcher;
pub use owners::{Owner, OwnerSource};
use settings::{Prepared, Setting, Terms};

/// The documents in force.
#[derive(Debug)]
pub struct Bundle {
    documents: Vec<Document>,
    digest: [u8; 32],
    warnings: Vec<DocumentFault>,
    policies: Vec<CompiledPolicy>,
    defaults: BTreeMap<&'static str, Prepared>,
    system_contexts: Vec<String>,
    owners: owners::Owners,
    vocabulary: VocabularySpec,
}

/// A policy whose rules are prepared.
#[derive(Debug)]
struct CompiledPolicy {
    name: Arc<str>,
    matcher: Matcher,
    /// The rules in the order in which they are set: those of `extends` first.
    settings: Vec<Setting>,
    terms: Terms,
    /// Where it stands among the documents.
    document: usize,
}

/// The faults and warnings of a bundle, as they are found.
#[derive(Default)]
struct Findings {
    faults: Vec<DocumentFault>,
    warnings: Vec<DocumentFault>,
}

impl Bundle {
    /// The most documents.
    pub const DOCUMENTS_MAX: usize = 10_000;
    /// The most patterns in the matches of all policies, which bounds the comparison of locks.
    pub const PATTERNS_MAX: usize = 2_000;
    /// The most rules that one policy sets, with what it extends.
    pub const SETTINGS_MAX: usize = 5_000;

    /// No documents: nothing is asked of anybody.
    #[must_use]
    pub fn empty() -> Self {
        Self::compile(Vec::new()).expect("no document has no fault")
    }

    /// Checks the documents and prepares their rules. The order in which they are given does not matter.
    ///
    /// # Errors
    /// Every fault that was found, in the order of files and documents.
    pub fn compile(mut documents: Vec<Document>) -> Result<Self, Vec<DocumentFault>> {
        documents.sort_by(|one, other| {
            (one.kind(), one.name(), &one.source.file).cmp(&(
                other.kind(),
                other.name(),
                &other.source.file,
            ))
        });
        let mut findings = Findings::default();
        if documents.len() > Self::DOCUMENTS_MAX {
            return Err(vec![DocumentFault::of_all(format!(
                "{} documents, at most {} are taken",
                documents.len(),
                Self::DOCUMENTS_MAX
            ))]);
        }
        names::check(&documents, &mut findings);
        let owners = owners::Owners::compile(&documents, &mut findings);
        let vocabulary = words::compile(&documents, &mut findings);
        let mut defaults = BTreeMap::new();
        let policies = settings::compile(&documents, &mut defaults, &mut findings);
        let patterns: usize = policies
            .iter()
            .map(|policy| policy.matcher.patterns())
            .sum();
        if patterns > Self::PATTERNS_MAX {
            findings.faults.push(DocumentFault::of_all(format!(
                "the policies match by {patterns} patterns, at most {} are taken",
                Self::PATTERNS_MAX
            )));
        } else if findings.faults.is_empty() {
            locks::check(&documents, &policies, &mut findings);
            owners.check_teams(&documents, &policies, &mut findings);
        }
        if !findings.faults.is_empty() {
            findings.faults.sort();
            return Err(findings.faults);
        }
        findings.warnings.sort();
        Ok(Self {
            digest: digest(&documents),
            warnings: findings.warnings,
            system_contexts: system_contexts(&documents),
            documents,
            policies,
            defaults,
            owners,
            vocabulary,
        })
    }

    /// The documents, by kind and name.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// SHA-256 of the canonical JSON of all documents. Neither their order nor the format of their files changes it.
    #[must_use]
    pub const fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// What is allowed and probably not meant, such as two policies of equal rank that set a rule differently.
    #[must_use]
    pub fn warnings(&self) -> &[DocumentFault] {
        &self.warnings
    }

    /// True when no policy is in it.
    #[must_use]
    pub const fn has_no_policy(&self) -> bool {
        self.policies.is_empty()
    }

    /// True when some policy lets the protocol's compatibility endpoint answer for it.
    #[must_use]
    pub fn concerns_compatibility_endpoint(&self) -> bool {
        let mut policies = self.policies.iter();
        policies
            .any(|policy| policy.terms.on_compatibility_endpoint == Some(EndpointAction::Enforce))
    }

    /// The words of all vocabularies.
    #[must_use]
    pub const fn vocabulary(&self) -> &VocabularySpec {
        &self.vocabulary
    }
}

fn digest(documents: &[Document]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"[");
    for (index, document) in documents.iter().enumerate() {
        if index > 0 {
            hash.update(b",");
        }
        hash.update(document.canonical().as_bytes());
    }
    hash.update(b"]");
    hash.finalize().into()
}

fn system_contexts(documents: &[Document]) -> Vec<String> {
    let listed = documents
        .iter()
        .filter_map(|document| match &document.content {
            Content::Policy(envelope) => Some(&envelope.spec.system_contexts),
            _ => None,
        });
    let mut contexts: Vec<String> = listed.flatten().cloned().collect();
    contexts.sort();
    contexts.dedup();
    contexts
}

/// A fault of no document in particular.
impl Document {
    /// A fault of this document at a path within it.
    fn fault(&self, path: impl Into<String>, message: impl Into<String>) -> DocumentFault {
        let place = (!self.source.file.is_empty()).then_some(crate::Place {
            line: self.source.line.max(1),
            column: 1,
        });
        DocumentFault {
            file: self.source.file.clone(),
            place,
            document: format!("{} {}", self.kind().as_str(), self.name()),
            path: path.into(),
            message: message.into(),
        }
    }
}
