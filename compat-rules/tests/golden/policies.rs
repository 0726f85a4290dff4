//! Every rule of policy looks at every schema and every change of the tables: it answers, answers the same again, and
//! points into the text. What the rules find is no business of the reference.

use std::collections::BTreeMap;
use std::sync::Arc;

use compat_rules::policy::candidate::{
    Candidate, EarlierVersion, MetadataFacts, RequestFacts, Role, SubjectFacts,
};
use compat_rules::policy::rule::{Check, Parameters, PolicyRule};
use compat_rules::policy::{Found, Report, VocabularySpec, catalogue, changes};
use compat_rules::{Format, Level, ParsedSchema, Strictness};
use serde::Deserialize;

use super::case::{Dependencies, Dependency, Reference, report, table};

#[derive(Deserialize)]
struct Case {
    name: String,
    /// Of a table of changes, oldest first.
    #[serde(default)]
    versions: Vec<serde_json::Value>,
    #[serde(alias = "candidate")]
    schema: String,
    #[serde(default)]
    references: Vec<Reference>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
}

/// Plays every case of the table and fails on what is wrong.
pub(crate) fn play(format: Format, name: &str) {
    let cases: Vec<Case> = table(format, name);
    let ready = catalogue().filter(|rule| rule.formats.contains(&format));
    let ready: Vec<_> = ready
        .map(|rule| {
            let check = (rule.prepare)(&Parameters::new());
            (rule, check.expect("each rule has defaults"))
        })
        .collect();
    let faults: Vec<String> = cases
        .iter()
        .flat_map(|case| judge(format, case, &ready))
        .collect();
    report(format, name, cases.len(), &faults);
}

type Ready = (&'static PolicyRule, Box<dyn Check>);

fn judge(format: Format, case: &Case, ready: &[Ready]) -> Vec<String> {
    let dependencies = Dependencies::register(&case.dependencies);
    let references = dependencies.concrete(&case.references);
    let read = |text: &str| dependencies.parse(format, text, &references, Strictness::Stored);
    // What the tables refuse has no rules.
    let Ok(parsed) = read(&case.schema) else {
        return Vec::new();
    };
    let texts = case.versions.iter().filter_map(|version| version.as_str());
    let earlier = texts.filter_map(|text| Some((text, read(text).ok()?)));
    let mut history: Vec<EarlierVersion> = (1..)
        .zip(earlier)
        .map(|(version, (text, parsed))| earlier_version(version, text, parsed))
        .collect();
    history.reverse();
    let model = parsed.model(&case.schema);
    for earlier in &history {
        let told = changes(&earlier.schema, &model);
        assert_eq!(told, changes(&earlier.schema, &model), "{}", case.name);
    }
    let subject = subject(history.len());
    let candidate = Candidate {
        subject: &subject,
        captures: &BTreeMap::new(),
        schema: &model,
        parsed: &parsed,
        metadata: &MetadataFacts::default(),
        references: &[],
        history: &history,
        principal: None,
        request: RequestFacts::default(),
        team: None,
        vocabulary: &VocabularySpec::default(),
        now: 1_767_225_600_000,
    };
    let faults = ready.iter().flat_map(|(rule, check)| {
        let found = found(check.as_ref(), &candidate);
        let is_same = found == self::found(check.as_ref(), &candidate);
        let again = (!is_same).then(|| "answers differently when asked again".to_owned());
        let lost = found
            .iter()
            .filter_map(|one| lost(format, &case.schema, one));
        let here: Vec<String> = lost.chain(again).collect();
        here.into_iter()
            .map(|fault| format!("{}: {}: {fault}", case.name, rule.code))
    });
    faults.collect()
}

fn found(check: &dyn Check, candidate: &Candidate<'_>) -> Vec<Report> {
    let mut found = Found::default();
    check.check(candidate, &mut found);
    found.into_parts().0
}

/// What is wrong with where it points, or with what it says.
fn lost(format: Format, text: &str, report: &Report) -> Option<String> {
    if report.message.is_empty() || report.message.contains('\n') {
        return Some(format!("not one line: {:?}", report.message));
    }
    let pointer = &report.element.pointer;
    if format == Format::Protobuf || pointer.is_empty() {
        return None;
    }
    // A text with comments or odd numbers is read by our own reader only.
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    value
        .pointer(pointer)
        .is_none()
        .then(|| format!("{pointer} points nowhere in {text}"))
}

fn earlier_version(version: u32, text: &str, parsed: ParsedSchema) -> EarlierVersion {
    EarlierVersion {
        version,
        schema: parsed.model(text),
        parsed: Arc::new(parsed),
        metadata: MetadataFacts::default(),
        references: Vec::new(),
        written: 0,
    }
}

fn subject(versions: usize) -> SubjectFacts {
    SubjectFacts {
        name: "orders.order-value".to_owned(),
        context: ".".to_owned(),
        role: Role::Value,
        is_new: versions == 0,
        created: None,
        version_count: versions,
        level: Level::Backward,
        compatibility_group: None,
        near_duplicates: Vec::new(),
    }
}
