//! Locked rules, ties, and what holds whatever the policies are.

use proptest::prelude::*;

use super::{bundle, documents, faults, policy, rule, scope, severity};
use crate::policy::bundle::Bundle;
use crate::policy::{Baseline, Point, Severity};

#[test]
fn a_locked_rule_may_be_made_stricter_and_not_looser() {
    let locked = policy(
        "base",
        "rules: [{use: DOC002, severity: warn, locked: true}]",
    );
    let narrower = |spec: &str| {
        [
            locked.clone(),
            policy(
                "team",
                &format!("match: {{subjects: ['orders.**']}}\n{spec}"),
            ),
        ]
    };
    let refused = [
        (
            "rules: [{use: DOC002, severity: 'off'}]",
            "DOC002 is locked at warn by policy base, off would loosen it",
        ),
        (
            "enforcement: {register: dryrun}\nrules: [{use: DOC002}]",
            "spec.enforcement.register: DOC002 is locked",
        ),
        (
            "rollout: [{from: 2026-01-01, register: enforce}]\nrules: [{use: DOC002}]",
            "spec.rollout: DOC002 is locked",
        ),
        (
            "baseline: new-subjects\nsince: 2026-01-01\nrules: [{use: DOC002}]",
            "spec.baseline: DOC002 is locked",
        ),
    ];
    for (spec, reason) in refused {
        let refusal = faults(&narrower(spec));
        assert!(refusal.contains(reason), "{reason} in\n{refusal}");
    }
    let allowed = bundle(&narrower(
        "baseline: all\nrules: [{use: DOC002, severity: error}]",
    ));
    let set = rule(&allowed, &scope("orders.a"), 0).expect("the rule is on");
    assert_eq!(
        (set.severity, set.baseline, set.is_locked),
        (Severity::Error, Baseline::All, true)
    );
    // What it merely extends does not loosen anything either, and need not be refused.
    let extended = bundle(&narrower("extends: [profile/minimal]"));
    assert_eq!(severity(&extended, "orders.a"), Some(Severity::Warn));
}

#[test]
fn a_policy_for_other_subjects_may_say_what_it_likes_about_a_locked_rule() {
    let locked = policy(
        "base",
        "match: {subjects: ['orders.**'], excludeSubjects: ['orders.legacy.**']}\n\
         rules: [{use: DOC002, severity: error, locked: true}]",
    );
    for pattern in [
        "payments.**",
        "orders.legacy.**",
        "orders.legacy.a.*",
        "re:payments\\..*",
    ] {
        let other = policy(
            "team",
            &format!(
                "match: {{subjects: ['{pattern}']}}\nrules: [{{use: DOC002, severity: warn}}]"
            ),
        );
        bundle(&[locked.clone(), other]);
    }
    let general = policy("a", "rules: [{use: DOC002, severity: warn}]");
    let bundle = bundle(&[locked, general]);
    assert_eq!(severity(&bundle, "orders.a"), Some(Severity::Error));
    assert_eq!(severity(&bundle, "payments.a"), Some(Severity::Warn));
}

#[test]
fn policies_of_equal_rank_that_differ_give_a_warning() {
    let one = policy(
        "a",
        "match: {subjects: ['**-value']}\nrules: [{use: DOC002, severity: warn}]",
    );
    let other = |spec: &str| policy("b", spec);
    let differs = bundle(&[
        one.clone(),
        other("match: {subjects: ['**.event-value']}\nrules: [{use: DOC002, severity: error}]"),
    ]);
    let warnings: Vec<String> = differs.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(
        warnings[0].contains("Policy b: spec.match: ties with policy a"),
        "{warnings:?}"
    );
    assert_eq!(
        severity(&differs, "x.event-value"),
        Some(Severity::Error),
        "the greater name prevails"
    );
    let apart = bundle(&[
        one.clone(),
        other("match: {subjects: ['**-key']}\nrules: [{use: DOC002, severity: error}]"),
    ]);
    assert!(apart.warnings().is_empty());
    let agrees = bundle(&[
        one,
        other("match: {subjects: ['**.event-value']}\nrules: [{use: DOC002, severity: warn}]"),
    ]);
    assert!(agrees.warnings().is_empty());
}

#[test]
fn a_thousand_policies_that_contradict_each_other_are_told_in_a_few_hundred_lines() {
    let all = |spec: &dyn Fn(usize) -> String| -> Vec<String> {
        let policies = (0..1000).map(|number| policy(&format!("p{number}"), &spec(number)));
        policies.collect()
    };
    let tied = bundle(&all(&|number| {
        let severity = ["warn", "error"][number % 2];
        format!("rules: [{{use: DOC002, severity: {severity}}}]")
    }));
    assert_eq!(tied.warnings().len(), 201);
    let loosened = faults(&all(&|number| {
        let severity = ["warn", "error"][number % 2];
        format!("rules: [{{use: DOC002, severity: {severity}, locked: true}}]")
    }));
    assert!((200..300).contains(&loosened.lines().count()));
    assert!(loosened.contains("no further lock was looked at"));
}

/// The `spec` of a policy that sets the rule, and whether it locks it.
fn any_spec() -> impl Strategy<Value = String> {
    let matches = prop_oneof![
        Just(String::new()),
        Just("match: {contexts: ['.']}\n".to_owned()),
        "[ab*.]{1,3}".prop_map(|pattern| format!("match: {{subjects: ['{pattern}']}}\n")),
    ];
    let severity = prop_oneof![Just("'off'"), Just("warn"), Just("error")];
    let action = prop_oneof![Just("'off'"), Just("dryrun"), Just("warn"), Just("enforce")];
    (matches, severity, action, any::<bool>()).prop_map(|(matches, severity, action, locked)| {
        format!("{matches}enforcement: {{register: {action}}}\nrules: [{{use: DOC002, severity: {severity}, locked: {locked}}}]")
    })
}

proptest! {
    /// Whatever else is added: where a locked rule is in force, no other policy makes it laxer.
    #[test]
    fn no_policy_loosens_what_another_one_has_locked(
        specs in proptest::collection::vec(any_spec(), 1..5), name in "[ab.]{1,3}",
    ) {
        let texts: Vec<String> = specs.iter().enumerate().map(|(index, spec)| policy(&format!("p{index}"), spec)).collect();
        let Ok(bundle) = Bundle::compile(documents(&texts)) else {
            return Ok(());
        };
        let together = rule(&bundle, &scope(&name), 0);
        for (index, spec) in specs.iter().enumerate() {
            let alone = self::bundle(&[texts[index].clone()]);
            let Some(alone) = rule(&alone, &scope(&name), 0).filter(|_| spec.contains("locked: true")) else {
                continue;
            };
            let together = together.as_ref().expect("a locked rule that is on stays on");
            prop_assert!(together.severity >= alone.severity);
            prop_assert!(together.action(Point::Register) >= alone.action(Point::Register));
        }
    }

    /// The order in which documents are given decides nothing.
    #[test]
    fn the_order_of_documents_does_not_matter(
        specs in proptest::collection::vec(any_spec(), 1..5), name in "[ab.]{1,3}",
    ) {
        let mut texts: Vec<String> = specs.iter().enumerate().map(|(index, spec)| policy(&format!("p{index}"), spec)).collect();
        let one = Bundle::compile(documents(&texts));
        texts.reverse();
        let other = Bundle::compile(documents(&texts));
        match (one, other) {
            (Ok(one), Ok(other)) => {
                prop_assert_eq!(one.digest(), other.digest());
                let (one, other) = (one.effective(&scope(&name), 0), other.effective(&scope(&name), 0));
                prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
            }
            (Err(one), Err(other)) => prop_assert_eq!(one, other),
            (one, other) => prop_assert!(false, "{:?} and {:?}", one.err(), other.err()),
        }
    }
}
