//! `format=logical`: schemas written as logical types (`protocol.md` section 7.3). This server neither reads nor
//! writes that language, and says so where it is asked to, instead of taking the text for something else.

use compat_rules::Format;
use registry_core::{Error, Submission};

use super::call::Call;
use super::error::Refusal;

const UNKNOWN_HERE: &str = "this server does not know logical types";

/// Refuses to register a text of logical types, for the first reason that applies.
pub(super) fn refuse_text(call: &Call, submission: &Submission) -> Result<(), Refusal> {
    if !is_asked_for(call) {
        return Ok(());
    }
    let named = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let message = match (named(&submission.schema_type), named(&submission.text)) {
        (None, _) => format!(
            "schemaType is required when format=logical, and must be one of {}",
            formats()
        ),
        (Some(_), None) => "Schema is required when format=logical".to_owned(),
        (Some(name), _) if Format::ALL.iter().all(|format| format.as_str() != name) => format!(
            "Unsupported schemaType '{name}' for format=logical; must be one of {}",
            formats()
        ),
        _ => format!("Invalid logical type schema: {UNKNOWN_HERE}"),
    };
    Err(Refusal::from(Error::InvalidSchema(message)).not_on_record())
}

/// Refuses to show a stored schema as logical types.
pub(super) fn refuse_form(call: &Call) -> Result<(), Refusal> {
    if !is_asked_for(call) {
        return Ok(());
    }
    let message = format!("Stored schema cannot be represented as a logical type: {UNKNOWN_HERE}");
    Err(Error::InvalidSchema(message).into())
}

fn is_asked_for(call: &Call) -> bool {
    let format = call.query.first("format");
    format.is_some_and(|format| format.eq_ignore_ascii_case("logical"))
}

/// In the order of the reference's message.
fn formats() -> String {
    let mut names = Format::ALL.map(Format::as_str);
    names.sort_unstable();
    names.join(", ")
}
