//! What holds for every schema, tried on random ones.

use compat_rules::{Budget, CompatibilityPolicy};

use super::generator::{Random, changed, schema as random_schema};
use crate::{found, schema};

const CASES: u64 = 1_500;

#[test]
fn a_schema_reads_itself_also_in_another_spelling() {
    for seed in 0..CASES {
        let text = random_schema(&mut Random::new(seed), seed % 2 == 0).to_string();
        let parsed = schema(&text);
        // Another title makes the texts differ, so that the comparison has to look inside.
        let titled = schema(&text.replacen('{', r#"{"title":"t","#, 1).replace(",}", "}"));
        assert_eq!(
            found(&titled, &parsed),
            Ok(Vec::new()),
            "seed {seed}: {text}"
        );
        assert_eq!(
            found(&parsed, &titled),
            Ok(Vec::new()),
            "seed {seed}: {text}"
        );
    }
}

#[test]
fn the_canonical_and_the_normal_text_are_read_as_themselves() {
    for seed in 0..CASES {
        let text = random_schema(&mut Random::new(seed), seed % 2 == 0);
        let parsed = schema(&serde_json::to_string_pretty(&text).unwrap());
        let again = schema(parsed.canonical());
        assert_eq!(again.canonical(), parsed.canonical());
        let normal = parsed.normalized().unwrap();
        assert_eq!(normal.normalized().unwrap().canonical(), normal.canonical());
        assert_eq!(
            found(&normal, &parsed),
            Ok(Vec::new()),
            "seed {seed}: {text}"
        );
    }
}

#[test]
fn lenient_finds_nothing_that_strict_does_not() {
    for seed in 0..CASES {
        let random = &mut Random::new(seed);
        let modern = seed % 2 == 0;
        let old = random_schema(random, modern);
        let new = changed(random, &old, modern);
        let (old, new) = (schema(&old.to_string()), schema(&new.to_string()));
        let lenient = CompatibilityPolicy::Lenient;
        let is_lenient_fine = new
            .read_violations(&old, lenient, &mut Budget::default())
            .unwrap()
            .is_some_and(|violations| violations.is_empty());
        if found(&new, &old).unwrap().is_empty() {
            assert!(is_lenient_fine, "seed {seed}");
        }
    }
}

#[test]
fn the_same_comparison_gives_the_same_messages() {
    for seed in 0..CASES / 10 {
        let random = &mut Random::new(seed);
        let old = random_schema(random, false);
        let new = changed(random, &old, false).to_string();
        let once = found(&schema(&new), &schema(&old.to_string()));
        assert_eq!(once, found(&schema(&new), &schema(&old.to_string())));
    }
}
