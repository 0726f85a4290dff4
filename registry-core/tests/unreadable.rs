//! Schemas that cannot be read, at the compatibility endpoint: why not is the body of a good answer there, so it is the
//! reference's to the letter. Expected texts are the golden data's.

use std::fs;

use registry_core::{
    Caller, RegisterOptions, Registry, RegistryOptions, Subject, Submission, SubmittedReference,
};
use serde_json::Value;
use tempfile::TempDir;

/// What only the reference's own parsers say. We have words of our own there.
const JAVA: [&str; 2] = ["org.apache.avro.", "com.fasterxml."];

#[test]
fn a_schema_that_cannot_be_read_is_answered_in_the_words_of_the_reference() {
    let mut compared = 0;
    for format in ["avro", "json", "protobuf"] {
        let path = format!("../tests/golden/{format}/compat.jsonl");
        let table = fs::read_to_string(path).expect("the golden table");
        for line in table.lines() {
            let case: Value = serde_json::from_str(line).expect("a case");
            let Some(expected) = refusal(&case) else {
                continue;
            };
            assert_eq!(
                answer(&case).as_deref(),
                Ok(expected),
                "{format}: {}",
                case["name"]
            );
            compared += 1;
        }
    }
    assert!(compared > 10, "only {compared} cases");
}

/// Why the reference could not read the candidate.
fn refusal(case: &Value) -> Option<&str> {
    let message = case["expect"]["messages"].get(0)?.as_str()?;
    let is_java = JAVA.iter().any(|class| message.contains(class));
    (message.starts_with("Invalid schema ") && !is_java).then_some(message)
}

/// The only message of a check that is refused.
fn answer(case: &Value) -> Result<String, String> {
    let folder = TempDir::new().expect("a temporary folder");
    let registry =
        Registry::open(folder.path(), RegistryOptions::default()).expect("an empty folder opens");
    let format = case["schemaType"].as_str().expect("a format");
    let name = case["name"].as_str().expect("a name");
    let subject = Subject::parse(&format!("golden.{}.compat.{name}", format.to_lowercase()));
    let register = |subject: &Subject, schema: &Value| {
        let text = schema.as_str().or_else(|| schema["schema"].as_str());
        let submission = sent(format, text.expect("a text"), &schema["references"]);
        let force = RegisterOptions {
            force: true,
            ..RegisterOptions::default()
        };
        let done = registry.register(&Caller::local(), subject, &submission, force);
        done.expect("it is registered");
    };
    for needed in case["dependencies"].as_array().into_iter().flatten() {
        let subject = needed["subject"].as_str().expect("a subject");
        register(&Subject::parse(subject), needed);
    }
    for version in case["versions"].as_array().expect("versions") {
        register(&subject, version);
    }
    let references = match &case["candidateReferences"] {
        Value::Null => &case["references"],
        own => own,
    };
    let candidate = sent(
        format,
        case["candidate"].as_str().expect("a text"),
        references,
    );
    match registry.check(&Caller::local(), &subject, &candidate, false) {
        Err(refused) => Ok(refused.to_string()),
        Ok(checked) => Err(format!("it was read: {:?}", checked.messages)),
    }
}

fn sent(format: &str, text: &str, references: &Value) -> Submission {
    let text_of = |reference: &Value, part: &str| reference[part].as_str().map(str::to_owned);
    let references = references.as_array().into_iter().flatten();
    Submission {
        text: Some(text.to_owned()),
        schema_type: Some(format.to_owned()),
        references: references
            .map(|reference| SubmittedReference {
                name: text_of(reference, "name"),
                subject: text_of(reference, "subject"),
                version: reference["version"]
                    .as_i64()
                    .map(|version| i32::try_from(version).expect("a version")),
            })
            .collect(),
        ..Submission::default()
    }
}
