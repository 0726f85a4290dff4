//! The JSON Schema of documents, made from the types that read them.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Envelope, Kind, OwnershipSpec, PolicySpec, TeamSpec, VocabularySpec};

/// The JSON Schema (draft 2020-12) of one document of any kind.
#[must_use]
pub fn document_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut one_of = Vec::new();
    for kind in Kind::ALL {
        let schema = match kind {
            Kind::Policy => generator.subschema_for::<Envelope<PolicySpec>>(),
            Kind::Ownership => generator.subschema_for::<Envelope<OwnershipSpec>>(),
            Kind::Team => generator.subschema_for::<Envelope<TeamSpec>>(),
            Kind::Vocabulary => generator.subschema_for::<Envelope<VocabularySpec>>(),
        };
        one_of.push(json!({
            "allOf": [schema.to_value()],
            "properties": {"kind": {"const": kind.as_str()}},
        }));
    }
    let definitions: Map<String, Value> = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Governance document",
        "oneOf": one_of,
        "$defs": definitions,
    })
}
