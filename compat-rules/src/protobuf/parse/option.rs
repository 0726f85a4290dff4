//! Options and their values.

use std::collections::HashMap;

use super::super::document::{NamePart, ProtoOption, Value};
use super::{DEPTH_MAX, Parsed, Parser};

impl Parser<'_> {
    /// Behind the word `option`, up to the semicolon.
    pub(super) fn option_statement(&mut self) -> Parsed<ProtoOption> {
        let option = self.option('=')?;
        self.cursor.expect(';')?;
        Ok(option)
    }

    /// A list in brackets, if there is one.
    pub(super) fn option_list(&mut self) -> Parsed<Vec<ProtoOption>> {
        let mut options = Vec::new();
        if !self.cursor.take_if(b'[')? {
            return Ok(options);
        }
        loop {
            options.push(self.option('=')?);
            if self.cursor.take_if(b']')? {
                return Ok(options);
            }
            if !self.cursor.take_if(b',')? {
                return Err(self.cursor.error("Expected ',' or ']"));
            }
        }
    }

    fn option(&mut self, separator: char) -> Parsed<ProtoOption> {
        let first = self.cursor.peek()?;
        let place = self.cursor.start().place;
        let word = self.name()?;
        let name = NamePart {
            text: if first == b'[' {
                format!("[{word}]")
            } else {
                word.to_owned()
            },
            custom: first == b'(',
        };
        let mut path = Vec::new();
        let depth = self.depth;
        // A part that ends in a dot is continued by a parenthesised one: `(a).b.(c)`.
        let mut is_open = false;
        while is_open || self.cursor.peek()? == b'.' {
            if !is_open {
                self.cursor.take()?;
            }
            is_open = self.path_parts(&mut path)?;
        }
        if separator == ':' && self.cursor.peek()? == b'{' {
            // The text format lets the colon go before a message.
        } else {
            self.cursor
                .expect_or(separator, |_| format!("expected '{separator}' in option"))?;
        }
        // Each part may become a level of its own when the text is normalised.
        self.depth = depth + path.len();
        if self.depth > DEPTH_MAX {
            return Err(self.too_deep());
        }
        let value = self.value()?;
        self.depth = depth;
        Ok(ProtoOption {
            place,
            name,
            path,
            value,
        })
    }

    /// The parts up to the next blank or parenthesis; true when the last of them is still to come.
    fn path_parts(&mut self, path: &mut Vec<NamePart>) -> Parsed<bool> {
        if self.cursor.peek()? == b'(' {
            let text = self.name()?.to_owned();
            path.push(NamePart { text, custom: true });
            return Ok(false);
        }
        let word = self.name()?;
        let is_open = word.ends_with('.') && self.cursor.peek()? == b'(';
        let word = if is_open {
            &word[..word.len() - 1]
        } else {
            word
        };
        path.extend(word.split('.').map(NamePart::plain));
        Ok(is_open)
    }

    fn value(&mut self) -> Parsed<Value> {
        Ok(match self.cursor.peek()? {
            b'{' => self.nested(Self::map)?,
            b'[' => self.nested(Self::list)?,
            b'"' | b'\'' => Value::String(self.cursor.quoted()?),
            byte if byte.is_ascii_digit() || byte == b'-' => {
                Value::Number(self.cursor.word()?.to_owned())
            }
            _ => match self.cursor.word()? {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                word => Value::Word(word.to_owned()),
            },
        })
    }

    fn list(&mut self) -> Parsed<Value> {
        self.cursor.expect('[')?;
        let mut values = Vec::new();
        while !self.cursor.take_if(b']')? {
            values.push(self.value()?);
            if !self.cursor.take_if(b',')? && self.cursor.peek()? != b']' {
                return Err(self.cursor.error("expected ',' or ']'"));
            }
        }
        Ok(Value::List(values))
    }

    fn map(&mut self) -> Parsed<Value> {
        self.cursor.expect('{')?;
        let mut entries = Entries::default();
        while !self.cursor.take_if(b'}')? {
            let ProtoOption {
                name, path, value, ..
            } = self.option(':')?;
            entries.add(name.text, &path, value);
            if !self.cursor.take_if(b',')? {
                self.cursor.take_if(b';')?;
            }
        }
        Ok(Value::Map(entries.in_order))
    }
}

/// The entries of a map value while it is read: keys stay in the order of their first appearance.
#[derive(Default)]
struct Entries {
    in_order: Vec<(String, Value)>,
    index: HashMap<String, usize>,
    /// For the maps that dotted keys go into: where each inner key stands.
    inner: HashMap<usize, HashMap<String, usize>>,
}

impl Entries {
    fn add(&mut self, key: String, path: &[NamePart], value: Value) {
        let at = self.index.get(&key).copied();
        let (Some(first), rest) = (path.first(), path.get(1..).unwrap_or_default()) else {
            match at {
                Some(at) => join(&mut self.in_order[at].1, value),
                None => self.push(key, value),
            }
            return;
        };
        let value = rest.iter().rev().fold(value, |value, part| {
            Value::Map(vec![(part.text.clone(), value)])
        });
        let at = at.unwrap_or(self.in_order.len());
        if at == self.in_order.len() {
            self.push(key, Value::Map(Vec::new()));
        }
        let outer = &mut self.in_order[at].1;
        if !matches!(outer, Value::Map(_)) {
            *outer = Value::Map(Vec::new());
            self.inner.remove(&at);
        }
        let Value::Map(entries) = outer else { return };
        let keys = self.inner.entry(at).or_insert_with(|| {
            let keys = entries.iter().map(|(key, _)| key.clone());
            keys.zip(0..).collect()
        });
        match keys.get(&first.text) {
            Some(at) => entries[*at].1 = value,
            None => {
                keys.insert(first.text.clone(), entries.len());
                entries.push((first.text.clone(), value));
            }
        }
    }

    fn push(&mut self, key: String, value: Value) {
        self.index.insert(key.clone(), self.in_order.len());
        self.in_order.push((key, value));
    }
}

/// A second value for the same key: both become members of one list.
fn join(previous: &mut Value, value: Value) {
    if !matches!(previous, Value::List(_)) {
        let first = std::mem::replace(previous, Value::List(Vec::new()));
        *previous = Value::List(vec![first]);
    }
    let Value::List(values) = previous else {
        return;
    };
    match value {
        Value::List(more) => values.extend(more),
        value => values.push(value),
    }
}
