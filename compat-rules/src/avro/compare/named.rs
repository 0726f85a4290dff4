//! Rules for types with a name: the names themselves, symbols of enums, sizes of fixed types.

use crate::{Format, Rule};

use super::super::graph::{Enum, Fixed, Use};
use super::difference::{Detail, missing_symbols};
use super::path::PathId;
use super::{Comparison, Found, Stop, cost};

pub(super) const NAME_MISMATCH: Rule = Rule {
    id: "name-mismatch",
    format: Format::Avro,
    wire_name: "NAME_MISMATCH",
    summary: "The reader's record, enum or fixed type has another name than the writer's.",
    advice: "Keep the name, or add the old full name to the aliases of the renamed type.",
};

pub(super) const FIXED_SIZE_MISMATCH: Rule = Rule {
    id: "fixed-size-mismatch",
    format: Format::Avro,
    wire_name: "FIXED_SIZE_MISMATCH",
    summary: "The reader's fixed type has another size than the writer's.",
    advice: "Add a new fixed type under a new name, in a new field with a default.",
};

pub(super) const MISSING_ENUM_SYMBOLS: Rule = Rule {
    id: "missing-enum-symbols",
    format: Format::Avro,
    wire_name: "MISSING_ENUM_SYMBOLS",
    summary: "The writer's enum has symbols that the reader's enum does not know.",
    advice: "Keep every symbol, or give the enum a default that stands for those it does not know.",
};

impl Comparison<'_, '_> {
    /// Namespaces do not count, unless an alias names one.
    pub(super) fn names(&mut self, reader: Use, writer: Use, path: PathId, found: &mut Found) {
        let one = self.reader[reader.id].naming();
        let (Some(one), Some(other)) = (one, self.writer[writer.id].naming()) else {
            return;
        };
        let is_alias = |full: &str| one.aliases.iter().any(|alias| alias.full() == full);
        if one.name.simple() != other.name.simple() && !is_alias(other.name.full()) {
            let path = self.paths.word(path, "name");
            self.report(Detail::Name, reader, writer, path, found);
        }
    }

    pub(super) fn symbols(
        &mut self,
        (one, reader): (&Enum, Use),
        (other, writer): (&Enum, Use),
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        self.budget.spend_many(cost(other.symbols.len() / 16))?;
        if one.default.is_none() && missing_symbols(one, other).next().is_some() {
            let path = self.paths.word(path, "symbols");
            self.report(Detail::Symbols, reader, writer, path, found);
        }
        Ok(())
    }

    pub(super) fn sizes(
        &mut self,
        (one, reader): (&Fixed, Use),
        (other, writer): (&Fixed, Use),
        path: PathId,
        found: &mut Found,
    ) {
        if one.size != other.size {
            let path = self.paths.word(path, "size");
            self.report(Detail::Size, reader, writer, path, found);
        }
    }
}
