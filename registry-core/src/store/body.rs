//! The row of a content: as it is shown, so that an answer by id costs one read and no work.
//!
//! The text stands escaped, the guid is kept beside it, and with them who is shown as its holder. Rows of the first
//! encoding have neither; they are read as if they had, but for the holder.

use std::borrow::Cow;

use compat_rules::Format;
use serde::{Deserialize, Serialize};

use crate::json_text;
use crate::named;
use crate::rule_set::RuleSet;
use crate::schema::{Metadata, Schema, SchemaReference};

use super::Fault;
use super::codec;
use super::rows::VersionRow;

/// The encoding of these rows. The one before was a [`Schema`] in [`codec`]'s own.
const ENCODING: u8 = 2;

/// The value of a content's row, or a view of it where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BodyRow<'r> {
    /// The hash over all that follows but the holder.
    pub(crate) guid: [u8; 16],
    /// Derived from the rows of holders and versions; `None` where an earlier Concord wrote the row.
    #[serde(borrow)]
    pub(crate) first_holder: Option<FirstHolder<'r>>,
    /// The format of the text.
    #[serde(with = "named")]
    pub(crate) format: Format,
    /// The canonical text, escaped.
    #[serde(borrow)]
    pub(crate) text: Cow<'r, str>,
    pub(crate) references: Vec<SchemaReference>,
    pub(crate) metadata: Option<Metadata>,
    pub(crate) rule_set: Option<RuleSet>,
}

/// The first subject of the context, by name, that holds an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FirstHolder<'r> {
    #[serde(borrow)]
    pub(crate) subject: Cow<'r, str>,
    pub(crate) version: u32,
    pub(crate) row: VersionRow,
}

impl<'r> BodyRow<'r> {
    /// The row of a content, without a holder.
    pub(crate) fn new(schema: &Schema) -> Self {
        let mut text = String::with_capacity(schema.text.len() + schema.text.len() / 4);
        json_text::escape(&schema.text, &mut text);
        Self {
            guid: *schema.guid().as_bytes(),
            first_holder: None,
            format: schema.format,
            text: text.into(),
            references: schema.references.clone(),
            metadata: schema.metadata.clone(),
            rule_set: schema.rule_set.clone(),
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        codec::encode_as(ENCODING, self)
    }

    pub(crate) fn decode(bytes: &'r [u8]) -> Result<Self, Fault> {
        if bytes.first() == Some(&ENCODING) {
            codec::decode_as(ENCODING, bytes)
        } else {
            codec::decode(bytes).map(|schema: Schema| Self::new(&schema))
        }
    }

    /// The content.
    pub(crate) fn into_schema(self) -> Result<Schema, Fault> {
        let text = json_text::unescape(&self.text)
            .ok_or_else(|| Fault::damaged("reading a schema", "its text is not escaped"))?;
        Ok(Schema {
            format: self.format,
            text: text.into(),
            references: self.references,
            metadata: self.metadata,
            rule_set: self.rule_set,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Schema {
            format: Format::Json,
            text: r#"{"title":"a\\b😀"}"#.into(),
            references: vec![SchemaReference {
                name: "n".to_owned(),
                subject: "s".to_owned(),
                version: 1,
            }],
            metadata: Some(Metadata::default()),
            rule_set: None,
        }
    }

    #[test]
    fn a_content_comes_back_from_its_row() {
        let written = BodyRow::new(&schema()).encode();
        let row = BodyRow::decode(&written).expect("a row");
        assert_eq!(row.guid, *schema().guid().as_bytes());
        assert_eq!(row.into_schema().expect("a schema"), schema());
    }

    #[test]
    fn a_row_of_the_first_encoding_is_read_as_if_it_were_of_this_one() {
        let written = b"\x01\x04AVRO\x05\"int\"\x00\x00\x00";
        let schema = Schema {
            format: Format::Avro,
            text: "\"int\"".into(),
            references: Vec::new(),
            metadata: None,
            rule_set: None,
        };
        let row = BodyRow::decode(written).expect("a row");
        assert_eq!(row, BodyRow::new(&schema));
        assert_eq!(row.into_schema().expect("a schema"), schema);
    }
}
