//! Scope, precedence, rollouts and exemptions, as the specification has them; locks and documents have files of their own.

mod locks;
mod together;

use super::Bundle;
use crate::policy::candidate::Role;
use crate::policy::{
    Action, Baseline, Document, EffectiveRule, Exemption, LifecycleName, Point, RankLevel, Scope,
    Severity, Syntax, read_documents,
};

const RULE: &str = "DOC002";

fn documents(texts: &[String]) -> Vec<Document> {
    let read = |text: &String| read_documents("p.yaml", Syntax::Yaml, text).expect("documents");
    texts.iter().flat_map(read).collect()
}

/// A policy with these lines as its `spec`.
fn policy(name: &str, spec: &str) -> String {
    let spec: String = spec
        .lines()
        .map(|line| format!("  {}\n", line.trim_end()))
        .collect();
    format!("apiVersion: governance/v1\nkind: Policy\nmetadata: {{name: {name}}}\nspec:\n{spec}")
}

fn bundle(texts: &[String]) -> Bundle {
    match Bundle::compile(documents(texts)) {
        Ok(bundle) => bundle,
        Err(faults) => panic!("{faults:?}"),
    }
}

fn faults(texts: &[String]) -> String {
    let faults = Bundle::compile(documents(texts)).expect_err("there is a fault");
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    faults.join("\n")
}

fn scope(name: &str) -> Scope<'_> {
    Scope {
        context: ".",
        name,
        role: Role::of(name),
        format: None,
        lifecycle: LifecycleName::Active,
        team: None,
        is_new: false,
    }
}

fn rule(bundle: &Bundle, scope: &Scope<'_>, now: i64) -> Option<EffectiveRule> {
    let rules = bundle.effective(scope, now).rules;
    rules.into_iter().find(|set| set.rule.code == RULE)
}

fn severity(bundle: &Bundle, name: &str) -> Option<Severity> {
    rule(bundle, &scope(name), 0).map(|set| set.severity)
}

const DAY: i64 = 86_400_000;

#[test]
fn without_policies_nothing_is_in_force() {
    let effective = Bundle::empty().effective(&scope("orders-value"), 0);
    assert!(effective.rules.is_empty() && effective.is_silent_at(Point::Register));
}

#[test]
fn the_more_specific_policy_prevails_whatever_its_name() {
    let bundle = bundle(&[
        policy("z-any", "rules: [{use: DOC002, severity: 'off'}]"),
        policy(
            "y-context",
            "match: {contexts: ['.']}\nrules: [{use: DOC002, severity: warn}]",
        ),
        policy(
            "x-wide",
            "match: {subjects: ['orders.**']}\nrules: [{use: DOC002, severity: error}]",
        ),
        policy(
            "w-narrow",
            "match: {subjects: ['orders.legacy.**']}\nrules: [{use: DOC002, severity: 'off'}]",
        ),
        policy(
            "a-exact",
            "match: {subjects: ['orders.legacy.a']}\nrules: [{use: doc-field-required, severity: warn}]",
        ),
    ]);
    assert_eq!(severity(&bundle, "payments"), Some(Severity::Warn));
    assert_eq!(severity(&bundle, "orders.a"), Some(Severity::Error));
    assert_eq!(severity(&bundle, "orders.legacy.b"), None);
    assert_eq!(severity(&bundle, "orders.legacy.a"), Some(Severity::Warn));
    let elsewhere = Scope {
        context: ".test",
        ..scope("payments")
    };
    assert!(rule(&bundle, &elsewhere, 0).is_none());
    let effective = bundle.effective(&scope("orders.legacy.a"), 0);
    let order: Vec<(&str, RankLevel)> = effective
        .policies
        .iter()
        .map(|policy| (&*policy.policy, policy.rank.level))
        .collect();
    assert_eq!(
        order,
        [
            ("z-any", RankLevel::AnyContext),
            ("y-context", RankLevel::OneContext),
            ("x-wide", RankLevel::SubjectPattern),
            ("w-narrow", RankLevel::SubjectPattern),
            ("a-exact", RankLevel::ExactSubject),
        ]
    );
}

#[test]
fn every_condition_of_a_match_must_hold() {
    let bundle = bundle(&[
        "apiVersion: governance/v1\nkind: Team\nmetadata: {name: orders}\nspec: {}\n".to_owned(),
        policy(
            "p",
            "match:\n  contexts: ['.', '.eu']\n  subjects: ['orders.**']\n  excludeSubjects: ['orders.legacy.**']\n  \
             formats: [avro]\n  roles: [value]\n  teams: [orders]\n  lifecycle: [active]\n  newSubject: only\n\
             rules: [{use: DOC002, severity: error}]",
        ),
    ]);
    let meant = Scope {
        format: Some(crate::Format::Avro),
        team: Some("orders"),
        is_new: true,
        ..scope("orders.a-value")
    };
    assert!(rule(&bundle, &meant, 0).is_some());
    let others = [
        Scope {
            context: ".us",
            ..meant
        },
        Scope {
            name: "payments.a-value",
            ..meant
        },
        Scope {
            name: "orders.legacy.a-value",
            ..meant
        },
        Scope {
            format: Some(crate::Format::Json),
            ..meant
        },
        Scope {
            role: Role::Key,
            ..meant
        },
        Scope {
            team: None,
            ..meant
        },
        Scope {
            team: Some("payments"),
            ..meant
        },
        Scope {
            lifecycle: LifecycleName::Draft,
            ..meant
        },
        Scope {
            is_new: false,
            ..meant
        },
    ];
    for other in others {
        assert!(rule(&bundle, &other, 0).is_none(), "{other:?}");
    }
}

#[test]
fn what_is_extended_comes_before_the_own_rules() {
    let bundle = bundle(&[
        policy(
            "base",
            "match: {subjects: []}\nrules: [{use: DOC002, severity: error, hint: write it}]",
        ),
        policy(
            "p",
            "extends: [profile/standard, base]\nenforcement: {register: warn}",
        ),
        policy(
            "q",
            "match: {subjects: ['q']}\nextends: [profile/strict]\nrules: [{use: DOC002, severity: 'off'}]",
        ),
    ]);
    let set = rule(&bundle, &scope("a"), 0).expect("the rule is on");
    assert_eq!(set.severity, Severity::Error);
    assert_eq!(set.hint.as_deref(), Some("write it"));
    assert_eq!(
        set.policy, "p",
        "the policy that set it last, not the one that it extends"
    );
    assert_eq!(set.action(Point::Register), Action::Warn);
    assert_eq!(set.action(Point::Check), Action::Enforce);
    assert_eq!(set.baseline, Baseline::ChangedElements);
    let said: Vec<&str> = set.steps.iter().map(|step| &*step.from).collect();
    assert_eq!(said, ["profile/standard", "base"]);
    assert_eq!(severity(&bundle, "q"), None);
}

#[test]
fn the_compatibility_endpoint_answers_where_the_most_specific_policy_that_speaks_of_it_says_so() {
    let says = |action: &str| format!("check: {{onCompatibilityEndpoint: {action}}}");
    let bundle = bundle(&[
        policy(
            "all",
            &format!("{}\nrules: [{{use: DOC002}}]", says("enforce")),
        ),
        policy(
            "a",
            &format!("match: {{subjects: ['a.*']}}\n{}", says("'off'")),
        ),
        policy("b", "match: {subjects: ['a.b']}\nrules: [{use: DOC002}]"),
        policy(
            "c",
            &format!("match: {{subjects: ['a.c']}}\n{}", says("enforce")),
        ),
    ]);
    let answers = |name: &str| {
        let effective = bundle.effective(&scope(name), 0);
        effective.answers_compatibility_endpoint()
    };
    assert!(bundle.concerns_compatibility_endpoint());
    assert_eq!(
        ["other", "a.x", "a.b", "a.c"].map(answers),
        [true, false, false, true]
    );
    let silent = self::bundle(&[policy("all", "rules: [{use: DOC002}]")]);
    assert!(!silent.concerns_compatibility_endpoint());
}

#[test]
fn a_rollout_is_silent_then_warns_then_blocks_without_another_edit() {
    let bundle = bundle(&[policy(
        "p",
        "enforcement: {check: enforce}\n\
         rollout: [{from: 1970-01-02, register: dryrun}, {from: 1970-01-03, register: warn}, {from: '1970-01-04T00:00:00Z', register: enforce}]\n\
         rules: [{use: DOC002, severity: error}]",
    )]);
    let at = |now: i64| {
        let set = rule(&bundle, &scope("a"), now).expect("the rule is on");
        (set.action(Point::Register), set.action(Point::Check))
    };
    let expected = [
        (0, Action::Off),
        (DAY - 1, Action::Off),
        (DAY, Action::DryRun),
        (2 * DAY, Action::Warn),
        (3 * DAY - 1, Action::Warn),
        (3 * DAY, Action::Enforce),
        (i64::MAX, Action::Enforce),
    ];
    for (now, action) in expected {
        assert_eq!(at(now), (action, Action::Enforce), "{now}");
    }
    let next = |now: i64| {
        let upcoming = bundle.effective(&scope("a"), now).upcoming;
        upcoming.first().map(|step| (step.at, step.register))
    };
    assert_eq!(next(DAY), Some((2 * DAY, Action::Warn)));
    assert_eq!(next(3 * DAY), None);
}

#[test]
fn subjects_of_the_system_are_left_alone_until_a_policy_says_otherwise() {
    let bundle = bundle(&[
        policy(
            "all",
            "systemContexts: [.system]\nrules: [{use: DOC002, severity: warn}]",
        ),
        policy(
            "internal",
            "match: {subjects: ['_schemas'], exempt: [imports]}\nrules: [{use: DOC002, severity: error}]",
        ),
    ]);
    for name in [
        "google/protobuf/any.proto",
        "google/type/money.proto",
        "confluent/meta.proto",
        "_x",
    ] {
        assert_eq!(severity(&bundle, name), None, "{name}");
    }
    assert_eq!(
        severity(&bundle, "google/protobuf/any"),
        Some(Severity::Warn)
    );
    assert_eq!(severity(&bundle, "_schemas"), Some(Severity::Error));
    let effective = bundle.effective(
        &Scope {
            context: ".system",
            ..scope("a")
        },
        0,
    );
    assert!(effective.rules.is_empty());
    let passed: Vec<(&str, Exemption)> = effective
        .passed
        .iter()
        .map(|passed| (&*passed.policy, passed.exemption))
        .collect();
    assert_eq!(passed, [("all", Exemption::SystemContexts)]);
}
