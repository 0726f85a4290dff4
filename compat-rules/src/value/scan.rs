//! The tokens of a JSON text: blanks, strings, numbers and words. It knows nothing of nesting.

use super::place::Walker;
use super::read::{Rules, Unreadable};
use super::{Kind, Number};
use crate::Place;

pub(super) struct Scanner<'t> {
    text: &'t str,
    offset: usize,
    walker: Walker,
    rules: &'t Rules,
}

/// Words that are no JSON, but that a format may tolerate, and how such a number prints.
const NON_FINITE: [(&str, &str); 6] = [
    ("NaN", "NaN"),
    ("Infinity", "Infinity"),
    ("+Infinity", "Infinity"),
    ("-Infinity", "-Infinity"),
    ("+INF", "Infinity"),
    ("-INF", "-Infinity"),
];

impl<'t> Scanner<'t> {
    pub(super) const fn new(text: &'t str, rules: &'t Rules) -> Self {
        Self {
            text,
            offset: 0,
            walker: Walker::new(),
            rules,
        }
    }

    /// The byte at which the scanner stands.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    /// Steps over the byte if it is the next one.
    pub(super) fn accept(&mut self, byte: u8) -> bool {
        let accepted = self.peek() == Some(byte);
        self.offset += usize::from(accepted);
        accepted
    }

    /// Where the scanner stands.
    pub(super) fn place(&mut self) -> Place {
        self.walker.place(self.text.as_bytes(), self.offset)
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.offset..]
    }

    pub(super) fn fail<T>(&mut self, reason: impl Into<String>) -> Result<T, Unreadable> {
        Err(Unreadable {
            place: self.place(),
            reason: reason.into(),
        })
    }

    /// Fails with what stands here, and what was wanted instead.
    pub(super) fn unexpected<T>(&mut self, wanted: &str) -> Result<T, Unreadable> {
        let reason = match self.rest().chars().next() {
            None => format!("unexpected end of the text, expected {wanted}"),
            Some(found) => format!("unexpected character {found:?}, expected {wanted}"),
        };
        self.fail(reason)
    }

    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.offset += 1;
        }
    }

    /// Steps over what may follow the value: white space and, as Java trims them, control characters.
    pub(super) fn skip_trailing(&mut self) {
        while self.peek().is_some_and(|byte| byte <= b' ') {
            self.offset += 1;
        }
    }

    /// Steps over white space and, where they are allowed, comments.
    pub(super) fn skip_blank(&mut self) -> Result<(), Unreadable> {
        loop {
            self.skip_white_space();
            if !self.rules.comments || self.peek() != Some(b'/') {
                return Ok(());
            }
            let length = if self.rest().starts_with("//") {
                self.rest().find(['\n', '\r']).unwrap_or(self.rest().len())
            } else if self.rest().starts_with("/*") {
                match self.rest()[2..].find("*/") {
                    Some(end) => end + 4,
                    None => return self.fail("a comment that does not end"),
                }
            } else {
                return self.unexpected("a comment");
            };
            self.offset += length;
        }
    }

    /// Reads a string; the scanner stands on its opening quote.
    pub(super) fn string(&mut self) -> Result<String, Unreadable> {
        self.offset += 1;
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain = rest
                .bytes()
                .position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')
                .unwrap_or(rest.len());
            text.push_str(&rest[..plain]);
            self.offset += plain;
            match self.peek() {
                Some(b'"') => {
                    self.offset += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return self.fail("a control character inside a string"),
                None => return self.unexpected("the end of the string"),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Unreadable> {
        let character = match self.text.as_bytes().get(self.offset + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return self.fail("an unknown escape"),
        };
        self.offset += 2;
        Ok(character)
    }

    /// Half a surrogate pair is no character, and no text that we could store or send could hold it: refused.
    fn unicode_escape(&mut self) -> Result<char, Unreadable> {
        let Some(first) = self.hex_unit(self.offset) else {
            return self.fail("an escape without four hexadecimal digits");
        };
        let pair = [first, self.hex_unit(self.offset + 6).unwrap_or_default()];
        let units = if (0xD800..0xDC00).contains(&first) {
            &pair[..]
        } else {
            &pair[..1]
        };
        let decoded = char::decode_utf16(units.iter().copied()).next();
        let Some(Ok(character)) = decoded else {
            return self.fail("an escape that is half a surrogate pair");
        };
        self.offset += 6 * units.len();
        Ok(character)
    }

    /// The number in a `\uXXXX` that begins at `offset`.
    fn hex_unit(&self, offset: usize) -> Option<u16> {
        let escape = self.text.as_bytes().get(offset..offset + 6)?;
        let digits = escape.strip_prefix(b"\\u")?;
        digits.iter().try_fold(0, |unit, digit| {
            let value = char::from(*digit).to_digit(16)?;
            Some(unit << 4 | u16::try_from(value).ok()?)
        })
    }

    /// Reads anything but a container or a string.
    pub(super) fn scalar(&mut self) -> Result<Kind, Unreadable> {
        let words = [
            ("null", Kind::Null),
            ("true", Kind::Boolean(true)),
            ("false", Kind::Boolean(false)),
        ];
        for (word, kind) in words {
            if self.accept_word(word) {
                return Ok(kind);
            }
        }
        if self.rules.non_finite {
            for (word, prints_as) in NON_FINITE {
                if self.accept_word(word) {
                    return Ok(Kind::Number(Number::new(prints_as)));
                }
            }
        }
        self.number()
    }

    fn accept_word(&mut self, word: &str) -> bool {
        let Some(after) = self.rest().strip_prefix(word) else {
            return false;
        };
        let goes_on = after.starts_with(|next: char| next.is_alphanumeric() || next == '_');
        if !goes_on {
            self.offset += word.len();
        }
        !goes_on
    }

    fn number(&mut self) -> Result<Kind, Unreadable> {
        let start = self.offset;
        let negative = self.accept(b'-');
        let mut count = 0;
        if self.accept(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.fail("a number with a leading zero");
            }
        } else {
            count += self.digits(if negative { "a digit" } else { "a value" })?;
        }
        if self.accept(b'.') {
            count += self.digits("a digit")?;
        }
        if self.accept(b'e') || self.accept(b'E') {
            let _sign = self.accept(b'+') || self.accept(b'-');
            count += self.digits("a digit")?;
        }
        let max = Rules::NUMBER_DIGITS_MAX;
        if count > max {
            return self.fail(format!(
                "Number value length ({count}) exceeds the maximum allowed ({max})"
            ));
        }
        Ok(Kind::Number(Number::new(&self.text[start..self.offset])))
    }

    /// Steps over digits, at least one, and says how many.
    fn digits(&mut self, wanted: &str) -> Result<usize, Unreadable> {
        let start = self.offset;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.offset += 1;
        }
        match self.offset - start {
            0 => self.unexpected(wanted),
            count => Ok(count),
        }
    }
}
