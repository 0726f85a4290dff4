//! Plays a table of texts: accepted or refused, stored text, guid, other forms, lookups.

use compat_rules::{Format, ParsedSchema, Strictness, TextForm};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::case::{Dependencies, Dependency, Reference, guid, report, table};

#[derive(Deserialize)]
struct Case {
    name: String,
    schema: String,
    #[serde(default)]
    references: Vec<Reference>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Expect {
    status: Option<u16>,
    #[serde(default)]
    stored: String,
    guid: Option<String>,
    #[serde(default)]
    references: Vec<Reference>,
    normalized: Option<Value>,
    normalized_guid: Option<String>,
    normalized_references: Option<Vec<Reference>>,
    #[serde(default)]
    formats: Map<String, Value>,
    #[serde(default)]
    lookup: Vec<Lookup>,
}

#[derive(Deserialize)]
struct Lookup {
    schema: String,
    #[serde(default)]
    normalize: bool,
    found: Option<bool>,
    error_code: Option<u32>,
}

/// Plays every case of the table and fails on the disagreements.
pub(crate) fn play(format: Format, name: &str) {
    let cases: Vec<Case> = table(format, name);
    let disagreements: Vec<String> = cases.iter().flat_map(|case| judge(format, case)).collect();
    report(format, name, cases.len(), &disagreements);
}

fn judge(format: Format, case: &Case) -> Vec<String> {
    let dependencies = Dependencies::register(&case.dependencies);
    let references = dependencies.concrete(&case.references);
    let schema = dependencies
        .parse(format, &case.schema, &references, Strictness::New)
        .and_then(|schema| {
            schema.validate(false)?;
            Ok(schema)
        });
    let mut found = Vec::new();
    let mut differ = |what: &str, ours: &str, theirs: &str| {
        if ours != theirs {
            found.push(format!(
                "{}: {what}\n    ours   {ours}\n    theirs {theirs}",
                case.name
            ));
        }
    };
    let schema = match (schema, case.expect.status) {
        (Err(_), Some(_)) => return found,
        (Ok(_), Some(_)) => {
            differ("verdict", "accepted", "refused");
            return found;
        }
        (Err(invalid), None) => {
            differ("verdict", &format!("refused: {invalid}"), "accepted");
            return found;
        }
        (Ok(schema), None) => schema,
    };
    differ("stored", schema.canonical(), &case.expect.stored);
    if let Some(theirs) = &case.expect.guid {
        differ("guid", &guid(schema.canonical(), &references), theirs);
    }
    differ(
        "references",
        &format!("{references:?}"),
        &format!("{:?}", case.expect.references),
    );
    judge_normalized(&schema, &references, case, &mut differ);
    judge_forms(&schema, format, case, &mut differ);
    // A registry holds what it stored, not what was sent.
    let stored = dependencies.parse(format, schema.canonical(), &references, Strictness::Stored);
    match stored {
        Ok(stored) => judge_lookups(&stored, format, case, &dependencies, &mut differ),
        Err(invalid) => differ("stored text", &format!("refused: {invalid}"), "accepted"),
    }
    found
}

fn judge_normalized(
    schema: &ParsedSchema,
    references: &[Reference],
    case: &Case,
    differ: &mut impl FnMut(&str, &str, &str),
) {
    let Some(Value::String(theirs)) = &case.expect.normalized else {
        return;
    };
    let normalized = match schema.normalized() {
        Ok(normalized) => normalized,
        Err(invalid) => return differ("normalized", &format!("refused: {invalid}"), theirs),
    };
    differ("normalized", normalized.canonical(), theirs);
    let references = Dependencies::normalized(references);
    if let Some(theirs) = &case.expect.normalized_references {
        differ(
            "normalized references",
            &format!("{references:?}"),
            &format!("{theirs:?}"),
        );
    }
    if let Some(theirs) = &case.expect.normalized_guid {
        differ(
            "normalized guid",
            &guid(normalized.canonical(), &references),
            theirs,
        );
    }
}

fn judge_forms(
    schema: &ParsedSchema,
    format: Format,
    case: &Case,
    differ: &mut impl FnMut(&str, &str, &str),
) {
    for (parameter, theirs) in &case.expect.formats {
        let form = TextForm::from_parameter(parameter, format);
        // Descriptors are compared decoded, by the test of their own; an error here is not to be copied.
        let (Value::String(theirs), true) = (theirs, form != TextForm::Serialized) else {
            continue;
        };
        let ours = schema
            .render(form)
            .unwrap_or_else(|invalid| format!("refused: {invalid}"));
        differ(parameter, &ours, theirs);
    }
}

fn judge_lookups(
    stored: &ParsedSchema,
    format: Format,
    case: &Case,
    dependencies: &Dependencies,
    differ: &mut impl FnMut(&str, &str, &str),
) {
    for lookup in &case.expect.lookup {
        let theirs = match (lookup.error_code, lookup.found) {
            (Some(_), _) => "refused",
            (None, Some(true)) => "found",
            (None, _) => "missing",
        };
        // The subject holds the one version, registered with these references; a lookup sends the same ones.
        let references = dependencies.concrete(&case.references);
        let asked = dependencies
            .parse(format, &lookup.schema, &references, Strictness::Stored)
            .and_then(|asked| {
                if lookup.normalize {
                    asked.normalized()
                } else {
                    Ok(asked)
                }
            });
        let same_references =
            !lookup.normalize || Dependencies::normalized(&references) == references;
        let ours = match asked {
            Err(_) => "refused",
            Ok(asked) if same_references && asked.is_equivalent(stored) => "found",
            Ok(_) => "missing",
        };
        differ(
            &format!(
                "lookup of {} (normalize {})",
                lookup.schema, lookup.normalize
            ),
            ours,
            theirs,
        );
    }
}
