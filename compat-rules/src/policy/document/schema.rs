//! The JSON Schema of documents, made from the types that read them.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::{Envelope, Kind, OwnershipSpec, PolicySpec, TeamSpec, VocabularySpec};
use crate::policy::rule::PolicyRule;
use crate::policy::rules::catalogue;

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
    let mut definitions: Map<String, Value> = generator.take_definitions(true);
    if let Some(uses) = definitions.get_mut("RuleUse") {
        uses["allOf"] = catalogue().map(parameters_of).collect();
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Governance document",
        "oneOf": one_of,
        "$defs": definitions,
    })
}

/// Where the rule is used, `with` is what the rule reads.
fn parameters_of(rule: &PolicyRule) -> Value {
    let mut parameters = (rule.parameters)().to_value();
    // A resource of its own, so that its references stay within it.
    parameters["$id"] = json!(format!("urn:concord:rule:{}", rule.code));
    json!({
        "if": {"properties": {"use": {"enum": [rule.code, rule.slug]}}},
        "then": {"properties": {"with": parameters}},
    })
}
