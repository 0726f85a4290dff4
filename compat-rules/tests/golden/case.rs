//! Reads a table, and resolves the references of its cases as a registry would.

use std::collections::BTreeMap;
use std::sync::Arc;

use compat_rules::{Format, Import, InvalidSchema, ParsedSchema, References, Strictness, parse};
use md5::{Digest, Md5};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// An entry of a reference list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Reference {
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) subject: String,
    pub(crate) version: i32,
}

/// A schema that has to be registered before the case.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) subject: String,
    pub(crate) version: i32,
    #[serde(rename = "schemaType")]
    pub(crate) format: String,
    pub(crate) schema: String,
    #[serde(default)]
    pub(crate) references: Vec<Reference>,
}

/// The registered dependencies of one case: canonical text and concrete references by subject and version.
#[derive(Default)]
pub(crate) struct Dependencies {
    registered: BTreeMap<(String, i32), (String, Vec<Reference>)>,
}

impl Dependencies {
    pub(crate) fn register(dependencies: &[Dependency]) -> Self {
        let mut all = Self::default();
        for dependency in dependencies {
            let format: Format = dependency.format.parse().expect("a known format");
            let references = all.concrete(&dependency.references);
            let schema = all.parse(format, &dependency.schema, &references, Strictness::Stored);
            // A dependency that we refuse shows as an unresolved reference of the case itself.
            let text = schema.map_or_else(
                |_| dependency.schema.clone(),
                |schema| schema.canonical().to_owned(),
            );
            all.registered.insert(
                (dependency.subject.clone(), dependency.version),
                (text, references),
            );
        }
        all
    }

    /// The list with -1 replaced by the latest version.
    pub(crate) fn concrete(&self, references: &[Reference]) -> Vec<Reference> {
        let latest = |subject: &str| {
            self.registered
                .keys()
                .filter(|(other, _)| other == subject)
                .map(|(_, version)| *version)
                .max()
        };
        let mut concrete = references.to_vec();
        for reference in &mut concrete {
            if reference.version == -1 {
                reference.version = latest(&reference.subject).unwrap_or(-1);
            }
        }
        concrete
    }

    /// The normalised list: sorted by subject and version, without repetitions.
    pub(crate) fn normalized(references: &[Reference]) -> Vec<Reference> {
        let mut sorted = references.to_vec();
        sorted.sort_by(|one, other| {
            (&one.subject, one.version).cmp(&(&other.subject, other.version))
        });
        sorted.dedup();
        sorted
    }

    pub(crate) fn parse(
        &self,
        format: Format,
        text: &str,
        references: &[Reference],
        strictness: Strictness,
    ) -> Result<ParsedSchema, InvalidSchema> {
        let mut imports = References::none();
        let mut seen = Vec::new();
        self.collect(references, true, &mut imports, &mut seen)?;
        parse(format, text, &imports, strictness)
    }

    fn collect(
        &self,
        references: &[Reference],
        direct: bool,
        imports: &mut References,
        seen: &mut Vec<String>,
    ) -> Result<(), InvalidSchema> {
        for Reference {
            name,
            subject,
            version,
        } in references
        {
            if seen.contains(name) {
                continue;
            }
            seen.push(name.clone());
            let (text, inner) = self
                .registered
                .get(&(subject.clone(), *version))
                .ok_or_else(|| {
                    InvalidSchema::new(format!(
                        "No schema reference found for subject \"{subject}\" and version {version}"
                    ))
                })?;
            self.collect(inner, false, imports, seen)?;
            imports.add(Import {
                name: name.clone(),
                text: Arc::from(text.as_str()),
                subject: subject.clone(),
                version: u32::try_from(*version).expect("a concrete version"),
                direct,
            });
        }
        Ok(())
    }
}

/// The content hash of the reference as a UUID text (`semantics.md` section 4.1), without metadata.
pub(crate) fn guid(text: &str, references: &[Reference]) -> String {
    let mut hash = Md5::new();
    hash.update(text);
    for reference in references {
        hash.update(&reference.name);
        hash.update(&reference.subject);
        hash.update(reference.version.to_be_bytes());
    }
    let hex: String = hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

/// All cases of `tests/golden/<format>/<table>.jsonl`.
pub(crate) fn table<Case: DeserializeOwned>(format: Format, table: &str) -> Vec<Case> {
    let folder = format.as_str().to_lowercase();
    // cargo runs a test in the folder of its package.
    let path = format!("../tests/golden/{folder}/{table}.jsonl");
    #[expect(
        clippy::disallowed_methods,
        reason = "the tables are files; the ban is meant for the library"
    )]
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    // One recorded answer holds half a surrogate pair, which no text of ours can hold.
    text.replace(r#":\"\ud83d\""#, r#":\"\ufffd\""#)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Fails with the count and the first disagreements, if there are any.
pub(crate) fn report(format: Format, table: &str, cases: usize, disagreements: &[String]) {
    assert!(cases > 0, "the table {table} is empty");
    let shown: Vec<&str> = disagreements.iter().take(20).map(String::as_str).collect();
    assert!(
        disagreements.is_empty(),
        "{format} {table}: {} disagreements in {cases} cases, the first being\n{}",
        disagreements.len(),
        shown.join("\n")
    );
}
