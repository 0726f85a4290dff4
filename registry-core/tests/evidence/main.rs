//! What is kept of decisions under policies, and the laws that these decisions follow. What is expected is
//! `governance.md` sections 0, 1, 2.4 and 2.7.

mod cached;
mod kept;
mod laws;
mod tried;

use compat_rules::policy::{Document, Syntax, read_documents};
use registry_core::{
    Caller, Error, PolicyBase, PolicyClaim, PolicyEvaluation, PolicyOrigin, PolicyRevision,
    RegisterOptions, Registered, Registry, RegistryOptions, Subject, Submission, Version,
};
use tempfile::TempDir;

/// Fields must be documented.
const DOCUMENTED: &str = "
apiVersion: governance/v1
kind: Policy
metadata: {name: documented}
spec:
  match: {subjects: ['**']}
  rules: [{use: DOC002, severity: error}]
";

/// The same, but nobody is refused.
const DOCUMENTED_SOFTLY: &str = "
apiVersion: governance/v1
kind: Policy
metadata: {name: documented}
spec:
  match: {subjects: ['**']}
  rules: [{use: DOC002, severity: warn}]
";

struct Fixture {
    registry: Registry,
    _folder: TempDir,
}

fn open() -> Fixture {
    open_with(RegistryOptions::default())
}

fn open_with(options: RegistryOptions) -> Fixture {
    let folder = TempDir::new().expect("a temporary folder");
    let registry = Registry::open(folder.path(), options).expect("an empty folder opens");
    Fixture {
        registry,
        _folder: folder,
    }
}

fn documents(text: &str) -> Vec<Document> {
    read_documents("policies.yaml", Syntax::Yaml, text).expect("documents")
}

fn apply(registry: &Registry, text: &str) -> PolicyRevision {
    let origin = PolicyOrigin::default();
    let applied = registry.apply_policies(
        &Caller::local(),
        &documents(text),
        &PolicyClaim::default(),
        &PolicyBase::Any,
        &origin,
    );
    applied.expect("good documents")
}

/// A record with these fields; those that end in `!` are documented.
fn record(fields: &[&str]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|field| match field.strip_suffix('!') {
            Some(name) => {
                format!(
                    r#"{{"name":"{name}","type":"string","default":"","doc":"What {name} says."}}"#
                )
            }
            None => format!(r#"{{"name":"{field}","type":"string","default":""}}"#),
        })
        .collect();
    format!(
        r#"{{"type":"record","name":"R","fields":[{}]}}"#,
        fields.join(",")
    )
}

fn avro(text: &str) -> Submission {
    Submission {
        text: Some(text.to_owned()),
        ..Submission::default()
    }
}

impl Fixture {
    fn apply(&self, text: &str) -> PolicyRevision {
        apply(&self.registry, text)
    }

    fn register(&self, subject: &str, fields: &[&str]) -> Result<Registered, Error> {
        self.registry.register(
            &Caller::local(),
            &Subject::parse(subject),
            &avro(&record(fields)),
            RegisterOptions::default(),
        )
    }

    fn versions(&self, subject: &str) -> Vec<u32> {
        let versions = self.registry.view().versions(&Subject::parse(subject));
        let versions = versions.expect("a readable store").into_iter();
        versions.map(|version| version.version.get()).collect()
    }
}

fn version(number: i64) -> Version {
    Version::new(number).expect("a version number")
}

#[track_caller]
fn refused(result: Result<Registered, Error>) -> Box<PolicyEvaluation> {
    match result {
        Err(Error::RefusedByPolicy { policies, .. }) => policies,
        other => panic!("expected a refusal by policy, got {other:?}"),
    }
}
