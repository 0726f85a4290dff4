//! Schemas whose tree could not be built: there is nothing to compare.

use crate::json::fault::{Fault, FaultKind};
use crate::{Format, Message, Rule, Violation};

pub(super) static SCHEMA_NOT_LOADED: Rule = Rule {
    id: "schema-not-loaded",
    format: Format::Json,
    wire_name: "SCHEMA_NOT_LOADED",
    summary: "One of the two texts is no schema, so nothing can be said about it.",
    advice: "Register a new version that loads, and import what a reference names instead of leaving it on the web.",
};

/// What a comparison with such a schema says.
pub(in crate::json) fn unloaded(fault: &Fault) -> Violation {
    let text = match fault.kind {
        FaultKind::Remote => "A previous schema version contains an unsupported external reference",
        FaultKind::Malformed => "Invalid JSON",
    };
    Violation::new(
        &SCHEMA_NOT_LOADED,
        "#/".to_owned(),
        Message::new().text(text),
    )
}
