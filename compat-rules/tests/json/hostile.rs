//! Inputs made to hurt: each ends with an error or with the right answer, and soon. Nothing here measures time; a
//! test that does not end is the failure.

use std::fmt::Write as _;

use compat_rules::{Exhausted, Format, References, Strictness, parse};

use crate::{found, schema};

fn is_refused(text: &str) -> bool {
    match parse(Format::Json, text, &References::none(), Strictness::New) {
        Err(_) => true,
        Ok(schema) => schema.validate(true).is_err(),
    }
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn a_thousand_levels_are_loaded_and_compared_and_one_more_is_refused() {
    for (open, close) in [
        (r#"{"items":"#, "}"),
        (r#"{"not":"#, "}"),
        (r#"{"additionalProperties":"#, "}"),
        (r#"{"allOf":["#, "]}"),
        (r#"{"properties":{"p":"#, "}}"),
    ] {
        let levels = 999 / open.matches(['{', '[']).count();
        let old = schema(&nested(open, r#"{"type":"string"}"#, close, levels));
        let new = schema(&nested(open, r#"{"type":"integer"}"#, close, levels));
        let differences = found(&new, &old).expect("it is not too much");
        assert_eq!(differences.len(), 1, "{open}");
        assert!(is_refused(&nested(open, "{}", close, 1_001)), "{open}");
    }
}

#[test]
fn an_enum_of_a_hundred_thousand_values_is_compared() {
    let values = |range: std::ops::Range<u32>| {
        let list: Vec<String> = range.map(|value| format!("\"v{value}\"")).collect();
        schema(&format!("{{\"enum\":[{}]}}", list.join(",")))
    };
    let (small, large) = (values(0..99_999), values(0..100_000));
    assert_eq!(found(&large, &small), Ok(Vec::new()));
    assert_eq!(
        found(&small, &large).unwrap(),
        ["enum-array-narrowed at #/enum"]
    );
}

#[test]
fn references_in_cycles_end() {
    let cycle = |leaf: &str| {
        schema(&format!(
            r##"{{"properties":{{"a":{{"$ref":"#/definitions/a"}},"self":{{"$ref":"#"}}}},"definitions":{{
            "a":{{"$ref":"#/definitions/b"}},"b":{{"$ref":"#/definitions/c"}},"c":{{"$ref":"#/definitions/a"}},
            "leaf":{{"type":"{leaf}"}}}}}}"##
        ))
    };
    assert_eq!(found(&cycle("string"), &cycle("integer")), Ok(Vec::new()));
    // The walk meets every pair of two cycles whose lengths have no common divisor.
    let chain = |length: usize, leaf: &str| {
        let mut text = String::from(r##"{"$ref":"#/definitions/d0","definitions":{"##);
        for link in 0..length {
            let next = (link + 1) % length;
            let comma = if link > 0 { "," } else { "" };
            write!(
                text,
                r##"{comma}"d{link}":{{"properties":{{"n":{{"$ref":"#/definitions/d{next}"}},"v":{{"type":"{leaf}"}}}}}}"##
            )
            .unwrap();
        }
        schema(&(text + "}}"))
    };
    assert_eq!(
        found(&chain(211, "string"), &chain(199, "string")),
        Ok(Vec::new())
    );
    assert!(
        !found(&chain(211, "string"), &chain(199, "integer"))
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_long_chain_of_references_is_followed_to_its_end() {
    let chain = |leaf: &str| {
        let mut text = String::from(r##"{"$ref":"#/definitions/d0","definitions":{"##);
        for link in 0..5_000 {
            write!(
                text,
                r##""d{link}":{{"$ref":"#/definitions/d{}"}},"##,
                link + 1
            )
            .unwrap();
        }
        write!(text, r#""d5000":{{"type":"{leaf}"}}}}}}"#).unwrap();
        schema(&text)
    };
    assert_eq!(
        found(&chain("string"), &chain("integer")).unwrap(),
        ["type-changed at #/"]
    );
}

#[test]
fn definitions_that_all_name_each_other_are_compared() {
    let web = |leaf: &str| {
        let mut text = String::from(r##"{"$ref":"#/definitions/d0","definitions":{"##);
        for link in 0..30 {
            let members: Vec<String> = (0..30)
                .map(|other| {
                    format!(r##"{{"properties":{{"p":{{"$ref":"#/definitions/d{other}"}}}}}}"##)
                })
                .collect();
            let comma = if link > 0 { "," } else { "" };
            write!(
                text,
                r#"{comma}"d{link}":{{"oneOf":[{},{{"type":"{leaf}"}}]}}"#,
                members.join(",")
            )
            .unwrap();
        }
        schema(&(text + "}}"))
    };
    // Either an answer or a bill that is too high; both are fine, hanging is not.
    let unchanged = found(&web("string"), &web("string"));
    assert!(unchanged == Ok(Vec::new()) || unchanged == Err(Exhausted));
    let changed = found(&web("string"), &web("integer"));
    assert_ne!(changed, Ok(Vec::new()));
}

#[test]
fn a_one_of_with_thousands_of_members_ends_with_an_answer() {
    let members = |keyword: &str| {
        let list: Vec<String> = (0..3_000)
            .map(|member| format!(r#"{{"type":"string","{keyword}":{member}}}"#))
            .collect();
        schema(&format!("{{\"oneOf\":[{}]}}", list.join(",")))
    };
    assert_eq!(
        found(&members("minLength"), &members("maxLength")),
        Err(Exhausted)
    );
}

#[test]
fn a_difference_behind_two_to_the_thirtieth_paths_is_reported_and_not_every_path() {
    let doubling = |leaf: &str| {
        let mut text = String::from(r##"{"$ref":"#/definitions/d0","definitions":{"##);
        for link in 0..30 {
            let next = link + 1;
            write!(
                text,
                r##""d{link}":{{"properties":{{"a":{{"$ref":"#/definitions/d{next}"}},"b":{{"$ref":"#/definitions/d{next}"}}}}}},"##
            )
            .unwrap();
        }
        write!(text, r#""d30":{{"type":"{leaf}"}}}}}}"#).unwrap();
        schema(&text)
    };
    let differences = found(&doubling("string"), &doubling("integer")).unwrap();
    assert_eq!(differences.len(), 10_000);
}

#[test]
fn references_into_every_level_of_a_deep_schema_do_not_multiply_it() {
    let depth = 300;
    let mut references = String::new();
    for level in 0..depth {
        let pointer = "/properties/p".repeat(level);
        write!(references, r##","r{level}":{{"$ref":"#{pointer}"}}"##).unwrap();
    }
    let deep = nested(
        r#"{"properties":{"p":"#,
        r#"{"type":"string"}"#,
        "}}",
        depth,
    );
    let text = deep.replacen(
        r#"{"properties":{"#,
        &format!(r#"{{"properties":{{"q":{{}}{references},"#),
        1,
    );
    let titled = text.replacen('{', r#"{"title":"t","#, 1);
    assert_eq!(found(&schema(&titled), &schema(&text)), Ok(Vec::new()));
}

#[test]
fn numbers_of_any_size_are_loaded_compared_and_printed_exactly() {
    let long = "9".repeat(400);
    for number in ["1e999", "-1e999", "1e-999", &long, "0.1e1", "-0"] {
        for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
            let one = schema(&format!(r#"{{"type":"number","{keyword}":{number}}}"#));
            let other = schema(&format!(r#"{{"type":"number","{keyword}":0}}"#));
            assert!(found(&one, &other).is_ok());
            assert!(found(&other, &one).is_ok());
        }
        let words = schema(&format!(
            r#"{{"enum":[{number}],"multipleOf":2,"x":{number}}}"#
        ));
        assert!(found(&words, &schema(r#"{"enum":[0],"multipleOf":4}"#)).is_ok());
    }
    assert!(
        schema(&format!(r#"{{"x":{long}}}"#))
            .canonical()
            .contains(&long)
    );
    assert_eq!(schema(r#"{"x":1e999}"#).canonical(), r#"{"x":1E+999}"#);
    let divided = |of: &str| schema(&format!(r#"{{"type":"number","multipleOf":{of}}}"#));
    assert!(found(&divided("1e999"), &divided("3e-999")).is_ok());
    assert!(is_refused(r#"{"minLength":1e999}"#));
    assert!(is_refused(&format!(r#"{{"maxItems":{long}}}"#)));
}

#[test]
fn duplicate_keys_and_half_surrogates_are_as_specified() {
    let twice = schema(r#"{"type":"string","title":"a","type":"integer"}"#);
    assert_eq!(twice.canonical(), r#"{"type":"integer","title":"a"}"#);
    for text in [
        r#"{"title":"\ud83d"}"#,
        r#"{"\udc00":1}"#,
        r#"{"title":"\ud83d\u0041"}"#,
    ] {
        assert!(is_refused(text), "{text}");
    }
    assert_eq!(
        schema(r#"{"title":"\ud83d\ude00"}"#).canonical(),
        r#"{"title":"😀"}"#
    );
}

#[test]
fn patterns_that_explode_cover_nothing_and_cost_little() {
    let name = "a".repeat(2_000) + "!";
    let explosive = [
        "^(a+)+$",
        "(?=(a|a)*$)b",
        r"^(a*)*\\1$",
        "(?:a{0,1000}){0,1000}$",
        "(?:(?:(?:(?:(?:a{1,50}){1,50}){1,50}){1,50}){1,50})$",
    ];
    for pattern in explosive {
        let old = format!(
            r#"{{"type":"object","properties":{{}},"patternProperties":{{"{pattern}":false}}}}"#
        );
        let new = old.replace("{}", &format!(r#"{{"{name}":{{"type":"string"}}}}"#));
        assert_eq!(
            found(&schema(&new), &schema(&old)),
            Ok(Vec::new()),
            "{pattern}"
        );
    }
    // Many names against many patterns are paid for.
    let names: Vec<String> = (0..2_000)
        .map(|name| format!(r#""n{name}":{{}}"#))
        .collect();
    let patterns: Vec<String> = (0..200)
        .map(|number| format!(r#""^(?!x)(a|b)*{number}$":{{}}"#))
        .collect();
    let old = schema(&format!(
        r#"{{"patternProperties":{{{}}}}}"#,
        patterns.join(",")
    ));
    let new = schema(&format!(
        r#"{{"properties":{{{}}},"patternProperties":{{{}}}}}"#,
        names.join(","),
        patterns.join(",")
    ));
    assert_eq!(found(&new, &old), Err(Exhausted));
}

#[test]
fn unreadable_patterns_are_refused() {
    for pattern in [
        "[",
        "(",
        "*",
        "a{",
        &"(".repeat(100_000),
        &"[".repeat(100_000),
    ] {
        assert!(is_refused(&format!(r#"{{"pattern":"{pattern}"}}"#)));
        assert!(is_refused(&format!(
            r#"{{"patternProperties":{{"{pattern}":{{}}}}}}"#
        )));
    }
    assert!(!is_refused(&format!(
        r#"{{"pattern":"{}"}}"#,
        "(a)".repeat(50_000)
    )));
}

#[test]
fn references_to_nowhere_and_to_no_schema_are_refused() {
    let texts = [
        r##"{"$ref":"#/definitions/none"}"##,
        r##"{"$ref":"#/definitions/x","definitions":{"x":1}}"##,
        r##"{"$ref":"#/definitions/x/0/y","definitions":{"x":[{}]}}"##,
        r##"{"$ref":"#/18446744073709551616","x":[]}"##,
        r##"{"$ref":"#anchor/none"}"##,
        r#"{"$ref":"other.json"}"#,
        r#"{"$ref":"https://example.com/thing.json"}"#,
        r#"{"$ref":"http://json-schema.org/draft-07/schema#/definitions/none"}"#,
        r#"{"$ref":"file:///etc/passwd"}"#,
        r#"{"$ref":"%%%"}"#,
        r#"{"$ref":5}"#,
    ];
    for text in texts {
        assert!(is_refused(text), "{text}");
        let modern = text.replacen(
            '{',
            r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","#,
            1,
        );
        assert!(is_refused(&modern), "{modern}");
    }
}

#[test]
fn a_very_long_id_is_no_base_for_names_inside() {
    // Each of the names would begin with it.
    let is_lost = |base: &str| {
        is_refused(&format!(
            r##"{{"$id":"http://e/{base}/","properties":{{"p":{{"$ref":"x.json"}},
                "x":{{"$id":"http://e/{base}/x.json","type":"string"}}}}}}"##
        ))
    };
    assert!(!is_lost("short"));
    assert!(is_lost(&"a".repeat(2_000)));
    // Pointers need no base.
    let pointed = format!(
        r##"{{"$id":"http://e/{}/","properties":{{"p":{{"$ref":"#/properties/x"}},"x":{{"type":"string"}}}}}}"##,
        "a".repeat(2_000)
    );
    for dialect in [
        "",
        r#""$schema":"https://json-schema.org/draft/2020-12/schema","#,
    ] {
        let text = pointed.replacen('{', &format!("{{{dialect}"), 1);
        assert!(!is_refused(&text), "{dialect}");
    }
}
