//! What documents are together: names, `extends`, digest, owners and words.

use super::{bundle, faults, policy};
use crate::policy::OwnerSource;

#[test]
fn a_circle_of_extends_is_refused_and_named() {
    let refusal = faults(&[
        policy("a", "extends: [b]"),
        policy("b", "extends: [c]"),
        policy("c", "extends: [profile/minimal, a]"),
        policy("d", "extends: [d]"),
    ]);
    assert!(
        refusal.contains("Policy c: spec.extends[1]: extends itself: a → b → c → a"),
        "{refusal}"
    );
    assert!(
        refusal.contains("Policy d: spec.extends[0]: extends itself: d → d"),
        "{refusal}"
    );
}

#[test]
fn a_policy_that_is_extended_twice_at_each_of_many_steps_is_refused_and_not_multiplied() {
    let mut texts = vec![policy(
        "p0",
        "extends: [profile/strict]\nrules: [{use: DOC002}]",
    )];
    for step in 1..40 {
        texts.push(policy(
            &format!("p{step}"),
            &format!("extends: [p{0}, p{0}]", step - 1),
        ));
    }
    assert!(faults(&texts).contains("more than 5000 rules"));
}

#[test]
fn what_is_unknown_or_said_twice_is_refused_with_its_path() {
    let refusal = faults(&[
        policy(
            "p",
            "extends: [profile/lax]\nrules: [{use: DOC999}, {use: DOC002, with: {nonsense: 1}}]",
        ),
        policy("p", "match: {contexts: [payments], subjects: ['re:(']}"),
        policy(
            "q",
            "rollout: [{from: 2027-01-01, register: warn}, {from: 2026-01-01, register: enforce}]\n\
             tests: [{name: n, subject: s, format: avro, schema: '{}'}]",
        ),
        policy("Q", "{}"),
        policy("profile/mine", "{}"),
    ]);
    for expected in [
        "p.yaml:1:1: Policy p: spec.extends[0]: there is neither a policy \"profile/lax\"",
        "spec.rules[0].use: there is no rule \"DOC999\"",
        "spec.rules[1].with: DOC002: unknown field `nonsense`",
        "Policy p: metadata.name: another Policy has the same name",
        "spec.match.contexts[0]: \"payments\" is no context",
        "spec.match.subjects[0]: \"re:(\" is no pattern of subjects",
        "spec.rollout[1].from: 2026-01-01 is not after 2027-01-01",
        "spec.tests[0].expect: an example says either",
        "Policy Q: metadata.name: a name is of lower-case letters",
        "names that begin with `profile/`",
    ] {
        assert!(refusal.contains(expected), "{expected} in\n{refusal}");
    }
}

#[test]
fn the_digest_depends_on_what_is_said_and_on_nothing_else() {
    let (one, two) = (
        policy("a", "baseline: all"),
        policy("b", "baseline: new-subjects"),
    );
    let first = bundle(&[one.clone(), two.clone()]).digest();
    assert_eq!(first, bundle(&[two.clone(), one.clone()]).digest());
    let commented = format!(
        "# a comment\n{}",
        one.replace("baseline: all", "{\"baseline\": 'all'}")
    );
    assert_eq!(first, bundle(&[commented, two.clone()]).digest());
    assert_ne!(
        first,
        bundle(&[policy("a", "baseline: changed-elements"), two]).digest()
    );
}

#[test]
fn the_owner_is_the_one_set_then_the_last_rule_then_the_property() {
    let team = |name: &str| {
        format!(
            "apiVersion: governance/v1\nkind: Team\nmetadata: {{name: {name}}}\nspec: {{domains: [{name}]}}\n"
        )
    };
    let ownership = "apiVersion: governance/v1\nkind: Ownership\nmetadata: {name: default}\nspec:\n  rules:\n  \
                     - {subjects: ['payments.**'], team: payments}\n  - {subjects: ['payments.fraud.**'], team: fraud}\n  \
                     - {subjects: ['gone.**'], team: gone}\n";
    let bundle = bundle(&[
        team("payments"),
        team("fraud"),
        team("audit"),
        ownership.to_owned(),
    ]);
    let owner = |name: &str, set: Option<&str>, property: Option<&str>| {
        let owner = bundle.owner(".", name, set, property)?;
        Some((owner.name.to_owned(), owner.source))
    };
    let by_rule = OwnerSource::Ownership("default");
    assert_eq!(
        owner("payments.a", None, Some("audit")),
        Some(("payments".to_owned(), by_rule))
    );
    assert_eq!(
        owner("payments.fraud.a", None, None),
        Some(("fraud".to_owned(), by_rule))
    );
    assert_eq!(
        owner("payments.a", Some("audit"), None),
        Some(("audit".to_owned(), OwnerSource::Subject))
    );
    assert_eq!(
        owner("x", None, Some("team/audit")),
        Some(("audit".to_owned(), OwnerSource::Property))
    );
    assert_eq!(owner("x", None, None), None);
    assert_eq!(
        owner("gone.a", None, Some("audit")),
        None,
        "its team is gone: an orphan"
    );
    assert!(
        bundle.warnings()[0]
            .to_string()
            .contains("there is no team \"gone\"")
    );
}

#[test]
fn vocabularies_add_up_and_classifications_have_one_order() {
    let words = |name: &str, spec: &str| {
        format!(
            "apiVersion: governance/v1\nkind: Vocabulary\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        )
    };
    let both = bundle(&[
        words(
            "a",
            "{tags: [PII], classifications: [public, internal, secret], properties: {retention: []}}",
        ),
        words(
            "b",
            "{tags: [PHI], tagClassifications: {PII: internal}, properties: {retention: [30d]}}",
        ),
    ]);
    let words_of = both.vocabulary();
    assert_eq!(words_of.tags, ["PHI", "PII"]);
    assert_eq!(words_of.confidentiality("secret"), Some(2));
    assert_eq!(words_of.confidentiality_of_tag("PII"), Some(1));
    assert_eq!(words_of.confidentiality_of_tag("PHI"), None);
    let refusal = faults(&[
        words("a", "{classifications: [public]}"),
        words(
            "b",
            "{classifications: [open], tagClassifications: {PII: hidden}}",
        ),
    ]);
    assert!(
        refusal.contains("Vocabulary a gives classifications, too"),
        "{refusal}"
    );
    assert!(
        refusal.contains("\"hidden\" is not among the classifications"),
        "{refusal}"
    );
}
