//! Examples in documents say where they do not find what they promise.

use crate::policy::{Bundle, Content, Syntax, read_documents};

const SCHEMA: &str = r#"{"type": "record", "name": "P", "fields": [{"name": "a", "type": "int"}, {"name": "b", "type": "int", "doc": "B."}]}"#;

/// The faults of an example with these lines, under a policy that is not rolled out yet.
fn faults(example: &str) -> Vec<String> {
    let text = format!(
        "apiVersion: governance/v1\nkind: Policy\nmetadata: {{name: p}}\nspec:\n  \
         rollout: [{{from: 2100-01-01, register: enforce}}]\n  \
         rules: [{{use: DOC002, severity: error}}]\n  tests:\n  \
         - {{name: n, subject: ':.eu:orders-value', format: avro, schema: '{SCHEMA}', {example}}}\n"
    );
    let documents = read_documents("", Syntax::Yaml, &text).expect("a document");
    let bundle = Bundle::compile(documents).expect("a bundle");
    let Content::Policy(policy) = &bundle.documents()[0].content else {
        panic!("it is a policy");
    };
    policy.spec.tests[0].faults(&bundle, 0)
}

#[test]
fn what_an_example_promises_is_found_before_the_rollout_begins() {
    let none: [&str; 0] = [];
    assert_eq!(faults("expect: [{rule: DOC002, at: a}]"), none);
    assert_eq!(faults("expect: [{rule: doc-field-required}]"), none);
    assert_eq!(faults("expectExactly: [{rule: DOC002, at: a}]"), none);
}

#[test]
fn a_promise_that_is_not_kept_is_told() {
    assert_eq!(
        faults("expect: [{rule: DOC002, at: b}]"),
        ["DOC002 is not found at b"]
    );
    let others = faults("expectExactly: []");
    assert_eq!(others.len(), 1);
    assert!(
        others[0].starts_with("DOC002 is found at \"a\", too: "),
        "{others:?}"
    );
}

#[test]
fn what_the_version_before_had_as_well_is_still_found() {
    let none: [&str; 0] = [];
    let example = format!("previous: '{SCHEMA}', expectExactly: [{{rule: DOC002, at: a}}]");
    assert_eq!(faults(&example), none);
}

#[test]
fn an_example_whose_text_is_no_schema_says_so() {
    let text = "apiVersion: governance/v1\nkind: Policy\nmetadata: {name: p}\nspec:\n  tests:\n  \
                - {name: n, subject: s, format: avro, schema: '{', expect: []}\n";
    let documents = read_documents("", Syntax::Yaml, text).expect("a document");
    let bundle = Bundle::compile(documents).expect("a bundle");
    let Content::Policy(policy) = &bundle.documents()[0].content else {
        panic!("it is a policy");
    };
    let faults = policy.spec.tests[0].faults(&bundle, 0);
    assert!(
        faults[0].starts_with("the schema is refused: "),
        "{faults:?}"
    );
}
