//! What follows a backslash in a Java pattern.

use super::BadPattern;
use super::property;
use super::syntax::Reader;

/// What an escape stands for.
pub(super) enum Escape {
    /// One character.
    Char(char),
    /// A set of characters, as the engine writes it, usable inside of a class, too.
    Set(String),
    /// Anything else, as the engine writes it.
    Other(String),
    /// Valid, but nothing that the engine has.
    Unsupported,
}

impl Reader {
    /// Reads what follows a backslash.
    pub(super) fn escape(&mut self, in_class: bool) -> Result<Escape, BadPattern> {
        let unknown = |found: char| Err(format!("an unknown escape \\{found}"));
        let Some(next) = self.next() else {
            return Err("a backslash at the end".to_owned());
        };
        if let Some(set) = property::short_set(next) {
            return Ok(Escape::Set(set.to_owned()));
        }
        Ok(match next {
            '0' => Escape::Char(self.octal()?),
            'a' => Escape::Char('\u{7}'),
            'e' => Escape::Char('\u{1B}'),
            'f' => Escape::Char('\u{C}'),
            'n' => Escape::Char('\n'),
            'r' => Escape::Char('\r'),
            't' => Escape::Char('\t'),
            'c' => Escape::Char(self.control()?),
            'u' => self.utf16()?,
            'x' => self.hexadecimal()?,
            'p' | 'P' => self.property(next == 'P')?,
            'N' => match self.accept('{').then(|| self.until('}')).flatten() {
                Some(_) => Escape::Unsupported,
                None => return Err("an escape \\N without a name".to_owned()),
            },
            'A' | 'B' | 'b' | 'z' if !in_class => Escape::Other(format!("\\{next}")),
            'G' | 'X' | 'Z' if !in_class => Escape::Unsupported,
            'R' if !in_class => {
                Escape::Other(r"(?:\r\n|[\n\x0B\x0C\r\x{85}\x{2028}\x{2029}])".to_owned())
            }
            '1'..='9' if !in_class => self.back_reference(next)?,
            'k' if !in_class => self.named_reference()?,
            letter if letter.is_ascii_alphanumeric() => return unknown(letter),
            literal => Escape::Char(literal),
        })
    }

    fn octal(&mut self) -> Result<char, BadPattern> {
        let mut code = 0;
        let mut count = 0;
        while let Some(digit) = self.peek(0).and_then(|next| next.to_digit(8)) {
            if count == 3 || code * 8 + digit > 0o377 {
                break;
            }
            code = code * 8 + digit;
            count += 1;
            self.at += 1;
        }
        char::from_u32(code)
            .filter(|_| count > 0)
            .ok_or_else(|| "an escape \\0 without octal digits".to_owned())
    }

    fn control(&mut self) -> Result<char, BadPattern> {
        self.next()
            .and_then(|next| char::from_u32(u32::from(next) ^ 64))
            .ok_or_else(|| "an escape \\c without a letter".to_owned())
    }

    fn utf16(&mut self) -> Result<Escape, BadPattern> {
        let bad = || "an escape \\u without four hexadecimal digits".to_owned();
        let first = self.hex_digits(4).ok_or_else(bad)?;
        if (0xD800..0xDC00).contains(&first)
            && self.peek(0) == Some('\\')
            && self.peek(1) == Some('u')
        {
            self.at += 2;
            let second = self.hex_digits(4).ok_or_else(bad)?;
            let code = 0x10000 + ((first - 0xD800) << 10) + second.wrapping_sub(0xDC00);
            return Ok(char::from_u32(code).map_or(Escape::Unsupported, Escape::Char));
        }
        Ok(char::from_u32(first).map_or(Escape::Unsupported, Escape::Char))
    }

    fn hexadecimal(&mut self) -> Result<Escape, BadPattern> {
        let bad = || "an escape \\x without hexadecimal digits".to_owned();
        let code = if self.accept('{') {
            let digits = self.until('}').ok_or_else(bad)?;
            u32::from_str_radix(&digits, 16).map_err(|_| bad())?
        } else {
            self.hex_digits(2).ok_or_else(bad)?
        };
        if code > 0x10_FFFF {
            return Err(bad());
        }
        Ok(char::from_u32(code).map_or(Escape::Unsupported, Escape::Char))
    }

    fn hex_digits(&mut self, count: usize) -> Option<u32> {
        let mut code = 0;
        for _ in 0..count {
            code = code * 16 + self.peek(0)?.to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }

    fn property(&mut self, negated: bool) -> Result<Escape, BadPattern> {
        let name = match self.next() {
            Some('{') => self.until('}').ok_or("an unclosed character family")?,
            Some(letter) => letter.to_string(),
            None => return Err("a character family without a name".to_owned()),
        };
        property::set(&name, negated)
    }

    /// A reference to a group that is not there yet never matches in Java; the engine refuses it.
    fn back_reference(&mut self, first: char) -> Result<Escape, BadPattern> {
        self.refuse_behind()?;
        let mut group = first.to_digit(10).unwrap_or_default() as usize;
        while let Some(digit) = self.peek(0).and_then(|next| next.to_digit(10)) {
            let longer = group * 10 + digit as usize;
            if longer > self.captures {
                break;
            }
            group = longer;
            self.at += 1;
        }
        Ok(match group <= self.captures {
            // In a group of its own, so that no digit behind it becomes part of the number.
            true => Escape::Other(format!("(?:\\{group})")),
            false => Escape::Unsupported,
        })
    }

    fn named_reference(&mut self) -> Result<Escape, BadPattern> {
        self.refuse_behind()?;
        let name = self.accept('<').then(|| self.until('>')).flatten();
        match name {
            Some(name) if self.names.contains(&name) => Ok(Escape::Other(format!("(?P={name})"))),
            _ => Err("a reference to a group that does not exist".to_owned()),
        }
    }

    fn refuse_behind(&self) -> Result<(), BadPattern> {
        match self.looks_behind() {
            true => Err("a look behind without an end".to_owned()),
            false => Ok(()),
        }
    }
}
