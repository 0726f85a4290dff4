//! Reads a Java pattern and writes it down for the engine.
//!
//! Line terminators inside names of properties are not worth a slower pattern: `$` is the end of the name, although
//! Java also lets it match before a last line terminator.

use super::BadPattern;
use super::class;
use super::escape::Escape;

/// The pattern for the engine; none if it is valid but uses what the engine does not have.
pub(super) fn translate(pattern: &str) -> Result<Option<String>, BadPattern> {
    let mut reader = Reader {
        chars: pattern.chars().collect(),
        at: 0,
        out: String::new(),
        supported: true,
        open: Vec::new(),
        names: Vec::new(),
        captures: 0,
    };
    reader.pattern()?;
    Ok(reader.supported.then_some(reader.out))
}

pub(super) struct Reader {
    chars: Vec<char>,
    pub(super) at: usize,
    pub(super) out: String,
    /// False once something was read that the engine cannot do.
    pub(super) supported: bool,
    /// For each open group, whether it looks behind.
    open: Vec<bool>,
    pub(super) names: Vec<String>,
    pub(super) captures: usize,
}

impl Reader {
    fn pattern(&mut self) -> Result<(), BadPattern> {
        while let Some(next) = self.next() {
            match next {
                '(' => {
                    self.open_group()?;
                    continue;
                }
                ')' if self.open.pop().is_some() => self.out.push(')'),
                ')' => return Err("an unmatched closing parenthesis".to_owned()),
                '|' => {
                    self.out.push('|');
                    continue;
                }
                '[' => class::read(self)?,
                '\\' => self.escaped()?,
                '^' | '$' => self.out.push(next),
                '.' => self.out.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]"),
                '*' | '+' | '?' => return Err(format!("a dangling {next}")),
                '{' => {
                    // Java repeats the nothing that stands here.
                    self.at -= 1;
                    self.out.push_str("(?:)");
                }
                literal => push_literal(&mut self.out, literal),
            }
            self.quantifier()?;
        }
        match self.open.is_empty() {
            true => Ok(()),
            false => Err("an unclosed group".to_owned()),
        }
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        Some(next)
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    pub(super) fn accept(&mut self, wanted: char) -> bool {
        let accepted = self.peek(0) == Some(wanted);
        self.at += usize::from(accepted);
        accepted
    }

    /// Everything up to a character, which is stepped over, too.
    pub(super) fn until(&mut self, end: char) -> Option<String> {
        let length = self.chars[self.at..].iter().position(|next| *next == end)?;
        let text = self.chars[self.at..self.at + length].iter().collect();
        self.at += length + 1;
        Some(text)
    }

    fn open_group(&mut self) -> Result<(), BadPattern> {
        if !self.accept('?') {
            self.captures += 1;
            self.open.push(self.looks_behind());
            self.out.push('(');
            return Ok(());
        }
        let mut behind = self.looks_behind();
        match self.next() {
            Some(kind @ (':' | '=' | '!' | '>')) => self.out.push_str(&format!("(?{kind}")),
            Some('<') => match self.peek(0) {
                Some(kind @ ('=' | '!')) => {
                    self.at += 1;
                    behind = true;
                    self.out.push_str(&format!("(?<{kind}"));
                }
                _ => {
                    let name = self.group_name()?;
                    self.captures += 1;
                    self.out.push_str(&format!("(?P<{name}>"));
                    self.names.push(name);
                }
            },
            Some(flag) if flag.is_ascii_alphabetic() || flag == '-' => {
                self.at -= 1;
                if !self.flags()? {
                    return Ok(());
                }
            }
            _ => return Err("an unknown kind of group".to_owned()),
        }
        self.open.push(behind);
        Ok(())
    }

    pub(super) fn looks_behind(&self) -> bool {
        self.open.last().copied().unwrap_or(false)
    }

    fn group_name(&mut self) -> Result<String, BadPattern> {
        let name = self.until('>').unwrap_or_default();
        let well_formed = name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.chars().all(|next| next.is_ascii_alphanumeric());
        if !well_formed {
            return Err("a group without a proper name".to_owned());
        }
        if self.names.contains(&name) {
            return Err(format!("a second group with the name {name}"));
        }
        Ok(name)
    }

    /// Reads flags; true if a group begins with them.
    fn flags(&mut self) -> Result<bool, BadPattern> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some(flag @ ('i' | '-')) => text.push(flag),
                // These change what the other constructs mean.
                Some('d' | 'm' | 's' | 'u' | 'x' | 'U') => self.supported = false,
                Some(')') => {
                    if !text.is_empty() {
                        self.out.push_str(&format!("(?{text})"));
                    }
                    return Ok(false);
                }
                Some(':') => {
                    self.out.push_str(&format!("(?{text}:"));
                    return Ok(true);
                }
                _ => return Err("an unknown flag".to_owned()),
            }
        }
    }

    fn quantifier(&mut self) -> Result<(), BadPattern> {
        let unbounded = match self.peek(0) {
            Some(sign @ ('?' | '*' | '+')) => {
                self.at += 1;
                self.out.push(sign);
                sign != '?'
            }
            Some('{') => {
                self.at += 1;
                self.counted()?
            }
            _ => return Ok(()),
        };
        if unbounded && self.looks_behind() {
            return Err("a look behind without an end".to_owned());
        }
        if let Some(mode @ ('?' | '+')) = self.peek(0) {
            self.at += 1;
            self.out.push(mode);
        }
        Ok(())
    }

    /// Reads `n}`, `n,}` or `n,m}`; true if there is no upper bound.
    fn counted(&mut self) -> Result<bool, BadPattern> {
        let illegal = || "an illegal repetition".to_owned();
        let least = self.digits().ok_or_else(illegal)?;
        let most = match self.accept(',') {
            false => Some(least),
            true if self.peek(0) == Some('}') => None,
            true => Some(self.digits().ok_or_else(illegal)?),
        };
        if !self.accept('}') || most.is_some_and(|most| most < least) {
            return Err(illegal());
        }
        let text = match most {
            Some(most) => format!("{{{least},{most}}}"),
            None => format!("{{{least},}}"),
        };
        self.out.push_str(&text);
        Ok(most.is_none())
    }

    /// A number that fits into 31 bits.
    fn digits(&mut self) -> Option<i32> {
        let mut text = String::new();
        while let Some(digit) = self.peek(0).filter(char::is_ascii_digit) {
            self.at += 1;
            text.push(digit);
        }
        text.parse().ok()
    }

    /// What stands behind a backslash, outside of a class.
    fn escaped(&mut self) -> Result<(), BadPattern> {
        if self.accept('Q') {
            return self.quoted();
        }
        match self.escape(false)? {
            Escape::Char(literal) => push_literal(&mut self.out, literal),
            Escape::Set(text) | Escape::Other(text) => self.out.push_str(&text),
            Escape::Unsupported => {
                self.supported = false;
                // Something has to be there for a quantifier to refer to.
                self.out.push_str("(?:)");
            }
        }
        Ok(())
    }

    /// Literal text up to `\E`, or to the end.
    fn quoted(&mut self) -> Result<(), BadPattern> {
        while let Some(next) = self.next() {
            if next == '\\' && self.accept('E') {
                break;
            }
            push_literal(&mut self.out, next);
        }
        Ok(())
    }
}

/// Appends a character so that it stands for itself, inside and outside of a class.
pub(super) fn push_literal(out: &mut String, literal: char) {
    if literal.is_ascii_alphanumeric() || !literal.is_ascii() {
        out.push(literal);
    } else {
        out.push_str(&format!("\\x{:02X}", u32::from(literal)));
    }
}
