//! Quoted text and its escapes.

use super::{Cursor, Parsed};

impl Cursor<'_> {
    /// Text between quotes; texts that follow each other are one.
    pub(in super::super) fn quoted(&mut self) -> Parsed<String> {
        let mut quote = self.take()?;
        if quote != '"' && quote != '\'' {
            return Err(self.error("expected quoted string"));
        }
        let mut result = String::new();
        loop {
            let rest = &self.text[self.offset..];
            let special = |character| character == quote || character == '\\' || character == '\n';
            let Some(length) = rest.find(special) else {
                self.offset = self.bytes.len();
                return Err(self.error("unterminated string"));
            };
            result.push_str(&rest[..length]);
            self.offset += length + 1;
            match self.bytes[self.offset - 1] {
                b'\n' => {
                    result.push('\n');
                    self.note_line();
                }
                b'\\' => {
                    let escaped = self.escape()?;
                    result.push(escaped);
                    if escaped == '\n' {
                        // The reference takes an escaped line break for a real one when it counts.
                        self.note_line();
                    }
                }
                _ => match self.peek()? {
                    b'"' | b'\'' => quote = self.take()?,
                    _ => return Ok(result),
                },
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let Some(escaped) = self.text[self.offset..].chars().next() else {
            return Err(self.error("unexpected end of file"));
        };
        self.offset += escaped.len_utf8();
        Ok(match escaped {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' | 'X' => self.numeric_escape(16, 2)?,
            '0'..='7' => {
                self.offset -= 1;
                self.numeric_escape(8, 3)?
            }
            other => other,
        })
    }

    fn numeric_escape(&mut self, radix: u32, digits_max: usize) -> Parsed<char> {
        let digits = self.bytes[self.offset..]
            .iter()
            .take(digits_max)
            .take_while(|byte| char::from(**byte).is_digit(radix))
            .count();
        let value = u32::from_str_radix(&self.text[self.offset..self.offset + digits], radix);
        self.offset += digits;
        value
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(|| self.error("expected a digit after \\x or \\X"))
    }
}
