//! Where the reference fails or loses something: what we do instead, case by case.
//!
//! The same decisions, with their reasons, are in `docs/differences-from-the-reference.md`.

use std::collections::BTreeSet;

use compat_rules::{Format, Strictness};
use serde::Deserialize;

use super::case::{Dependencies, Dependency, Reference, report, table};

/// What becomes of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The normal form is the reference's.
    AsReference,
    /// The normal form keeps everything that the stored text says. The reference loses some of it, or refuses.
    KeepsAll,
    /// The text is taken as it is, in its normal form, too. The reference refuses it.
    Accepts,
    /// The text is refused. The reference takes it.
    Refuses,
}

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
    stored: Option<String>,
    normalized: Option<String>,
}

/// Plays `deviations.jsonl`: each of its cases has a decision, and each decision a case.
pub(crate) fn play(format: Format, decisions: &[(&str, Decision)]) {
    let cases: Vec<Case> = table(format, "deviations");
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    let decided: BTreeSet<&str> = decisions.iter().map(|(name, _)| *name).collect();
    let mut disagreements: Vec<String> = names
        .symmetric_difference(&decided)
        .map(|name| format!("{name}: without a decision, or without a case"))
        .collect();
    for (name, decision) in decisions {
        let case = cases.iter().find(|case| case.name == *name);
        if let Some(fault) = case.and_then(|case| judge(format, case, *decision)) {
            disagreements.push(format!("{name}: decided {decision:?}, but {fault}"));
        }
    }
    report(format, "deviations", cases.len(), &disagreements);
}

fn judge(format: Format, case: &Case, decision: Decision) -> Option<String> {
    let dependencies = Dependencies::register(&case.dependencies);
    let references = dependencies.concrete(&case.references);
    let schema = dependencies.parse(format, &case.schema, &references, Strictness::New);
    let schema = match (schema, decision) {
        (Err(_), Decision::Refuses) => return None,
        (Err(invalid), _) => return Some(format!("it is refused: {invalid}")),
        (Ok(_), Decision::Refuses) => return Some("it is taken".to_owned()),
        (Ok(schema), _) => schema,
    };
    let normal = match schema.normalized() {
        Ok(normal) => normal.canonical().to_owned(),
        Err(invalid) => return Some(format!("normalising refuses: {invalid}")),
    };
    let stored = case.expect.stored.as_ref();
    let (expected, contrast) = match decision {
        Decision::AsReference => (case.expect.normalized.as_ref(), None),
        Decision::KeepsAll => (stored, case.expect.normalized.as_ref()),
        Decision::Accepts | Decision::Refuses => (Some(&case.schema), stored),
    };
    if expected != Some(&normal) {
        return Some(format!("normalised it is {normal}, not {expected:?}"));
    }
    (contrast == expected).then(|| "the reference does the same".to_owned())
}
