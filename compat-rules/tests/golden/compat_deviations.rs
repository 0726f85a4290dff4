//! Where the reference fails, or judges wrongly, when it compares: what we find instead, case by case.
//!
//! The same decisions, with their reasons, are in `docs/differences-from-the-reference.md`.

use std::collections::BTreeSet;

use compat_rules::{
    CompatibilityPolicy, Earlier, Format, Incompatible, Level, References, Strictness, check, parse,
};
use serde::Deserialize;

use super::case::{report, table};

/// What becomes of one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The text is refused.
    Refused,
    /// The change is compatible.
    Compatible,
    /// This difference is found, at this path, and nothing else.
    Found(&'static str, &'static str),
}

impl Decision {
    fn text(self) -> String {
        match self {
            Self::Refused => "refused".to_owned(),
            Self::Compatible => "compatible".to_owned(),
            Self::Found(wire_name, path) => format!("{wire_name} at {path}"),
        }
    }
}

#[derive(Deserialize)]
struct Case {
    name: String,
    schema: Option<String>,
    level: Option<String>,
    #[serde(default)]
    versions: Vec<String>,
    candidate: Option<String>,
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
        let ours = cases
            .iter()
            .find(|case| case.name == *name)
            .map(|case| judge(format, case));
        if ours.as_deref() != Some(&decision.text()) {
            disagreements.push(format!("{name}: decided {decision:?}, but it is {ours:?}"));
        }
    }
    report(format, "deviations", cases.len(), &disagreements);
}

/// What we say, as the decisions do.
fn judge(format: Format, case: &Case) -> String {
    let read = |text: &str| parse(format, text, &References::none(), Strictness::New);
    let Some(candidate) = &case.candidate else {
        let text = case.schema.as_deref().expect("a text case has a text");
        return match read(text) {
            Err(_) => Decision::Refused.text(),
            Ok(_) => "accepted".to_owned(),
        };
    };
    let candidate = read(candidate).expect("the candidate is a schema");
    let old = read(&case.versions[0]).expect("the earlier version is a schema");
    let level: Level = case
        .level
        .as_deref()
        .and_then(|level| level.parse().ok())
        .expect("a known level");
    let earlier = Earlier {
        version: 1,
        schema: &old,
    };
    let report = check(level, CompatibilityPolicy::Strict, &candidate, &[earlier]);
    match report.incompatible {
        None => Decision::Compatible.text(),
        Some(Incompatible::Violations {
            forward, backward, ..
        }) => {
            let found: Vec<String> = forward
                .iter()
                .chain(&backward)
                .map(|violation| format!("{} at {}", violation.rule.wire_name, violation.path))
                .collect();
            found.join(", ")
        }
        Some(other) => format!("{other:?}"),
    }
}
