//! What is accepted and refused, where order matters: names before their definition, defaults of types that are not
//! complete, definitions that come twice. Every expectation is what Java Avro 1.12.1 answers.

use super::ask::{importing, new, refusal, schema, stored};

fn record(name: &str, fields: &str) -> String {
    format!("{{\"type\":\"record\",\"name\":\"{name}\",\"fields\":[{fields}]}}")
}

const E: &str = r#"{"type":"enum","name":"E","symbols":["A"]}"#;

#[test]
fn a_name_may_come_before_its_definition_which_moves_to_the_first_use() {
    let text = record(
        "R",
        &format!(r#"{{"name":"f","type":["null","E"]}},{{"name":"l","type":{E}}}"#),
    );
    let expected = record(
        "R",
        &format!(r#"{{"name":"f","type":["null",{E}]}},{{"name":"l","type":"E"}}"#),
    );
    assert_eq!(schema(&text).canonical(), expected);
}

#[test]
fn an_undefined_name_is_refused_with_the_name_that_was_looked_for() {
    for (text, reason) in [
        (r#"["R"]"#.to_owned(), "Undefined schema: R"),
        (
            r#"{"type":"array","items":"n.R"}"#.to_owned(),
            "Undefined schema: n.R",
        ),
        (
            record("n.R", r#"{"name":"f","type":".R"}"#),
            "Undefined schema: .R",
        ),
        (
            record(
                "R",
                &format!(
                    r#"{{"name":"a","type":{}}}"#,
                    record("n.S", r#"{"name":"b","type":["null","R"]}"#)
                ),
            ),
            "Undefined schema: n.R",
        ),
        (
            record(
                "n.R",
                r#"{"name":"f","type":"E"},{"name":"g","type":{"type":"enum","name":".E","symbols":[]}}"#,
            ),
            "Undefined schema: n.E",
        ),
    ] {
        assert_eq!(refusal(&text).reason(), reason, "{text}");
    }
}

#[test]
fn a_simple_name_falls_back_to_a_complete_type_without_a_namespace() {
    let text = record(
        "n.R",
        r#"{"name":"g","type":{"type":"enum","name":"E","namespace":"","symbols":["A"]}},{"name":"f","type":"E"}"#,
    );
    assert!(
        schema(&text)
            .canonical()
            .ends_with(r#"{"name":"f","type":"E"}]}"#)
    );
}

/// Registers a record `R` with these fields; `None` if that works. As a stored schema it always does.
fn why_refused(fields: &str) -> Option<String> {
    let text = record("R", fields);
    assert!(stored(&text).is_ok(), "{text}");
    new(&text).err().map(|invalid| invalid.reason().to_owned())
}

#[test]
fn a_name_without_a_definition_takes_any_object_for_a_default_until_the_text_is_finished() {
    let s = record("S", r#"{"name":"x","type":"int"}"#);
    let with_default = record("S", r#"{"name":"x","type":"int","default":1}"#);
    for (name, default, later, reason) in [
        ("\"S\"", r#"{"x":1}"#, s.as_str(), None),
        (
            "\"S\"",
            "{}",
            &s,
            Some(format!("Invalid default for field f: {{}} not a {s}")),
        ),
        ("\"S\"", "{}", &with_default, None),
        (
            "\"E\"",
            "{}",
            E,
            Some(format!("Invalid default for field f: {{}} not a {E}")),
        ),
        (
            "\"E\"",
            "\"A\"",
            E,
            Some(r#"Invalid default for field f: "A" not a "E""#.to_owned()),
        ),
        (r#"["null","E"]"#, "null", E, None),
    ] {
        let first = format!(r#"{{"name":"f","type":{name},"default":{default}}}"#);
        let fields = format!(r#"{first},{{"name":"l","type":{later}}}"#);
        assert_eq!(why_refused(&fields), reason, "{fields}");
    }
}

#[test]
fn no_default_can_be_held_against_a_record_that_is_not_complete() {
    let not_set = Some("Schema fields not set yet".to_owned());
    let list = r#"{"type":"array","items":"R"}"#;
    for (r#type, default, reason) in [
        (list, "[]", &None),
        (list, r#"[{"f":[]}]"#, &not_set),
        (
            r#"["null","R",{"type":"map","values":"int"}]"#,
            r#"{"a":1}"#,
            &not_set,
        ),
        (
            r#"["null",{"type":"map","values":"int"},"R"]"#,
            r#"{"a":1}"#,
            &None,
        ),
    ] {
        let fields = format!(r#"{{"name":"f","type":{type},"default":{default}}}"#);
        assert_eq!(&why_refused(&fields), reason, "{fields}");
    }
    let t = record("T", r#"{"name":"r","type":["null","R"]}"#);
    for (default, reason) in [(r#"{"r":null}"#, &None), (r#"{"r":{}}"#, &not_set)] {
        let first = format!(r#"{{"name":"f","type":"T","default":{default}}}"#);
        let fields = format!(r#"{first},{{"name":"t","type":{t}}}"#);
        assert_eq!(&why_refused(&fields), reason, "{fields}");
    }
}

#[test]
fn a_second_definition_must_be_the_first_one_again_but_for_docs_aliases_and_enum_defaults() {
    let first = record("S", r#"{"name":"x","type":"int","doc":"d"}"#);
    let twice = |second: &str| {
        record(
            "R",
            &format!(r#"{{"name":"a","type":{first}}},{{"name":"b","type":{second}}}"#),
        )
    };
    let other = record("S", r#"{"name":"x","type":"int","aliases":["y"]}"#);
    assert!(
        schema(&twice(&other))
            .canonical()
            .ends_with(r#"{"name":"b","type":"S"}]}"#)
    );
    for other in [
        record("S", r#"{"name":"x","type":"int","default":1}"#),
        record("S", r#"{"name":"x","type":"int","order":"ignore"}"#),
        record("S", r#"{"name":"x","type":"int","p":1}"#),
        record("S", r#"{"name":"x","type":"long"}"#),
        r#"{"type":"enum","name":"S","symbols":[]}"#.to_owned(),
    ] {
        assert_eq!(refusal(&twice(&other)).reason(), "Can't redefine: S");
    }
}

#[test]
fn a_recursive_type_cannot_be_defined_twice_in_one_text_but_an_imported_one_can_be_repeated() {
    let tree = record("S", r#"{"name":"n","type":["null","S"]}"#);
    let text = record(
        "R",
        &format!(r#"{{"name":"a","type":{tree}}},{{"name":"b","type":{tree}}}"#),
    );
    assert_eq!(refusal(&text).reason(), "Can't redefine: S");
    let repeated = importing(&tree, &[&tree]).map(|schema| schema.canonical().to_owned());
    assert_eq!(repeated, Ok("\"S\"".to_owned()));
}

/// As Avro 1.12.1 prints them: both definitions are there, and the one that is met first is written.
#[test]
fn what_the_schema_says_of_a_type_that_an_import_defines_counts_where_it_comes_first() {
    let e = |more: &str| format!(r#"{{"type":"enum","name":"E","symbols":["A","B"]{more}}}"#);
    let import = format!(r#"{{"type":"array","items":{}}}"#, e(r#","aliases":["F"]"#));
    let canonical =
        |text: &str| importing(text, &[&import]).map(|schema| schema.canonical().to_owned());
    let own = e(r#","default":"A""#);
    let inside = record("R", &format!(r#"{{"name":"a","type":{own}}}"#));
    assert_eq!(canonical(&inside), Ok(inside));
    let used_before = |second: &str| {
        let first = r#"{"name":"a","type":"E"}"#;
        record("R", &format!(r#"{first},{{"name":"b","type":{second}}}"#))
    };
    assert_eq!(
        canonical(&used_before(&own)),
        canonical(&used_before(r#""E""#))
    );
    assert_eq!(canonical(&own), Ok(e(r#","aliases":["F"]"#)));
}

#[test]
fn names_of_new_schemas_are_ascii_and_stored_ones_may_use_letters_of_any_script() {
    let umlaut = record("R", r#"{"name":"größe","type":"int"}"#);
    assert_eq!(refusal(&umlaut).reason(), "Illegal character in: größe");
    assert!(stored(&umlaut).is_ok());
    let hyphens = record("a-b.R", "");
    assert_eq!(
        refusal(&hyphens).reason(),
        "Namespace part \"a-b\" is invalid: Illegal character in: a-b"
    );
    assert!(stored(&hyphens).is_ok());
    for never in ["1x", "a b", "a-b", ""] {
        assert!(
            stored(&record(
                "R",
                &format!(r#"{{"name":"{never}","type":"int"}}"#)
            ))
            .is_err()
        );
    }
}

#[test]
fn an_alias_is_written_relative_to_the_namespace_of_its_type() {
    let text = r#"{"type":"record","name":"R","namespace":"n","fields":[],"aliases":["A","m.B","n.C","A","n.array"]}"#;
    assert!(
        schema(text)
            .canonical()
            .ends_with(r#""aliases":["A","m.B","C","n.array"]}"#)
    );
}
