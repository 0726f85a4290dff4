//! What a rule found: data, the same for server, command line and reports.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::model::{Element, joined};
use super::rule::PolicyRule;
use super::setting::Severity;
use crate::Place;

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Disposition {
    /// It refuses.
    Enforced,
    /// It is told.
    Warned,
    /// It is recorded only.
    DryRun,
    /// The version before had it as well.
    Preexisting,
}

impl Disposition {
    /// The word for it in answers and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Warned => "warned",
            Self::DryRun => "dryrun",
            Self::Preexisting => "preexisting",
        }
    }
}

/// One place where a schema or a subject does not keep a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static PolicyRule,
    /// How grave.
    pub severity: Severity,
    /// What became of it.
    pub disposition: Disposition,
    /// In words, from the root; empty for the subject or the schema as a whole.
    pub path: String,
    /// In the text.
    pub pointer: String,
    /// Where in the text that was sent.
    pub place: Option<Place>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead, in one line.
    pub hint: String,
    /// Which finding it is, whatever the wording and wherever the line.
    pub fingerprint: Fingerprint,
    /// The policy that set the rule last.
    pub policy: String,
    /// True if narrower policies cannot loosen the rule.
    pub policy_is_locked: bool,
}

/// The identity of a finding: the rule, the subject, the path and the detail; never lines, never wording.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Of a finding with this detail: what tells two findings of one rule at one element apart.
    #[must_use]
    pub fn new(rule: &PolicyRule, subject: &str, path: &str, detail: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [rule.code, subject, path, detail] {
            // The length keeps ("ab", "c") and ("a", "bc") apart.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().into())
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self}")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Takes what a rule reports; keeps so many, and counts the rest.
#[derive(Debug, Default)]
pub struct Found {
    reports: Vec<Report>,
    left_out: usize,
}

/// What a rule says of one element; severity and disposition are not its business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where.
    pub element: Element,
    /// What tells it from another finding of the rule at the same element; stable, usually empty.
    pub detail: String,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead, where the rule's own hint can be made more exact.
    pub hint: Option<String>,
}

impl Report {
    /// Cuts texts that hold long names: nobody reads them to their end.
    fn bound(&mut self) {
        const BYTES_MAX: usize = 1024;
        self.detail = joined(&[&self.detail]);
        for text in std::iter::once(&mut self.message).chain(&mut self.hint) {
            if text.len() > BYTES_MAX {
                // A text of its own, so that the memory of the long one is of use to the next.
                *text = format!("{}…", &text[..text.floor_char_boundary(BYTES_MAX)]);
            }
        }
    }
}

impl Found {
    /// Findings of one rule that are kept.
    pub const REPORTS_MAX: usize = 1000;

    /// Reports an element. The message is one line and names the element.
    pub fn report(&mut self, element: &Element, message: impl Into<String>) {
        self.add(Report {
            element: element.clone(),
            detail: String::new(),
            message: message.into(),
            hint: None,
        });
    }

    /// Reports the subject or the schema as a whole.
    pub fn report_whole(&mut self, message: impl Into<String>) {
        self.report(&Element::default(), message);
    }

    /// Reports with everything that can be said.
    pub fn add(&mut self, mut report: Report) {
        if self.reports.len() < Self::REPORTS_MAX {
            report.bound();
            self.reports.push(report);
        } else {
            self.left_out += 1;
        }
    }

    /// What was kept, in the order of the reports, and how many were not.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Report>, usize) {
        (self.reports, self.left_out)
    }
}
