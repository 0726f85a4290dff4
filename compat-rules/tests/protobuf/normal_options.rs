//! Options in normal form, rule by rule of the specification's section 7.2.

use super::golden_texts::parse_alone;

/// The options of `message M`, normalised, beside extensions of every kind.
fn normal(options: &str) -> String {
    let text = format!(
        "syntax = \"proto3\"; package p; import \"google/protobuf/descriptor.proto\";
         message O {{ int32 i = 1; repeated string s = 2; O o = 3; extensions 100 to 200; }}
         extend O {{ int32 ext = 100; repeated int32 exts = 101; }}
         extend google.protobuf.MessageOptions {{ O opt = 50000; repeated O many = 50001; int32 one = 50002; }}
         message M {{ {options} }}"
    );
    let schema = parse_alone(&text).and_then(|schema| schema.normalized());
    let text = schema.expect("a normal form").canonical().to_owned();
    let start = text.find("message M").expect("the message");
    let end = text[start..].find("\n}\n").expect("its end") + start;
    text[start + "message M {\n".len()..end]
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_custom_option_gets_its_full_name_and_a_path_becomes_a_map() {
    assert_eq!(normal("option (one) = 1;"), "option (p.one) = 1;");
    assert_eq!(normal("option (.p.one) = 1;"), "option (p.one) = 1;");
    assert_eq!(
        normal("option (opt).o.i = 1;"),
        "option (p.opt) = { o: { i: 1 } };"
    );
    assert_eq!(
        normal("option (opt).(ext) = 1;"),
        "option (p.opt) = { [p.ext]: 1 };"
    );
}

#[test]
fn what_no_file_declares_stays_as_it_was_written() {
    assert_eq!(
        normal("option (unknown).a.b = 1; option deprecated = true; option (unknown).a.b = 1;"),
        "option deprecated = true; option (unknown).a.b = 1; option (unknown).a.b = 1;"
    );
}

#[test]
fn options_are_sorted_by_name_whether_in_parentheses_or_not() {
    assert_eq!(
        normal("option z = 1; option (m) = 2; option a = 3;"),
        "option a = 3; option (m) = 2; option z = 1;"
    );
}

#[test]
fn options_of_one_name_are_merged_and_the_later_value_counts() {
    assert_eq!(
        normal("option (one) = 1; option (p.one) = 2;"),
        "option (p.one) = 2;"
    );
    assert_eq!(
        normal("option (opt).i = 1; option (opt) = { i: 2 s: \"x\" };"),
        "option (p.opt) = { i: 2, s: \"x\" };"
    );
}

#[test]
fn messages_inside_are_merged_too_and_repeated_values_are_put_together_once_each() {
    assert_eq!(
        normal("option (opt).o.i = 1; option (opt).o.s = \"x\"; option (opt).o = { i: 3 };"),
        "option (p.opt) = { o: { i: 3, s: \"x\" } };"
    );
    assert_eq!(
        normal(
            "option (opt).s = \"b\"; option (opt).s = \"a\"; option (opt) = { s: [\"b\", \"c\"] };"
        ),
        "option (p.opt) = { s: [ \"b\", \"a\", \"c\" ] };"
    );
    assert_eq!(
        normal("option (opt) = { nobody: 1 }; option (opt) = { nobody: 2 };"),
        "option (p.opt) = { nobody: [ 1, 2 ] };"
    );
    assert_eq!(
        normal("option (opt).(exts) = 1; option (opt) = { [exts]: 2 };"),
        "option (p.opt) = { [p.exts]: [ 1, 2 ] };"
    );
}

#[test]
fn options_of_a_repeated_extension_stay_apart_in_their_order() {
    assert_eq!(
        normal("option (many).i = 2; option (many).i = 1;"),
        "option (p.many) = { i: 2 }; option (p.many) = { i: 1 };"
    );
}

#[test]
fn in_maps_keys_are_sorted_empty_lists_go_and_lists_of_one_lose_their_brackets() {
    assert_eq!(
        normal("option (u) = { z: [] b: [1] a: { y: 0x10 x: [2, 3] } };"),
        "option (u) = { a: { x: [ 2, 3 ], y: 16 }, b: 1 };"
    );
}
