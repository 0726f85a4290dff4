//! Plays a table of changes: the verdict and the messages, against all versions and against the latest.

use std::collections::BTreeSet;

use compat_rules::{
    CompatibilityPolicy, Earlier, Format, Level, ParsedSchema, Report, Strictness, check,
};
use serde::Deserialize;

use super::case::{Dependencies, Dependency, Reference, report, table};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    name: String,
    versions: Vec<Version>,
    #[serde(default)]
    references: Vec<Reference>,
    candidate_references: Option<Vec<Reference>>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    level: String,
    policy: Option<String>,
    candidate: String,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Version {
    Text(String),
    Full {
        schema: String,
        references: Option<Vec<Reference>>,
        #[serde(rename = "schemaType")]
        format: Option<String>,
    },
}

#[derive(Deserialize)]
struct Expect {
    is_compatible: bool,
    #[serde(default)]
    messages: Vec<String>,
    latest: Option<Box<Expect>>,
}

/// Plays every case of the table and fails on the disagreements.
pub(crate) fn play(format: Format, name: &str) {
    let cases: Vec<Case> = table(format, name);
    let disagreements: Vec<String> = cases.iter().flat_map(|case| judge(format, case)).collect();
    report(format, name, cases.len(), &disagreements);
}

fn judge(format: Format, case: &Case) -> Vec<String> {
    let dependencies = Dependencies::register(&case.dependencies);
    let parse = |format: Format, text: &str, references: &[Reference], strictness| {
        dependencies.parse(format, text, &dependencies.concrete(references), strictness)
    };
    let mut versions: Vec<ParsedSchema> = Vec::new();
    for version in &case.versions {
        let (text, references, own_format) = match version {
            Version::Text(text) => (text, None, None),
            Version::Full {
                schema,
                references,
                format,
            } => (schema, references.as_ref(), format.as_ref()),
        };
        let own_format = own_format.map_or(format, |name| name.parse().expect("a known format"));
        match parse(
            own_format,
            text,
            references.unwrap_or(&case.references),
            Strictness::Stored,
        ) {
            Ok(schema) => versions.push(schema),
            Err(invalid) => {
                return vec![format!(
                    "{}: an earlier version is refused: {invalid}",
                    case.name
                )];
            }
        }
    }
    let references = case
        .candidate_references
        .as_ref()
        .unwrap_or(&case.references);
    // As a server does before it compares: a candidate that breaks a rule on its own is refused.
    let candidate =
        parse(format, &case.candidate, references, Strictness::New).and_then(|schema| {
            schema.validate(false)?;
            Ok(schema)
        });
    let mut found = Vec::new();
    differ(
        case,
        "all versions",
        &ours(case, &candidate, &versions, false),
        &case.expect,
        &mut found,
    );
    // Transitive levels were asked about the latest version only where the table says so.
    let latest = match case.expect.latest.as_deref() {
        None if case.level.ends_with("_TRANSITIVE") => return found,
        latest => latest.unwrap_or(&case.expect),
    };
    differ(
        case,
        "latest",
        &ours(case, &candidate, &versions, true),
        latest,
        &mut found,
    );
    found
}

/// Our messages; `None` when the candidate itself is refused.
fn ours(
    case: &Case,
    candidate: &Result<ParsedSchema, compat_rules::InvalidSchema>,
    versions: &[ParsedSchema],
    latest_only: bool,
) -> Option<Vec<String>> {
    let candidate = candidate.as_ref().ok()?;
    let level: Level = case.level.parse().expect("a known level");
    let policy: CompatibilityPolicy = case
        .policy
        .as_deref()
        .map_or(CompatibilityPolicy::Strict, |name| {
            name.parse().expect("a known policy")
        });
    let mut earlier: Vec<Earlier<'_>> = (1..)
        .zip(versions)
        .map(|(version, schema)| Earlier { version, schema })
        .collect();
    if latest_only {
        earlier.drain(..earlier.len().saturating_sub(1));
    }
    let mut messages = check(level, policy, candidate, &earlier).messages();
    if !messages.is_empty() {
        messages.push(Report::settings_line(level, false));
    }
    Some(messages)
}

fn differ(
    case: &Case,
    scope: &str,
    ours: &Option<Vec<String>>,
    expect: &Expect,
    found: &mut Vec<String>,
) {
    let Some(ours) = ours else {
        // A candidate that does not parse: the reference's only message is its own parser's.
        if expect.is_compatible || expect.messages.len() != 1 {
            found.push(format!("{} ({scope}): we refuse the candidate", case.name));
        }
        return;
    };
    let one: BTreeSet<&str> = ours.iter().map(String::as_str).collect();
    let other: BTreeSet<&str> = expect.messages.iter().map(String::as_str).collect();
    if ours.is_empty() != expect.is_compatible || one != other {
        let only = |these: &BTreeSet<&str>, those: &BTreeSet<&str>| {
            these
                .difference(those)
                .map(|message| format!("\n      {message}"))
                .collect::<String>()
        };
        found.push(format!(
            "{} ({scope}, {}): compatible {} for us, {} for them\n    only ours{}\n    only theirs{}",
            case.name,
            case.level,
            ours.is_empty(),
            expect.is_compatible,
            only(&one, &other),
            only(&other, &one)
        ));
    }
}
