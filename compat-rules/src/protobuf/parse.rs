//! From the text of a `.proto` file to a [`Document`].
//!
//! The yardstick is the parser of the reference, not `protoc`: what it takes we take, with the same errors at
//! the same positions (`protobuf.md` sections 2 and 3). Names are not looked up here; see `link.rs`.

mod cursor;
mod enumeration;
mod field;
mod import_path;
mod message;
mod option;
mod ranges;
mod service;

use std::collections::HashMap;

use self::cursor::{Cursor, Start, Told};
pub(crate) use self::cursor::{Parsed, SyntaxError, is_word};
pub(crate) use self::ranges::NUMBER_MAX;
use super::document::{Document, Message, Syntax};

/// How deep messages, types and values may nest. The reference has no limit and runs out of stack somewhere
/// above 800; its printed text grows with the square of the depth.
pub(crate) const DEPTH_MAX: usize = 100;

/// Reads a whole file.
///
/// # Errors
/// [`SyntaxError`] at the first offence against the grammar.
pub(crate) fn parse(text: &str) -> Parsed<Document> {
    let mut parser = Parser {
        cursor: Cursor::new(text),
        proto3: false,
        depth: 0,
    };
    parser.file()
}

/// What is being read, and what of it matters further down.
struct Parser<'a> {
    cursor: Cursor<'a>,
    /// True behind `syntax = "proto3"`.
    proto3: bool,
    depth: usize,
}

/// Where each name at the top level was declared: a second one is an error.
#[derive(Default)]
struct Declared<'a> {
    types: HashMap<&'a str, Told>,
    services: HashMap<&'a str, Told>,
}

impl<'a> Parser<'a> {
    fn file(&mut self) -> Parsed<Document> {
        let mut document = Document::default();
        let mut declared = Declared::default();
        let mut is_first = true;
        loop {
            self.cursor.skip_blank()?;
            if self.cursor.is_at_end() {
                return Ok(document);
            }
            if !self.cursor.take_if(b';')? {
                self.file_statement(&mut document, &mut declared, is_first)?;
            }
            is_first = false;
        }
    }

    fn file_statement(
        &mut self,
        document: &mut Document,
        declared: &mut Declared<'a>,
        is_first: bool,
    ) -> Parsed<()> {
        let start = self.cursor.start();
        match self.cursor.word()? {
            "syntax" => self.syntax(document, &start, is_first)?,
            "package" => {
                let name = self.name()?;
                if name.split('.').count() > DEPTH_MAX {
                    return Err(self.too_deep());
                }
                document.package = Some(name.to_owned());
                self.cursor.expect(';')?;
            }
            "import" => self.import(document, &start)?,
            "option" => document.options.push(self.option_statement()?),
            // Allowed anywhere, and without meaning up here.
            "reserved" => drop(self.reserved(&start)?),
            "message" => {
                let name = self.name()?;
                let message = self.message(&start, name)?;
                self.declare(&mut declared.types, name, &start)?;
                document.messages.push(message);
            }
            "enum" => {
                let name = self.name()?;
                let enumeration = self.enumeration(&start, name)?;
                self.declare(&mut declared.types, name, &start)?;
                document.enums.push(enumeration);
            }
            "service" => {
                let name = self.name()?;
                let service = self.service(&start, name)?;
                self.declare(&mut declared.services, name, &start)?;
                document.services.push(service);
            }
            "extend" => document.extends.push(self.extend(&start)?),
            "edition" => return Err(self.cursor.error("edition is not currently supported")),
            label => {
                let reason = format!("unexpected label: {label}");
                return Err(self.cursor.error_at(&start, reason));
            }
        }
        Ok(())
    }

    fn syntax(&mut self, document: &mut Document, start: &Start, is_first: bool) -> Parsed<()> {
        if document.syntax.is_some() {
            return Err(self.cursor.error_at(start, "too many syntax definitions"));
        }
        self.cursor.expect('=')?;
        if !is_first {
            let reason = "'syntax' element must be the first declaration in a file";
            return Err(self.cursor.error_at(start, reason));
        }
        let name = self.cursor.quoted()?;
        document.syntax = Syntax::named(&name);
        if document.syntax.is_none() {
            let reason = format!("unexpected syntax: {name}");
            return Err(self.cursor.error_at(start, reason));
        }
        self.proto3 = document.syntax == Some(Syntax::Proto3);
        self.cursor.expect(';')
    }

    fn import(&mut self, document: &mut Document, start: &Start) -> Parsed<()> {
        let imports = if matches!(self.cursor.peek()?, b'"' | b'\'') {
            &mut document.imports
        } else {
            match self.cursor.word()? {
                "weak" => &mut document.weak_imports,
                "public" => &mut document.public_imports,
                _ => return Err(self.cursor.error_at(start, "expected quoted string")),
            }
        };
        imports.push(import_path::tidy(&self.cursor.quoted()?));
        self.cursor.expect(';')
    }

    fn declare(
        &self,
        declared: &mut HashMap<&'a str, Told>,
        name: &'a str,
        start: &Start,
    ) -> Parsed<()> {
        let here = start.told;
        match declared.insert(name, here) {
            None => Ok(()),
            Some(there) => {
                let text = format!("{name} ({here}) is already defined at {there}");
                Err(self.cursor.error_text(start.offset, text))
            }
        }
    }

    /// A word, perhaps in brackets, which are dropped.
    fn name(&mut self) -> Parsed<&'a str> {
        self.bracketed(Cursor::word)
    }

    /// The name of a field: as [`Self::name`], but not starting with a digit.
    fn field_name(&mut self) -> Parsed<&'a str> {
        self.bracketed(Cursor::identifier)
    }

    fn bracketed(
        &mut self,
        read: impl FnOnce(&mut Cursor<'a>) -> Parsed<&'a str>,
    ) -> Parsed<&'a str> {
        let close = match self.cursor.peek()? {
            b'(' => ')',
            b'[' => ']',
            _ => return read(&mut self.cursor),
        };
        self.cursor.take()?;
        let word = read(&mut self.cursor)?;
        self.cursor
            .expect_or(close, |_| format!("expected '{close}'"))?;
        Ok(word)
    }

    /// A scalar, a name, or `map<K, V>` with exactly one blank.
    fn data_type(&mut self) -> Parsed<String> {
        let word = self.cursor.word()?;
        self.data_type_after(word)
    }

    fn data_type_after(&mut self, word: &str) -> Parsed<String> {
        if word == "map" {
            return self.nested(|parser| {
                let expect = |parser: &mut Self, character: char| {
                    let reason = |_| format!("expected '{character}'");
                    parser.cursor.expect_or(character, reason)
                };
                expect(parser, '<')?;
                let key = parser.data_type()?;
                expect(parser, ',')?;
                let value = parser.data_type()?;
                expect(parser, '>')?;
                Ok(format!("map<{key}, {value}>"))
            });
        }
        let mut name = word.to_owned();
        while self.cursor.peek()? == b'.' {
            name.push_str(self.cursor.word()?);
            if name.ends_with('.') {
                name.push_str(self.cursor.word()?);
            }
        }
        Ok(name)
    }

    /// Goes one level deeper, if there is one left.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH_MAX {
            return Err(self.too_deep());
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&self) -> Box<SyntaxError> {
        let reason = format!("nested deeper than {DEPTH_MAX} levels");
        self.cursor.error(reason)
    }

    /// Calls `statement` for each statement up to the closing brace; stray semicolons are skipped.
    fn block(&mut self, mut statement: impl FnMut(&mut Self, &Start) -> Parsed<()>) -> Parsed<()> {
        self.cursor.expect('{')?;
        while !self.cursor.take_if(b'}')? {
            if !self.cursor.take_if(b';')? {
                let start = self.cursor.start();
                statement(self, &start)?;
            }
        }
        Ok(())
    }
}

/// Keeps the name out of the places where only the structure counts.
fn named(start: &Start, name: &str) -> Message {
    Message::named(start.place, name.to_owned())
}
