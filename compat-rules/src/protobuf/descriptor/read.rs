//! From a file descriptor to a document.
//!
//! What the document keeps, and in which order, decides the text and with it the id; it is what the reference
//! keeps. Comments, unknown options and the edition are lost on the way.

mod message;
mod option;
mod service;

use super::super::document::{Document, Syntax};
use super::super::parse::{DEPTH_MAX, is_word};
use super::option as known;
use super::wire::{Malformed, Record};
use crate::Place;

/// Why bytes are no file descriptor that we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Not a descriptor at all.
    Malformed,
    /// A `FileDescriptorSet`: the reference reads it as an empty file and stores that.
    Set,
}

impl From<Malformed> for Unreadable {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// Numbers in `google.protobuf.FileDescriptorProto`.
mod number {
    pub(super) const NAME: u32 = 1;
    pub(super) const PACKAGE: u32 = 2;
    pub(super) const DEPENDENCY: u32 = 3;
    pub(super) const MESSAGE: u32 = 4;
    pub(super) const ENUM: u32 = 5;
    pub(super) const SERVICE: u32 = 6;
    pub(super) const EXTENSION: u32 = 7;
    pub(super) const OPTIONS: u32 = 8;
    pub(super) const PUBLIC_DEPENDENCY: u32 = 10;
    pub(super) const WEAK_DEPENDENCY: u32 = 11;
    pub(super) const SYNTAX: u32 = 12;
}

/// Reads a serialised `FileDescriptorProto`.
///
/// # Errors
/// [`Unreadable`] when the bytes are something else, or name something that no text could name.
pub(crate) fn file(bytes: &[u8]) -> Result<Document, Unreadable> {
    let file = Record::read(bytes)?;
    if file.has_only(number::NAME) {
        let name = file.bytes(number::NAME).last().unwrap_or_default();
        // The only field of a set holds messages, which a file's name never looks like.
        if name.iter().any(u8::is_ascii_control) {
            return Err(Unreadable::Set);
        }
    }
    let syntax = file.text(number::SYNTAX)?;
    let syntax = syntax.as_deref().and_then(Syntax::named);
    let reader = Reader {
        proto3: syntax == Some(Syntax::Proto3),
    };
    let package = file.text(number::PACKAGE)?.filter(|name| !name.is_empty());
    let mut document = Document {
        syntax,
        package: package.map(dotted).transpose()?,
        options: option::all(&known::FILE, file.record(number::OPTIONS)?.as_ref())?,
        extends: reader.extends(&file.records(number::EXTENSION)?)?,
        ..Document::default()
    };
    imports(&file, &mut document)?;
    for message in file.records(number::MESSAGE)? {
        document.messages.push(reader.message(&message, 1)?);
    }
    for enumeration in file.records(number::ENUM)? {
        document.enums.push(reader.enumeration(&enumeration)?);
    }
    for service in file.records(number::SERVICE)? {
        document.services.push(service::read(&service)?);
    }
    Ok(document)
}

fn imports(file: &Record<'_>, document: &mut Document) -> Result<(), Malformed> {
    let public = file.packed(number::PUBLIC_DEPENDENCY)?;
    let weak = file.packed(number::WEAK_DEPENDENCY)?;
    for (index, path) in (0_u64..).zip(file.texts(number::DEPENDENCY)?) {
        if path.contains(['"', '\'', '\\', '\n']) {
            return Err(Malformed);
        }
        let list = if public.contains(&index) {
            &mut document.public_imports
        } else if weak.contains(&index) {
            &mut document.weak_imports
        } else {
            &mut document.imports
        };
        list.push(path);
    }
    Ok(())
}

/// What the file says about all that is in it.
struct Reader {
    proto3: bool,
}

/// Elements of a descriptor stand nowhere in particular.
const NOWHERE: Place = Place::START;

/// A name that a text could hold: anything else would change the meaning of the text around it.
fn word(name: Option<String>) -> Result<String, Malformed> {
    name.filter(|name| is_word(name)).ok_or(Malformed)
}

/// A package: as [`word`], and not of more parts than a text may have.
fn dotted(name: String) -> Result<String, Malformed> {
    let name = word(Some(name))?;
    if name.matches('.').count() < DEPTH_MAX {
        Ok(name)
    } else {
        Err(Malformed)
    }
}
