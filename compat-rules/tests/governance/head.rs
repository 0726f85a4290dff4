//! Frameworks cut messages: the first 160 bytes of a refusal hold subject, rule and cure (`governance.md` section 2.8).
//!
//! Held for every finding of every page, under a subject of 40 bytes and, where the finding is about an element, at a
//! path of 20.

use compat_rules::policy::rule::PolicyRule;
use compat_rules::policy::{
    Counts, Disposition, Evaluation, Finding, Fingerprint, Point, Refusal, Report, Severity,
};

const SUBJECT: &str = "logistics.warehouse.shipment-event-value";
const PATH: &str = "customer.addresses[]";

/// What is wrong with the heads of refusals for these findings.
pub(crate) fn faults(rule: &'static PolicyRule, reports: Vec<Report>) -> Vec<String> {
    let own = reports.iter().map(|report| (report.element.clone(), None));
    let own: Vec<_> = own.collect();
    let derived = reports
        .into_iter()
        .map(|report| (report.element, report.hint));
    own.into_iter()
        .chain(derived)
        .filter_map(|(element, hint)| {
            let path = if element.path.is_empty() { "" } else { PATH };
            let hint = hint.unwrap_or_else(|| rule.hint.to_owned());
            let head = head(rule, path, &hint);
            let is_held = [SUBJECT, rule.code, path, &hint]
                .iter()
                .all(|part| head.contains(part));
            (!is_held).then(|| format!("{} bytes are cut: {head}", hint.len()))
        })
        .collect()
}

fn head(rule: &'static PolicyRule, path: &str, hint: &str) -> String {
    let finding = Finding {
        rule,
        severity: Severity::Error,
        disposition: Disposition::Enforced,
        path: path.to_owned(),
        pointer: String::new(),
        place: None,
        message: "what is wrong".repeat(10),
        hint: hint.to_owned(),
        fingerprint: Fingerprint::new(rule, SUBJECT, path, ""),
        policy: "core-events".to_owned(),
        policy_is_locked: false,
    };
    let evaluation = Evaluation {
        findings: vec![finding],
        counts: Counts {
            enforced: 1,
            ..Counts::default()
        },
    };
    let refusal = Refusal {
        point: Point::Register,
        subject: SUBJECT,
        revision: 41,
        report: None,
    };
    let line = refusal.line(&evaluation);
    line.chars().take(Refusal::HEAD_BYTES).collect()
}
