//! The tokens of a `.proto` text, read one at a time from a cursor.
//!
//! The language has no lexer of its own in the reference: a word may be a name, a number or a keyword depending
//! on who asks. So there is no token list either, only questions to the place where we stand.

mod comments;
mod quoted;

use crate::Place;

/// A text that does not follow the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) place: Place,
    /// Complete, with the position as the reference counts it.
    pub(crate) text: String,
}

pub(crate) type Parsed<T> = Result<T, Box<SyntaxError>>;

/// A position as the reference tells it in its messages: columns count UTF-16 units from the last line break
/// that the reference noticed, which are not all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) line: u32,
    pub(super) column: u32,
    offset: usize,
}

impl std::fmt::Display for Told {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, ":{}:{}", self.line, self.column)
    }
}

/// Where a statement starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub(super) offset: usize,
    pub(super) place: Place,
    pub(super) told: Told,
}

/// How far places were counted: counting goes on from there, since a text of one long line must not cost the square
/// of its length.
#[derive(Debug, Clone, Copy)]
struct Mark {
    offset: usize,
    place: Place,
    /// The line that `units` counts from.
    line_start: usize,
    units: usize,
}

pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    offset: usize,
    line: u32,
    line_start: usize,
    marked: Mark,
}

/// True for a text that is one word: a name, a number, a keyword.
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_word_byte)
}

const fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            offset: 0,
            line: 1,
            line_start: 0,
            marked: Mark {
                offset: 0,
                place: Place::START,
                line_start: 0,
                units: 0,
            },
        }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.offset == self.bytes.len()
    }

    pub(super) fn start(&mut self) -> Start {
        let Mark {
            offset: marked,
            mut place,
            line_start,
            units,
        } = self.marked;
        let offset = self.offset;
        for byte in &self.bytes[marked..offset] {
            if *byte == b'\n' {
                place.line += 1;
                place.column = 1;
            } else if !is_continuation(*byte) {
                place.column += 1;
            }
        }
        let units = if self.line_start == line_start {
            units + units_in(&self.text[marked..offset])
        } else {
            units_in(&self.text[self.line_start..offset])
        };
        self.marked = Mark {
            offset,
            place,
            line_start: self.line_start,
            units,
        };
        let told = Told {
            line: self.line,
            column: column(units),
            offset,
        };
        Start {
            offset,
            place,
            told,
        }
    }

    /// The next byte after white space and comments.
    pub(super) fn peek(&mut self) -> Parsed<u8> {
        self.skip_blank()?;
        match self.bytes.get(self.offset) {
            Some(byte) => Ok(*byte),
            None => Err(self.error("unexpected end of file")),
        }
    }

    /// Steps over the byte if it comes next.
    pub(super) fn take_if(&mut self, byte: u8) -> Parsed<bool> {
        let comes = self.peek()? == byte;
        self.offset += usize::from(comes);
        Ok(comes)
    }

    /// The next character after white space and comments, which is stepped over.
    pub(super) fn take(&mut self) -> Parsed<char> {
        self.peek()?;
        let next = self.text[self.offset..].chars().next().unwrap_or_default();
        self.offset += next.len_utf8();
        Ok(next)
    }

    pub(super) fn expect(&mut self, expected: char) -> Parsed<()> {
        self.expect_or(expected, |found| {
            format!("expected '{expected}' but was '{found}'")
        })
    }

    pub(super) fn expect_or(
        &mut self,
        expected: char,
        reason: impl FnOnce(char) -> String,
    ) -> Parsed<()> {
        let found = self.take()?;
        if found == expected {
            Ok(())
        } else {
            Err(self.error(reason(found)))
        }
    }

    pub(super) fn word(&mut self) -> Parsed<&'a str> {
        self.skip_blank()?;
        let start = self.offset;
        let length = self.bytes[start..]
            .iter()
            .take_while(|byte| is_word_byte(**byte))
            .count();
        self.offset += length;
        if length == 0 {
            return Err(self.error("expected a word"));
        }
        Ok(&self.text[start..self.offset])
    }

    /// A word that is the name of a field or constant.
    pub(super) fn identifier(&mut self) -> Parsed<&'a str> {
        let word = self.word()?;
        if word.as_bytes()[0].is_ascii_digit() {
            let mut told = self.told(self.offset - word.len());
            told.column -= 1;
            return Err(self.error_told(told, "field and constant names cannot start with a digit"));
        }
        Ok(word)
    }

    /// A signed 32-bit number, decimal or hexadecimal.
    pub(super) fn integer(&mut self) -> Parsed<i32> {
        let word = self.word()?;
        let hexadecimal = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
        let (digits, radix) = hexadecimal.map_or((word, 10), |digits| (digits, 16));
        i32::from_str_radix(digits, radix)
            .map_err(|_| self.error(format!("expected an integer but was {digits}")))
    }

    /// An error at the place where the cursor stands.
    pub(super) fn error(&self, reason: impl AsRef<str>) -> Box<SyntaxError> {
        self.error_told(self.told(self.offset), reason.as_ref())
    }

    /// An error at the start of the statement.
    pub(super) fn error_at(&self, start: &Start, reason: impl AsRef<str>) -> Box<SyntaxError> {
        self.error_told(start.told, reason.as_ref())
    }

    /// An error whose text tells no position, or tells it in its own way.
    pub(super) fn error_text(&self, offset: usize, text: String) -> Box<SyntaxError> {
        Box::new(SyntaxError {
            place: self.place_of(offset),
            text,
        })
    }

    fn error_told(&self, told: Told, reason: &str) -> Box<SyntaxError> {
        self.error_text(told.offset, format!("Syntax error in {told}: {reason}"))
    }

    fn told(&self, offset: usize) -> Told {
        Told {
            line: self.line,
            column: column(units_in(&self.text[self.line_start..offset])),
            offset,
        }
    }

    /// Counted from the start of the text: for errors, of which there is one.
    fn place_of(&self, offset: usize) -> Place {
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |number: usize| u32::try_from(number + 1).unwrap_or(u32::MAX);
        Place {
            line: count(before.matches('\n').count()),
            column: count(before[line_start..].chars().count()),
        }
    }

    fn note_line(&mut self) {
        self.line += 1;
        self.line_start = self.offset;
    }

    fn width_here(&self) -> usize {
        self.text[self.offset..]
            .chars()
            .next()
            .map_or(0, char::len_utf8)
    }

    pub(super) const fn offset(&self) -> usize {
        self.offset
    }
}

/// As the reference counts: UTF-16 units.
fn units_in(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().map(char::len_utf16).sum()
}

fn column(units: usize) -> u32 {
    u32::try_from(units + 1).unwrap_or(u32::MAX)
}

const fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}
