//! What is kept of a decision: of one that let a version in, and of one that turned something away.

mod report_id;

use std::sync::Arc;
use std::time::Duration;

use compat_rules::Level;
use compat_rules::policy::{Disposition, Finding};
use serde::{Deserialize, Serialize};

pub use report_id::ReportId;

use crate::Timestamp;
use crate::caller::Caller;
use crate::decide::PolicyEvaluation;
use crate::policy::PoliciesInForce;

/// How long refusals are kept.
pub(crate) const REFUSALS_KEPT: Duration = Duration::from_hours(90 * 24);

/// Under which rules a version was let in, and who asked for it. Never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Who asked, from where.
    pub source: Source,
    /// How it was judged.
    pub judged: Judged,
    /// The version of the program that judged.
    pub evaluator: String,
    /// The text as it was sent, where it says more than the one that is stored.
    pub sent: Option<Arc<str>>,
}

/// Something that was turned away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalRecord {
    /// Who asked, from where.
    pub source: Source,
    /// The subject, with its context.
    pub subject: String,
    /// How it was judged.
    pub judged: Judged,
    /// What the client was told of compatibility, if that spoke against it.
    pub incompatible: Vec<String>,
    /// The format of the schema that was sent.
    pub format: String,
    /// Its text, unless it was long.
    pub text: Option<Arc<str>>,
}

/// Who asked for something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The clock value of the decision, in milliseconds since 1970.
    pub at_ms: i64,
    /// The name of the principal.
    pub principal: Option<String>,
    /// How it was proved.
    pub authentication: Option<String>,
    /// The id of the request.
    pub request: String,
    /// What the client calls itself.
    pub client: String,
}

/// What a decision rested on and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The revision of the documents in force.
    pub revision: u64,
    /// Their digest.
    pub digest: [u8; 32],
    /// The compatibility level that was applied.
    pub level: String,
    /// The compatibility check was skipped.
    pub is_forced: bool,
    /// Everything that was found.
    pub findings: Vec<RecordedFinding>,
    /// How many further findings there were.
    pub findings_left_out: u64,
}

/// A finding, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFinding {
    /// The code of the rule.
    pub code: String,
    /// `error` or `warn`.
    pub severity: String,
    /// What became of it.
    pub disposition: String,
    /// In words, from the root.
    pub path: String,
    /// In the text.
    pub pointer: String,
    /// Line and column in the text that was sent.
    pub place: Option<(u32, u32)>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
    /// Which finding it is.
    pub fingerprint: [u8; 32],
    /// The policy that set the rule last.
    pub policy: String,
    /// Narrower policies cannot loosen the rule.
    pub is_locked: bool,
}

impl Source {
    pub(crate) fn of(caller: Option<&Caller<'_>>, at: Timestamp) -> Self {
        let principal = caller.and_then(|caller| caller.principal);
        Self {
            at_ms: at.0,
            principal: principal.map(|principal| principal.name.clone()),
            authentication: principal.map(|principal| principal.authentication.as_str().to_owned()),
            request: caller.map_or("", |caller| caller.request_id).to_owned(),
            client: caller.map_or("", |caller| caller.client).to_owned(),
        }
    }
}

impl From<&Finding> for RecordedFinding {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.rule.code.to_owned(),
            severity: finding.severity.as_str().to_owned(),
            disposition: word(finding.disposition).to_owned(),
            path: finding.path.clone(),
            pointer: finding.pointer.clone(),
            place: finding.place.map(|place| (place.line, place.column)),
            message: finding.message.clone(),
            hint: finding.hint.clone(),
            fingerprint: *finding.fingerprint.as_bytes(),
            policy: finding.policy.clone(),
            is_locked: finding.policy_is_locked,
        }
    }
}

impl Judged {
    /// What the policies found, if they had anything to look for.
    pub(crate) fn of(
        policies: &PoliciesInForce,
        found: Option<&PolicyEvaluation>,
        level: Level,
        is_forced: bool,
    ) -> Self {
        let evaluation = found.map(|found| &found.evaluation);
        let findings: Vec<RecordedFinding> = evaluation.map_or_else(Vec::new, |evaluation| {
            evaluation
                .findings
                .iter()
                .map(RecordedFinding::from)
                .collect()
        });
        let total = evaluation.map_or(0, |evaluation| evaluation.counts.total());
        Self {
            revision: policies.number,
            digest: policies.bundle.digest(),
            level: level.to_string(),
            is_forced,
            findings_left_out: total.saturating_sub(findings.len()) as u64,
            findings,
        }
    }
}

const fn word(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Enforced => "enforced",
        Disposition::Warned => "warned",
        Disposition::DryRun => "dryrun",
        Disposition::Preexisting => "preexisting",
    }
}
