//! Enums.

use super::super::document::{Constant, Enum};
use super::{Parsed, Parser, Start};

impl Parser<'_> {
    /// The name is read already.
    pub(super) fn enumeration(&mut self, start: &Start, name: &str) -> Parsed<Enum> {
        let mut enumeration = Enum {
            place: start.place,
            name: name.to_owned(),
            reserved: Vec::new(),
            options: Vec::new(),
            constants: Vec::new(),
        };
        self.block(|parser, start| {
            match parser.cursor.identifier()? {
                "option" => enumeration.options.push(parser.option_statement()?),
                "reserved" => enumeration.reserved.push(parser.reserved(start)?),
                name => enumeration.constants.push(parser.constant(start, name)?),
            }
            Ok(())
        })?;
        Ok(enumeration)
    }

    fn constant(&mut self, start: &Start, name: &str) -> Parsed<Constant> {
        self.cursor.expect('=')?;
        let number = self.cursor.integer()?;
        let options = self.option_list()?;
        self.cursor.expect(';')?;
        self.cursor.trailing_comment()?;
        Ok(Constant {
            place: start.place,
            name: name.to_owned(),
            number,
            options,
        })
    }
}
