//! The line and the headers, held against `governance.md` section 2.8.

use super::*;
use crate::policy::{Counts, Fingerprint, Severity, rule_named};

fn finding(code: &str, path: &str, message: &str, hint: &str) -> Finding {
    let rule = rule_named(code).expect("a rule");
    Finding {
        rule,
        severity: Severity::Error,
        disposition: Disposition::Enforced,
        path: path.to_owned(),
        pointer: String::new(),
        place: None,
        message: message.to_owned(),
        hint: hint.to_owned(),
        fingerprint: Fingerprint::new(rule, "s", path, ""),
        policy: "core-events".to_owned(),
        policy_is_locked: false,
    }
}

fn refused(findings: Vec<Finding>) -> Evaluation {
    Evaluation {
        counts: Counts {
            enforced: findings.len(),
            ..Counts::default()
        },
        findings,
    }
}

fn line(subject: &str, evaluation: &Evaluation) -> String {
    let refusal = Refusal {
        point: Point::Register,
        subject,
        revision: 41,
        report: Some("https://registry.acme.example/r/1"),
    };
    refusal.line(evaluation)
}

#[test]
fn the_line_tells_subject_rule_place_cure_counts_and_origin() {
    let mut evaluation = refused(vec![finding(
        "DOC002",
        "amount",
        "field \"amount\" has no text",
        "add \"doc\"",
    )]);
    evaluation.counts.warned = 1;
    assert_eq!(
        line("payments.order.event-value", &evaluation),
        "Registration under \"payments.order.event-value\" refused by policy: [DOC002 doc-field-required] at \"amount\": \
         add \"doc\" (field \"amount\" has no text). (+1 more) 1 error, 1 warning (bundle r41, policy core-events). \
         Details: https://registry.acme.example/r/1"
    );
}

#[test]
fn the_head_holds_rule_and_cure_however_long_the_subject() {
    let subject = format!("{}.the-end-value", "a".repeat(300));
    let path = format!("{}.last", "b".repeat(200));
    let evaluation = refused(vec![finding("DOC002", &path, "m", "add \"doc\"")]);
    let line = line(&subject, &evaluation);
    let head = &line[..Refusal::HEAD_BYTES];
    for part in [
        "the-end-value",
        "[DOC002 doc-field-required]",
        ".last",
        "add \"doc\"",
    ] {
        assert!(head.contains(part), "{part} is not in {head}");
    }
    assert!(line.contains(&format!("subject \"{subject}\"")), "{line}");
}

#[test]
fn the_line_is_short_and_printable_whatever_the_findings_say() {
    let nasty = "é\u{202e}\r\n\t\u{7}\u{0}x".repeat(2000);
    for size in [0, 1, 7, 100, 1000] {
        let cut: String = nasty.chars().take(size * 4).collect();
        let findings = (0..size.min(50)).map(|_| finding("DOC002", &cut, &cut, &cut));
        let evaluation = refused(findings.collect());
        for subject in ["", "s", &cut] {
            let line = line(subject, &evaluation);
            assert!(line.len() <= Refusal::BYTES_MAX, "{} bytes", line.len());
            assert!(
                !line
                    .chars()
                    .any(|one| one.is_control() || one == '\u{202e}'),
                "{line}"
            );
            assert!(line.contains("bundle r41"), "{line}");
        }
    }
}

#[test]
fn five_findings_are_told_and_the_others_counted() {
    let findings =
        (0..9).map(|number| finding("DOC002", &format!("f{number}"), "m", "add \"doc\""));
    let line = line("s", &refused(findings.collect()));
    assert_eq!(line.matches("[DOC002").count(), 5);
    assert!(line.contains(" (+4 more) 9 errors (bundle"), "{line}");
}

#[test]
fn warnings_are_at_most_ten_and_four_kib_of_ascii() {
    let mut evaluation = refused(
        (0..30)
            .map(|_| finding("DOC002", "ü", "field \"ü\" has \\ no text", "h"))
            .collect(),
    );
    assert!(warnings(&evaluation).is_empty(), "a refusal is no warning");
    for finding in &mut evaluation.findings {
        finding.disposition = Disposition::Warned;
    }
    let values = warnings(&evaluation);
    assert_eq!(values.len(), 10);
    assert_eq!(
        values[0],
        "299 - \"[DOC002] field \\\"?\\\" has \\\\ no text\""
    );
    for finding in &mut evaluation.findings {
        finding.message = "\"".repeat(5000);
    }
    let bytes: usize = warnings(&evaluation).iter().map(String::len).sum();
    assert!(bytes <= 4096 && bytes > 0, "{bytes}");
}
