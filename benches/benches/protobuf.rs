//! Protobuf: parsing with the canonical text, and comparing, beside two other parsers on the same text.
//!
//! Ours parses and prints; protobuf-parse and protox parse and check types, and the former reads its text from a
//! file. The numbers are ratios in one run, not promises.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use compat_rules::{
    Budget, CompatibilityPolicy, Format, ParsedSchema, References, Strictness, TextForm, parse,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// A file of so many messages with so many fields each.
fn file(messages: usize, fields: usize) -> String {
    let types = [
        "string",
        "int64",
        "bool",
        "double",
        "repeated string",
        "map<string, int32>",
    ];
    let mut text = "syntax = \"proto3\";\npackage bench.v1;\n\n".to_owned();
    for message in 0..messages {
        let _ = writeln!(
            text,
            "// Message number {message}.\nmessage Message{message} {{"
        );
        for field in 1..=fields {
            let kind = types[(message + field) % types.len()];
            let _ = writeln!(text, "  {kind} field_{field} = {field}; // noted");
        }
        if message > 0 {
            let _ = writeln!(text, "  Message{} previous = {};", message - 1, fields + 1);
        }
        let _ = writeln!(
            text,
            "  enum Kind {{ KIND_UNKNOWN = 0; KIND_ONE = 1; }}\n  reserved 5000 to 5010;\n}}"
        );
    }
    text
}

fn schema(text: &str) -> ParsedSchema {
    let none = References::none();
    parse(Format::Protobuf, text, &none, Strictness::New).expect("the bench's own text")
}

fn compare(reader: &ParsedSchema, writer: &ParsedSchema) -> usize {
    let mut budget = Budget::default();
    let found = reader.read_violations(writer, CompatibilityPolicy::Strict, &mut budget);
    found.expect("within the budget").expect("one format").len()
}

fn protobuf_parse(folder: &Path) -> usize {
    let mut parser = protobuf_parse::Parser::new();
    parser
        .pure()
        .include(folder)
        .input(folder.join("bench.proto"));
    let parsed = parser.parse_and_typecheck().expect("the bench's own text");
    parsed.file_descriptors.len()
}

struct OneFile(String);

impl protox::file::FileResolver for OneFile {
    fn open_file(&self, name: &str) -> Result<protox::file::File, protox::Error> {
        protox::file::File::from_source(name, &self.0)
    }
}

fn protox(text: &str) -> usize {
    let mut compiler = protox::Compiler::with_file_resolver(OneFile(text.to_owned()));
    compiler
        .open_file("bench.proto")
        .expect("the bench's own text");
    compiler.files().len()
}

fn protobuf(criterion: &mut Criterion) {
    for (size, messages, fields) in [("small", 1, 10), ("usual", 5, 12), ("huge", 40, 50)] {
        let text = file(messages, fields);
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("bench.proto"), &text).expect("a writable folder");
        let old = schema(&text);
        let new = schema(&text.replace("int64", "int32").replace("double", "float"));
        let mut group = criterion.benchmark_group(format!("protobuf {size}"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("parse and canonical text", |bench| {
            bench.iter(|| schema(black_box(&text)).canonical().len());
        });
        group.bench_function("parse by protobuf-parse", |bench| {
            bench.iter(|| protobuf_parse(black_box(folder.path())));
        });
        group.bench_function("parse by protox", |bench| {
            bench.iter(|| protox(black_box(&text)));
        });
        group.bench_function("validate", |bench| {
            bench.iter(|| black_box(&old).validate(true))
        });
        group.bench_function("normalise", |bench| {
            bench.iter(|| black_box(&old).normalized())
        });
        group.bench_function("descriptor", |bench| {
            bench.iter(|| black_box(&old).render(TextForm::Serialized));
        });
        group.bench_function("compare", |bench| {
            bench.iter(|| compare(black_box(&new), black_box(&old)));
        });
        group.finish();
    }
}

criterion_group!(benches, protobuf);
criterion_main!(benches);
