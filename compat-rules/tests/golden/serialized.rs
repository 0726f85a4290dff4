//! Plays the Protobuf descriptors of a table of texts: they agree byte for byte, though decoded ones would do.

use super::case::{Dependencies, Dependency, Reference, report, table};
use compat_rules::{Format, Strictness, TextForm};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    name: String,
    schema: String,
    #[serde(default)]
    references: Vec<Reference>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    expect: Expect,
}

#[derive(Deserialize)]
struct Expect {
    #[serde(default)]
    formats: serde_json::Map<String, Value>,
}

/// Plays every case of the table and fails on the disagreements.
pub(crate) fn play(name: &str) {
    let cases: Vec<Case> = table(Format::Protobuf, name);
    let disagreements: Vec<String> = cases.iter().filter_map(judge).collect();
    report(Format::Protobuf, name, cases.len(), &disagreements);
}

fn judge(case: &Case) -> Option<String> {
    let theirs = case.expect.formats.get("serialized")?;
    let dependencies = Dependencies::register(&case.dependencies);
    let references = dependencies.concrete(&case.references);
    let ours = dependencies
        .parse(
            Format::Protobuf,
            &case.schema,
            &references,
            Strictness::Stored,
        )
        .and_then(|schema| schema.render(TextForm::Serialized));
    match (ours, theirs) {
        (Ok(ours), Value::String(theirs)) if ours == *theirs => None,
        // A file that does not link has no descriptor. The reference's answer is a fault, ours a refusal.
        (Err(_), Value::Object(_)) => None,
        (Ok(ours), _) => Some(format!(
            "{}\n    ours   {ours}\n    theirs {theirs}",
            case.name
        )),
        (Err(error), _) => Some(format!(
            "{}\n    ours   {error}\n    theirs {theirs}",
            case.name
        )),
    }
}
