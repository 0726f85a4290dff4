//! Messages, enums and what stands in them.

use super::super::document::{
    Enum, Extensions, Field, Group, Message, Oneof, ProtoOption, Ranges, Value,
};
use super::super::parse::is_word;
use super::super::scalar::Scalar;
use super::{Form, Printer};

impl Printer {
    pub(super) fn message(&mut self, depth: usize, message: &Message) {
        let mut block = self.open(depth, &["message ", &message.name]);
        let inner = depth + 1;
        if !message.reserved.is_empty() {
            self.part(&mut block);
            self.reserved(inner, &message.reserved);
        }
        if !message.options.is_empty() {
            self.part(&mut block);
            self.option_statements(inner, &message.options);
        }
        self.fields_part(&mut block, &message.fields);
        if !message.oneofs.is_empty() {
            self.part(&mut block);
            let form = self.form;
            let is_shown = |oneof: &&Oneof| form == Form::Canonical || !oneof.fields.is_empty();
            for oneof in message.oneofs.iter().filter(is_shown) {
                self.oneof(inner, oneof);
            }
        }
        if !message.groups.is_empty() {
            self.part(&mut block);
            for group in &message.groups {
                self.group(inner, group);
            }
        }
        if !message.extensions.is_empty() {
            self.part(&mut block);
            for extensions in &message.extensions {
                self.extensions(inner, extensions);
            }
        }
        if !message.extends.is_empty() {
            self.part(&mut block);
            for extend in &message.extends {
                self.extend(inner, extend);
            }
        }
        if !message.messages.is_empty() || !message.enums.is_empty() {
            self.part(&mut block);
            for nested in &message.messages {
                self.message(inner, nested);
            }
            for nested in &message.enums {
                self.enumeration(inner, nested);
            }
        }
        self.close(&block);
    }

    /// The parts of an enum follow each other without empty lines.
    pub(super) fn enumeration(&mut self, depth: usize, enumeration: &Enum) {
        let Enum {
            name,
            reserved,
            options,
            constants,
            ..
        } = enumeration;
        let mut block = self.open(depth, &["enum ", name]);
        let inner = depth + 1;
        if !(reserved.is_empty() && options.is_empty() && constants.is_empty()) {
            self.part(&mut block);
        }
        self.reserved(inner, reserved);
        self.option_statements(inner, options);
        for constant in constants {
            self.indent(inner);
            self.texts(&[&constant.name, " = ", &constant.number.to_string()]);
            self.option_list(inner, &constant.options.iter().collect::<Vec<_>>());
            self.out.push_str(";\n");
        }
        self.close(&block);
    }

    fn reserved(&mut self, depth: usize, reserved: &[Ranges]) {
        for ranges in reserved {
            self.indent(depth);
            self.out.push_str("reserved ");
            self.ranges(ranges, depth);
            self.out.push_str(";\n");
        }
    }

    fn extensions(&mut self, depth: usize, extensions: &Extensions) {
        self.indent(depth);
        self.out.push_str("extensions ");
        self.ranges(&extensions.ranges, depth);
        self.option_list(depth, &extensions.options.iter().collect::<Vec<_>>());
        self.out.push_str(";\n");
    }

    fn oneof(&mut self, depth: usize, oneof: &Oneof) {
        let mut block = self.open(depth, &["oneof ", &oneof.name]);
        if !oneof.options.is_empty() {
            self.part(&mut block);
            self.option_statements(depth + 1, &oneof.options);
        }
        self.fields_part(&mut block, &oneof.fields);
        if !oneof.groups.is_empty() {
            self.part(&mut block);
            for group in &oneof.groups {
                self.group(depth + 1, group);
            }
        }
        self.close(&block);
    }

    fn group(&mut self, depth: usize, group: &Group) {
        self.indent(depth);
        self.label(group.label);
        let number = group.number.to_string();
        let mut block = self.open(0, &["group ", &group.name, " = ", &number]);
        block.depth = depth;
        self.fields_part(&mut block, &group.fields);
        self.close(&block);
    }

    pub(super) fn field(&mut self, depth: usize, field: &Field) {
        self.indent(depth);
        self.label(field.label);
        let number = field.number.to_string();
        self.texts(&[&field.type_name, " ", &field.name, " = ", &number]);
        let lifted = field.lifted_options();
        let options: Vec<&ProtoOption> = field.options.iter().chain(&lifted).collect();
        self.option_list(depth, &options);
        self.out.push_str(";\n");
    }
}

impl Field {
    /// Its default and its JSON name as the options that they were written as.
    pub(crate) fn lifted_options(&self) -> Vec<ProtoOption> {
        let default = self.default.as_ref().map(|text| {
            let value = default_value(&self.type_name, text);
            ProtoOption::plain("default", value)
        });
        let json_name = self
            .json_name
            .as_ref()
            .map(|name| ProtoOption::plain("json_name", Value::String(name.clone())));
        default.into_iter().chain(json_name).collect()
    }
}

/// The kind of a default follows the type of the field, not the way it was written.
fn default_value(type_name: &str, text: &str) -> Value {
    match Scalar::named(type_name) {
        Some(Scalar::Bool) => Value::Word(text.to_owned()),
        Some(Scalar::String) => Value::String(text.to_owned()),
        // The reference prints bytes without quotes, too, and then refuses what is no word. Such a default can
        // never have been stored, so it is free to have quotes here.
        Some(Scalar::Bytes) if !is_word(text) => Value::String(text.to_owned()),
        Some(_) => Value::Number(text.to_owned()),
        None => Value::Word(text.to_owned()),
    }
}

/// True when the printed value is read as one value again.
pub(crate) fn is_whole(value: &Value) -> bool {
    match value {
        Value::Number(text) | Value::Word(text) => is_word(text),
        _ => true,
    }
}
