//! Policy: what a registration pays for rules, on an Avro schema of 200 fields beside the parsing of its text.
//!
//! The goals are a millisecond for the evaluation of the standard profile, and two microseconds for rules in force that
//! are kept ready (`governance.md` section 2.14). The first is one of the 99th percentile: what is judged is timed one by
//! one as well, and printed as percentiles.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use compat_rules::policy::candidate::{
    Candidate, EarlierVersion, MetadataFacts, RequestFacts, Role, SubjectFacts,
};
use compat_rules::policy::{
    Bundle, Point, Scope, Syntax, VocabularySpec, evaluate, read_documents,
};
use compat_rules::{Format, Level, ParsedSchema, References, Strictness, parse};
use criterion::{Criterion, criterion_group, criterion_main};
use registry_core::{
    Caller, PoliciesInForce, PolicyBase, PolicyClaim, PolicyOrigin, Registry, RegistryOptions,
};

criterion_group!(policy, evaluating);
criterion_main!(policy);

const FIELDS: usize = 200;

/// A record that keeps the rules.
fn record(fields: usize) -> String {
    let field = |number: usize| {
        format!(
            r#"{{"name":"field_{number}","type":["null","string"],"default":null,"doc":"What field {number} says about an order."}}"#
        )
    };
    let fields: Vec<String> = (0..fields).map(field).collect();
    format!(
        r#"{{"type":"record","name":"Order","namespace":"acme.orders","doc":"What was ordered.","fields":[{}]}}"#,
        fields.join(",")
    )
}

fn read(text: &str) -> ParsedSchema {
    parse(Format::Avro, text, &References::none(), Strictness::New).expect("a schema")
}

fn bundle(profile: &str) -> Bundle {
    let text = format!(
        "apiVersion: governance/v1\nkind: Policy\nmetadata: {{name: core}}\nspec: {{extends: [profile/{profile}]}}\n"
    );
    let documents = read_documents("core.yaml", Syntax::Yaml, &text).expect("documents");
    Bundle::compile(documents).expect("a bundle")
}

/// The standard profile, in force in a registry.
fn in_force(folder: &std::path::Path) -> Arc<PoliciesInForce> {
    let registry = Registry::open(folder, RegistryOptions::default()).expect("a registry");
    let documents = bundle("standard").documents().to_vec();
    let (caller, origin) = (Caller::local(), PolicyOrigin::default());
    let applied = registry.apply_policies(
        &caller,
        &documents,
        &PolicyClaim::default(),
        &PolicyBase::Any,
        &origin,
    );
    applied.expect("good documents");
    let policies = registry.policies_in_force().expect("readable");
    policies.expect("they were applied")
}

fn subject() -> SubjectFacts {
    SubjectFacts {
        name: "orders.order.event-value".to_owned(),
        context: ".".to_owned(),
        role: Role::Value,
        is_new: false,
        created: Some(0),
        version_count: 1,
        level: Level::Backward,
        compatibility_group: None,
        near_duplicates: Vec::new(),
    }
}

/// Times each of ten thousand runs; the reading of the clock is in each of them.
fn percentiles<T>(name: &str, mut run: impl FnMut() -> T) {
    const RUNS: usize = 10_000;
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            let done = black_box(run());
            let took = started.elapsed();
            drop(done);
            took.as_secs_f64() * 1e6
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| times[RUNS * percent / 100];
    let (half, most) = (at(50), at(99));
    println!("policy/{name}: p50 {half:.2} µs, p99 {most:.2} µs, each of {RUNS} timed by itself");
}

fn evaluating(criterion: &mut Criterion) {
    let (old, new) = (record(FIELDS - 1), record(FIELDS));
    let (old_parsed, parsed) = (read(&old), read(&new));
    let model = parsed.model(&new);
    let history = [EarlierVersion {
        version: 1,
        schema: old_parsed.model(&old),
        parsed: Arc::new(old_parsed),
        metadata: MetadataFacts::default(),
        references: Vec::new(),
        written: 0,
    }];
    let subject = subject();
    let scope = Scope::of(&subject, Some(Format::Avro), None, None);
    let (captures, metadata) = (BTreeMap::new(), MetadataFacts::default());
    let vocabulary = VocabularySpec::default();
    let candidate = Candidate {
        subject: &subject,
        captures: &captures,
        schema: &model,
        parsed: &parsed,
        metadata: &metadata,
        references: &[],
        history: &history,
        principal: None,
        request: RequestFacts::default(),
        team: None,
        vocabulary: &vocabulary,
        now: 0,
    };
    let mut group = criterion.benchmark_group("policy");
    let folder = tempfile::tempdir().expect("a folder");
    let kept = in_force(folder.path());
    group.bench_function("effective/kept", |bencher| {
        bencher.iter(|| kept.of(black_box(&subject), &metadata, Some(Format::Avro), 0));
    });
    percentiles("effective/kept", || {
        kept.of(black_box(&subject), &metadata, Some(Format::Avro), 0)
    });
    group.bench_function("parse", |bencher| bencher.iter(|| read(black_box(&new))));
    group.bench_function("model", |bencher| {
        bencher.iter(|| black_box(&parsed).model(&new));
    });
    for profile in ["minimal", "standard", "regulated"] {
        let bundle = bundle(profile);
        let effective = bundle.effective(&scope, 0);
        group.bench_function(format!("effective/{profile}"), |bencher| {
            bencher.iter(|| bundle.effective(black_box(&scope), 0));
        });
        group.bench_function(format!("evaluate/{profile}"), |bencher| {
            bencher.iter(|| evaluate(&effective, black_box(&candidate), Point::Register));
        });
        percentiles(&format!("evaluate/{profile}"), || {
            evaluate(&effective, black_box(&candidate), Point::Register)
        });
    }
    group.finish();
}
