//! Avro: reading, writing and comparing schemas of three sizes, beside apache-avro's reading of the same text.
//!
//! Only ratios within one run mean anything.

use std::hint::black_box;

use apache_avro::Schema;
use compat_rules::{
    Budget, CompatibilityPolicy, Format, ParsedSchema, References, Strictness, parse,
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const SIZES: [(&str, usize); 3] = [("small", 10), ("usual", 60), ("huge", 2000)];

criterion_group!(avro, reading, writing, comparing);
criterion_main!(avro);

/// A record as people write them: documented, mostly nullable, some fields with types of their own.
fn record(fields: usize, number_type: &str) -> String {
    let fields: Vec<String> = (0..fields)
        .map(|number| {
            let (r#type, default) = match number % 8 {
                0 => (format!("\"{number_type}\""), ""),
                1 => (r#"["null","string"]"#.to_owned(), r#","default":null"#),
                2 => (r#"{"type":"long","logicalType":"timestamp-millis"}"#.to_owned(), r#","default":0"#),
                3 => (r#"["null",{"type":"bytes","logicalType":"decimal","precision":18,"scale":4}]"#.to_owned(), r#","default":null"#),
                4 => (format!(r#"{{"type":"enum","name":"Kind{number}","symbols":["NEW","PAID","SENT","BACK"]}}"#), r#","default":"NEW""#),
                5 => (r#"{"type":"array","items":"string"}"#.to_owned(), r#","default":[]"#),
                6 => (
                    format!(r#"{{"type":"record","name":"Part{number}","fields":[{{"name":"id","type":"long"}},{{"name":"note","type":["null","string"],"default":null}}]}}"#),
                    "",
                ),
                _ => (r#"{"type":"map","values":"double"}"#.to_owned(), r#","default":{}"#),
            };
            format!(r#"{{"name":"field_{number}","type":{type},"doc":"What field {number} says about an order."{default}}}"#)
        })
        .collect();
    let fields = fields.join(",\n    ");
    format!(
        "{{\n  \"type\": \"record\",\n  \"name\": \"Order\",\n  \"namespace\": \"com.acme.shop\",\n  \"fields\": [\n    {fields}\n  ]\n}}\n"
    )
}

fn ours(text: &str) -> ParsedSchema {
    parse(Format::Avro, text, &References::none(), Strictness::New)
        .expect("the corpus is well formed")
}

fn reading(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("avro/read");
    for (name, fields) in SIZES {
        let text = record(fields, "int");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("concord", name), &text, |bencher, text| {
            bencher.iter(|| ours(black_box(text)));
        });
        group.bench_with_input(
            BenchmarkId::new("apache-avro", name),
            &text,
            |bencher, text| {
                bencher.iter(|| Schema::parse_str(black_box(text)).expect("well formed for both"));
            },
        );
    }
    group.finish();
}

/// Reading writes the canonical text, too; this is the text of the normal form, which is written and read again.
fn writing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("avro/normalise");
    for (name, fields) in SIZES {
        let schema = ours(&record(fields, "int"));
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
    let mut group = criterion.benchmark_group("avro/compare");
    for (name, fields) in SIZES {
        let old = ours(&record(fields, "int"));
        for (verdict, new) in [
            ("readable", ours(&record(fields + 1, "long"))),
            ("unreadable", ours(&record(fields, "string"))),
        ] {
            let id = BenchmarkId::new(verdict, name);
            group.bench_with_input(id, &(new, &old), |bencher, (new, old)| {
                bencher.iter(|| {
                    let strict = CompatibilityPolicy::Strict;
                    new.read_violations(black_box(old), strict, &mut Budget::default())
                });
            });
        }
    }
    group.finish();
}
