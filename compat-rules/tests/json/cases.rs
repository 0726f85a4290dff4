//! The case table of the specification, in `cases/json/`.

use std::collections::BTreeSet;

use compat_rules::{Budget, CompatibilityPolicy, ParsedSchema};
use serde::Deserialize;

use crate::schema;

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    change: String,
    old: String,
    new: String,
    backward: BTreeSet<String>,
    forward: BTreeSet<String>,
    /// What the policy LENIENT finds, where that is something else.
    lenient_backward: Option<BTreeSet<String>>,
    lenient_forward: Option<BTreeSet<String>>,
}

#[test]
fn every_change_in_the_table_of_the_specification_breaks_what_the_table_says() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the table is a file; the ban is meant for the library"
    )]
    let text = std::fs::read_to_string("cases/json/changes.toml").expect("the table is there");
    let table: Table = toml::from_str(&text).expect("it is a table");
    assert!(table.case.len() > 100, "the table is short");
    let mut wrong = Vec::new();
    for case in &table.case {
        let (old, new) = (schema(&case.old), schema(&case.new));
        let (strict, lenient) = (CompatibilityPolicy::Strict, CompatibilityPolicy::Lenient);
        let lenient_backward = case.lenient_backward.as_ref().unwrap_or(&case.backward);
        let lenient_forward = case.lenient_forward.as_ref().unwrap_or(&case.forward);
        for (direction, expected, ours) in [
            ("backward", &case.backward, breaks(&new, &old, strict)),
            ("forward", &case.forward, breaks(&old, &new, strict)),
            (
                "lenient backward",
                lenient_backward,
                breaks(&new, &old, lenient),
            ),
            (
                "lenient forward",
                lenient_forward,
                breaks(&old, &new, lenient),
            ),
        ] {
            if *expected != ours {
                wrong.push(format!(
                    "{}, {direction}: {ours:?}, not {expected:?}",
                    case.change
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn breaks(
    reader: &ParsedSchema,
    writer: &ParsedSchema,
    policy: CompatibilityPolicy,
) -> BTreeSet<String> {
    let found = reader.read_violations(writer, policy, &mut Budget::default());
    found
        .expect("a case is small")
        .expect("both are JSON schemas")
        .iter()
        .map(|violation| format!("{} {}", violation.rule.wire_name, violation.path))
        .collect()
}
