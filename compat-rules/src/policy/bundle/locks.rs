//! Locked rules may only be made stricter, and policies of equal rank should not contradict each other.
//!
//! Whether two policies can mean the same subject is decided from their patterns; where that is not certain, they can.

use std::sync::Arc;

use super::fold::usual_severity;
use super::settings::{Prepared, Setting};
use super::{CompiledPolicy, Findings};
use crate::policy::document::{Document, DocumentFault};
use crate::policy::rule::PolicyRule;
use crate::policy::{Baseline, Point, Severity};

/// Faults of locks, and warnings of ties, after which no further ones are looked for: a thousand policies make half a
/// million pairs.
const LISTED_MAX: usize = 200;

/// Refuses documents that loosen a locked rule, and warns of ties.
pub(super) fn check(documents: &[Document], policies: &[CompiledPolicy], findings: &mut Findings) {
    for policy in policies {
        let document = &documents[policy.document];
        findings.faults.extend(own_locks(document, policy));
    }
    for (index, one) in policies.iter().enumerate() {
        for other in &policies[index + 1..] {
            if shares_no_rule(one, other) {
                continue;
            }
            let ranks = one.matcher.shared_ranks(&other.matcher);
            if ranks.is_empty() {
                continue;
            }
            if findings.faults.len() >= LISTED_MAX {
                findings.faults.push(DocumentFault::of_all(
                    "there is more: no further lock was looked at",
                ));
                return;
            }
            // Policies are in the order of their names, which decides a tie: the other one is later.
            if ranks.iter().any(|(mine, theirs)| theirs >= mine) {
                let document = &documents[other.document];
                findings.faults.extend(loosened(document, one, other));
            }
            if ranks.iter().any(|(mine, theirs)| mine > theirs) {
                let document = &documents[one.document];
                findings.faults.extend(loosened(document, other, one));
            }
            if ranks.iter().any(|(mine, theirs)| mine == theirs)
                && findings.warnings.len() < LISTED_MAX
            {
                let document = &documents[other.document];
                findings.warnings.extend(tie(document, one, other));
                if findings.warnings.len() == LISTED_MAX {
                    findings.warnings.push(DocumentFault::of_all(
                        "there are more: no further tie was looked for",
                    ));
                }
            }
        }
    }
}

fn shares_no_rule(one: &CompiledPolicy, other: &CompiledPolicy) -> bool {
    let sets = |rule: &PolicyRule| other.settings.iter().any(|set| set.rule == rule);
    !one.settings.iter().any(|set| sets(set.rule))
}

/// What a policy says about a rule when all of its settings are folded.
struct Said {
    severity: Option<Severity>,
    prepared: Option<Prepared>,
    is_locked: bool,
}

fn said(settings: &[Setting], rule: &PolicyRule) -> Said {
    let mut said = Said {
        severity: None,
        prepared: None,
        is_locked: false,
    };
    for setting in settings.iter().filter(|setting| setting.rule == rule) {
        said.severity = setting.severity.or(said.severity);
        said.prepared = setting.prepared.clone().or(said.prepared);
        said.is_locked |= setting.is_locked;
    }
    said
}

/// A policy's own rules may not loosen what it locked or what it extends has locked.
fn own_locks(document: &Document, policy: &CompiledPolicy) -> Vec<DocumentFault> {
    let mut faults = Vec::new();
    for (index, setting) in policy.settings.iter().enumerate() {
        let locked = said(&policy.settings[..index], setting.rule);
        if locked.is_locked && setting.own.is_some() {
            let whom = format!("what {} extends", policy.name);
            faults.extend(setting_faults(document, &locked, setting, &whom));
        }
    }
    faults
}

/// Where `later` loosens a rule that `earlier` has locked. What it merely extends is held to the lock without a word.
fn loosened(
    document: &Document,
    earlier: &CompiledPolicy,
    later: &CompiledPolicy,
) -> Vec<DocumentFault> {
    let mut faults = Vec::new();
    let mut sets_locked = None;
    for setting in later.settings.iter().filter(|set| set.own.is_some()) {
        let locked = said(&earlier.settings, setting.rule);
        if !locked.is_locked {
            continue;
        }
        sets_locked.get_or_insert(setting.rule);
        let whom = format!("policy {}", earlier.name);
        faults.extend(setting_faults(document, &locked, setting, &whom));
    }
    if let Some(rule) = sets_locked {
        faults.extend(terms_faults(document, earlier, later, rule));
    }
    faults
}

fn setting_faults(
    document: &Document,
    locked: &Said,
    setting: &Setting,
    whom: &str,
) -> Vec<DocumentFault> {
    let mut faults = Vec::new();
    let rule = setting.rule;
    let at = |key: &str| format!("spec.rules[{}].{key}", setting.own.unwrap_or_default());
    let floor = locked.severity.unwrap_or_else(|| usual_severity(rule));
    if let Some(severity) = setting.severity.filter(|severity| *severity < floor) {
        faults.push(document.fault(
            at("severity"),
            format!(
                "{} is locked at {floor} by {whom}, {severity} would loosen it",
                rule.code
            ),
        ));
    }
    if let Some(prepared) = &setting.prepared {
        let fixed = locked.prepared.as_ref().map(|fixed| &*fixed.parameters);
        let same = match fixed {
            Some(fixed) => *fixed == *prepared.parameters,
            None => prepared.parameters.is_empty(),
        };
        if !same {
            faults.push(document.fault(
                at("with"),
                format!(
                    "{} is locked by {whom}, its parameters cannot change",
                    rule.code
                ),
            ));
        }
    }
    faults
}

fn terms_faults(
    document: &Document,
    earlier: &CompiledPolicy,
    later: &CompiledPolicy,
    rule: &PolicyRule,
) -> Vec<DocumentFault> {
    let mut faults = Vec::new();
    let (fixed, wished) = (&earlier.terms, &later.terms);
    let by = format!("by policy {}", earlier.name);
    for point in Point::ALL {
        let is_rolled_out = point == Point::Register && !wished.rollout.is_empty();
        if wished.enforcement.at(point).is_none() && !is_rolled_out {
            continue;
        }
        let steps = fixed.rollout.iter().chain(&wished.rollout);
        let mut moments: Vec<i64> = steps.map(|step| step.from.at()).collect();
        moments.push(i64::MIN);
        let looser = |moment: &&i64| wished.action(point, **moment) < fixed.action(point, **moment);
        if let Some(moment) = moments.iter().find(looser) {
            let key = if is_rolled_out {
                "spec.rollout".to_owned()
            } else {
                format!("spec.enforcement.{point}")
            };
            faults.push(document.fault(
                key,
                format!(
                    "{} is locked at {} {by}, {} would loosen it",
                    rule.code,
                    fixed.action(point, *moment),
                    wished.action(point, *moment)
                ),
            ));
        }
    }
    let floor = fixed.baseline.unwrap_or_default();
    if let Some(baseline) = wished
        .baseline
        .filter(|baseline: &Baseline| *baseline < floor)
    {
        faults.push(document.fault(
            "spec.baseline",
            format!(
                "{} is locked at {floor} {by}, {baseline} would loosen it",
                rule.code
            ),
        ));
    }
    faults
}

/// The rules that two policies of equal rank set differently.
fn tie(document: &Document, one: &CompiledPolicy, other: &CompiledPolicy) -> Option<DocumentFault> {
    let mut rules: Vec<&'static PolicyRule> = Vec::new();
    for setting in &other.settings {
        let (mine, theirs) = (
            said(&one.settings, setting.rule),
            said(&other.settings, setting.rule),
        );
        let is_set = one.settings.iter().any(|set| set.rule == setting.rule);
        let parameters = |said: &Said| {
            said.prepared
                .as_ref()
                .map(|set| Arc::clone(&set.parameters))
        };
        let differs = mine.severity != theirs.severity || parameters(&mine) != parameters(&theirs);
        if is_set && differs && !rules.contains(&setting.rule) {
            rules.push(setting.rule);
        }
    }
    let first = rules.first()?;
    let more = match rules.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(document.fault(
        "spec.match",
        format!(
            "ties with policy {}: both can mean the same subject with equal rank and set {}{more} differently; the \
             greater name, {}, prevails",
            one.name, first.code, other.name
        ),
    ))
}
