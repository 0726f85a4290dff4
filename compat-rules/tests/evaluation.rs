//! What becomes of findings: severities, actions, baselines and limits (`governance.md` sections 2.3 and 2.4), and what
//! holds for any policies and any schemas: one answer to one question, and stricter documents never accept more.

mod evaluation {
    mod depths;
    pub(crate) mod ground;
    mod laws;
}

use std::collections::BTreeSet;

use compat_rules::policy::Disposition::{DryRun, Enforced, Preexisting, Warned};
use compat_rules::policy::{Disposition, Evaluation, Point, Verdict};
use evaluation::ground::{Ground, NOW, policy, record};

/// `path` and what becomes of it.
fn told(evaluation: &Evaluation) -> Vec<(&str, Disposition)> {
    let findings = evaluation.findings.iter();
    findings
        .map(|finding| (finding.path.as_str(), finding.disposition))
        .collect()
}

const ALL: &str = "baseline: all\nrules: [{use: DOC002, severity: error}]";

#[test]
fn severity_and_action_decide_what_becomes_of_a_finding() {
    let ground = Ground::new(&[], &record(&["a"]));
    for (severity, action, expected) in [
        ("error", "enforce", Some((Enforced, Verdict::Refuse))),
        ("error", "warn", Some((Warned, Verdict::Warn))),
        ("error", "dryrun", Some((DryRun, Verdict::Pass))),
        ("error", "off", None),
        ("warn", "enforce", Some((Warned, Verdict::Warn))),
        ("warn", "warn", Some((Warned, Verdict::Warn))),
        ("warn", "dryrun", Some((DryRun, Verdict::Pass))),
        ("warn", "off", None),
        ("off", "enforce", None),
    ] {
        let bundle = policy(&format!(
            "enforcement: {{register: {action}}}\nrules: [{{use: DOC002, severity: {severity}}}]"
        ));
        let evaluation = ground.judged(&bundle, Point::Register);
        let found = told(&evaluation)
            .first()
            .map(|(_, disposition)| (*disposition, evaluation.verdict()));
        assert_eq!(found, expected, "{severity} {action}");
        // What is said of one point is said of that point alone.
        let elsewhere = ground.judged(&bundle, Point::Check).verdict();
        let usual = match severity {
            "error" => Verdict::Refuse,
            "warn" => Verdict::Warn,
            _ => Verdict::Pass,
        };
        assert_eq!(elsewhere, usual, "{severity} {action}");
    }
}

#[test]
fn a_field_added_to_an_old_record_is_the_only_one_that_has_to_comply() {
    let bundle = policy("rules: [{use: DOC002, severity: error}]");
    let old = record(&["a", "b", "c"]);
    let ground = Ground::new(&[&old], &record(&["a", "b", "c", "d"]));
    let evaluation = ground.judged(&bundle, Point::Register);
    let expected = [
        ("d", Enforced),
        ("a", Preexisting),
        ("b", Preexisting),
        ("c", Preexisting),
    ];
    assert_eq!(told(&evaluation), expected);
    let ground = Ground::new(&[&old], &record(&["a", "b", "c", "d=Why it was ordered."]));
    assert_eq!(
        ground.judged(&bundle, Point::Register).verdict(),
        Verdict::Pass
    );
}

#[test]
fn only_the_version_before_excuses() {
    let bundle = policy("rules: [{use: DOC002, severity: error}]");
    let ground = Ground::new(&[&record(&["a"]), &record(&["a=Text."])], &record(&["a"]));
    assert_eq!(
        told(&ground.judged(&bundle, Point::Register)),
        [("a", Enforced)]
    );
}

#[test]
fn with_the_baseline_all_the_whole_schema_has_to_comply() {
    let ground = Ground::new(&[&record(&["a"])], &record(&["a"]));
    let evaluation = ground.judged(&policy(ALL), Point::Register);
    assert_eq!(told(&evaluation), [("a", Enforced)]);
}

#[test]
fn with_the_baseline_new_subjects_old_ones_are_left_alone() {
    let bundle = policy(
        "baseline: new-subjects\nsince: 2025-06-01\nrules: [{use: DOC002, severity: error}]",
    );
    let mut ground = Ground::new(&[&record(&["a"])], &record(&["a", "b"]));
    let day = 86_400_000;
    ground.created = Some(NOW - 400 * day);
    let evaluation = ground.judged(&bundle, Point::Register);
    assert_eq!(told(&evaluation), [("a", Preexisting), ("b", Preexisting)]);
    ground.created = Some(NOW - day);
    let evaluation = ground.judged(&bundle, Point::Register);
    assert_eq!(told(&evaluation), [("b", Enforced), ("a", Preexisting)]);
    let fresh = Ground::new(&[], &record(&["a"]));
    assert_eq!(
        told(&fresh.judged(&bundle, Point::Register)),
        [("a", Enforced)]
    );
}

#[test]
fn with_a_ratchet_an_old_subject_may_not_get_worse() {
    let bundle = policy(
        "baseline: new-subjects\nratchet: true\nsince: 2025-06-01\nrules: [{use: DOC002, severity: error}]",
    );
    for (candidate, expected) in [
        (record(&["a", "b"]), Verdict::Refuse),
        // One is mended and one is new: not more than before.
        (record(&["a=Text.", "b"]), Verdict::Pass),
    ] {
        let mut ground = Ground::new(&[&record(&["a"])], &candidate);
        ground.created = Some(0);
        assert_eq!(ground.judged(&bundle, Point::Register).verdict(), expected);
    }
}

#[test]
fn what_stands_is_examined_without_excuses() {
    let ground = Ground::new(&[&record(&["a"])], &record(&["a"]));
    let bundle = policy("rules: [{use: DOC002, severity: error}]");
    assert_eq!(
        told(&ground.judged(&bundle, Point::Audit)),
        [("a", Enforced)]
    );
}

#[test]
fn a_finding_is_the_same_wherever_its_line_is() {
    let text = record(&["a", "b"]);
    let spread = text.replace("[{", "[\n\n  {");
    let one = Ground::new(&[], &text).judged(&policy(ALL), Point::Register);
    let other = Ground::new(&[], &spread).judged(&policy(ALL), Point::Register);
    let identities = |evaluation: &Evaluation| -> Vec<_> {
        let findings = evaluation.findings.iter();
        findings.map(|finding| finding.fingerprint).collect()
    };
    assert_eq!(identities(&one), identities(&other));
    assert_ne!(one.findings[0].place, other.findings[0].place);
    assert_ne!(identities(&one)[0], identities(&one)[1]);
}

#[test]
fn of_many_findings_a_limited_number_is_kept_and_all_are_counted() {
    let names: Vec<String> = (0..5000).map(|number| format!("f{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let wide = record(&names);
    let evaluation = Ground::new(&[], &wide).judged(&policy(ALL), Point::Register);
    assert_eq!(evaluation.findings.len(), Evaluation::FINDINGS_MAX);
    assert_eq!(evaluation.counts.enforced, 5000);

    // What was there already is excused, even what was only counted; one more is not.
    let bundle = policy("rules: [{use: DOC002, severity: error}]");
    let same = Ground::new(&[&wide], &wide).judged(&bundle, Point::Register);
    assert_eq!(
        (same.verdict(), same.counts.preexisting),
        (Verdict::Pass, 5000)
    );
    let more: Vec<&str> = names.iter().copied().chain(["last"]).collect();
    let more = Ground::new(&[&wide], &record(&more)).judged(&bundle, Point::Register);
    assert_eq!(more.verdict(), Verdict::Refuse);
    assert_eq!(more.findings[0].disposition, Enforced);
}

#[test]
fn what_is_said_of_elements_within_a_long_name_is_bounded_and_tells_them_apart() {
    let long = "a".repeat(100_000);
    let inner: Vec<String> = (0..300)
        .map(|number| format!(r#"{{"name":"f{number}","type":"int"}}"#))
        .collect();
    let text = format!(
        r#"{{"type":"record","name":"R","fields":[{{"name":"{long}","type":{{"type":"record","name":"I","fields":[{}]}}}}]}}"#,
        inner.join(",")
    );
    let evaluation = Ground::new(&[], &text).judged(&policy(ALL), Point::Register);
    let findings = &evaluation.findings;
    assert_eq!(findings.len(), 301);
    let longest = findings
        .iter()
        .flat_map(|one| [&one.path, &one.pointer, &one.message, &one.hint])
        .map(String::len)
        .max();
    assert!(longest < Some(1_100), "{longest:?} bytes");
    let paths: BTreeSet<&str> = findings.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths.len(), 301);
}
