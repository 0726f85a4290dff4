//! What stands between the tokens: white space and comments.

use super::{Cursor, Parsed};

impl Cursor<'_> {
    /// Skips white space and comments.
    pub(in super::super) fn skip_blank(&mut self) -> Parsed<()> {
        while let Some(byte) = self.bytes.get(self.offset) {
            match byte {
                b'\n' => {
                    self.offset += 1;
                    self.note_line();
                }
                b' ' | b'\t' | b'\r' => self.offset += 1,
                b'/' => self.skip_comment()?,
                _ => break,
            }
        }
        Ok(())
    }

    fn skip_comment(&mut self) -> Parsed<()> {
        self.offset += 1;
        match self.bytes.get(self.offset) {
            Some(b'/') => {
                self.offset += 1;
                self.skip_line();
                Ok(())
            }
            Some(b'*') => {
                self.offset += 1;
                self.skip_block_comment()
            }
            next => {
                // The reference tells the place behind the character that is no part of a comment.
                self.offset += next.map_or(0, |_| self.width_here());
                Err(self.error("unexpected '/'"))
            }
        }
    }

    fn skip_block_comment(&mut self) -> Parsed<()> {
        while self.offset + 1 < self.bytes.len() {
            match self.bytes[self.offset] {
                b'*' if self.bytes[self.offset + 1] == b'/' => {
                    self.offset += 2;
                    return Ok(());
                }
                b'\n' => {
                    // Columns behind a line break in a comment are told one too high.
                    self.note_line();
                    self.offset += 1;
                }
                _ => self.offset += 1,
            }
        }
        while !self.text.is_char_boundary(self.offset) {
            self.offset -= 1;
        }
        Err(self.error("unterminated comment"))
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.offset..];
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(length) => {
                self.offset += length + 1;
                self.note_line();
            }
            None => self.offset = self.bytes.len(),
        }
    }

    /// Behind a field, constant or `reserved` statement: the comment on the rest of its line.
    ///
    /// The end of the text right here is an error in the reference, and so it is here.
    pub(in super::super) fn trailing_comment(&mut self) -> Parsed<()> {
        while let Some(b' ' | b'\t') = self.bytes.get(self.offset) {
            self.offset += 1;
        }
        match self.bytes.get(self.offset) {
            Some(b'/') => self.offset += 1,
            Some(_) => return Ok(()),
            None => return Err(self.error("expected '//' or '/*'")),
        }
        match self.bytes.get(self.offset) {
            Some(b'/') => self.skip_line(),
            Some(b'*') => {
                self.offset += 1;
                self.skip_trailing_block()?;
            }
            _ => return Err(self.error("expected '//' or '/*'")),
        }
        Ok(())
    }

    fn skip_trailing_block(&mut self) -> Parsed<()> {
        let rest = &self.bytes[self.offset..];
        let Some(length) = rest.windows(2).position(|pair| pair == b"*/") else {
            self.offset = self.bytes.len();
            return Err(self.error("trailing comment must be closed"));
        };
        // Line breaks inside this comment are those that the reference does not count.
        self.offset += length + 2;
        while let Some(byte) = self.bytes.get(self.offset) {
            match byte {
                b' ' | b'\t' => self.offset += 1,
                b'\n' => {
                    self.offset += 1;
                    self.note_line();
                    break;
                }
                // The line end of other systems: refused by the reference, harmless.
                b'\r' if self.bytes.get(self.offset + 1) == Some(&b'\n') => self.offset += 1,
                _ => {
                    self.offset += self.width_here();
                    return Err(self.error("no syntax may follow trailing comment"));
                }
            }
        }
        Ok(())
    }
}
