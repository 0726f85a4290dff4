//! The tables of the specification, in `cases/protobuf/`.

use std::collections::BTreeSet;

use compat_rules::{Budget, CompatibilityPolicy, Format, ParsedSchema, Strictness, parse};
use serde::Deserialize;

use super::golden_texts::{read, references};

#[derive(Deserialize)]
struct Table<Case> {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Change {
    change: String,
    old: String,
    new: String,
    backward: BTreeSet<String>,
    forward: BTreeSet<String>,
    #[serde(default)]
    old_references: Vec<Reference>,
    #[serde(default)]
    new_references: Vec<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    name: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    version: u32,
    #[serde(default)]
    direct: bool,
    text: String,
}

#[derive(Deserialize)]
struct Refusal {
    name: String,
    when: When,
    text: String,
    reason: String,
    #[serde(default)]
    references: Vec<Reference>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum When {
    Parsing,
    Resolving,
    Linking,
    Never,
}

fn read_schema(text: &str, imports: &[Reference]) -> Result<ParsedSchema, String> {
    let imports: Vec<_> = imports
        .iter()
        .map(|it| {
            (
                it.name.as_str(),
                it.subject.as_str(),
                it.version,
                it.direct,
                it.text.as_str(),
            )
        })
        .collect();
    let references = references(&imports);
    parse(Format::Protobuf, text, &references, Strictness::New).map_err(|error| error.to_string())
}

#[test]
fn each_change_of_the_specification_breaks_what_it_says_in_both_directions() {
    let table: Table<Change> =
        toml::from_str(&read(&["cases", "protobuf", "changes.toml"])).expect("a table");
    assert_eq!(table.case.len(), 164);
    for case in &table.case {
        let old = read_schema(&case.old, &case.old_references).expect("the old schema parses");
        let new = read_schema(&case.new, &case.new_references).expect("the new schema parses");
        assert_eq!(
            broken(&new, &old),
            case.backward,
            "backward: {}",
            case.change
        );
        assert_eq!(broken(&old, &new), case.forward, "forward: {}", case.change);
    }
}

fn broken(reader: &ParsedSchema, writer: &ParsedSchema) -> BTreeSet<String> {
    reader
        .read_violations(writer, CompatibilityPolicy::Strict, &mut Budget::default())
        .expect("a case is small")
        .expect("both are Protobuf")
        .iter()
        .map(|violation| format!("{} {}", violation.rule.wire_name, violation.path))
        .collect()
}

#[test]
fn each_refusal_of_the_specification_comes_when_it_says_and_in_its_words() {
    let table: Table<Refusal> =
        toml::from_str(&read(&["cases", "protobuf", "refusals.toml"])).expect("a table");
    assert_eq!(table.case.len(), 90);
    for case in &table.case {
        let (when, reason) = refusal(case);
        // An empty file and one with nothing but a comment are the registry's to refuse; see the page of differences.
        let is_empty = reason == "Empty schema";
        assert!(
            is_empty || (when, reason.as_str()) == (case.when, expected(case)),
            "{}: {when:?} {reason}",
            case.name
        );
    }
}

fn expected(case: &Refusal) -> &str {
    case.reason.as_str()
}

fn refusal(case: &Refusal) -> (When, String) {
    let schema = match read_schema(&case.text, &case.references) {
        Ok(schema) => schema,
        Err(reason) => {
            let reason = reason.trim_start_matches("Could not parse Protobuf - ");
            return (When::Parsing, reason.to_owned());
        }
    };
    if let Err(reason) = schema.validate(false) {
        return (When::Resolving, reason.to_string());
    }
    match schema.validate(true) {
        Err(reason) => (When::Linking, reason.to_string()),
        Ok(()) => (When::Never, String::new()),
    }
}

#[test]
fn numbers_in_options_are_spelled_as_the_specification_shows() {
    for (written, normal) in [
        ("0x1F", "31"),
        ("017", "15"),
        ("-0x10", "-16"),
        ("1.0", "1"),
        ("1.", "1"),
        ("1e3", "1000"),
        ("10f", "10"),
        ("10d", "10"),
        ("10L", "10"),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890",
        ),
        ("1.23456789", "1.235"),
        ("1.0005", "1"),
        ("1.0015", "1.002"),
        ("2.5e-4", "0"),
        ("1e-7", "0"),
        ("0.1f", "0.1"),
        ("16777217f", "16777216"),
        ("1e22", "9999999778196308000000"),
        ("-0.0", "-0"),
        ("-0", "0"),
        ("inf", "inf"),
        ("nan", "nan"),
        ("08", "08"),
        ("1__0", "1__0"),
    ] {
        let text = format!("message M {{ option (o) = {written}; }}");
        let schema = read_schema(&format!("syntax = \"proto3\"; {text}"), &[]).expect("a text");
        let normalized = schema.normalized().expect("a normal form");
        let expected = format!("option (o) = {normal};");
        assert!(normalized.canonical().contains(&expected), "{written}");
    }
}
