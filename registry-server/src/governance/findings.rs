//! Findings for programs: one JSON shape for the command line and the server.

use compat_rules::policy::{Counts, Finding};
use serde::Serialize;

/// A finding as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingLine<'a> {
    /// Such as `TYP001`.
    pub code: &'a str,
    /// Such as `money-no-float`.
    pub slug: &'a str,
    /// What the rule demands.
    pub title: &'a str,
    /// The letters of the code.
    pub family: &'a str,
    /// `error` or `warn`.
    pub severity: &'a str,
    /// What became of it.
    pub disposition: compat_rules::policy::Disposition,
    /// The element in words, such as `lines[].amount`; empty for the whole.
    pub path: &'a str,
    /// The element in the text.
    pub pointer: &'a str,
    /// The line in the text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The character in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What is wrong.
    pub message: &'a str,
    /// What to write instead.
    pub hint: &'a str,
    /// Which finding it is.
    pub fingerprint: String,
    /// The policy that set the rule.
    pub policy: &'a str,
    /// Narrower policies cannot loosen it.
    pub policy_locked: bool,
    /// The page of the rule, on the server.
    pub docs: String,
}

/// Where a server has the page of a rule.
#[must_use]
pub fn page_of(code: &str) -> String {
    format!("/governance/v1/rules/{code}")
}

impl<'a> FindingLine<'a> {
    /// The finding as JSON.
    #[must_use]
    pub fn new(finding: &'a Finding) -> Self {
        Self {
            code: finding.rule.code,
            slug: finding.rule.slug,
            title: finding.rule.title,
            family: finding.rule.family(),
            severity: finding.severity.as_str(),
            disposition: finding.disposition,
            path: &finding.path,
            pointer: &finding.pointer,
            line: finding.place.map(|place| place.line),
            column: finding.place.map(|place| place.column),
            message: &finding.message,
            hint: &finding.hint,
            fingerprint: finding.fingerprint.to_string(),
            policy: &finding.policy,
            policy_locked: finding.policy_is_locked,
            docs: page_of(finding.rule.code),
        }
    }
}

/// How many findings there are, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CountLine {
    /// They refuse.
    pub enforced: usize,
    /// They are told.
    pub warned: usize,
    /// They are recorded only.
    pub dryrun: usize,
    /// The version before had them as well.
    pub preexisting: usize,
}

impl CountLine {
    /// Adds the counts of one evaluation.
    pub const fn add(&mut self, counts: &Counts) {
        self.enforced += counts.enforced;
        self.warned += counts.warned;
        self.dryrun += counts.dry_run;
        self.preexisting += counts.preexisting;
    }
}
