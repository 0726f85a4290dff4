//! What the reader accepts, refuses and steps over.

use super::*;

fn skipped(text: &str) -> Result<(), BadBody> {
    let mut reader = Reader::new(text);
    reader.skip()?;
    reader.end()
}

#[test]
fn what_is_json_is_read_and_nothing_else_is() {
    for text in [
        "{}",
        "[]",
        " [ 1 , -0.5e+7 , \"\" , null , true , {\"a\" : [ ] } ] ",
        "NaN",
        "[-Infinity,Infinity]",
        "0",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\"",
    ] {
        assert_eq!(skipped(text), Ok(()), "{text}");
    }
    for text in [
        "",
        "{",
        "[",
        "[1",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1,}",
        "[1,]",
        "[,]",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "[1 2]",
        "[1]]",
        "{\"a\":1}}",
        "{} x",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "-x",
        "nul",
        "nulls",
        "[1/* c */]",
        "// c\n1",
        "\"a\tb\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u+123\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"abc",
        "]",
        "}",
    ] {
        assert!(skipped(text).is_err(), "{text}");
    }
}

#[test]
fn an_error_says_where() {
    let error = skipped("{\n \"schäma\": \"a\",}").expect_err("a trailing comma");
    assert_eq!(
        error.to_string(),
        "expected a double quote that starts a member name, found '}' at line 2, column 16"
    );
}

#[test]
fn a_body_may_nest_a_thousand_levels_and_no_more() {
    let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    assert_eq!(skipped(&nested(1000)), Ok(()));
    let error = skipped(&nested(1001)).expect_err("too deep");
    assert!(
        error
            .to_string()
            .starts_with("the body nests deeper than 1000 levels at line 1, column 1001")
    );
    assert!(skipped(&"[".repeat(100_000)).is_err());
    assert!(skipped(&"{\"a\":".repeat(100_000)).is_err());
}

#[test]
fn strings_are_unescaped() {
    let text = |text| match Reader::new(text).start() {
        Ok(Start::Text(text)) => text.into_owned(),
        other => panic!("no string: {other:?}"),
    };
    assert_eq!(text(r#""\u0022x\u0022 \ud83d\ude00 ä""#), "\"x\" 😀 ä");
    assert_eq!(text(r#""plain""#), "plain");
    assert_eq!(text(r#""\n""#), "\n");
}

#[test]
fn members_that_nobody_wants_are_skipped_one_by_one() {
    let mut names = Vec::new();
    let mut reader = Reader::new(r#"{"a":{"b":[1,{"c":{}}]},"\u0064":[[],[]],"e":"f"}"#);
    reader
        .object(|reader, name| {
            names.push(name.to_owned());
            reader.skip()
        })
        .expect("an object");
    assert_eq!(reader.end(), Ok(()));
    assert_eq!(names, ["a", "d", "e"]);
}
