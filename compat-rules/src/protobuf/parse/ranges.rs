//! `reserved` and `extensions`.

use super::super::document::{Extensions, RangeValue, Ranges};
use super::{Parsed, Parser, Start};

/// What `max` stands for: the largest field number.
pub(crate) const NUMBER_MAX: i32 = 536_870_911;

impl Parser<'_> {
    pub(super) fn reserved(&mut self, start: &Start) -> Parsed<Ranges> {
        let mut values = Vec::new();
        loop {
            values.push(match self.cursor.peek()? {
                b'"' | b'\'' => RangeValue::Name(self.cursor.quoted()?),
                _ => self.range(start, b",;", "expected ',', ';', or 'to'")?,
            });
            if self.is_last()? {
                break;
            }
        }
        self.cursor.trailing_comment()?;
        Ok(Ranges {
            place: start.place,
            values,
        })
    }

    pub(super) fn extensions(&mut self, start: &Start) -> Parsed<Extensions> {
        let mut extensions = Extensions {
            ranges: Ranges {
                place: start.place,
                values: Vec::new(),
            },
            options: Vec::new(),
        };
        loop {
            let range = self.range(start, b",;[", "expected ',', ';', '[' or 'to'")?;
            extensions.ranges.values.push(range);
            if self.cursor.peek()? == b'[' {
                extensions.options = self.option_list()?;
                self.cursor.expect(';')?;
                return Ok(extensions);
            }
            if self.is_last()? {
                return Ok(extensions);
            }
        }
    }

    fn range(&mut self, start: &Start, ends: &[u8], reason: &str) -> Parsed<RangeValue> {
        let from = self.cursor.integer()?;
        if ends.contains(&self.cursor.peek()?) {
            return Ok(RangeValue::Number(from));
        }
        if self.cursor.word()? != "to" {
            return Err(self.cursor.error_at(start, reason));
        }
        let to = match self.cursor.word()? {
            "max" => NUMBER_MAX,
            // Decimal only; the reference lets the error of its number parser through as it is.
            word => word.parse().map_err(|_| {
                let text = format!("For input string: \"{word}\"");
                self.cursor.error_text(self.cursor.offset(), text)
            })?,
        };
        Ok(RangeValue::Range(from, to))
    }

    fn is_last(&mut self) -> Parsed<bool> {
        match self.cursor.take()? {
            ';' => Ok(true),
            ',' => Ok(false),
            _ => Err(self.cursor.error("expected ',' or ';'")),
        }
    }
}
