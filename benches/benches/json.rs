//! JSON Schema: loading, normalising and comparing schemas of three sizes, beside the time that the jsonschema crate
//! takes to make a validator of the same text.
//!
//! Only ratios within one run mean anything.

use std::fmt::Write as _;
use std::hint::black_box;

use compat_rules::{
    Budget, CompatibilityPolicy, Format, ParsedSchema, References, Strictness, parse,
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SIZES: [(&str, usize); 3] = [("small", 10), ("usual", 60), ("huge", 2000)];

criterion_group!(json, loading, normalising, comparing, matching);
criterion_main!(json);

/// An event as people write them: described, some properties required, some with definitions of their own.
fn event(properties: usize, integer: &str) -> String {
    let mut listed = Vec::new();
    let mut definitions = Vec::new();
    for number in 0..properties {
        let schema = match number % 8 {
            0 => format!(r#"{{"type":"{integer}","minimum":0}}"#),
            1 => r#"{"type":["string","null"],"maxLength":200}"#.to_owned(),
            2 => r#"{"type":"string","format":"date-time"}"#.to_owned(),
            3 => r#"{"type":"string","enum":["NEW","PAID","SENT","BACK"]}"#.to_owned(),
            4 => r#"{"type":"array","items":{"type":"string"},"uniqueItems":true}"#.to_owned(),
            5 => r#"{"oneOf":[{"type":"null"},{"type":"number"},{"type":"string","pattern":"^[0-9]+$"}]}"#
                .to_owned(),
            6 => {
                definitions.push(format!(
                    r#""Part{number}":{{"type":"object","properties":{{"id":{{"type":"integer"}},"note":{{"type":"string"}}}},"required":["id"],"additionalProperties":false}}"#
                ));
                format!(r##"{{"$ref":"#/definitions/Part{number}"}}"##)
            }
            _ => r#"{"type":"object","additionalProperties":{"type":"number"}}"#.to_owned(),
        };
        let inner = &schema[1..schema.len() - 1];
        listed.push(format!(
            "\"property_{number}\": {{{inner}, \"description\": \"What property {number} says about an order.\"}}"
        ));
    }
    format!(
        "{{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"title\": \"Order\",\n  \"type\": \"object\",\n  \
         \"properties\": {{\n    {}\n  }},\n  \"required\": [\"property_0\"],\n  \"additionalProperties\": false,\n  \
         \"definitions\": {{\n    {}\n  }}\n}}\n",
        listed.join(",\n    "),
        definitions.join(",\n    ")
    )
}

fn ours(text: &str) -> ParsedSchema {
    parse(Format::Json, text, &References::none(), Strictness::New)
        .expect("the corpus is well formed")
}

fn loading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json/load");
    for (name, properties) in SIZES {
        let text = event(properties, "integer");
        ours(&text).validate(true).expect("the corpus loads");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("concord", name), &text, |bencher, text| {
            bencher.iter(|| ours(black_box(text)));
        });
        group.bench_with_input(
            BenchmarkId::new("jsonschema", name),
            &text,
            |bencher, text| {
                bencher.iter(|| {
                    let value = serde_json::from_str(black_box(text)).expect("it is JSON");
                    jsonschema::options()
                        .with_draft(jsonschema::Draft::Draft7)
                        .build(&value)
                        .expect("well formed for both")
                });
            },
        );
    }
    group.finish();
}

/// Loading writes the canonical text, too; this is the text of the normal form, which is written and read again.
fn normalising(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json/normalise");
    for (name, properties) in SIZES {
        let schema = ours(&event(properties, "integer"));
        group.bench_with_input(
            BenchmarkId::new("concord", name),
            &schema,
            |bencher, schema| {
                bencher.iter(|| black_box(schema).normalized());
            },
        );
    }
    group.finish();
}

fn comparing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json/compare");
    for (name, properties) in SIZES {
        let old = ours(&event(properties, "integer"));
        let new = ours(&event(properties, "number"));
        group.bench_with_input(
            BenchmarkId::new("concord", name),
            &(old, new),
            |bencher, (old, new)| {
                bencher.iter(|| violations(black_box(new), black_box(old)));
            },
        );
    }
    group.finish();
}

/// The members of a `oneOf` are all tried against each other.
fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json/match");
    for (name, members) in [("small", 3), ("usual", 12), ("huge", 300)] {
        let union = |integer: &str| {
            let mut text = String::from(r#"{"oneOf":[{"type":"null"}"#);
            for member in 0..members {
                write!(
                    text,
                    r#",{{"type":"object","properties":{{"kind":{{"const":"k{member}"}},"n":{{"type":"{integer}"}}}},"required":["kind"]}}"#
                )
                .expect("a string takes everything");
            }
            ours(&(text + "]}"))
        };
        let pair = (union("integer"), union("number"));
        group.bench_with_input(
            BenchmarkId::new("concord", name),
            &pair,
            |bencher, (old, new)| {
                bencher.iter(|| violations(black_box(new), black_box(old)));
            },
        );
    }
    group.finish();
}

fn violations(reader: &ParsedSchema, writer: &ParsedSchema) -> usize {
    let strict = CompatibilityPolicy::Strict;
    let found = reader.read_violations(writer, strict, &mut Budget::default());
    found
        .ok()
        .flatten()
        .map_or(0, |violations| violations.len())
}
