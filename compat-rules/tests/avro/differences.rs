//! What `docs/differences-from-the-reference.md` says beyond the recorded deviations.

use super::ask::{refusal, schema, stored};

fn normal(text: &str) -> String {
    let normal = schema(text)
        .normalized()
        .expect("normalising never refuses");
    normal.canonical().to_owned()
}

#[test]
fn a_stored_text_may_use_the_name_of_the_record_around_it_although_a_new_one_may_not() {
    let text = r#"{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"S","namespace":"n","fields":[{"name":"b","type":["null","R"]}]}}]}"#;
    assert_eq!(refusal(text).reason(), "Undefined schema: n.R");
    // This is how that text comes about: the definition of S moves to where it is used first.
    let moved = r#"["null",{"type":"record","name":"R","fields":[{"name":"a","type":"n.S"}]},{"type":"record","name":"n.S","fields":[{"name":"b","type":["null","R"]}]}]"#;
    let moved = schema(moved);
    let again = stored(moved.canonical()).expect("what we store, we read");
    assert!(again.is_equivalent(&moved));
    assert_eq!(again.canonical(), moved.canonical());
}

#[test]
fn a_type_without_a_namespace_moves_into_the_enclosing_one_unless_it_is_not_free() {
    let inner = |rest: &str| {
        format!(
            r#"{{"type":"record","name":"R","namespace":"n","fields":[{{"name":"a","type":{{"type":"enum","name":"E","namespace":"","symbols":["A"]}}}}{rest}]}}"#
        )
    };
    assert_eq!(
        normal(&inner("")),
        inner("").replace(r#","namespace":"""#, "")
    );
    let taken = inner(r#",{"name":"b","type":{"type":"enum","name":"E","symbols":["B"]}}"#);
    assert_eq!(normal(&taken), taken);
}

#[test]
fn a_big_integer_is_a_fine_default_for_a_floating_type() {
    let text = |default: &str| {
        format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":"double","default":{default}}}]}}"#
        )
    };
    assert_eq!(
        normal(&text("100000000000000000000000000000")),
        text("1.0E29")
    );
}

#[test]
fn a_text_for_a_floating_default_is_read_as_java_reads_it_but_not_in_hexadecimal() {
    let text = |default: &str| {
        format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":"float","default":{default}}}]}}"#
        )
    };
    for (written, read) in [
        (r#""1.5""#, "1.5"),
        (r#"" 1f ""#, "1.0"),
        (r#""1e5D""#, "100000.0"),
        (r#""+.5""#, "0.5"),
        (r#""NaN""#, r#""NaN""#),
        (r#""-Infinity""#, r#""-Infinity""#),
        (r#""1e400""#, r#""Infinity""#),
    ] {
        assert_eq!(schema(&text(written)).canonical(), text(read));
    }
    for never in [
        r#""""#,
        r#""abc""#,
        r#""inf""#,
        r#""nan""#,
        r#""0x1p3""#,
        r#""1 5""#,
        r#""f""#,
    ] {
        assert!(stored(&text(never)).is_err(), "{never}");
    }
}
