//! Why a JSON text is not a schema.

use crate::{InvalidSchema, Place};

/// The first thing that is wrong with a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where, if it stands in the text itself and not in an import.
    pub(super) place: Option<Place>,
    /// The name of the import that it stands in, if it stands in one.
    pub(super) import: Option<Box<str>>,
    /// What, in our words: the reference says no more than `Invalid JSON`.
    pub(super) reason: String,
    pub(super) kind: FaultKind,
}

/// What the fault means for somebody who compares with the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A keyword is not what it has to be.
    Malformed,
    /// A `$ref` names a document that would have to be fetched. Nothing ever is.
    Remote,
}

impl Fault {
    pub(super) fn new(place: Place, reason: impl Into<String>) -> Self {
        Self {
            place: Some(place),
            import: None,
            reason: reason.into(),
            kind: FaultKind::Malformed,
        }
    }

    /// A fault that was found in the text of an import.
    pub(super) fn in_import(self, name: &str) -> Self {
        Self {
            place: None,
            import: Some(name.into()),
            ..self
        }
    }
}

impl From<Fault> for InvalidSchema {
    fn from(fault: Fault) -> Self {
        let reason = "Invalid JSON";
        let invalid = match fault.place {
            Some(place) => Self::at(place, reason),
            None => Self::new(reason),
        };
        let invalid = invalid.because(fault.reason);
        match fault.import {
            Some(name) => invalid.in_import(&name),
            None => invalid,
        }
    }
}
