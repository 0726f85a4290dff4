//! Protobuf schemas.

mod document;
mod parse;
mod print;
mod scalar;

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
    let document = parse::parse(text).map_err(|error| {
        InvalidSchema::at(
            error.place,
            format!("Could not parse Protobuf - {}", error.text),
        )
    })?;
    Ok(Schema {
        canonical: print::document(&document),
        document,
    })
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
