//! Changes between two versions, as a changelog tells them: the kind, the place, and whom each breaks.

use compat_rules::policy::changes;
use compat_rules::{Format, References, Strictness, parse};

/// `kind path` of each change, and the first letters of whom it breaks: backward, forward, source, json.
fn changed(format: Format, before: &str, after: &str) -> Vec<String> {
    let model = |text: &str| {
        parse(format, text, &References::none(), Strictness::New)
            .expect("a valid schema")
            .model(text)
    };
    changes(&model(before), &model(after))
        .iter()
        .map(|change| {
            let breaks = change.breaks;
            let letters = [
                (breaks.backward, 'b'),
                (breaks.forward, 'f'),
                (breaks.source, 's'),
                (breaks.json, 'j'),
            ];
            let letters = letters.iter().filter(|(holds, _)| *holds);
            let letters: String = letters.map(|(_, letter)| *letter).collect();
            let kind = change.kind.as_str();
            format!("{kind} {} {letters}", change.element.path)
                .trim_end()
                .to_owned()
        })
        .collect()
}

fn record(fields: &str) -> String {
    format!(r#"{{"type":"record","name":"Order","namespace":"acme","fields":[{fields}]}}"#)
}

#[test]
fn the_example_of_the_specification_is_told_in_its_words() {
    let before = record(
        r#"{"name":"total","type":"long","doc":"Sum."},
        {"name":"discount","type":{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}}"#,
    );
    let after = record(
        r#"{"name":"total","type":"long","doc":"Sum in cents."},
        {"name":"promotion_code","type":["null","string"],"default":null}"#,
    );
    assert_eq!(
        changed(Format::Avro, &before, &after),
        [
            "doc.changed total",
            "field.added promotion_code",
            "field.removed discount fs",
        ]
    );
}

#[test]
fn types_of_avro_fields_widen_as_readers_promote_them() {
    let field = |r#type: &str| record(&format!(r#"{{"name":"a","type":{type}}}"#));
    for (before, after, expected) in [
        (r#""int""#, r#""long""#, "field.type.widened a fs"),
        (r#""double""#, r#""float""#, "field.type.narrowed a bs"),
        (r#""int""#, r#""string""#, "field.type.changed a bfsj"),
        (
            r#""int""#,
            r#"["null","int"]"#,
            "field.nullability.loosened a f",
        ),
        (
            r#"["null","int"]"#,
            r#""int""#,
            "field.nullability.tightened a b",
        ),
    ] {
        let found = changed(Format::Avro, &field(before), &field(after));
        assert_eq!(found, [expected], "{before} to {after}");
        assert!(changed(Format::Avro, &field(after), &field(after)).is_empty());
    }
}

#[test]
fn a_name_with_an_alias_is_a_rename_and_its_users_did_not_change() {
    let before = record(
        r#"{"name":"state","type":{"type":"enum","name":"State","symbols":["OPEN","DONE"]}},
        {"name":"last","type":"State"}"#,
    );
    let after = record(
        r#"{"name":"status","aliases":["state"],"type":{"type":"enum","name":"Status","aliases":["State"],"symbols":["OPEN","LATE"]}},
        {"name":"last","type":"Status"}"#,
    );
    assert_eq!(
        changed(Format::Avro, &before, &after),
        [
            "field.renamed status fs",
            "alias.added status",
            "type.renamed status fs",
            "alias.added status",
            "enum.symbol.added status.LATE f",
            "enum.symbol.removed state.DONE bs",
        ]
    );
}

#[test]
fn what_is_closed_in_json_lets_nothing_further_in() {
    let before =
        r#"{"type":"object","additionalProperties":false,"properties":{"a":{"type":"integer"}}}"#;
    let after = r#"{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"number"},"b":{}}}"#;
    assert_eq!(
        changed(Format::Json, before, after),
        [
            "field.type.widened a fs",
            "field.nullability.tightened a b",
            "field.added b f",
        ]
    );
    let open = r#"{"type":"object","properties":{"a":{"type":"integer"}}}"#;
    assert_eq!(
        changed(Format::Json, before, open),
        ["additional_properties.opened  f"]
    );
    assert_eq!(
        changed(Format::Json, open, before),
        ["additional_properties.closed  b"]
    );
}

#[test]
fn fields_of_protobuf_are_known_by_their_numbers() {
    let before = r#"syntax = "proto3";
        message A { string last_name = 1; int32 count = 2; string note = 3; string moved = 4; }
        enum E { E_UNSPECIFIED = 0; E_ONE = 1; E_TWO = 2; }"#;
    let after = r#"syntax = "proto3";
        message A { string family_name = 1; int64 count = 2; oneof o { string moved = 5; } }
        enum E { E_UNSPECIFIED = 0; E_ONE = 3; }
        message B {}"#;
    assert_eq!(
        changed(Format::Protobuf, before, after),
        [
            "field.renamed A.family_name sj",
            "field.json_name.changed A.family_name j",
            "field.type.widened A.count s",
            "field.number.changed A.moved bfsj",
            "field.oneof.entered A.moved bs",
            "field.removed A.note sj",
            "enum.symbol.renumbered E.E_ONE bfsj",
            "enum.symbol.removed E.E_TWO sj",
            "type.added B",
        ]
    );
}

#[test]
fn messages_under_another_name_are_told_where_that_is_certain_and_not_guessed_elsewhere() {
    let before = r#"syntax = "proto3"; package a;
        message A { string id = 1; message B { E e = 1; string gone = 2; } } enum E { E_ZERO = 0; }
        message C { string id = 1; }"#;
    let package = before.replace("package a", "package b");
    assert_eq!(
        changed(Format::Protobuf, before, &package),
        [
            "type.renamed A s",
            "type.renamed A.B s",
            "type.renamed E s",
            "type.renamed C s",
        ]
    );
    let renamed = before
        .replace("message A", "message Z")
        .replace(" string gone = 2;", "");
    assert_eq!(
        changed(Format::Protobuf, before, &renamed),
        [
            "type.renamed Z s",
            "type.renamed Z.B s",
            "field.removed A.B.gone sj",
        ]
    );
    // Another name and other fields: nothing says that one became the other.
    let other = before.replace("message C { string id", "message D { string key");
    assert_eq!(
        changed(Format::Protobuf, before, &other),
        ["type.added D", "type.removed C s"]
    );
}

#[test]
fn what_lists_of_lists_are_made_of_is_told_when_it_changes() {
    let field = |inner: &str| {
        record(&format!(
            r#"{{"name":"a","type":{{"type":"array","items":{{"type":"array","items":{inner}}}}}}}"#
        ))
    };
    assert_eq!(
        changed(Format::Avro, &field(r#""int""#), &field(r#""string""#)),
        ["field.type.changed a bfsj"]
    );
    assert!(changed(Format::Avro, &field(r#""int""#), &field(r#""int""#)).is_empty());
}

#[test]
fn schemas_of_two_formats_have_no_changes_in_common() {
    let avro = record("");
    let avro = parse(Format::Avro, &avro, &References::none(), Strictness::New).expect("a schema");
    let json = parse(Format::Json, "{}", &References::none(), Strictness::New).expect("a schema");
    assert!(changes(&avro.model(""), &json.model("{}")).is_empty());
}

#[test]
fn a_crowd_of_harmless_changes_hides_no_other() {
    let aliases: Vec<String> = (0..20_000).map(|number| format!("\"a{number}\"")).collect();
    let before = record(r#"{"name":"a","type":"int"},{"name":"b","type":"int"}"#);
    let after = record(&format!(
        r#"{{"name":"a","type":"int","aliases":[{}]}}"#,
        aliases.join(",")
    ));
    let changed = changed(Format::Avro, &before, &after);
    assert!(changed.len() < 20_000, "they are not all kept");
    assert_eq!(changed.last().expect("changes"), "field.removed b fs");
}
