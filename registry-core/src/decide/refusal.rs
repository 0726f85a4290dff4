//! Why a content was not understood, and the two texts that say so (`semantics.md` section 15).

use std::fmt;

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
    /// The reason, what exactly is wrong, and where it is, without the echo of the whole request that the reference
    /// puts in the middle.
    fn from(no: NoCandidate) -> Self {
        match no {
            NoCandidate::Unreadable { format, invalid } => Self::InvalidSchema(format!(
                "Invalid schema of type {format}, details: {}",
                Details(&invalid)
            )),
            NoCandidate::BadContent(invalid) => {
                Self::InvalidSchema(format!("Invalid schema, details: {}", Details(&invalid)))
            }
            NoCandidate::Error(error) => error,
        }
    }
}

/// All that is known of a fault: the reference's words first, for whoever looks for them, then what it keeps to itself.
struct Details<'i>(&'i InvalidSchema);

impl fmt::Display for Details<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.reason())?;
        if let Some(cause) = self.0.cause() {
            write!(f, ": {cause}")?;
        }
        if let Some(name) = self.0.import() {
            write!(f, ", in the reference {name:?}")?;
        }
        if let Some(place) = self.0.place() {
            write!(f, " (line {}, column {})", place.line, place.column)?;
        }
        Ok(())
    }
}

impl NoCandidate {
    /// The text with the echo, to the letter of the reference: in the answers of a compatibility check it is the body of
    /// a good answer, and clients compare it.
    pub(crate) fn with_echo(self, subject: &Subject, content: &Content) -> Error {
        let format = content.format;
        let references = list(&content.references);
        let echo = |version: &str, id: &str| {
            format!(
                "Invalid schema {{subject={subject},version={version},id={id},guid={},schemaType={format},\
                 references={references},metadata=null,ruleSet=null,schema={},schemaTags=null,ts=null,deleted=null}}",
                content.guid(),
                content.text,
            )
        };
        let text = match &self {
            Self::Unreadable {
                format: Format::Avro,
                invalid,
            } => format!(
                "Invalid schema of type AVRO, details: {} with refs {references} of type AVRO, details: {}",
                echo("null", "null"),
                invalid.reason()
            ),
            Self::Unreadable { invalid, .. } => {
                let of_type = format!("Invalid schema of type {format}, details: ");
                format!("{of_type}{of_type}{}", invalid.reason())
            }
            Self::BadContent(invalid) => {
                format!("{}, details: {}", echo("0", "-1"), invalid.reason())
            }
            Self::Error(_) => return self.into(),
        };
        Error::InvalidSchema(text)
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

#[cfg(test)]
mod tests {
    use compat_rules::{Import, ParsedSchema, References, Strictness, parse};

    use super::*;

    fn with_import(
        format: Format,
        text: &str,
        import: &str,
    ) -> Result<ParsedSchema, InvalidSchema> {
        let mut references = References::none();
        references.add(Import {
            name: "i".to_owned(),
            text: import.into(),
            subject: "s".to_owned(),
            version: 1,
            direct: true,
        });
        parse(format, text, &references, Strictness::New)
    }

    fn unreadable(format: Format, text: &str, import: &str) -> String {
        let invalid = with_import(format, text, import).expect_err("it does not parse");
        Error::from(NoCandidate::Unreadable { format, invalid }).to_string()
    }

    fn bad_content(text: &str, import: &str) -> String {
        let schema = with_import(Format::Json, text, import).expect("it is JSON");
        let invalid = schema.validate(false).expect_err("it is no schema");
        Error::from(NoCandidate::BadContent(invalid)).to_string()
    }

    #[test]
    fn a_refusal_says_what_is_wrong_and_where() {
        assert_eq!(
            unreadable(Format::Avro, "{\n\"type\":\"array\"}", "\"int\""),
            "Invalid schema of type AVRO, details: Array has no items type: {\"type\":\"array\"} (line 1, column 1)"
        );
        assert_eq!(
            unreadable(Format::Json, "{\"type\":", "{}"),
            "Invalid schema of type JSON, details: Invalid JSON schema: unexpected end of the text, \
             expected a value (line 1, column 9)"
        );
        assert_eq!(
            bad_content("{\"type\":\"text\"}", "{}"),
            "Invalid schema, details: Invalid JSON: type must be array, boolean, integer, null, number, object or \
             string, not \"text\" (line 1, column 9)"
        );
    }

    /// `protocol.md` section 8 wants these words.
    #[test]
    fn what_would_have_to_be_fetched_is_said_to_be() {
        let refused = bad_content("{\"$ref\":\"https://e/a.json\"}", "{}");
        let words = "Remote schema reference fetching over HTTP(S) is disabled: https://e/a.json";
        assert!(refused.contains(words), "{refused}");
    }

    #[test]
    fn a_fault_in_a_reference_is_not_laid_at_a_place_of_the_text_that_was_sent() {
        assert_eq!(
            unreadable(Format::Avro, "\"int\"", "{\"type\":\"array\"}"),
            "Invalid schema of type AVRO, details: Array has no items type: {\"type\":\"array\"}, in the reference \"i\""
        );
        let refused = unreadable(Format::Protobuf, "message M {}", "{}");
        assert!(refused.ends_with(", in the reference \"i\""), "{refused}");
        assert_eq!(
            bad_content("{\"$ref\":\"i\"}", "{\"enum\":1}"),
            "Invalid schema, details: Invalid JSON: enum must be an array, not this number, in the reference \"i\""
        );
    }
}
