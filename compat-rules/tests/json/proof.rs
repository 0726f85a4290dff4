//! What "backward compatible" is worth: documents that the old schema allows are held against the new one by an
//! independent validator.
//!
//! The rules are the reference's, so they promise less than one might think. Each disagreement must have one of the known
//! reasons, and each reason must turn up; they are explained in `docs/json-schema-guarantee.md`.

use std::collections::BTreeMap;

use jsonschema::Draft;
use serde_json::Value;

use super::generator::{Random, changed, document, schema as random_schema};
use crate::{found, schema};

const PAIRS: u64 = 12_000;
const DOCUMENTS: usize = 12;

#[test]
fn documents_of_the_old_schema_are_valid_under_a_compatible_new_one_but_for_known_reasons() {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let (mut pairs, mut documents) = (0, 0);
    for seed in 0..PAIRS {
        let random = &mut Random::new(seed);
        let modern = seed % 2 == 0;
        let old = random_schema(random, modern);
        let new = changed(random, &old, modern);
        let compatible = found(&schema(&new.to_string()), &schema(&old.to_string()));
        if old == new || compatible != Ok(Vec::new()) {
            continue;
        }
        pairs += 1;
        let draft = if modern {
            Draft::Draft202012
        } else {
            Draft::Draft7
        };
        let validator = |schema: &Value| {
            let built = jsonschema::options().with_draft(draft).build(schema);
            built.unwrap_or_else(|error| panic!("{schema}: {error}"))
        };
        let (before, after) = (validator(&old), validator(&new));
        for _ in 0..DOCUMENTS {
            let document = document(random, &old, &old, 6);
            if !before.is_valid(&document) {
                continue;
            }
            documents += 1;
            if after.is_valid(&document) {
                continue;
            }
            let failure = after.validate(&document).expect_err("it is not valid");
            match reason(&failure.schema_path().to_string(), &new) {
                Some(reason) => *reasons.entry(reason).or_default() += 1,
                None => unexplained.push(format!(
                    "seed {seed}\n  old {old}\n  new {new}\n  {document}"
                )),
            }
        }
    }
    assert!(
        pairs > 1_000 && documents > 5_000,
        "{pairs} pairs, {documents} documents"
    );
    assert!(
        unexplained.is_empty(),
        "{} of {documents} documents, the first being\n{}",
        unexplained.len(),
        unexplained[..unexplained.len().min(5)].join("\n")
    );
    let known: Vec<&str> = reasons.keys().copied().collect();
    assert_eq!(
        known, REASONS,
        "{documents} documents of {pairs} pairs: {reasons:?}"
    );
}

/// Why a document may be refused although nothing incompatible was found.
const REASONS: [&str; 9] = [
    "a default stands in for a required property",
    "a required name without a schema of its own does not count",
    "a schema under contains is not compared",
    "a schema under patternProperties is not compared",
    "a schema under propertyNames is not compared",
    "conditions are not compared",
    "more than one alternative of oneOf accepts it",
    "names that no pattern matches count as forbidden",
    "whether a type is asserted is not compared, which turns round within not",
];

/// The reason that fits the keyword which refuses the document.
fn reason(path: &str, new: &Value) -> Option<&'static str> {
    let text = new.to_string();
    let has = |keyword: &str| text.contains(&format!("\"{keyword}\":"));
    let fails_at = |keyword: &str| path.split('/').any(|step| step == keyword);
    // An alternative of anyOf fails because of something inside of it, which the path does not tell.
    let inside = |keyword: &str| fails_at(keyword) || (fails_at("anyOf") && has(keyword));
    let [
        default,
        required,
        contains,
        patterns,
        names,
        conditions,
        one_of,
        forbidden,
        not,
    ] = REASONS;
    if fails_at("propertyNames") {
        Some(names)
    } else if fails_at("contains") {
        Some(contains)
    } else if fails_at("patternProperties") {
        Some(patterns)
    } else if fails_at("then") || inside("if") {
        Some(conditions)
    } else if inside("oneOf") {
        Some(one_of)
    } else if inside("not") {
        Some(not)
    } else if fails_at("required") && has("default") {
        Some(default)
    } else if fails_at("required") {
        Some(required)
    } else if (fails_at("properties") || fails_at("anyOf")) && has("patternProperties") {
        Some(forbidden)
    } else {
        None
    }
}
