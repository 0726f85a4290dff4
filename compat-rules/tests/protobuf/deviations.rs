//! Where the reference fails or loses something: what we do instead, for each line of `deviations.jsonl`.
//!
//! The same decisions, with their reasons, are in `docs/differences-from-the-reference.md`.

use std::collections::BTreeMap;

use super::golden_texts::{parse_alone, table};

/// Text and what the reference stored, by name.
fn cases() -> BTreeMap<String, (String, Option<String>)> {
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    table("deviations")
        .iter()
        .map(|case| {
            let schema = text(&case["schema"]).expect("a text");
            let name = text(&case["name"]).expect("a name");
            (name, (schema, text(&case["expect"]["stored"])))
        })
        .collect()
}

fn stored(name: &str) -> Result<String, String> {
    let schema = parse_alone(&cases()[name].0).map_err(|error| error.to_string())?;
    schema.validate(false).map_err(|error| error.to_string())?;
    Ok(schema.canonical().to_owned())
}

#[test]
fn each_line_of_the_table_has_a_decision_here() {
    let names: Vec<String> = cases().into_keys().collect();
    assert_eq!(
        names,
        [
            "comment-trailing-block-before-crlf",
            "default-bytes-with-escape",
            "default-bytes-with-space",
            "descriptor-editions",
            "descriptor-set",
            "empty-document-comment-only",
            "option-deep-custom-after-field",
        ]
    );
}

#[test]
fn a_text_without_content_is_refused_where_the_reference_stores_nothing() {
    let name = "empty-document-comment-only";
    assert_eq!(stored(name), Err("Empty schema".to_owned()));
}

#[test]
fn a_block_comment_may_end_a_line_that_ends_in_carriage_return_and_line_feed() {
    let expected = "syntax = \"proto3\";\n\nmessage M {\n  int32 a = 1;\n}\n";
    assert_eq!(
        stored("comment-trailing-block-before-crlf").as_deref(),
        Ok(expected)
    );
}

#[test]
fn an_option_may_go_on_with_an_extension_after_a_field() {
    let expected = "syntax = \"proto3\";\n\nmessage M {\n  option (a).b.(c) = 1;\n}\n";
    assert_eq!(
        stored("option-deep-custom-after-field").as_deref(),
        Ok(expected)
    );
}

#[test]
fn a_default_of_bytes_is_quoted_where_it_is_no_word() {
    let spaced =
        "syntax = \"proto2\";\n\nmessage M {\n  optional bytes a = 1 [default = \"a b\"];\n}\n";
    assert_eq!(stored("default-bytes-with-space").as_deref(), Ok(spaced));
    let escaped = stored("default-bytes-with-escape").expect("accepted");
    assert_eq!(
        escaped,
        "syntax = \"proto2\";\n\nmessage M {\n  optional bytes a = 1 [default = \"\u{1}ÿ\"];\n}\n"
    );
    let again = parse_alone(&escaped).expect("the stored text parses");
    assert_eq!(again.canonical(), escaped);
}

#[test]
fn a_descriptor_of_an_edition_loses_it_as_in_the_reference() {
    let name = "descriptor-editions";
    assert_eq!(stored(name).ok(), cases()[name].1);
}

#[test]
fn a_descriptor_set_is_refused_and_says_what_to_send() {
    let refusal = stored("descriptor-set").expect_err("refused");
    assert!(refusal.contains("FileDescriptorProto"), "{refusal}");
}

#[test]
fn a_comment_of_two_slashes_may_be_the_end_of_the_text() {
    let schema = parse_alone("syntax = \"proto3\";\nmessage M {}//").expect("accepted");
    assert_eq!(schema.canonical(), "syntax = \"proto3\";\n\nmessage M {}\n");
}
