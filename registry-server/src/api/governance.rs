//! `/governance/v1`: the documents, what they say about subjects and schemas, and the catalogue of rules.
//!
//! Outside the protocol of the registry, so its bodies are written by serde; its refusals have the protocol's shape.

pub mod audit;
pub mod documents;
mod entity_tag;
pub mod evidence;
pub mod findings;
pub mod rules;
pub mod shapes;
pub mod subjects;
mod window;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::{Answer, Call, Reply};
use super::error::Refusal;

/// A good answer of that shape.
fn reply(shape: &impl Serialize) -> Answer {
    serde_json::to_vec(shape)
        .map(Reply::ok)
        .map_err(Refusal::internal)
}

/// The body, which must be JSON of that shape.
fn body<T: DeserializeOwned>(call: &Call, name: &str) -> Result<T, Refusal> {
    if call.body.is_empty() {
        return Err(Refusal::body_missing(name));
    }
    serde_json::from_slice(&call.body)
        .map_err(|error| Refusal::bad_request(format!("the body is not understood: {error}")))
}
