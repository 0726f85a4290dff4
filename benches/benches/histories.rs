//! Compatibility checks a second, for the histories of the golden tables: hand-written cases and generated ones.
//!
//! *Compare* has the schemas parsed, as the server has them when they were asked for before; *parse and compare* starts
//! from the texts. Cases with references are left out: to resolve them is the registry's work.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use compat_rules::{
    CompatibilityPolicy, Earlier, Format, Level, ParsedSchema, References, Strictness, check, parse,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde_json::Value;

criterion_group!(histories, comparing);
criterion_main!(histories);

/// A subject's versions, and what is to become the next.
struct History {
    level: Level,
    policy: CompatibilityPolicy,
    versions: Vec<String>,
    candidate: String,
}

/// The same, parsed.
struct Read<'h> {
    history: &'h History,
    versions: Vec<ParsedSchema>,
    candidate: ParsedSchema,
}

impl History {
    /// `None` for a case that needs other schemas.
    fn of(case: &Value) -> Option<Self> {
        let needs = |member| case.get(member).is_some();
        if needs("references") || needs("candidateReferences") || needs("dependencies") {
            return None;
        }
        let texts = case["versions"].as_array()?.iter();
        Some(Self {
            level: case["level"].as_str()?.parse().ok()?,
            policy: match case.get("policy").and_then(Value::as_str) {
                Some(name) => name.parse().ok()?,
                None => CompatibilityPolicy::Strict,
            },
            versions: texts
                .map(|text| text.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            candidate: case["candidate"].as_str()?.to_owned(),
        })
    }

    /// `None` where a text is refused.
    fn read(&self, format: Format) -> Option<Read<'_>> {
        let read =
            |text: &str, strictness| parse(format, text, &References::none(), strictness).ok();
        let versions = self.versions.iter();
        Some(Read {
            history: self,
            versions: versions
                .map(|text| read(text, Strictness::Stored))
                .collect::<Option<_>>()?,
            candidate: read(&self.candidate, Strictness::New)?,
        })
    }
}

impl Read<'_> {
    fn is_compatible(&self) -> bool {
        let earlier: Vec<Earlier<'_>> = (1..)
            .zip(&self.versions)
            .map(|(version, schema)| Earlier { version, schema })
            .collect();
        let History { level, policy, .. } = self.history;
        check(*level, *policy, &self.candidate, &earlier)
            .messages()
            .is_empty()
    }
}

fn table(format: &str, name: &str) -> Vec<History> {
    // cargo runs a bench in the folder of its package.
    let golden = Path::new("../tests/golden");
    let text = fs::read_to_string(golden.join(format).join(name)).expect("a table");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a case"))
        .filter_map(|case| History::of(&case))
        .collect()
}

fn comparing(criterion: &mut Criterion) {
    for (format, name) in [
        (Format::Avro, "avro"),
        (Format::Json, "json"),
        (Format::Protobuf, "protobuf"),
    ] {
        let mut histories = table(name, "compat.jsonl");
        histories.extend(table(name, "generated-compat.jsonl"));
        histories.retain(|history| history.read(format).is_some());
        let read: Vec<Read<'_>> = histories
            .iter()
            .filter_map(|history| history.read(format))
            .collect();
        let mut group = criterion.benchmark_group(format!("histories/{name}"));
        group.throughput(Throughput::Elements(read.len() as u64));
        group.bench_function("compare", |bencher| {
            bencher.iter(|| count(black_box(&read).iter().map(Read::is_compatible)));
        });
        group.bench_function("parse and compare", |bencher| {
            let one = |history: &History| {
                history
                    .read(format)
                    .is_some_and(|read| read.is_compatible())
            };
            bencher.iter(|| count(black_box(&histories).iter().map(one)));
        });
        group.finish();
    }
}

fn count(verdicts: impl Iterator<Item = bool>) -> usize {
    verdicts.filter(|is_compatible| *is_compatible).count()
}
