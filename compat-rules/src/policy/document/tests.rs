//! Documents are read alike from all formats, and refused with the place of what is wrong.

use serde_json::{Value, json};

use super::{Document, Syntax, document_schema, read_documents};
use crate::policy::catalogue;

/// The example of the specification, without what is of later versions.
const YAML: &str = r#"
apiVersion: governance/v1
kind: Policy
metadata:
  name: core-events
  owner: team/integration-architecture
  description: Baseline for every business event.
  managedBy: git:acme/event-governance
spec:
  match:
    contexts: ["."]
    subjects: ["orders.**", "payments.**-value"]
    excludeSubjects: ["orders.legacy.**"]
    formats: [avro, protobuf, json]
    roles: [value]
    teams: ["payments", "orders"]
    lifecycle: [draft, active]
    newSubject: any
  extends: [profile/standard]
  enforcement:
    register: enforce
    check: enforce
  rollout:
    - {from: 2026-12-01, register: dryrun}
    - {from: 2027-03-01, register: enforce}
  baseline: changed-elements
  rules:
    - use: DOC002
      severity: error
      locked: true
    - use: field-name-style
      severity: error
      with: {style: snake_case, allow: ["^_"]}
  tests:
    - name: float amount is refused
      subject: orders.payment.event-value
      format: avro
      schema: '{"type":"record","name":"P","fields":[{"name":"amount","type":"double"}]}'
      expect: [{rule: TYP001, at: "amount"}]
"#;

const TOML: &str = r#"
apiVersion = "governance/v1"
kind = "Policy"
[metadata]
managedBy = "git:acme/event-governance"
name = "core-events"
owner = "team/integration-architecture"
description = "Baseline for every business event."
[spec]
extends = ["profile/standard"]
baseline = "changed-elements"
rollout = [{from = "2026-12-01", register = "dryrun"}, {from = "2027-03-01", register = "enforce"}]
[spec.match]
contexts = ["."]
subjects = ["orders.**", "payments.**-value"]
excludeSubjects = ["orders.legacy.**"]
formats = ["avro", "protobuf", "json"]
roles = ["value"]
teams = ["payments", "orders"]
lifecycle = ["draft", "active"]
newSubject = "any"
[spec.enforcement]
register = "enforce"
check = "enforce"
[[spec.rules]]
use = "DOC002"
severity = "error"
locked = true
[[spec.rules]]
use = "field-name-style"
severity = "error"
with = {allow = ["^_"], style = "snake_case"}
[[spec.tests]]
name = "float amount is refused"
subject = "orders.payment.event-value"
format = "avro"
schema = '{"type":"record","name":"P","fields":[{"name":"amount","type":"double"}]}'
expect = [{rule = "TYP001", at = "amount"}]
"#;

fn one(syntax: Syntax, text: &str) -> Document {
    let mut documents = read_documents("a", syntax, text).expect("documents");
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

fn refusal(syntax: Syntax, text: &str) -> String {
    let faults = read_documents("f", syntax, text).expect_err("it is refused");
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    faults.join("\n")
}

fn policy(spec: &str) -> String {
    format!("apiVersion: governance/v1\nkind: Policy\nmetadata: {{name: p}}\nspec:\n{spec}")
}

#[test]
fn the_same_document_has_the_same_canonical_form_in_every_format() {
    let yaml = one(Syntax::Yaml, YAML);
    let toml = one(Syntax::Toml, TOML);
    assert_eq!(yaml, toml);
    assert_eq!(yaml.canonical(), toml.canonical());
    let again = one(Syntax::Json, &yaml.canonical());
    assert_eq!(again.canonical(), yaml.canonical());
    let pretty: Value = serde_json::from_str(&yaml.canonical()).expect("JSON");
    let pretty = serde_json::to_string_pretty(&pretty).expect("JSON");
    assert_eq!(one(Syntax::Json, &pretty).canonical(), yaml.canonical());
}

#[test]
fn the_canonical_form_is_sorted_and_says_only_what_was_written() {
    let document = one(
        Syntax::Yaml,
        &policy("  rules: [{use: LIM001, with: {max: 120}, severity: warn}]\n"),
    );
    assert_eq!(
        document.canonical(),
        r#"{"apiVersion":"governance/v1","kind":"Policy","metadata":{"name":"p"},"spec":{"rules":[{"severity":"warn","use":"LIM001","with":{"max":120}}]}}"#
    );
}

#[test]
fn several_documents_of_a_file_are_told_apart() {
    let text = "# teams\n---\napiVersion: governance/v1\nkind: Team\nmetadata: {name: a}\nspec: {title: '--- no mark'}\n...\n\
                ---\n\n---\napiVersion: governance/v1\nkind: Team\nmetadata: {name: b}\nspec:\n  domains: [x]\n";
    let documents = read_documents("f", Syntax::Yaml, text).expect("documents");
    let found: Vec<(&str, u32)> = documents
        .iter()
        .map(|document| (document.name(), document.source.line))
        .collect();
    assert_eq!(found, [("a", 3), ("b", 11)]);
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let text = format!("---\n{}", policy("  rulez: []\n"));
    let refusal = refusal(Syntax::Yaml, &text);
    assert!(
        refusal.starts_with("f:6:3: unknown field `rulez`"),
        "{refusal}"
    );
    assert!(!refusal.contains("at line"), "{refusal}");
    let json = "{\"apiVersion\": \"governance/v1\", \"kind\": \"Team\",\n \"metadata\": {\"name\": \"a\"}, \"spec\": {\"x\": 1}}";
    let refused = self::refusal(Syntax::Json, json);
    assert!(refused.starts_with("f:2:"), "{refused}");
    assert!(refused.contains("unknown field `x`"), "{refused}");
    let toml =
        "apiVersion = 'governance/v1'\nkind = 'Team'\n[metadata]\nname = 'a'\n[spec]\nx = 1\n";
    let refused = self::refusal(Syntax::Toml, toml);
    assert!(refused.starts_with("f:6:1: "), "{refused}");
}

#[test]
fn what_is_no_document_is_refused_in_one_clear_line() {
    let bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n\
                c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n\
                e: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n";
    let nested = format!("kind: Policy\nspec: {}", "[".repeat(100_000));
    let long = "#".repeat((1 << 20) + 1);
    let cases = [
        ("metadata: {name: a}\n", "`kind` is missing"),
        ("kind: Polizy\n", "unknown kind \"Polizy\""),
        ("kind: Waiver\n", "kind Waiver is not supported yet"),
        ("kind: Team\nkind: Team\n", "the key kind is there twice"),
        ("kind: Team\nmetadata: {name: a}\nspec: {}\n", "apiVersion"),
        (
            "apiVersion: governance/v2\nkind: Team\nmetadata: {name: a}\nspec: {}\n",
            "governance/v1",
        ),
        ("just words\n", "expected"),
        (bomb, "at most 20000 values"),
        (nested.as_str(), ""),
        (long.as_str(), "longer than 1 MiB"),
    ];
    for (text, reason) in cases {
        let refused = refusal(Syntax::Yaml, text);
        assert!(refused.contains(reason), "{text:.40}: {refused}");
        assert!(refused.len() < 500 && !refused.contains('\n'), "{refused}");
    }
    let late = policy("  rollout: [{from: yesterday, register: warn}]\n");
    assert!(refusal(Syntax::Yaml, &late).contains("neither a day"));
    let custom = policy("  rules: [{id: acme/x, for: type, cel: 'true'}]\n");
    assert!(refusal(Syntax::Yaml, &custom).contains("id"));
}

#[test]
fn words_that_yaml_takes_for_booleans_stay_words() {
    let document = one(
        Syntax::Yaml,
        &policy("  rules: [{use: NAM011, with: {terms: {no: number, yes: y}, flag: no}}]\n"),
    );
    assert!(
        document
            .canonical()
            .contains(r#""with":{"flag":"no","terms":{"no":"number","yes":"y"}}"#),
        "{}",
        document.canonical()
    );
}

#[test]
fn the_schema_of_documents_accepts_what_is_read_and_refuses_what_is_not() {
    let schema = document_schema();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let good: Value = serde_json::from_str(&one(Syntax::Yaml, YAML).canonical()).expect("JSON");
    if let Err(error) = validator.validate(&good) {
        panic!("{error} at {}", error.instance_path());
    }
    let mut bad = good.clone();
    bad["spec"]["rulez"] = json!([]);
    assert!(!validator.is_valid(&bad));
    let mut bad = good.clone();
    bad["kind"] = json!("Team");
    assert!(!validator.is_valid(&bad));
    let mut bad = good;
    bad["spec"]["rules"][0]["severity"] = json!("fatal");
    assert!(!validator.is_valid(&bad));
}

#[test]
fn the_schema_of_documents_knows_the_parameters_of_every_rule() {
    let validator = jsonschema::validator_for(&document_schema()).expect("a schema");
    for rule in catalogue() {
        for name in [rule.code, rule.slug] {
            let document = |parameters: Value| {
                json!({
                    "apiVersion": "governance/v1", "kind": "Policy", "metadata": {"name": "p"},
                    "spec": {"rules": [{"use": name, "with": parameters}]},
                })
            };
            let none = document(json!({}));
            let refusal = validator
                .validate(&none)
                .err()
                .map(|error| error.to_string());
            assert_eq!(refusal, None, "{name}");
            assert!(
                !validator.is_valid(&document(json!({"nonsense": 1}))),
                "{name}"
            );
        }
    }
}
