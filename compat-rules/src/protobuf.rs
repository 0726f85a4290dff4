//! Protobuf schemas.

mod builtin;
mod descriptor;
mod document;
mod names;
mod parse;
mod print;
mod scalar;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use self::descriptor::read::Unreadable;
use self::document::Document;
use crate::{
    Budget, Exhausted, InvalidSchema, References, Rule, Strictness, TagEdit, TaggedEntity,
    Violation,
};

/// Every rule of the comparison.
pub(crate) const RULES: &[&Rule] = &[];

/// A schema that was understood.
#[derive(Debug, Clone)]
pub struct Schema {
    document: Document,
    canonical: String,
}

pub(crate) fn parse(
    text: &str,
    _references: &References,
    _strictness: Strictness,
) -> Result<Schema, InvalidSchema> {
    let document = read(text)?;
    let canonical = print::document(&document);
    if canonical.is_empty() {
        return Err(InvalidSchema::new("Empty schema"));
    }
    Ok(Schema {
        document,
        canonical,
    })
}

/// Reads a text or, failing that, a file descriptor in base64.
fn read(text: &str) -> Result<Document, InvalidSchema> {
    let error = match parse::parse(text) {
        Ok(document) => return Ok(document),
        Err(error) => error,
    };
    let reason = match from_base64(text) {
        Some(Ok(document)) => return Ok(document),
        Some(Err(Unreadable::Set)) => {
            return Err(InvalidSchema::new(
                "Could not parse Protobuf - this is a FileDescriptorSet; send the FileDescriptorProto of one file",
            ));
        }
        Some(Err(Unreadable::Malformed)) | None => error.text,
    };
    let reason = format!("Could not parse Protobuf - {reason}");
    Err(InvalidSchema::at(error.place, reason))
}

fn from_base64(text: &str) -> Option<Result<Document, Unreadable>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let bytes = GeneralPurpose::new(&STANDARD, config).decode(text).ok()?;
    Some(descriptor::read::file(&bytes))
}

pub(crate) fn compare(
    _reader: &Schema,
    _writer: &Schema,
    _budget: &mut Budget,
) -> Result<Vec<Violation>, Exhausted> {
    Ok(Vec::new())
}

impl Schema {
    pub(crate) fn canonical(&self) -> &str {
        &self.canonical
    }

    pub(crate) fn normalized(&self) -> Result<Self, InvalidSchema> {
        Ok(self.clone())
    }

    pub(crate) fn validate(&self, _fields: bool) -> Result<(), InvalidSchema> {
        Ok(())
    }

    pub(crate) fn has_top_level_field(&self, name: &str) -> bool {
        self.document
            .messages
            .iter()
            .flat_map(|message| &message.fields)
            .any(|field| field.name == name)
    }

    pub(crate) fn tags(&self) -> Vec<TaggedEntity> {
        Vec::new()
    }

    pub(crate) fn with_tags(&self, _edit: &TagEdit) -> Result<Self, InvalidSchema> {
        Ok(self.clone())
    }

    pub(crate) fn serialized(&self) -> Result<String, InvalidSchema> {
        Ok(self.canonical.clone())
    }

    pub(crate) fn without_extensions(&self) -> String {
        self.canonical.clone()
    }
}
