//! What holds for every file: texts are fixed points, a schema reads itself, directions are mirrored.

use compat_rules::{Budget, CompatibilityPolicy, EntityKind, ParsedSchema, TextForm, Violation};

use super::generate;
use super::golden_texts::{accepted, pairs, parse_alone};

/// Every text that the laws are tried on.
fn texts() -> impl Iterator<Item = String> {
    accepted().into_iter().chain((0..500).map(generate::text))
}

fn violations(reader: &ParsedSchema, writer: &ParsedSchema) -> Vec<Violation> {
    reader
        .read_violations(writer, CompatibilityPolicy::Strict, &mut Budget::default())
        .expect("within the budget")
        .expect("one format")
}

#[test]
fn the_canonical_text_is_a_fixed_point() {
    for text in texts() {
        let once = parse_alone(&text).expect("a valid text");
        let twice = parse_alone(once.canonical()).expect("a canonical text is a text");
        assert_eq!(once.canonical(), twice.canonical());
    }
}

#[test]
fn the_normal_form_is_a_fixed_point_and_reads_what_the_text_reads() {
    for text in texts() {
        let schema = parse_alone(&text).expect("a valid text");
        let once = schema.normalized().expect("a normal form");
        let again = parse_alone(once.canonical()).expect("a normal text is a text");
        let twice = again.normalized().expect("a normal form");
        // Where a oneof without fields vanished the reference leaves an empty line, once.
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(dense(once.canonical()), dense(twice.canonical()));
        for other in [&once, &again] {
            assert_eq!(violations(&schema, other), Vec::new(), "{text}");
            assert_eq!(violations(other, &schema), Vec::new(), "{text}");
        }
    }
}

#[test]
fn every_schema_reads_itself() {
    // Those of the tables that do not link, too, though nothing holds for two fields with one number.
    for text in texts() {
        let schema = parse_alone(&text).expect("a valid text");
        assert_eq!(violations(&schema, &schema), Vec::new(), "{text}");
    }
}

#[test]
fn the_descriptor_of_a_schema_is_a_schema_that_reads_and_is_read_by_it() {
    let mut count = 0;
    for text in texts().filter(|text| !text.contains("group ")) {
        let schema = parse_alone(&text).expect("a valid text");
        let Ok(descriptor) = schema.render(TextForm::Serialized) else {
            continue;
        };
        let Ok(back) = parse_alone(&descriptor) else {
            assert!(descriptor.len() < 40, "{text}");
            continue;
        };
        count += 1;
        assert_eq!(violations(&schema, &back), Vec::new(), "{text}");
        assert_eq!(violations(&back, &schema), Vec::new(), "{text}");
    }
    assert!(count > 1000, "{count} descriptors only");
}

#[test]
fn a_comparison_ends_when_its_budget_is_spent_and_never_says_less_with_a_larger_one() {
    for (old, new) in pairs().into_iter().take(200) {
        let (Ok(old), Ok(new)) = (parse_alone(&old), parse_alone(&new)) else {
            continue;
        };
        let whole = violations(&new, &old);
        for steps in [0, 1, 2, 5, 20, 100] {
            let policy = CompatibilityPolicy::Strict;
            let found = new.read_violations(&old, policy, &mut Budget::steps(steps));
            if let Ok(found) = found {
                assert_eq!(found.as_ref(), Some(&whole));
            }
        }
    }
}

#[test]
fn every_violation_points_at_what_it_is_about() {
    let old = "syntax = \"proto3\";\nmessage A {\n  string ä = 1; }";
    assert!(parse_alone(old).is_err(), "names are ASCII");
    let old = "syntax = \"proto3\";\n/* ä */ message A { string b = 1; }\n";
    let new = "syntax = \"proto3\";\n\n\nmessage A {\n  // moved\n  int32 b = 1;\n}\n";
    let found = violations(
        &parse_alone(new).expect("a text"),
        &parse_alone(old).expect("a text"),
    );
    let places = found[0].reader_place.zip(found[0].writer_place);
    let (reader, writer) = places.expect("both sides have the field");
    assert_eq!((reader.line, reader.column), (6, 3));
    assert_eq!((writer.line, writer.column), (2, 21));
}

#[test]
fn only_plain_fields_of_top_level_messages_can_collide_with_reserved_names() {
    let text = "syntax = \"proto3\";\nmessage A { int32 a = 1; oneof o { int32 b = 2; } message N { int32 c = 1; } }\n\
                message B { int32 d = 1; }";
    let schema = parse_alone(text).expect("a text");
    let has = |name| schema.has_top_level_field(name);
    assert_eq!(
        ["a", "b", "c", "d", "A"].map(has),
        [true, false, false, true, false]
    );
    assert!(
        schema
            .tags()
            .iter()
            .all(|tagged| tagged.kind == EntityKind::Field)
    );
}
