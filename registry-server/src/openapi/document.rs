//! Writes the OpenAPI 3.1 document.
//!
//! Answers of the protocol can have any of its media types, and refusals all have one shape: both are written out
//! here, so that nobody has to by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::{DESCRIPTION, Description, Operation, Parameter};
use crate::api::negotiation::MEDIA_TYPES;

const ABOUT: &str = "A registry of event schemas that speaks the protocol of Confluent Schema Registry. \
    Any path may be written behind `/contexts/{context}`: subjects in it are then meant in that context. \
    `HEAD` works wherever `GET` does. A flag is set by `true` in any case of letters; anything else means false. \
    A body may also be sent as `application/octet-stream`, or without a media type. \
    Members that are not known are passed over, and scalars of another type are converted.";

/// The text of the document.
pub static DOCUMENT: LazyLock<String> = LazyLock::new(|| of(&DESCRIPTION).to_string());

fn of(description: &Description) -> Value {
    let mut paths = BTreeMap::<&str, Map<String, Value>>::new();
    let mut refusals = Map::new();
    for operation in &description.operations {
        let method = operation.method().to_ascii_lowercase();
        let written = write_operation(description, operation, &mut refusals);
        paths
            .entry(operation.path())
            .or_default()
            .insert(method, written);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Concord",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        // Whether a name and a password are needed is for the operator to say.
        "security": [{}, {"basic": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
            "responses": refusals,
            "schemas": description.schemas,
        },
    })
}

fn write_operation(
    description: &Description,
    operation: &Operation,
    refusals: &mut Map<String, Value>,
) -> Value {
    let path = &description.parameters.path;
    let query = &description.parameters.query;
    let in_path = operation
        .path_parameters()
        .filter_map(|name| Some(write_parameter(name, "path", path.get(name)?)));
    let in_query = operation
        .query
        .iter()
        .filter_map(|name| Some(write_parameter(name, "query", query.get(name)?)));
    let parameters: Vec<Value> = in_path.chain(in_query).collect();
    let mut written = json!({
        "operationId": operation.route,
        "tags": [operation.part],
        "summary": operation.summary,
        "parameters": parameters,
        "responses": write_responses(description, operation, refusals),
    });
    if !operation.about.is_empty() {
        written["description"] = json!(operation.about);
    }
    if let Some(body) = &operation.body {
        written["requestBody"] = json!({
            "required": operation.path() != "/",
            "content": content(&MEDIA_TYPES, &reference(body)),
        });
    }
    written
}

fn write_parameter(name: &str, place: &str, parameter: &Parameter) -> Value {
    let mut written = json!({
        "name": parameter.name.as_deref().unwrap_or(name),
        "in": place,
        "required": place == "path",
        "description": parameter.about,
        "schema": parameter.schema,
    });
    if let Some(example) = &parameter.example {
        written["example"] = match parameter.schema.get("type").and_then(Value::as_str) {
            Some("integer") => json!(example.parse::<i64>().unwrap_or_default()),
            _ => json!(example),
        };
    }
    written
}

fn write_responses(
    description: &Description,
    operation: &Operation,
    refusals: &mut Map<String, Value>,
) -> Map<String, Value> {
    let fixed = operation.media.as_deref();
    let fixed = fixed.or(operation.answer_media.as_deref());
    let fixed = fixed.map(|media| [media]);
    let media: &[&str] = fixed
        .as_ref()
        .map_or(&MEDIA_TYPES, |media| media.as_slice());
    let mut responses = Map::new();
    for (status, codes) in description.refusals_of(operation) {
        let name = codes.iter().fold("refused".to_owned(), |name, code| {
            name + "." + &code.to_string()
        });
        let at = format!("#/components/responses/{name}");
        refusals
            .entry(name)
            .or_insert_with(|| write_refusal(description, &codes));
        responses.insert(status.to_string(), json!({"$ref": at}));
    }
    let answer = operation.answer.as_ref();
    let good = match answer {
        Some(schema) => {
            json!({"description": "Done.", "content": content(media, &reference(schema))})
        }
        None => json!({"description": "Done. There is no body."}),
    };
    responses.insert(operation.status.to_string(), good);
    for (status, schema) in &operation.also {
        let answer =
            json!({"description": "Not now.", "content": content(media, &reference(schema))});
        responses.insert(status.clone(), answer);
    }
    responses
}

/// The answer that says no with one of these numbers, which all have one status.
fn write_refusal(description: &Description, codes: &BTreeSet<u32>) -> Value {
    let meanings: Vec<String> = codes
        .iter()
        .map(|code| format!("{code}: {}", description.meaning(*code)))
        .collect();
    let schema = json!({
        "allOf": [
            reference("Refusal"),
            {"properties": {"error_code": {"enum": codes}}},
        ],
    });
    json!({"description": meanings.join("\n\n"), "content": content(&MEDIA_TYPES, &schema)})
}

fn content(media: &[&str], schema: &Value) -> Map<String, Value> {
    let types = media.iter();
    types
        .map(|media| ((*media).to_owned(), json!({"schema": schema})))
        .collect()
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}
