//! A pull reader over the text of a body: the syntax of JSON, strictly, with the reference's few liberties.
//!
//! `NaN` and the infinities are numbers. Comments, trailing commas, single quotes and leading zeros are errors.
//! How values become the types of members is in [`super::coerce`].

use std::borrow::Cow;

use registry_core::json_text;

/// Levels of nesting that a body may have, as in the reference.
const DEPTH_MAX: usize = 1000;

/// A body that cannot be read: what is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem} at line {line}, column {column}")]
pub struct BadBody {
    problem: String,
    line: usize,
    column: usize,
}

/// A place in the text of a body.
pub struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

/// The next value: a scalar, read to its end, or the opening bracket of something larger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Start<'t> {
    Null,
    Boolean(bool),
    /// The text of the number.
    Number(&'t str),
    Text(Cow<'t, str>),
    Array,
    Object,
}

impl Start<'_> {
    /// For messages.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

impl<'t> Reader<'t> {
    /// Starts at the beginning of the text.
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// True when nothing but blanks follows.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.at == self.text.len()
    }

    /// Checks that nothing follows.
    pub(super) fn end(&mut self) -> Result<(), BadBody> {
        if self.is_at_end() {
            Ok(())
        } else {
            Err(self.bad("unexpected text after the body"))
        }
    }

    /// Reads an object; `member` reads the value of each member by its name. False for `null`.
    pub fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), BadBody>,
    ) -> Result<bool, BadBody> {
        let here = self.place();
        match self.start()? {
            Start::Null => return Ok(false),
            Start::Object => {}
            other => return Err(self.mismatch(here, "an object", &other)),
        }
        if !self.closes(b'}')? {
            loop {
                let name = self.member_name()?;
                member(self, &name)?;
                if self.closes_or_continues(b'}')? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(true)
    }

    /// Reads an array; `item` reads each of its values. False for `null`.
    pub fn array(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), BadBody>,
    ) -> Result<bool, BadBody> {
        let here = self.place();
        match self.start()? {
            Start::Null => return Ok(false),
            Start::Array => {}
            other => return Err(self.mismatch(here, "an array", &other)),
        }
        if !self.closes(b']')? {
            loop {
                item(self)?;
                if self.closes_or_continues(b']')? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(true)
    }

    /// Reads a value that nobody wants, without recursion.
    pub fn skip(&mut self) -> Result<(), BadBody> {
        let base = self.depth;
        let mut open = Vec::new();
        loop {
            let closing = match self.start()? {
                Start::Array => Some(b']'),
                Start::Object => Some(b'}'),
                _ => None,
            };
            let mut is_value_done = closing.is_none();
            if let Some(closing) = closing {
                is_value_done = self.closes(closing)?;
                if is_value_done {
                    self.depth -= 1;
                } else {
                    open.push(closing);
                }
            }
            while is_value_done {
                let Some(closing) = open.last().copied() else {
                    debug_assert_eq!(self.depth, base, "every bracket was closed");
                    return Ok(());
                };
                is_value_done = self.closes_or_continues(closing)?;
                if is_value_done {
                    open.pop();
                    self.depth -= 1;
                }
            }
            if open.last() == Some(&b'}') {
                self.member_name()?;
            }
        }
    }

    /// Reads a scalar, or enters an array or object.
    pub(super) fn start(&mut self) -> Result<Start<'t>, BadBody> {
        self.skip_blanks();
        let Some(byte) = self.peek() else {
            return Err(self.bad("unexpected end of the body"));
        };
        match byte {
            b'{' => self.enter(Start::Object),
            b'[' => self.enter(Start::Array),
            b'"' => self.string().map(Start::Text),
            b'-' | b'0'..=b'9' => self.number().map(Start::Number),
            _ => self.word(),
        }
    }

    /// Where the next value starts; for messages.
    pub(super) fn place(&mut self) -> usize {
        self.skip_blanks();
        self.at
    }

    /// An error about the value at `place`.
    pub(super) fn mismatch(&self, place: usize, wanted: &str, found: &Start<'_>) -> BadBody {
        self.bad_at(place, format!("expected {wanted}, found {}", found.name()))
    }

    /// An error at `place`.
    pub(super) fn bad_at(&self, place: usize, problem: impl Into<String>) -> BadBody {
        let before = &self.text[..place];
        let line_start = before.rfind('\n').map_or(0, |index| index + 1);
        BadBody {
            problem: problem.into(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    fn bad(&self, problem: impl Into<String>) -> BadBody {
        self.bad_at(self.at, problem)
    }

    fn unexpected(&self, wanted: &str) -> BadBody {
        match self.text[self.at..].chars().next() {
            Some(character) => self.bad(format!("expected {wanted}, found {character:?}")),
            None => self.bad("unexpected end of the body"),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn enter(&mut self, start: Start<'t>) -> Result<Start<'t>, BadBody> {
        if self.depth == DEPTH_MAX {
            return Err(self.bad(format!("the body nests deeper than {DEPTH_MAX} levels")));
        }
        self.depth += 1;
        self.at += 1;
        Ok(start)
    }

    /// True, and past it, when the bracket closes at once.
    fn closes(&mut self, bracket: u8) -> Result<bool, BadBody> {
        self.skip_blanks();
        let closes = self.peek() == Some(bracket);
        self.at += usize::from(closes);
        Ok(closes)
    }

    /// After a value: past the bracket (true) or past a comma (false).
    fn closes_or_continues(&mut self, bracket: u8) -> Result<bool, BadBody> {
        self.skip_blanks();
        let closes = match self.peek() {
            Some(byte) if byte == bracket => true,
            Some(b',') => false,
            _ => return Err(self.unexpected(&format!("a comma or {:?}", char::from(bracket)))),
        };
        self.at += 1;
        Ok(closes)
    }

    /// The name of the next member, and the colon behind it.
    fn member_name(&mut self) -> Result<Cow<'t, str>, BadBody> {
        self.skip_blanks();
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a double quote that starts a member name"));
        }
        let name = self.string()?;
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("a colon"));
        }
        self.at += 1;
        Ok(name)
    }

    fn word(&mut self) -> Result<Start<'t>, BadBody> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|character: char| !character.is_alphanumeric())
            .unwrap_or(rest.len());
        let word = &rest[..length];
        let start = match word {
            "null" => Start::Null,
            "true" => Start::Boolean(true),
            "false" => Start::Boolean(false),
            "NaN" | "Infinity" => Start::Number(word),
            "" => return Err(self.unexpected("a value")),
            _ => return Err(self.bad(format!("unexpected word '{word}'"))),
        };
        self.at += length;
        Ok(start)
    }

    fn number(&mut self) -> Result<&'t str, BadBody> {
        let rest = &self.text[self.at..];
        let bytes = rest.as_bytes();
        let digits = |from: usize| {
            bytes[from..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count()
        };
        let whole = usize::from(bytes[0] == b'-');
        if whole == 1 && rest[1..].starts_with("Infinity") {
            self.at += "-Infinity".len();
            return Ok("-Infinity");
        }
        let mut end = whole + digits(whole);
        if end == whole {
            return Err(self.bad("a number without digits"));
        }
        if bytes[whole] == b'0' && end > whole + 1 {
            return Err(self.bad("a number with leading zeros"));
        }
        if bytes.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            if fraction == 0 {
                return Err(self.bad("a number without digits behind its point"));
            }
            end += 1 + fraction;
        }
        if let Some(b'e' | b'E') = bytes.get(end) {
            let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = if signed < bytes.len() {
                digits(signed)
            } else {
                0
            };
            if exponent == 0 {
                return Err(self.bad("a number without digits in its exponent"));
            }
            end = signed + exponent;
        }
        self.at += end;
        Ok(&rest[..end])
    }

    /// A string, from its opening quote.
    fn string(&mut self) -> Result<Cow<'t, str>, BadBody> {
        let text = self.text;
        self.at += 1;
        let length = json_text::clean_length(&text.as_bytes()[self.at..]);
        let clean = &text[self.at..self.at + length];
        self.at += length;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(clean));
        }
        let mut plain = clean.as_bytes().to_vec();
        loop {
            self.at += json_text::unescape_quoted(&text.as_bytes()[self.at..], &mut plain);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let character = self.escape()?;
                    plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(_) => {
                    return Err(self.bad("a control character in a string must be escaped"));
                }
                None => return Err(self.bad("unexpected end of the body in a string")),
            }
        }
        let plain = String::from_utf8(plain).map_err(|_| self.bad("a string that is not UTF-8"))?;
        self.at += 1;
        Ok(Cow::Owned(plain))
    }

    /// The character of an escape, from its backslash.
    fn escape(&mut self) -> Result<char, BadBody> {
        let character = match self.text.as_bytes().get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.bad("an unknown escape in a string")),
        };
        self.at += 2;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Result<char, BadBody> {
        let first = self.code_unit()?;
        let mut units = vec![first];
        if (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            units.push(self.code_unit()?);
        }
        let mut decoded = char::decode_utf16(units);
        match (decoded.next(), decoded.next()) {
            (Some(Ok(character)), None) => Ok(character),
            _ => Err(self.bad("an escape that is half of a surrogate pair")),
        }
    }

    fn code_unit(&mut self) -> Result<u16, BadBody> {
        let digits = self.text.get(self.at + 2..self.at + 6);
        let unit = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.bad("an escape without four hexadecimal digits"))?;
        self.at += 6;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests;
