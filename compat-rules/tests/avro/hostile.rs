//! Inputs made to hang, to exhaust or to crash. Each ends at once, with an answer.

use super::ask::{importing, new, refusal, schema, stored, violations};

/// The default stack of a thread is 2 MiB; half of it must do.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(test)
        .expect("a thread")
        .join()
        .expect("the test holds");
}

fn nested(open: &str, core: &str, close: &str, depth: usize) -> String {
    format!("{}{core}{}", open.repeat(depth), close.repeat(depth))
}

fn record(name: &str, fields: &str) -> String {
    format!("{{\"type\":\"record\",\"name\":\"{name}\",\"fields\":[{fields}]}}")
}

fn field(name: &str, r#type: &str) -> String {
    format!("{{\"name\":\"{name}\",\"type\":{type}}}")
}

#[test]
fn the_deepest_schema_that_may_be_read_is_read_printed_normalised_and_compared() {
    on_a_small_stack(|| {
        let arrays = nested("{\"type\":\"array\",\"items\":", "\"int\"", "}", 1000);
        let unions = nested(
            "[\"null\",{\"type\":\"map\",\"values\":",
            "\"int\"",
            "}]",
            500,
        );
        let records: String = (0..330).map(|depth| {
            format!("{{\"type\":\"record\",\"name\":\"R{depth}\",\"fields\":[{{\"name\":\"f\",\"type\":")
        }).collect();
        let records = format!("{records}\"int\"{}", "}]}".repeat(330));
        for text in [arrays, unions, records] {
            let schema = schema(&text);
            assert_eq!(schema.canonical(), text);
            assert_eq!(
                schema
                    .normalized()
                    .map(|normal| normal.canonical().to_owned()),
                Ok(text)
            );
            assert!(schema.is_equivalent(&schema.clone()));
            assert_eq!(violations(&schema, &schema), Ok(Vec::new()));
            assert!(schema.tags().is_empty());
        }
    });
}

#[test]
fn deeper_nesting_is_refused_however_deep() {
    on_a_small_stack(|| {
        for depth in [1001, 100_000] {
            let arrays = nested("{\"type\":\"array\",\"items\":", "\"int\"", "}", depth);
            assert!(
                refusal(&arrays)
                    .reason()
                    .starts_with("Document nesting depth")
            );
            assert!(stored(&"[".repeat(depth)).is_err());
        }
    });
}

#[test]
fn a_chain_of_forward_references_that_would_nest_too_deeply_is_refused() {
    on_a_small_stack(|| {
        // Flat in the text, 10,000 records deep when each is written where it is first used.
        let links: Vec<String> = (0..10_000)
            .map(|link| {
                record(
                    &format!("R{link}"),
                    &field("f", &format!("\"R{}\"", link + 1)),
                )
            })
            .collect();
        let text = format!("[{},{}]", links.join(","), record("R10000", ""));
        assert!(refusal(&text).reason().contains("nest deeper than 1000"));
    });
}

#[test]
fn a_chain_of_imports_that_would_nest_too_deeply_is_refused() {
    on_a_small_stack(|| {
        let imports: Vec<String> = (0..2000)
            .map(|link| match link {
                0 => record("R0", ""),
                _ => record(
                    &format!("R{link}"),
                    &field("f", &format!("\"R{}\"", link - 1)),
                ),
            })
            .collect();
        let imports: Vec<&str> = imports.iter().map(String::as_str).collect();
        assert!(importing("\"R1999\"", &imports).is_err());
        assert!(importing("\"R200\"", &imports[..201]).is_ok());
    });
}

#[test]
fn a_long_namespace_that_completes_many_names_is_refused_instead_of_multiplied() {
    let namespace = "n".repeat(1_000_000);
    let fields: Vec<String> = (0..50_000)
        .map(|number| field(&format!("f{number}"), "\"E\""))
        .collect();
    let text = format!(
        "{{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"{namespace}\",\"fields\":[{}]}}",
        fields.join(",")
    );
    assert!(refusal(&text).reason().contains("too long altogether"));
}

#[test]
fn a_text_that_would_grow_beyond_every_limit_when_written_out_is_refused() {
    // A name that is a word of the format is written in full even within its own namespace.
    let namespace = "n".repeat(2000);
    let uses: Vec<String> = (0..20_000)
        .map(|number| field(&format!("f{number}"), "\"array\""))
        .collect();
    let text = format!(
        "{{\"type\":\"record\",\"name\":\"array\",\"namespace\":\"{namespace}\",\"fields\":[{}]}}",
        uses.join(",")
    );
    assert!(refusal(&text).reason().contains("is written out"));
}

#[test]
fn a_huge_union_enum_and_record_take_no_time_that_grows_with_their_square() {
    let symbols: Vec<String> = (0..200_000)
        .map(|number| format!("\"S{number}\""))
        .collect();
    let enumeration = format!(
        "{{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[{}]}}",
        symbols.join(",")
    );
    let branches: Vec<String> = (0..20_000)
        .map(|number| record(&format!("R{number}"), ""))
        .collect();
    let fields: Vec<String> = (0..50_000)
        .map(|number| {
            format!("{{\"name\":\"f{number}\",\"type\":\"int\",\"default\":0,\"aliases\":[\"g{number}\"]}}")
        })
        .collect();
    for text in [
        enumeration,
        format!("[{}]", branches.join(",")),
        record("R", &fields.join(",")),
    ] {
        let schema = schema(&text);
        assert_eq!(schema.canonical(), text);
        assert!(schema.is_equivalent(&schema.clone()));
    }
}

#[test]
fn a_list_of_many_aliases_takes_no_time_that_grows_with_its_square() {
    let aliases: Vec<String> = (0..100_000)
        .map(|number| format!("\"A{number}\""))
        .collect();
    let aliases = aliases.join(",");
    let text = format!("{{\"type\":\"fixed\",\"name\":\"F\",\"size\":1,\"aliases\":[{aliases}]}}");
    let one = schema(&text);
    assert!(one.is_equivalent(&one.clone()));
    let fields = format!("{{\"name\":\"f\",\"type\":\"int\",\"aliases\":[{aliases}]}}");
    let one = schema(&record("R", &fields));
    assert_eq!(violations(&one, &one), Ok(Vec::new()));
}

#[test]
fn comparing_two_huge_unions_of_records_ends() {
    let union = |fields: &str| {
        let branches: Vec<String> = (0..3000)
            .map(|number| record(&format!("R{number}"), fields))
            .collect();
        schema(&format!("[{}]", branches.join(",")))
    };
    let (reader, writer) = (union(&field("a", "\"int\"")), union(&field("b", "\"int\"")));
    // Every branch against every branch is nine million pairs: too many.
    assert!(violations(&reader, &writer).is_err());
}

#[test]
fn differences_that_double_at_each_level_end_the_comparison() {
    let twice = |core: &str| {
        let mut text = record("R0", &field("x", core));
        for level in 1..60 {
            let again = format!("\"R{}\"", level - 1);
            let fields = format!("{},{}", field("a", &text), field("b", &again));
            text = record(&format!("R{level}"), &fields);
        }
        schema(&text)
    };
    let (reader, writer) = (twice("\"int\""), twice("\"string\""));
    assert!(violations(&reader, &writer).is_err());
}

#[test]
fn cycles_of_unequal_length_end_the_comparison_without_overflowing_the_stack() {
    on_a_small_stack(|| {
        let cycle = |length: usize| {
            let records: Vec<String> = (0..length)
                .map(|number| {
                    let next = format!("[\"null\",\"R{}\"]", (number + 1) % length);
                    record(&format!("R{number}"), &field("next", &next))
                })
                .collect();
            format!("[{}]", records.join(","))
        };
        let (reader, writer) = (schema(&cycle(97)), schema(&cycle(89)));
        let _ = violations(&reader, &writer);
        let _ = violations(&writer, &reader);
    });
}

#[test]
fn a_default_that_many_unions_of_records_could_take_ends_the_checking() {
    // Each level offers two records, both of which look into the next level.
    let mut r#type = "\"int\"".to_owned();
    let mut default = "\"no int\"".to_owned();
    for level in 0..40 {
        let (one, other) = (format!("A{level}"), format!("B{level}"));
        let next = if level == 0 {
            "\"int\"".to_owned()
        } else {
            format!("[\"A{0}\",\"B{0}\"]", level - 1)
        };
        let first = record(&one, &field("f", &r#type));
        r#type = format!("[{first},{}]", record(&other, &field("f", &next)));
        default = format!("{{\"f\":{default}}}");
    }
    let text = record(
        "R",
        &format!("{{\"name\":\"f\",\"type\":{type},\"default\":{default}}}"),
    );
    assert!(refusal(&text).reason().contains("too many steps"));
    assert!(stored(&text).is_ok());
}

#[test]
fn long_defaults_of_long_records_are_checked_without_multiplying_them() {
    let fields: Vec<String> = (0..500)
        .map(|number| format!("{{\"name\":\"f{number}\",\"type\":\"int\",\"default\":0}}"))
        .collect();
    let items = record("S", &fields.join(","));
    let default = vec!["{}"; 5000].join(",");
    let array = format!("{{\"type\":\"array\",\"items\":{items}}}");
    let text = record(
        "R",
        &format!("{{\"name\":\"f\",\"type\":{array},\"default\":[{default}]}}"),
    );
    assert!(new(&text).is_ok());
}

#[test]
fn a_deep_default_is_checked_and_normalised() {
    on_a_small_stack(|| {
        let record = record(
            "R",
            &format!(
                "{{\"name\":\"f\",\"type\":{{\"type\":\"map\",\"values\":[\"null\",{}]}},\"default\":{{}}}}",
                "{\"type\":\"record\",\"name\":\"S\",\"fields\":[{\"name\":\"s\",\"type\":{\"type\":\"array\",\"items\":\"S\"}}]}"
            ),
        );
        let value = nested("{\"s\":[", "", "]}", 490);
        let text = format!(
            "{{\"type\":\"record\",\"name\":\"T\",\"fields\":[{},{{\"name\":\"d\",\"type\":\"S\",\"default\":{value}}}]}}",
            field("r", &record)
        );
        let schema = schema(&text);
        assert_eq!(
            schema
                .normalized()
                .map(|normal| normal.canonical().to_owned()),
            Ok(text)
        );
    });
}
