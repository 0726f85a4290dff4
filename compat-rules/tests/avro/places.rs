//! Lines and columns, for those who have to repair a schema.

use compat_rules::{ParsedSchema, Place, Violation};

use super::ask::{importing, refusal, schema, violations};

const fn at(line: u32, column: u32) -> Option<Place> {
    Some(Place { line, column })
}

fn only(reader: &ParsedSchema, writer: &ParsedSchema) -> Violation {
    let found = violations(reader, writer).expect("small schemas");
    let [violation] = found.as_slice() else {
        panic!("one violation is expected: {found:?}");
    };
    violation.clone()
}

fn places(reader: &str, writer: &str) -> (&'static str, Option<Place>, Option<Place>) {
    let violation = only(&schema(reader), &schema(writer));
    (
        violation.rule.id,
        violation.reader_place,
        violation.writer_place,
    )
}

#[test]
fn a_violation_names_its_place_in_both_texts() {
    let record = "{\"type\": \"record\", \"name\": \"R\", \"fields\": [\n";
    for (reader, writer, expected) in [
        (
            format!("{record}  {{\"name\": \"a\",\n   \"type\": \"string\"}}]}}"),
            format!("{record}{{\"name\": \"a\", \"type\": \"int\"}}]}}"),
            ("type-mismatch", at(3, 12), at(2, 23)),
        ),
        (
            format!("{record}{{\"name\": \"a\", \"type\": \"int\"}}]}}"),
            format!("{record}]}}"),
            ("reader-field-missing-default-value", at(2, 10), at(1, 28)),
        ),
        (
            "{\"type\":\"enum\",\"name\":\"E\",\n\"symbols\":[\"A\"]}".to_owned(),
            "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\n\n \"B\",\"C\"]}".to_owned(),
            ("missing-enum-symbols", at(2, 11), at(3, 2)),
        ),
        (
            "{\"type\":\"fixed\",\"name\":\"F\",\n\"size\":1}".to_owned(),
            "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2}".to_owned(),
            ("fixed-size-mismatch", at(2, 8), at(1, 35)),
        ),
        (
            "{\"type\":\"fixed\",\n\"name\":\"F\",\"size\":1}".to_owned(),
            "{\"type\":\"fixed\",\"name\":\"G\",\"size\":1}".to_owned(),
            ("name-mismatch", at(2, 8), at(1, 24)),
        ),
        (
            "[\"null\"]".to_owned(),
            "[\"null\",\n\"int\"]".to_owned(),
            ("missing-union-branch", at(1, 1), at(2, 1)),
        ),
    ] {
        assert_eq!(places(&reader, &writer), expected);
    }
}

#[test]
fn a_name_is_placed_where_it_is_used_and_a_definition_where_it_is_made() {
    let reader = schema(
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[\n{\"name\":\"a\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}},\n\
         {\"name\":\"b\",\"type\":\"E\"}]}",
    );
    let writer = schema(
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\"]}},\
         {\"name\":\"b\",\"type\":\"int\"}]}",
    );
    assert_eq!(only(&reader, &writer).reader_place, at(3, 20));
}

#[test]
fn what_is_imported_has_no_place_but_its_use_has() {
    let import =
        "{\"type\":\"record\",\"name\":\"S\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}";
    let text =
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"s\",\n\"type\":\"S\"}]}";
    let reader = importing(text, &[import]).expect("it imports what it needs");
    let inner = schema(
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"s\",\"type\":{\"type\":\"record\",\"name\":\"S\",\"fields\":[]}}]}",
    );
    assert_eq!(only(&reader, &inner).reader_place, at(2, 8));
    let own = importing("{", &[import]).expect_err("the text itself is wrong");
    assert_eq!((own.place(), own.import()), (at(1, 2), None));
    for wrong in ["{", "{\"type\":\"array\"}", "\"Nope\""] {
        let invalid = importing(text, &[wrong]).expect_err("the import is wrong");
        assert_eq!(invalid.place(), None, "{wrong}");
        assert_eq!(invalid.import(), Some("0"), "{wrong}");
    }
}

#[test]
fn a_refusal_names_the_place_of_what_is_wrong() {
    for (text, place) in [
        (
            "{\"type\":\"record\",\"name\":\"R\",\n \"fields\":[{\"name\":\"a-b\",\"type\":\"int\"}]}",
            at(2, 20),
        ),
        ("{\"type\":\"array\",\n\"items\":\"Nope\"}", at(2, 9)),
        ("[\"null\",\n\"int\",\"int\"]", at(2, 7)),
        (
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[\n{\"name\":\"a\",\"type\":\"int\",\"default\":\"x\"}]}",
            at(2, 36),
        ),
        (
            "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\n\"A\"]}",
            at(2, 1),
        ),
        ("{\"type\":\n1x}", at(2, 2)),
    ] {
        assert_eq!(refusal(text).place(), place, "{text}");
    }
}
