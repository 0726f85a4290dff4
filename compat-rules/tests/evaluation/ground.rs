//! A subject with its history, judged under documents: everything that an evaluation needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use compat_rules::policy::candidate::{
    Candidate, EarlierVersion, MetadataFacts, RequestFacts, Role, SubjectFacts,
};
use compat_rules::policy::{
    Bundle, Evaluation, Point, Scope, Syntax, VocabularySpec, evaluate, read_documents,
};
use compat_rules::{Format, Level, ParsedSchema, References, Strictness, parse};

/// 2026-01-01, the time of every decision here.
pub(crate) const NOW: i64 = 1_767_225_600_000;

/// One document of the kind `Policy`, for every subject.
pub(crate) fn policy(spec: &str) -> Bundle {
    let indented: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    let text = format!(
        "apiVersion: governance/v1\nkind: Policy\nmetadata: {{name: core}}\nspec:\n{indented}"
    );
    let documents = read_documents("core.yaml", Syntax::Yaml, &text).expect("a document");
    Bundle::compile(documents).expect("a bundle")
}

/// A subject of schemas of one format.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// Avro, unless it is changed.
    pub(crate) format: Format,
    /// Oldest first.
    pub(crate) earlier: Vec<String>,
    pub(crate) candidate: String,
    /// When its first version was written.
    pub(crate) created: Option<i64>,
}

impl Ground {
    pub(crate) fn new(earlier: &[&str], candidate: &str) -> Self {
        Self {
            format: Format::Avro,
            earlier: earlier.iter().map(|text| (*text).to_owned()).collect(),
            candidate: candidate.to_owned(),
            created: (!earlier.is_empty()).then_some(NOW - 1),
        }
    }

    pub(crate) fn judged(&self, bundle: &Bundle, point: Point) -> Evaluation {
        let read = |text: &str| -> ParsedSchema {
            parse(self.format, text, &References::none(), Strictness::Stored).expect("a schema")
        };
        let mut history: Vec<EarlierVersion> = Vec::new();
        for (version, text) in (1..).zip(&self.earlier) {
            let parsed = read(text);
            history.push(EarlierVersion {
                version,
                schema: parsed.model(text),
                parsed: Arc::new(parsed),
                metadata: MetadataFacts::default(),
                references: Vec::new(),
                written: NOW - 1,
            });
        }
        history.reverse();
        let subject = SubjectFacts {
            name: "orders.order-value".to_owned(),
            context: ".".to_owned(),
            role: Role::Value,
            is_new: history.is_empty(),
            created: self.created,
            version_count: history.len(),
            level: Level::Backward,
            compatibility_group: None,
            near_duplicates: Vec::new(),
        };
        let parsed = read(&self.candidate);
        let effective = bundle.effective(&Scope::of(&subject, Some(self.format), None, None), NOW);
        let candidate = Candidate {
            subject: &subject,
            captures: &BTreeMap::new(),
            schema: &parsed.model(&self.candidate),
            parsed: &parsed,
            metadata: &MetadataFacts::default(),
            references: &[],
            history: &history,
            principal: None,
            request: RequestFacts::default(),
            team: None,
            vocabulary: &VocabularySpec::default(),
            now: NOW,
        };
        evaluate(&effective, &candidate, point)
    }
}

/// A record whose fields are `name` or `name=text`.
pub(crate) fn record(fields: &[&str]) -> String {
    let field = |field: &&str| match field.split_once('=') {
        Some((name, text)) => format!(r#"{{"name":"{name}","type":"string","doc":"{text}"}}"#),
        None => format!(r#"{{"name":"{field}","type":"string"}}"#),
    };
    let fields: Vec<_> = fields.iter().map(field).collect();
    format!(
        r#"{{"type":"record","name":"Order","namespace":"acme","fields":[{}]}}"#,
        fields.join(",")
    )
}
