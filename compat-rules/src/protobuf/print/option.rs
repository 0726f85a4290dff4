//! Options, as statements and in lists.

use super::super::document::{ProtoOption, Value};
use super::Printer;

impl Printer {
    pub(super) fn option_statements(&mut self, depth: usize, options: &[ProtoOption]) {
        for option in options {
            self.indent(depth);
            self.out.push_str("option ");
            self.option(depth, option);
            self.out.push_str(";\n");
        }
    }

    /// A list in brackets: one option on the same line, more on a line each.
    pub(super) fn option_list(&mut self, depth: usize, options: &[&ProtoOption]) {
        match options {
            [] => {}
            [option] => {
                self.out.push_str(" [");
                self.option(depth, option);
                self.out.push(']');
            }
            options => {
                self.out.push_str(" [\n");
                for (index, option) in options.iter().enumerate() {
                    self.indent(depth + 1);
                    self.option(depth + 1, option);
                    self.end_item(index, options.len());
                }
                self.indent(depth);
                self.out.push(']');
            }
        }
    }

    fn option(&mut self, depth: usize, option: &ProtoOption) {
        for (index, part) in std::iter::once(&option.name)
            .chain(&option.path)
            .enumerate()
        {
            if index > 0 {
                self.out.push('.');
            }
            let (open, close) = if part.custom { ("(", ")") } else { ("", "") };
            self.texts(&[open, &part.text, close]);
        }
        self.out.push_str(" = ");
        match &option.value {
            // Only a list that is the whole value may stand on one line.
            Value::List(values) if values.len() == 1 => {
                self.out.push('[');
                self.value(depth, &values[0]);
                self.out.push(']');
            }
            value => self.value(depth, value),
        }
    }

    pub(super) fn value(&mut self, depth: usize, value: &Value) {
        match value {
            Value::String(text) => self.quoted(text),
            Value::Boolean(true) => self.out.push_str("true"),
            Value::Boolean(false) => self.out.push_str("false"),
            Value::Number(text) | Value::Word(text) => self.out.push_str(text),
            Value::Map(entries) => {
                self.out.push_str("{\n");
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.indent(depth + 1);
                    self.texts(&[key, ": "]);
                    self.value(depth + 1, value);
                    self.end_item(index, entries.len());
                }
                self.indent(depth);
                self.out.push('}');
            }
            Value::List(values) => {
                self.out.push_str("[\n");
                for (index, value) in values.iter().enumerate() {
                    self.indent(depth + 1);
                    self.value(depth + 1, value);
                    self.end_item(index, values.len());
                }
                self.indent(depth);
                self.out.push(']');
            }
        }
    }

    fn end_item(&mut self, index: usize, count: usize) {
        self.out
            .push_str(if index + 1 < count { ",\n" } else { "\n" });
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            let escaped = match character {
                '\u{7}' => 'a',
                '\u{8}' => 'b',
                '\u{c}' => 'f',
                '\n' => 'n',
                '\r' => 'r',
                '\t' => 't',
                '\u{b}' => 'v',
                '\\' | '\'' | '"' => character,
                _ => {
                    self.out.push(character);
                    continue;
                }
            };
            self.out.push('\\');
            self.out.push(escaped);
        }
        self.out.push('"');
    }
}
