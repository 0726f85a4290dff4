//! Inputs made to hurt: each ends with an answer, soon. Sizes are such that work growing with their square would
//! keep this test busy for minutes.

use compat_rules::{
    Budget, CompatibilityPolicy, Exhausted, Format, InvalidSchema, References, Strictness,
    TextForm, parse,
};

use super::golden_texts::{parse_alone, references};

const P3: &str = "syntax = \"proto3\";\n";

fn refusal(text: &str) -> String {
    let judged = parse_alone(text).and_then(|schema| schema.validate(true));
    judged.expect_err("refused").to_string()
}

fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

/// A message on the wire: a field of that number, with a length and the bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length > 0x7f {
        out.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend_from_slice(bytes);
    out
}

#[test]
fn nesting_of_every_kind_ends_at_the_limit_and_not_at_the_end_of_the_stack() {
    let many = 50_000;
    let texts = [
        format!("{P3}{}", "message M { ".repeat(many)),
        format!("{P3}message M {{ option (o) = {}", "{ a: ".repeat(many)),
        format!("{P3}message M {{ option (o) = {}", "[".repeat(many)),
        format!("{P3}message M {{ option (o){} = 1; }}", ".a".repeat(many)),
        format!(
            "{P3}message M {{ option (o) = {{ (a){}: 1 }}; }}",
            ".a".repeat(many)
        ),
        format!("{P3}message M {{ {}", "map<string, ".repeat(many)),
        format!("{P3}message M {{ {}", "group G = 1 { ".repeat(many)),
        format!("{P3}package a{};", ".a".repeat(many)),
    ];
    for text in texts {
        let said = refusal(&text);
        assert!(said.contains("nested deeper than 100 levels"), "{said}");
    }
}

#[test]
fn a_hundred_levels_are_not_too_many() {
    let text = format!("{P3}{}{}", "message M { ".repeat(100), "}".repeat(100));
    let schema = parse_alone(&text).expect("within the limit");
    schema.validate(true).expect("it links");
    schema
        .render(TextForm::Serialized)
        .expect("it has a descriptor");
}

#[test]
fn a_default_that_could_not_be_read_again_is_refused_in_imports_too() {
    let imported = |r#type: &str, default: &str| {
        let text = format!(
            "syntax = \"proto2\"; message M {{ optional {type} a = 1 [default = \"{default}\"]; }} enum E {{ A = 0; }}"
        );
        parse_alone(&text)?.validate_import()
    };
    for r#type in ["E", "Unknown", "int32", "bool"] {
        for default in ["a b", "1, deprecated = true", "a\\nb", ""] {
            assert!(imported(r#type, default).is_err(), "{type} {default:?}");
        }
        assert!(imported(r#type, "A").is_ok(), "{type}");
    }
    for r#type in ["string", "bytes"] {
        assert!(imported(r#type, "a b, c = 1").is_ok(), "{type}");
    }
}

#[test]
fn no_text_between_quotes_says_more_than_its_author_did() {
    for text in [
        "message M { reserved 'a\"; optional int32 b = 1; reserved \"c'; }",
        "message M { reserved 'a\\\\', '; optional int32 b = 1; reserved \"c'; }",
        "message M { message N { reserved 'a\", \"b'; } }",
        "message M { enum E { reserved 'a\"; B = 1; reserved \"c'; A = 0; } }",
        "enum E { reserved 'a\"; B = 1; reserved \"c'; A = 0; }",
        "import 'a.proto\"; option java_package = \"b'; message M {}",
        "import public 'a.proto\"; option java_package = \"b'; message M {}",
    ] {
        let schema = parse_alone(text).expect("it is a text");
        assert!(schema.validate(false).is_err(), "{text}");
        assert!(schema.validate_import().is_err(), "{text}");
    }
}

#[test]
fn texts_that_do_not_end_are_refused_at_their_end() {
    let long = "x".repeat(2_000_000);
    for (text, says) in [
        (format!("{P3}option a = \"{long}"), "unterminated string"),
        (format!("{P3}/* {long}"), "unterminated comment"),
        (
            format!("{P3}message M {{ int32 a = 1; /* {long}"),
            "trailing comment must be closed",
        ),
        (format!("{P3}message {long}"), "unexpected end of file"),
        (
            format!("{P3}message M {{ int32 a = {}; }}", "9".repeat(1_000_000)),
            "expected an integer",
        ),
    ] {
        let said = refusal(&text);
        assert!(said.contains(says), "{}", &said[..100]);
    }
}

#[test]
fn numbers_of_absurd_size_are_refused_instead_of_written_out() {
    let option = |number: &str| format!("{P3}message M {{ option (o) = {number}; }}");
    for number in [
        "1e999999999",
        "1e-999999999",
        "1.5e99999999999999999999",
        "1e401f",
    ] {
        assert!(refusal(&option(number)).contains("too large"), "{number}");
    }
    let hexadecimal = option(&format!("0x{}", "f".repeat(1_000_000)));
    assert!(refusal(&hexadecimal).contains("too large"));
    let octal = option(&format!("0{}", "7".repeat(1_000_000)));
    assert!(refusal(&octal).contains("too large"));
    let decimal = option(&"9".repeat(1_000_000));
    parse_alone(&decimal)
        .and_then(|schema| schema.validate(false))
        .expect("digits are just text");
    for number in ["1e400", "1e-400", "1.7976931348623157e308"] {
        parse_alone(&option(number))
            .and_then(|schema| schema.validate(false))
            .expect(number);
    }
}

#[test]
fn one_long_line_costs_no_more_than_many_short_ones() {
    let messages: String = (0..50_000)
        .map(|at| format!("message M{at} {{ int32 a = 1; }} "))
        .collect();
    let schema = parse_alone(&format!("{P3}{messages}")).expect("a long line");
    schema.validate(true).expect("it links");
    let doubled = format!("{P3}{messages}message M7 {{}}");
    let refused = parse_alone(&doubled).expect_err("a name twice");
    assert!(
        refused.reason().contains("is already defined at :2:"),
        "{refused}"
    );
    assert_eq!(refused.place().map(|place| place.line), Some(2));
}

#[test]
fn many_entries_of_an_option_are_merged_without_comparing_each_with_each() {
    let dotted: String = (0..50_000)
        .map(|at| format!("option (o).a{at} = {at}; "))
        .collect();
    let listed: String = (0..50_000)
        .map(|at| format!("option (o).s = \"{at}\"; "))
        .collect();
    let keys: String = (0..50_000).map(|at| format!("(p).a{at}: 1 ")).collect();
    let text = format!(
        "{P3}import \"google/protobuf/descriptor.proto\";
         message O {{ repeated string s = 1; }}
         extend google.protobuf.MessageOptions {{ O o = 50000; }}
         message M {{ {dotted}{listed} option (q) = {{ {keys} }}; }}"
    );
    let normal = parse_alone(&text).and_then(|schema| schema.normalized());
    assert!(
        normal
            .expect("a normal form")
            .canonical()
            .contains("\"49999\"")
    );
}

#[test]
fn full_names_may_not_blow_a_text_up() {
    let package = "p".repeat(100_000);
    let fields: String = (1..20_000).map(|at| format!("M a{at} = {at}; ")).collect();
    let text = format!("{P3}package {package}; message M {{ {fields} }}");
    let said = refusal(&text);
    assert!(said.contains("full names"), "{said}");
}

#[test]
fn files_that_import_each_other_are_linked_and_compared_once() {
    let a = "syntax = \"proto3\"; import \"b.proto\"; message A { B b = 1; }";
    let b = "syntax = \"proto3\"; import public \"a.proto\"; message B { A a = 1; }";
    let imports = references(&[("a.proto", "a", 1, true, a), ("b.proto", "b", 1, false, b)]);
    let text = "syntax = \"proto3\"; import \"a.proto\"; message T { A a = 1; }";
    let schema = parse(Format::Protobuf, text, &imports, Strictness::New).expect("a text");
    schema.validate(true).expect("everything is there");
    let changed = references(&[
        ("a.proto", "a", 2, true, a),
        (
            "b.proto",
            "b",
            2,
            false,
            "syntax = \"proto3\"; message B { int32 a = 1; }",
        ),
    ]);
    let other = parse(Format::Protobuf, text, &changed, Strictness::New).expect("a text");
    let found = schema.read_violations(&other, CompatibilityPolicy::Strict, &mut Budget::default());
    let found = found.expect("an end").expect("one format");
    let paths: Vec<&str> = found
        .iter()
        .map(|violation| violation.path.as_str())
        .collect();
    assert_eq!(paths, ["#/B/1", "#/A/1", "#/T/1"]);
}

#[test]
fn types_that_lead_to_each_other_in_very_many_ways_end_with_the_budget_or_before() {
    // Each level holds the next one twice, in a file that counts as new on each side.
    let levels: String = (0..60)
        .map(|at| format!("message L{at} {{ L{0} a = 1; L{0} b = 2; }} ", at + 1))
        .collect();
    let imported =
        |last: &str| format!("syntax = \"proto3\"; {levels} message L60 {{ {last} a = 1; }}");
    let text = "syntax = \"proto3\"; import \"l.proto\"; message T { L0 l = 1; }";
    let schema = |version, last| -> Result<_, InvalidSchema> {
        let imported = imported(last);
        let imports = references(&[("l.proto", "l", version, true, &imported)]);
        parse(Format::Protobuf, text, &imports, Strictness::New)
    };
    let (old, new) = (
        schema(1, "int32").expect("a text"),
        schema(2, "string").expect("a text"),
    );
    let policy = CompatibilityPolicy::Strict;
    // Two to the power of sixty differences would be found; giving up is an answer.
    let found = new.read_violations(&old, policy, &mut Budget::default());
    assert_eq!(found, Err(Exhausted));
    let same = schema(3, "int32").expect("a text");
    let found = same.read_violations(&old, policy, &mut Budget::default());
    assert_eq!(found, Ok(Some(Vec::new())));
}

#[test]
fn descriptors_that_lie_are_refused_as_the_texts_that_they_are_not() {
    let name = field(1, b"M");
    let lies: Vec<Vec<u8>> = vec![
        vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, b'x'],
        vec![
            0x22, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01,
        ],
        field(4, &[0x0a, 0x7f, b'M']),
        field(4, &field(1, b"\xff\xfe")),
        field(4, &field(1, b"M { int32 a = 1; } message N")),
        field(3, b"a\";\nmessage Evil {}\nimport \"b"),
        field(
            4,
            &[
                &name[..],
                &field(2, &[&field(1, b"a")[..], &[0x18, 1, 0x48, 9]].concat()),
            ]
            .concat(),
        ),
        [0x1b, 0x0b].repeat(10_000),
        (0..3_000).fold(Vec::new(), |inner, _| {
            field(
                if inner.is_empty() { 4 } else { 3 },
                &[&name[..], &inner[..]].concat(),
            )
        }),
    ];
    for lie in lies {
        let refused = parse_alone(&base64(&lie)).expect_err("no descriptor");
        assert!(
            refused.reason().starts_with("Could not parse Protobuf - "),
            "{refused}"
        );
    }
}

#[test]
fn whatever_a_descriptor_says_its_text_can_be_read_again_or_is_refused() {
    let base = field(
        4,
        &[
            &field(1, b"M")[..],
            &field(2, &[&field(1, b"a")[..], &[0x18, 1, 0x28, 9]].concat()),
        ]
        .concat(),
    );
    for at in 0..base.len() {
        for byte in 0..=u8::MAX {
            let mut bytes = base.clone();
            bytes[at] = byte;
            let Ok(schema) = parse_alone(&base64(&bytes)) else {
                continue;
            };
            if schema.validate(false).is_ok() {
                let again = parse_alone(schema.canonical()).expect("the stored text");
                assert_eq!(again.canonical(), schema.canonical());
            }
        }
    }
}

#[test]
fn an_unreadable_reference_is_an_error_of_the_schema_that_names_it() {
    let imports = references(&[("x.proto", "x", 1, true, "message {")]);
    let refused = parse(Format::Protobuf, P3, &imports, Strictness::New).expect_err("refused");
    assert!(
        refused.reason().starts_with("Could not parse Protobuf - "),
        "{refused}"
    );
    assert_eq!((refused.import(), refused.place()), (Some("x.proto"), None));
    assert!(parse(Format::Protobuf, P3, &References::none(), Strictness::New).is_ok());
}
