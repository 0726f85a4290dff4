//! The three formats, and the only `match` over them.

use std::str::FromStr;

use crate::check::CompatibilityPolicy;
use crate::policy::model::Model;
use crate::{
    Budget, Exhausted, InvalidSchema, References, TagEdit, TaggedEntity, Violation, avro, json,
    protobuf,
};

/// The closed set of schema formats that the protocol knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    /// Apache Avro.
    Avro,
    /// JSON Schema.
    Json,
    /// Protocol Buffers.
    Protobuf,
}

/// A text that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid schema type {0}")]
pub struct UnknownFormat(pub String);

impl Format {
    /// Every format, in the order in which the protocol lists them.
    pub const ALL: [Self; 3] = [Self::Json, Self::Protobuf, Self::Avro];

    /// The `schemaType` on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Avro => "AVRO",
            Self::Json => "JSON",
            Self::Protobuf => "PROTOBUF",
        }
    }

    /// True when two schemas may be equivalent though their canonical texts differ: then they have to be read to know.
    #[must_use]
    pub const fn is_compared_by_structure(self) -> bool {
        match self {
            Self::Avro => true,
            Self::Json | Self::Protobuf => false,
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    /// Exact case, as the protocol has it.
    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// How much is demanded of a single text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strictness {
    /// A schema about to be registered: names and defaults are checked, too.
    New,
    /// A schema that is stored, imported or only looked up.
    Stored,
}

/// A spelling of the text other than the canonical one: the `format` parameter of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// The text that is stored and hashed.
    Canonical,
    /// Avro with every reference written out.
    Resolved,
    /// A Protobuf file descriptor in base64.
    Serialized,
    /// Protobuf without extensions and custom options.
    IgnoreExtensions,
}

impl TextForm {
    /// What the `format` parameter asks for; a form that the schema's format does not have is the canonical one.
    #[must_use]
    pub fn from_parameter(parameter: &str, format: Format) -> Self {
        match (format, parameter) {
            (Format::Avro, "resolved") => Self::Resolved,
            // Of Protobuf's forms it is known that their case does not matter.
            (Format::Protobuf, name) if name.eq_ignore_ascii_case("serialized") => Self::Serialized,
            (Format::Protobuf, name) if name.eq_ignore_ascii_case("ignore_extensions") => {
                Self::IgnoreExtensions
            }
            _ => Self::Canonical,
        }
    }
}

/// A schema that was understood. Immutable; cheap to ask, so worth keeping.
#[derive(Debug, Clone)]
pub enum ParsedSchema {
    /// An Avro schema.
    Avro(avro::Schema),
    /// A JSON schema.
    Json(json::Schema),
    /// A Protobuf file.
    Protobuf(protobuf::Schema),
}

/// Reads a schema text.
///
/// # Errors
/// [`InvalidSchema`] with the reason and, where known, the place.
pub fn parse(
    format: Format,
    text: &str,
    references: &References,
    strictness: Strictness,
) -> Result<ParsedSchema, InvalidSchema> {
    Ok(match format {
        Format::Avro => ParsedSchema::Avro(avro::parse(text, references, strictness)?),
        Format::Json => ParsedSchema::Json(json::parse(text, references, strictness)?),
        Format::Protobuf => ParsedSchema::Protobuf(protobuf::parse(text, references, strictness)?),
    })
}

impl ParsedSchema {
    /// Which format it is.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self {
            Self::Avro(_) => Format::Avro,
            Self::Json(_) => Format::Json,
            Self::Protobuf(_) => Format::Protobuf,
        }
    }

    /// What rules of policy look at. `text` is the text that it was read from.
    #[must_use]
    pub fn model(&self, text: &str) -> Model {
        match self {
            Self::Avro(schema) => schema.model(text),
            Self::Json(schema) => schema.model(text),
            Self::Protobuf(schema) => schema.model(text),
        }
    }

    /// The text that is stored, served and hashed.
    #[must_use]
    pub fn canonical(&self) -> &str {
        match self {
            Self::Avro(schema) => schema.canonical(),
            Self::Json(schema) => schema.canonical(),
            Self::Protobuf(schema) => schema.canonical(),
        }
    }

    /// The same schema in its normal form (`normalize=true`).
    ///
    /// # Errors
    /// [`InvalidSchema`] where the specification of the format refuses to normalise.
    pub fn normalized(&self) -> Result<Self, InvalidSchema> {
        Ok(match self {
            Self::Avro(schema) => Self::Avro(schema.normalized()?),
            Self::Json(schema) => Self::Json(schema.normalized()?),
            Self::Protobuf(schema) => Self::Protobuf(schema.normalized()?),
        })
    }

    /// Another spelling of the text.
    ///
    /// # Errors
    /// [`InvalidSchema`] where the schema has no such spelling, such as the descriptor of a file that does not link.
    pub fn render(&self, form: TextForm) -> Result<String, InvalidSchema> {
        match (self, form) {
            (Self::Avro(schema), TextForm::Resolved) => Ok(schema.resolved()),
            (Self::Protobuf(schema), TextForm::Serialized) => schema.serialized(),
            (Self::Protobuf(schema), TextForm::IgnoreExtensions) => Ok(schema.without_extensions()),
            _ => Ok(self.canonical().to_owned()),
        }
    }

    /// Checks the content of a schema that is to be registered, beyond what parsing demands.
    /// `fields` is the setting `validateFields`.
    ///
    /// # Errors
    /// [`InvalidSchema`] with the reference's reason.
    pub fn validate(&self, fields: bool) -> Result<(), InvalidSchema> {
        match self {
            Self::Avro(schema) => schema.validate(fields),
            Self::Json(schema) => schema.validate(fields),
            Self::Protobuf(schema) => schema.validate(fields),
        }
    }

    /// Checks the content of a schema that an import brings in: what is wrong in every mode.
    ///
    /// # Errors
    /// [`InvalidSchema`] with the reference's reason.
    pub fn validate_import(&self) -> Result<(), InvalidSchema> {
        match self {
            Self::Avro(_) => Ok(()),
            Self::Json(schema) => schema.check_import(),
            Self::Protobuf(schema) => schema.check_import(),
        }
    }

    /// True when a lookup takes one for the other, though the texts may differ. References are compared by the
    /// caller.
    #[must_use]
    pub fn is_equivalent(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Avro(one), Self::Avro(other)) => one.is_equivalent(other),
            (Self::Json(one), Self::Json(other)) => one.canonical() == other.canonical(),
            (Self::Protobuf(one), Self::Protobuf(other)) => one.canonical() == other.canonical(),
            _ => false,
        }
    }

    /// True when `self`, given without references, is `other` with its references written out.
    #[must_use]
    pub fn is_resolved_form_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Avro(one), Self::Avro(other)) => one.is_resolved_form_of(other),
            _ => self.is_equivalent(other),
        }
    }

    /// True when a field of that name stands at the top level (what counts is in each format's specification).
    #[must_use]
    pub fn has_top_level_field(&self, name: &str) -> bool {
        match self {
            Self::Avro(schema) => schema.has_top_level_field(name),
            Self::Json(schema) => schema.has_top_level_field(name),
            Self::Protobuf(schema) => schema.has_top_level_field(name),
        }
    }

    /// Every element that carries inline tags.
    #[must_use]
    pub fn tags(&self) -> Vec<TaggedEntity> {
        match self {
            Self::Avro(schema) => schema.tags(),
            Self::Json(schema) => schema.tags(),
            Self::Protobuf(schema) => schema.tags(),
        }
    }

    /// The same schema with other inline tags.
    ///
    /// # Errors
    /// [`InvalidSchema`] when a path names no element.
    pub fn with_tags(&self, edit: &TagEdit) -> Result<Self, InvalidSchema> {
        Ok(match self {
            Self::Avro(schema) => Self::Avro(schema.with_tags(edit)?),
            Self::Json(schema) => Self::Json(schema.with_tags(edit)?),
            Self::Protobuf(schema) => Self::Protobuf(schema.with_tags(edit)?),
        })
    }

    /// Why `self` cannot read everything that `writer` wrote; `None` when the two are of different formats.
    ///
    /// # Errors
    /// [`Exhausted`] when the comparison costs more than the budget allows.
    pub fn read_violations(
        &self,
        writer: &Self,
        policy: CompatibilityPolicy,
        budget: &mut Budget,
    ) -> Result<Option<Vec<Violation>>, Exhausted> {
        Ok(Some(match (self, writer) {
            (Self::Avro(reader), Self::Avro(writer)) => avro::compare(reader, writer, budget)?,
            (Self::Json(reader), Self::Json(writer)) => {
                json::compare(reader, writer, policy, budget)?
            }
            (Self::Protobuf(reader), Self::Protobuf(writer)) => {
                protobuf::compare(reader, writer, budget)?
            }
            _ => return Ok(None),
        }))
    }
}
