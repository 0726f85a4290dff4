//! Protobuf schemas.

use crate::{
    Budget, Exhausted, InvalidSchema, References, Rule, Strictness, TagEdit, TaggedEntity,
    Violation,
};

/// Every rule of the comparison.
pub(crate) const RULES: &[&Rule] = &[];

/// A schema that was understood.
#[derive(Debug, Clone)]
pub struct Schema {
    canonical: String,
}

pub(crate) fn parse(
    text: &str,
    _references: &References,
    _strictness: Strictness,
) -> Result<Schema, InvalidSchema> {
    Ok(Schema {
        canonical: text.to_owned(),
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

    pub(crate) fn has_top_level_field(&self, _name: &str) -> bool {
        false
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
