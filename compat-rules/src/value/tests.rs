//! What the reader takes and refuses, and how it prints. Expectations: `avro.md` sections 2 and 4.1,
//! `json-schema.md` sections 2 and 5.1.

use super::number::java_float;
use super::*;

const AVRO: Rules = Rules {
    comments: true,
    non_finite: false,
    trailing: Trailing::Refuse,
};
const JSON_SCHEMA: Rules = Rules {
    comments: false,
    non_finite: true,
    trailing: Trailing::Ignore,
};
const DOUBLES: Style = Style {
    numbers: NumberStyle::Double,
    keys: KeyOrder::AsGiven,
};
const DECIMALS: Style = Style {
    numbers: NumberStyle::Decimal,
    keys: KeyOrder::AsGiven,
};

fn printed(text: &str, rules: &Rules, style: Style) -> String {
    read(text, rules).map_or_else(|unreadable| unreadable.reason, |value| value.to_text(style))
}

#[test]
fn the_last_of_repeated_keys_wins_at_the_position_of_the_first() {
    let few = r#"{"a":1,"b":2,"a":3,"c":4,"b":5}"#;
    assert_eq!(printed(few, &AVRO, DOUBLES), r#"{"a":3,"b":5,"c":4}"#);
    let many: String = (0..40)
        .map(|number| format!("\"k{}\":{number},", number % 20))
        .collect();
    let expected: Vec<String> = (0..20)
        .map(|key| format!("\"k{key}\":{}", key + 20))
        .collect();
    assert_eq!(
        printed(&format!("{{{many}\"z\":0}}"), &AVRO, DOUBLES),
        format!("{{{},\"z\":0}}", expected.join(","))
    );
}

#[test]
fn a_member_is_found_among_few_and_among_many() {
    for count in [3, 300] {
        let members: Vec<String> = (0..count).map(|key| format!("\"k{key}\":{key}")).collect();
        let value = read(&format!("{{{}}}", members.join(",")), &AVRO).expect("JSON");
        let object = value.as_object().expect("an object");
        let found = object.get("k2").and_then(Value::as_number);
        assert_eq!(found.and_then(Number::as_i64), Some(2));
        assert!(object.get("k").is_none());
    }
}

#[test]
fn places_count_lines_and_characters_from_one() {
    let text = "{\"ä😀\": [1,\r\n  \"b\", /* é */ true],\n\"c\":\rnull}";
    let value = read(text, &AVRO).expect("JSON");
    let place = |line, column| Place { line, column };
    let members = value.as_object().expect("an object").members();
    assert_eq!(value.place, place(1, 1));
    assert_eq!(members[0].key_place, place(1, 2));
    assert_eq!(members[0].value.place, place(1, 8));
    let items = members[0].value.as_array().expect("an array");
    assert_eq!(
        [items[0].place, items[1].place, items[2].place],
        [place(1, 9), place(2, 3), place(2, 16)]
    );
    assert_eq!(members[1].key_place, place(3, 1));
    assert_eq!(members[1].value.place, place(4, 1));
}

#[test]
fn a_refusal_names_the_place_where_reading_stopped() {
    let unreadable = read("{\"a\":\n  tru}", &AVRO).expect_err("not JSON");
    assert_eq!(unreadable.place, Place { line: 2, column: 3 });
}

#[test]
fn comments_are_taken_inside_the_value_where_the_format_has_them() {
    let text = "/* a */ // b\n [1, /**/ 2 // c\r, 3]";
    assert_eq!(printed(text, &AVRO, DOUBLES), "[1,2,3]");
    assert!(read(text, &JSON_SCHEMA).is_err());
    assert!(read("[1] // c", &AVRO).is_err());
    assert!(read("[1 /* c", &AVRO).is_err());
    assert!(read("[1 / 2]", &AVRO).is_err());
}

#[test]
fn what_follows_the_value_is_refused_or_ignored() {
    assert_eq!(
        printed("\"string\" // the key\n", &AVRO, DOUBLES),
        "dangling content after end of schema: // the key"
    );
    assert_eq!(printed("[] \n\t\u{b}\u{0}", &AVRO, DOUBLES), "[]");
    assert!(read("[]\u{a0}", &AVRO).is_err());
    assert_eq!(
        printed("{\"a\":1} }] what", &JSON_SCHEMA, DECIMALS),
        r#"{"a":1}"#
    );
    assert!(read("truefoo", &JSON_SCHEMA).is_err());
}

#[test]
fn what_is_not_json_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "[",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "'a'",
        "string",
        "01",
        "-",
        "1.",
        ".5",
        "+1",
        "1e",
        "0x1",
        "\"\\q\"",
        "\"\\u12\"",
        "\"\\u+123\"",
        "\"a\nb\"",
        "\"a",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":}",
        "{,}",
        "[,]",
        "]",
        "NaN",
        "\u{FEFF}1",
        "nul",
        "{1:2}",
    ] {
        assert!(read(text, &AVRO).is_err(), "{text:?} was read");
    }
}

#[test]
fn half_a_surrogate_pair_is_refused_and_a_whole_one_is_one_character() {
    assert_eq!(printed(r#""\ud83d\uDE00""#, &AVRO, DOUBLES), "\"😀\"");
    for half in [
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u0041""#,
        r#""\ud83dx""#,
        r#""\ud83d\ud83d""#,
    ] {
        assert!(read(half, &AVRO).is_err(), "{half} was read");
    }
}

#[test]
fn nesting_is_taken_up_to_a_thousand_levels_and_no_depth_overflows_the_stack() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(printed(&nested(1000), &AVRO, DOUBLES), nested(1000));
    assert!(
        printed(&nested(1001), &AVRO, DOUBLES)
            .starts_with("Document nesting depth (1001) exceeds the maximum allowed (1000")
    );
    assert!(read(&"[".repeat(100_000), &AVRO).is_err());
    assert!(read(&"{\"a\":".repeat(100_000), &AVRO).is_err());
}

#[test]
fn a_text_beyond_the_limit_is_refused_unread() {
    let long = " ".repeat(Rules::TEXT_BYTES_MAX + 1);
    assert!(printed(&long, &AVRO, DOUBLES).starts_with("the text is longer"));
}

#[test]
fn a_number_has_at_most_a_thousand_digits_and_a_key_fifty_thousand_characters() {
    let digits = |count: usize| "1".repeat(count);
    assert!(read(&digits(1000), &AVRO).is_ok());
    assert!(read(&digits(1001), &AVRO).is_err());
    assert!(read(&format!("-0.{}", digits(1000)), &AVRO).is_ok());
    assert!(read(&format!("1.{}", digits(1000)), &AVRO).is_err());
    assert!(read(&format!("1e{}", digits(1000)), &AVRO).is_err());
    let key = |units: usize| format!("{{\"{}\":1}}", "😀".repeat(units / 2));
    assert!(read(&key(50_000), &AVRO).is_ok());
    assert!(read(&key(50_002), &AVRO).is_err());
}

#[test]
fn strings_are_unescaped_and_only_what_must_is_escaped_again() {
    let text = "\"\\u0041\\/\\b\\f\\n\\r\\t\\u001f\\u007f\\u2028\\\\\\\"é\"";
    assert_eq!(
        printed(text, &AVRO, DOUBLES),
        "\"A/\\b\\f\\n\\r\\t\\u001F\u{7f}\u{2028}\\\\\\\"é\""
    );
}

#[test]
fn numbers_print_as_doubles_the_java_way() {
    for (text, expected) in [
        ("-0", "0"),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890",
        ),
        ("1.0", "1.0"),
        ("1.50", "1.5"),
        ("1e10", "1.0E10"),
        ("0.0001", "1.0E-4"),
        ("0.001", "0.001"),
        ("0.00123", "0.00123"),
        ("12345678.0", "1.2345678E7"),
        ("1234567.0", "1234567.0"),
        ("9999999.5", "9999999.5"),
        ("1e6", "1000000.0"),
        ("4.9e-324", "4.9E-324"),
        ("-0.0", "-0.0"),
        ("0e5", "0.0"),
        ("2e23", "2.0E23"),
        ("-1.7976931348623157e308", "-1.7976931348623157E308"),
        ("1e400", "\"Infinity\""),
        ("-1e400", "\"-Infinity\""),
    ] {
        assert_eq!(printed(text, &AVRO, DOUBLES), expected, "{text}");
    }
}

#[test]
fn floats_print_with_the_digits_of_their_own_width() {
    assert_eq!(java_float(0.1), "0.1");
    assert_eq!(java_float(16_777_216.0), "1.6777216E7");
    assert_eq!(java_float(f32::from_bits(1)), "1.4E-45");
}

#[test]
fn numbers_print_as_exact_decimals_the_java_way() {
    for (text, expected) in [
        ("-0", "0"),
        ("1.0", "1.0"),
        ("1.10", "1.10"),
        ("1e5", "1E+5"),
        ("1E-7", "1E-7"),
        ("0.000000001", "1E-9"),
        ("0.000001", "0.000001"),
        ("-0.0", "0.0"),
        ("12.5e1", "125"),
        ("12.5e3", "1.25E+4"),
        ("-0.00120", "-0.00120"),
        ("NaN", "\"NaN\""),
        ("+INF", "\"Infinity\""),
        ("-Infinity", "\"-Infinity\""),
    ] {
        assert_eq!(printed(text, &JSON_SCHEMA, DECIMALS), expected, "{text}");
    }
}

#[test]
fn sorted_keys_follow_utf16_units_at_every_level() {
    let text = "{\"\u{E000}\":1,\"😀\":{\"b\":1,\"a\":[{\"d\":1,\"c\":1}]},\"a\":1}";
    let sorted = Style {
        keys: KeyOrder::Sorted,
        ..DECIMALS
    };
    assert_eq!(
        printed(text, &JSON_SCHEMA, sorted),
        "{\"a\":1,\"😀\":{\"a\":[{\"c\":1,\"d\":1}],\"b\":1},\"\u{E000}\":1}"
    );
}
