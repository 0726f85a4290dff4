//! Why a content was not understood, and the two texts that say so (`semantics.md` section 15).

use compat_rules::{Format, InvalidSchema};

use crate::Error;
use crate::subject::Subject;
use crate::submission::SubmittedReference;

use super::candidate::Content;

/// Why there is no candidate.
#[derive(Debug)]
pub(crate) enum NoCandidate {
    /// The text does not parse, or its references do not resolve.
    Unreadable {
        /// The format that it was to have.
        format: Format,
        /// The reason.
        invalid: InvalidSchema,
    },
    /// It parses, but its content may not be registered.
    BadContent(InvalidSchema),
    /// Something else.
    Error(Error),
}

impl From<NoCandidate> for Error {
    /// The reason, and where it is, without the echo of the whole request that the reference puts in the middle.
    fn from(no: NoCandidate) -> Self {
        match no {
            NoCandidate::Unreadable { format, invalid } => {
                let place = invalid.place();
                let place =
                    place.map(|place| format!(" (line {}, column {})", place.line, place.column));
                let place = place.unwrap_or_default();
                Self::InvalidSchema(format!(
                    "Invalid schema of type {format}, details: {}{place}",
                    invalid.reason()
                ))
            }
            NoCandidate::BadContent(invalid) => {
                Self::InvalidSchema(format!("Invalid schema, details: {}", invalid.reason()))
            }
            NoCandidate::Error(error) => error,
        }
    }
}

impl NoCandidate {
    /// The text with the echo, for the answers of a compatibility check: there it is the body of a good answer,
    /// and clients compare it.
    pub(crate) fn with_echo(self, subject: &Subject, content: &Content) -> Error {
        match self {
            Self::Unreadable {
                format: Format::Avro,
                invalid,
            } => Error::InvalidSchema(format!(
                "Invalid schema of type AVRO, details: Invalid schema {{subject={subject},version=null,id=null,\
                 guid={},schemaType=AVRO,references={references},metadata=null,ruleSet=null,schema={},\
                 schemaTags=null,ts=null,deleted=null}} with refs {references} of type AVRO, details: {}",
                content.guid(),
                content.text,
                invalid.reason(),
                references = list(&content.references),
            )),
            Self::Unreadable { format, invalid } => Error::InvalidSchema(format!(
                "Invalid schema of type {format}, details: {}",
                invalid.reason()
            )),
            other => other.into(),
        }
    }
}

/// A reference list as the reference prints it.
fn list(references: &[SubmittedReference]) -> String {
    let shown: Vec<String> = references
        .iter()
        .map(SubmittedReference::to_string)
        .collect();
    format!("[{}]", shown.join(", "))
}
