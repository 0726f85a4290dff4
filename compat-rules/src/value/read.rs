//! The parser. It keeps its own stack, so no input can overflow ours.

use super::scan::Scanner;
use super::{Kind, Member, Object, Value};
use crate::{InvalidSchema, Place};

/// What a format tolerates beyond JSON.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// `/* … */` and `// …` before and inside the value.
    pub(crate) comments: bool,
    /// `NaN`, `Infinity` and their like as numbers.
    pub(crate) non_finite: bool,
    /// What becomes of a text that goes on after its value.
    pub(crate) trailing: Trailing,
}

/// What to do with anything but white space behind the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trailing {
    /// The text is refused.
    Refuse,
    /// It is not looked at.
    Ignore,
}

impl Rules {
    /// Levels of arrays and objects.
    pub(crate) const DEPTH_MAX: usize = 1000;
    /// The longest text; whoever sends more is refused before this counts.
    pub(crate) const TEXT_BYTES_MAX: usize = 20_000_000;
    /// UTF-16 units of a key; the reference's reader takes no more.
    const KEY_UNITS_MAX: usize = 50_000;
    /// Digits of a number, those of the exponent included; the reference's reader takes no more.
    pub(super) const NUMBER_DIGITS_MAX: usize = 1000;
    /// How much of trailing content a message quotes.
    const QUOTED_CHARS_MAX: usize = 1000;
}

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) place: Place,
    pub(crate) reason: String,
}

impl From<Unreadable> for InvalidSchema {
    fn from(unreadable: Unreadable) -> Self {
        Self::at(unreadable.place, unreadable.reason)
    }
}

/// Reads one JSON value.
pub(crate) fn read(text: &str, rules: &Rules) -> Result<Value, Unreadable> {
    let mut parser = Parser {
        scanner: Scanner::new(text, rules),
        open: Vec::new(),
    };
    if text.len() > Rules::TEXT_BYTES_MAX {
        let max = Rules::TEXT_BYTES_MAX;
        return parser
            .scanner
            .fail(format!("the text is longer than {max} bytes"));
    }
    let value = parser.value()?;
    parser.scanner.skip_trailing();
    let rest = parser.scanner.rest().trim_end_matches(|last| last <= ' ');
    if rules.trailing == Trailing::Refuse && !rest.is_empty() {
        let quoted: String = rest.chars().take(Rules::QUOTED_CHARS_MAX).collect();
        return parser
            .scanner
            .fail(format!("dangling content after end of schema: {quoted}"));
    }
    Ok(value)
}

struct Parser<'t> {
    scanner: Scanner<'t>,
    open: Vec<Open>,
}

/// A container that is not closed yet.
struct Open {
    place: Place,
    container: Container,
}

enum Container {
    Array(Vec<Value>),
    /// With the key whose value comes next.
    Object(Vec<Member>, String, Place),
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Value, Unreadable> {
        loop {
            let Some(finished) = self.begin()? else {
                continue;
            };
            if let Some(root) = self.finish(finished)? {
                return Ok(root);
            }
        }
    }

    /// Reads a scalar or an empty container, or opens another container up to where its first value begins.
    fn begin(&mut self) -> Result<Option<Value>, Unreadable> {
        self.scanner.skip_blank()?;
        let place = self.scanner.place();
        let kind = match self.scanner.peek() {
            Some(b'[') => match self.open_array(place)? {
                Some(empty) => empty,
                None => return Ok(None),
            },
            Some(b'{') => match self.open_object(place)? {
                Some(empty) => empty,
                None => return Ok(None),
            },
            Some(b'"') => Kind::String(self.scanner.string()?),
            _ => self.scanner.scalar()?,
        };
        Ok(Some(Value { place, kind }))
    }

    fn open_array(&mut self, place: Place) -> Result<Option<Kind>, Unreadable> {
        self.refuse_too_deep()?;
        self.scanner.accept(b'[');
        self.scanner.skip_blank()?;
        if self.scanner.accept(b']') {
            return Ok(Some(Kind::Array(Vec::new())));
        }
        let container = Container::Array(Vec::new());
        self.open.push(Open { place, container });
        Ok(None)
    }

    fn open_object(&mut self, place: Place) -> Result<Option<Kind>, Unreadable> {
        self.refuse_too_deep()?;
        self.scanner.accept(b'{');
        self.scanner.skip_blank()?;
        if self.scanner.accept(b'}') {
            return Ok(Some(Kind::Object(Object::default())));
        }
        let (key, key_place) = self.key()?;
        let container = Container::Object(Vec::new(), key, key_place);
        self.open.push(Open { place, container });
        Ok(None)
    }

    fn refuse_too_deep(&mut self) -> Result<(), Unreadable> {
        let max = Rules::DEPTH_MAX;
        if self.open.len() < max {
            return Ok(());
        }
        let depth = max + 1;
        self.scanner.fail(format!(
            "Document nesting depth ({depth}) exceeds the maximum allowed ({max})"
        ))
    }

    /// Reads a key and the colon behind it.
    fn key(&mut self) -> Result<(String, Place), Unreadable> {
        self.scanner.skip_blank()?;
        let place = self.scanner.place();
        if self.scanner.peek() != Some(b'"') {
            return self.scanner.unexpected("a quoted key");
        }
        let key = self.scanner.string()?;
        if key.len() > Rules::KEY_UNITS_MAX && key.encode_utf16().count() > Rules::KEY_UNITS_MAX {
            let max = Rules::KEY_UNITS_MAX;
            return self
                .scanner
                .fail(format!("a key is longer than {max} characters"));
        }
        self.scanner.skip_blank()?;
        if !self.scanner.accept(b':') {
            return self.scanner.unexpected("a colon");
        }
        Ok((key, place))
    }

    /// Puts a finished value where it belongs, and closes every container that ends behind it.
    /// Returns the root once that is finished.
    fn finish(&mut self, mut value: Value) -> Result<Option<Value>, Unreadable> {
        while let Some(mut open) = self.open.pop() {
            self.scanner.skip_blank()?;
            let goes_on = self.scanner.accept(b',');
            match &mut open.container {
                Container::Array(items) => {
                    items.push(value);
                    if !goes_on && !self.scanner.accept(b']') {
                        return self.scanner.unexpected("a comma or a closing bracket");
                    }
                }
                Container::Object(members, key, key_place) => {
                    members.push(Member {
                        key: std::mem::take(key),
                        key_place: *key_place,
                        value,
                    });
                    if goes_on {
                        (*key, *key_place) = self.key()?;
                    } else if !self.scanner.accept(b'}') {
                        return self.scanner.unexpected("a comma or a closing brace");
                    }
                }
            }
            if goes_on {
                self.open.push(open);
                return Ok(None);
            }
            value = open.close();
        }
        Ok(Some(value))
    }
}

impl Open {
    fn close(self) -> Value {
        Value {
            place: self.place,
            kind: match self.container {
                Container::Array(items) => Kind::Array(items),
                Container::Object(members, _, _) => Kind::Object(Object::new(members)),
            },
        }
    }
}
