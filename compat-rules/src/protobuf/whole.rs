//! Whether the printed text says what the document says, no more and no less.
//!
//! The reference prints some texts of the author as they are: reserved names and the paths of imports between quotes, defaults of most
//! types without any. A quote or a blank in one of them would be read back as the end of it, and what follows as a statement: a
//! field, say, that no comparison and no policy has seen. Texts of option values are escaped, and names are words, so they are safe.

use super::document::{Document, Enum, Field, Message, RangeValue, Ranges};
use super::print;
use crate::{InvalidSchema, Place};

/// # Errors
/// [`InvalidSchema`] at the first text that could not be read again as what it is.
pub(crate) fn check(document: &Document) -> Result<(), InvalidSchema> {
    for path in document.imports.iter().chain(&document.public_imports) {
        if !is_quotable(path) {
            return Err(broken(Place::START, &format!("the import of {path}")));
        }
    }
    document.messages.iter().try_for_each(reserved_of_message)?;
    document.enums.iter().try_for_each(reserved_of_enum)?;
    defaults(document)
}

fn reserved_of_message(message: &Message) -> Result<(), InvalidSchema> {
    reserved(&message.reserved)?;
    message.enums.iter().try_for_each(reserved_of_enum)?;
    message.messages.iter().try_for_each(reserved_of_message)
}

fn reserved_of_enum(enumeration: &Enum) -> Result<(), InvalidSchema> {
    reserved(&enumeration.reserved)
}

fn reserved(statements: &[Ranges]) -> Result<(), InvalidSchema> {
    for statement in statements {
        for value in &statement.values {
            if let RangeValue::Name(name) = value
                && !is_quotable(name)
            {
                let what = format!("the reserved name {name}");
                return Err(broken(statement.place, &what));
            }
        }
    }
    Ok(())
}

/// True for what stands for itself between double quotes.
fn is_quotable(text: &str) -> bool {
    !text.contains(['"', '\\'])
}

fn broken(place: Place, what: &str) -> InvalidSchema {
    InvalidSchema::at(
        place,
        format!("Could not parse Protobuf - {what} has a quote or a backslash"),
    )
}

fn defaults(document: &Document) -> Result<(), InvalidSchema> {
    let mut bad = None;
    document.clone().for_each_field(&mut |field| {
        if bad.is_none() && !has_whole_default(field) {
            let reason = format!(
                "Could not parse Protobuf - the default of {} is no word",
                field.name
            );
            bad = Some(InvalidSchema::at(field.place, reason));
        }
    });
    bad.map_or(Ok(()), Err)
}

fn has_whole_default(field: &Field) -> bool {
    let mut options = field.lifted_options().into_iter();
    let default = options.find(|option| option.is_plain("default"));
    default.is_none_or(|default| print::is_whole(&default.value))
}
