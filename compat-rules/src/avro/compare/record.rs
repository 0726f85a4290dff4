//! Rules for the fields of records (`avro.md` section 6.2).

use crate::{Format, Message, Rule, Violation};

use super::super::graph::{Field, Node, Record, Use};
use super::super::print;
use super::difference::Detail;
use super::path::PathId;
use super::{Comparison, Found, Stop, cost};

pub(super) const READER_FIELD_MISSING_DEFAULT_VALUE: Rule = Rule {
    id: "reader-field-missing-default-value",
    format: Format::Avro,
    wire_name: "READER_FIELD_MISSING_DEFAULT_VALUE",
    summary: "The reader expects a field that was never written, and has no default to fall back on.",
    advice: "Give the new field a default; under a forward level remove only fields that have one.",
};

/// The reference has no name for it: its comparison fails.
pub(super) const READER_FIELD_MATCHES_SEVERAL: Rule = Rule {
    id: "reader-field-matches-several",
    format: Format::Avro,
    wire_name: "",
    summary: "A field of the reader goes by its name and aliases with more than one field of the writer.",
    advice: "Take the alias away: an alias must not be the name of another field that is still written.",
};

impl Comparison<'_, '_> {
    /// Every field of the reader needs something to be read from.
    pub(super) fn records(
        &mut self,
        (one, reader): (&Record, Use),
        (other, writer): (&Record, Use),
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        self.budget.spend_many(cost(one.fields.len() / 16))?;
        let path = self.paths.word(path, "fields");
        for (position, field) in one.fields.iter().enumerate() {
            let path = self.paths.index(path, position);
            match self.writer_field((field, position), (other, writer), path)? {
                Some(written) => {
                    let path = self.paths.word(path, "type");
                    self.pair(field.r#type, written.r#type, path, found)?;
                }
                None if field.default.is_some() => {}
                None => self.missing(position, (one, reader), writer, path, found)?,
            }
        }
        Ok(())
    }

    /// The writer's field that the reader's name or one of its aliases names.
    fn writer_field<'w>(
        &mut self,
        (field, position): (&Field, usize),
        (writer, writer_use): (&'w Record, Use),
        path: PathId,
    ) -> Result<Option<&'w Field>, Stop> {
        self.budget.spend_many(cost(field.aliases.len()))?;
        let mut matches = std::iter::once(&field.name)
            .chain(&field.aliases)
            .filter_map(|name| writer.field(name));
        let first = matches.next();
        if matches.next().is_none() {
            return Ok(first);
        }
        // The whole comparison of the reference fails at this point, and so says nothing else.
        let text = format!(
            "Unexpected exception during compatibility check: Reader record field {} type:{} pos:{position} matches \
             multiple fields in writer record schema {}",
            field.name,
            self.reader[field.r#type.id].type_word().to_uppercase(),
            print::fragment(self.writer, writer_use.id)
        );
        let message = Message::new().text(text);
        Err(Stop::Alone(Box::new(Violation {
            reader_place: field.place,
            writer_place: writer.naming.place.or(writer_use.place),
            ..Violation::new(
                &READER_FIELD_MATCHES_SEVERAL,
                self.paths.text(path),
                message,
            )
        })))
    }

    /// The reader's field was never written and has no default.
    fn missing(
        &mut self,
        position: usize,
        (one, reader): (&Record, Use),
        writer: Use,
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        let r#type = one.fields[position].r#type;
        // The reference takes the default of an enum for one of the field here, and goes on to compare the enum with
        // the writer's record.
        if let Node::Enum(enumeration) = &self.reader[r#type.id]
            && enumeration.default.is_some()
        {
            let path = self.paths.word(path, "type");
            return self.pair(r#type, writer, path, found);
        }
        self.report(Detail::Default(position), reader, writer, path, found);
        Ok(())
    }
}
