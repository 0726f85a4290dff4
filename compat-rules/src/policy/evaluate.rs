//! Holds a candidate to the rules in force: every finding, what becomes of it, and the verdict.
//!
//! A function of its arguments: the same candidate under the same rules gives the same findings in the same order. The
//! rules are always evaluated in full, so that one answer tells everything that is wrong.

use std::collections::HashSet;

use super::candidate::{Candidate, SubjectFacts};
use super::effective::{Effective, EffectiveRule};
use super::finding::{Disposition, Finding, Fingerprint, Found, Report};
use super::rule::PolicyRule;
use super::setting::{Action, Baseline, Point, Severity};
use crate::Format;

/// What the rules in force found in a candidate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evaluation {
    /// The findings: those that refuse first, then by disposition and severity, then in the order of the rules and of
    /// the text. At most [`Self::FINDINGS_MAX`]; the counts know of all.
    pub findings: Vec<Finding>,
    /// How many there are.
    pub counts: Counts,
}

/// How many findings there are of each kind, those included that were not kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// They refuse.
    pub enforced: usize,
    /// They are told.
    pub warned: usize,
    /// They are recorded only.
    pub dry_run: usize,
    /// The version before had them as well.
    pub preexisting: usize,
}

/// What follows from the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing is to be said.
    Pass,
    /// Accepted, and something is to be said.
    Warn,
    /// Not accepted.
    Refuse,
}

impl Verdict {
    /// The word for it in answers and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Refuse => "refuse",
        }
    }
}

impl Counts {
    /// All.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.enforced + self.warned + self.dry_run + self.preexisting
    }

    const fn of(&mut self, disposition: Disposition) -> &mut usize {
        match disposition {
            Disposition::Enforced => &mut self.enforced,
            Disposition::Warned => &mut self.warned,
            Disposition::DryRun => &mut self.dry_run,
            Disposition::Preexisting => &mut self.preexisting,
        }
    }
}

impl Evaluation {
    /// Findings that are kept.
    pub const FINDINGS_MAX: usize = 1000;

    /// What follows.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        if self.counts.enforced > 0 {
            Verdict::Refuse
        } else if self.counts.warned > 0 {
            Verdict::Warn
        } else {
            Verdict::Pass
        }
    }

    /// Holds none of it against the candidate: it stands already, as it is.
    pub fn excuse(&mut self) {
        self.counts = Counts {
            preexisting: self.counts.total(),
            ..Counts::default()
        };
        for finding in &mut self.findings {
            finding.disposition = Disposition::Preexisting;
        }
    }
}

/// Evaluates the rules in force at one point.
#[must_use]
pub fn evaluate(effective: &Effective, candidate: &Candidate<'_>, point: Point) -> Evaluation {
    evaluate_telling(effective, candidate, point, |_| {})
}

/// The same, and tells of each rule when it has been evaluated, for those who have a clock.
#[must_use]
pub fn evaluate_telling(
    effective: &Effective,
    candidate: &Candidate<'_>,
    point: Point,
    mut done: impl FnMut(&'static PolicyRule),
) -> Evaluation {
    let mut evaluation = Evaluation::default();
    for rule in &effective.rules {
        if let Some(fresh) = asked(rule, candidate.schema.format, point) {
            judge(rule, candidate, point, fresh, &mut evaluation);
            done(rule.rule);
        }
    }
    // Stable: within one disposition and severity the order of the rules and of the text remains.
    evaluation.findings.sort_by_key(order);
    evaluation.findings.truncate(Evaluation::FINDINGS_MAX);
    evaluation
}

fn order(finding: &Finding) -> (Disposition, std::cmp::Reverse<Severity>) {
    (finding.disposition, std::cmp::Reverse(finding.severity))
}

/// What becomes of a finding that no baseline excuses; none where the rule is not evaluated at all.
fn asked(rule: &EffectiveRule, format: Format, point: Point) -> Option<Disposition> {
    let applies = rule.rule.formats.contains(&format) && rule.rule.points.contains(&point);
    disposition(rule.severity, rule.action(point)).filter(|_| applies)
}

impl EffectiveRule {
    /// True if the rule is evaluated for a schema of that format at that point, whatever it finds.
    #[must_use]
    pub fn is_asked(&self, format: Format, point: Point) -> bool {
        asked(self, format, point).is_some()
    }
}

const fn disposition(severity: Severity, action: Action) -> Option<Disposition> {
    match (severity, action) {
        (Severity::Off, _) | (_, Action::Off) => None,
        (_, Action::DryRun) => Some(Disposition::DryRun),
        (Severity::Error, Action::Enforce) => Some(Disposition::Enforced),
        (Severity::Warn, Action::Enforce) | (_, Action::Warn) => Some(Disposition::Warned),
    }
}

fn judge(
    rule: &EffectiveRule,
    candidate: &Candidate<'_>,
    point: Point,
    fresh: Disposition,
    evaluation: &mut Evaluation,
) {
    let found = Looked::at(rule, candidate);
    if found.is_empty() {
        return;
    }
    let excused = Excused::for_rule(rule, candidate, point, &found);
    let counts = &mut evaluation.counts;
    let of = |is_excused: bool| {
        if is_excused {
            Disposition::Preexisting
        } else {
            fresh
        }
    };
    *counts.of(of(excused.left_out)) += found.left_out;
    for (fingerprint, report) in found.reports {
        let disposition = of(excused.has(&fingerprint));
        *counts.of(disposition) += 1;
        evaluation
            .findings
            .push(finding(rule, report, fingerprint, disposition));
    }
    // What was counted only is shown by one of its kind.
    if found.left_out > 0
        && !excused.left_out
        && let Some(last) = evaluation.findings.last_mut()
    {
        last.disposition = fresh;
    }
}

fn finding(
    rule: &EffectiveRule,
    report: Report,
    fingerprint: Fingerprint,
    disposition: Disposition,
) -> Finding {
    let own = || rule.rule.hint.to_owned();
    Finding {
        rule: rule.rule,
        severity: rule.severity,
        disposition,
        path: report.element.path,
        pointer: report.element.pointer,
        place: report.element.place,
        message: report.message,
        hint: rule.hint.clone().or(report.hint).unwrap_or_else(own),
        fingerprint,
        policy: rule.policy.clone(),
        policy_is_locked: rule.is_locked,
    }
}

/// What one rule found, each finding once.
struct Looked {
    reports: Vec<(Fingerprint, Report)>,
    left_out: usize,
}

impl Looked {
    fn at(rule: &EffectiveRule, candidate: &Candidate<'_>) -> Self {
        let mut found = Found::default();
        rule.check.check(candidate, &mut found);
        let (reports, left_out) = found.into_parts();
        let mut seen = HashSet::new();
        let subject = full_name(candidate.subject);
        let reports = reports
            .into_iter()
            .map(|report| {
                let path = &report.element.path;
                let print = Fingerprint::new(rule.rule, &subject, path, &report.detail);
                (print, report)
            })
            .filter(|(fingerprint, _)| seen.insert(*fingerprint))
            .collect();
        Self { reports, left_out }
    }

    const fn count(&self) -> usize {
        self.reports.len() + self.left_out
    }

    const fn is_empty(&self) -> bool {
        self.count() == 0
    }
}

/// The subject with its context, the default one left out.
fn full_name(subject: &SubjectFacts) -> String {
    match subject.context.as_str() {
        "." => subject.name.clone(),
        context => format!(":{context}:{}", subject.name),
    }
}

/// Which findings of a rule do not count, since they are older than the rule or than the change.
enum Known {
    Nothing,
    Everything,
    These(HashSet<Fingerprint>),
}

struct Excused {
    known: Known,
    /// Those that were counted only.
    left_out: bool,
}

impl Excused {
    const NOTHING: Self = Self {
        known: Known::Nothing,
        left_out: false,
    };

    fn for_rule(
        rule: &EffectiveRule,
        candidate: &Candidate<'_>,
        point: Point,
        found: &Looked,
    ) -> Self {
        // What stands is examined as it is. And a rule that is never asked about what stands is about the act of
        // registering, or about the change alone: that an earlier version offended, too, excuses nothing.
        if point == Point::Audit || !rule.rule.points.contains(&Point::Audit) {
            return Self::NOTHING;
        }
        match rule.baseline {
            Baseline::All => Self::NOTHING,
            // A new subject is held to as much as under `changed-elements`, so that the order of the baselines is one
            // of strictness for every subject: narrower policies may only go up in it where a rule is locked.
            Baseline::NewSubjects if is_new_to(rule, candidate.subject) => {
                Self::by(previous(rule, candidate), found)
            }
            Baseline::NewSubjects if rule.ratchet => {
                let previous = previous(rule, candidate);
                if found.count() > previous.count() {
                    Self::by(previous, found)
                } else {
                    Self::EVERYTHING
                }
            }
            Baseline::NewSubjects => Self::EVERYTHING,
            Baseline::ChangedElements => Self::by(previous(rule, candidate), found),
        }
    }

    const EVERYTHING: Self = Self {
        known: Known::Everything,
        left_out: true,
    };

    /// What the previous version had as well.
    fn by(previous: Looked, found: &Looked) -> Self {
        Self {
            left_out: found.left_out <= previous.left_out,
            known: Known::These(
                previous
                    .reports
                    .into_iter()
                    .map(|(print, _)| print)
                    .collect(),
            ),
        }
    }

    fn has(&self, fingerprint: &Fingerprint) -> bool {
        match &self.known {
            Known::Nothing => false,
            Known::Everything => true,
            Known::These(known) => known.contains(fingerprint),
        }
    }
}

fn is_new_to(rule: &EffectiveRule, subject: &SubjectFacts) -> bool {
    subject.is_new || subject.created.is_none_or(|created| created >= rule.since)
}

/// What the rule finds in the version before, as it stands: nobody asks for it, nothing forces it.
fn previous(rule: &EffectiveRule, candidate: &Candidate<'_>) -> Looked {
    let Some((before, history)) = candidate.history.split_first() else {
        return Looked {
            reports: Vec::new(),
            left_out: 0,
        };
    };
    if !rule.rule.formats.contains(&before.schema.format) {
        return Looked {
            reports: Vec::new(),
            left_out: 0,
        };
    }
    Looked::at(
        rule,
        &Candidate {
            schema: &before.schema,
            parsed: &before.parsed,
            metadata: &before.metadata,
            references: &before.references,
            history,
            principal: None,
            request: super::candidate::RequestFacts::default(),
            ..*candidate
        },
    )
}
