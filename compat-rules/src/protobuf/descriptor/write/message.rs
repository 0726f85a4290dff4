//! Messages, fields and enums.

use super::super::super::document::{
    Enum, Extend, Field, Label, Message, Oneof, RangeValue, Ranges,
};
use super::super::super::map_entry;
use super::super::super::names::NamedKind;
use super::super::super::parse::NUMBER_MAX;
use super::super::super::scalar::Scalar;
use super::super::option as known;
use super::super::wire::Writer;
use super::{FileWriter, option};

/// Where a field belongs.
#[derive(Clone, Copy)]
enum Home<'a> {
    Message,
    /// A oneof, real or made up for an `optional` field, by its position.
    Oneof(i32, IsReal),
    /// An `extend` block for that type.
    Extend(&'a str),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IsReal {
    Yes,
    No,
}

impl FileWriter<'_, '_> {
    pub(super) fn message(&mut self, number: u32, message: &Message, out: &mut Writer) {
        self.scope.enter(self.names, &message.name);
        out.message(number, |out| {
            out.text(1, &message.name);
            let made_up = self.fields(message, out);
            for nested in &message.messages {
                self.message(3, nested, out);
            }
            for field in &message.fields {
                self.map_entry(field, out);
            }
            for nested in &message.enums {
                enumeration(4, nested, out);
            }
            for statement in &message.extensions {
                for (from, to) in exclusive(&statement.ranges) {
                    out.message(5, |out| {
                        out.int(1, from);
                        out.int(2, to);
                        option::write_always(3, &known::EXTENSION_RANGE, &statement.options, out);
                    });
                }
            }
            self.extends(6, &message.extends, out);
            option::write(7, &known::MESSAGE, &message.options, out);
            for oneof in &message.oneofs {
                oneof_declaration(oneof, out);
            }
            for name in made_up {
                out.message(8, |out| {
                    out.text(1, &name);
                    out.message(2, |_| {});
                });
            }
            for (from, to) in message.reserved.iter().flat_map(exclusive) {
                out.message(9, |out| {
                    out.int(1, from);
                    out.int(2, to);
                });
            }
            reserved_names(10, &message.reserved, out);
        });
        self.scope.leave();
    }

    /// Members of oneofs first, then the others as written. Returns the oneofs made up for `optional` fields.
    fn fields(&self, message: &Message, out: &mut Writer) -> Vec<String> {
        for (index, oneof) in (0..).zip(&message.oneofs) {
            for field in &oneof.fields {
                self.field(2, field, Home::Oneof(index, IsReal::Yes), out);
            }
        }
        let mut made_up = Vec::new();
        for field in &message.fields {
            let home = if self.proto3 && field.label == Some(Label::Optional) {
                let index = message.oneofs.len() + made_up.len();
                made_up.push(format!("_{}", field.name));
                Home::Oneof(i32::try_from(index).unwrap_or(i32::MAX), IsReal::No)
            } else {
                Home::Message
            };
            self.field(2, field, home, out);
        }
        made_up
    }

    pub(super) fn extends(&self, number: u32, extends: &[Extend], out: &mut Writer) {
        for extend in extends {
            for field in &extend.fields {
                self.field(number, field, Home::Extend(&extend.extendee), out);
            }
        }
    }

    fn field(&self, number: u32, field: &Field, home: Home<'_>, out: &mut Writer) {
        let is_map = map_entry::of(field).is_some() && !matches!(home, Home::Oneof(..));
        let label = match field.label {
            _ if is_map => Some(3),
            Some(Label::Optional) => Some(1),
            Some(Label::Required) => Some(2),
            Some(Label::Repeated) => Some(3),
            None if matches!(home, Home::Oneof(..)) => Some(1),
            None => None,
        };
        out.message(number, |out| {
            out.text(1, &field.name);
            if let Home::Extend(extendee) = home {
                out.text(2, extendee);
            }
            out.int(3, field.number);
            if let Some(label) = label {
                out.int(4, label);
            }
            if is_map {
                out.text(6, &map_entry::name(&field.name));
            } else {
                self.field_type(&field.type_name, out);
            }
            if let Some(default) = &field.default {
                out.text(7, default);
            }
            option::write(8, &known::FIELD, &field.options, out);
            if let Home::Oneof(index, _) = home {
                out.int(9, index);
            }
            if let Some(json_name) = &field.json_name {
                out.text(10, json_name);
            }
            if matches!(home, Home::Oneof(_, IsReal::No)) {
                out.flag(17, true);
            }
        });
    }

    /// A scalar's number, or a name as it was written and what it means.
    fn field_type(&self, name: &str, out: &mut Writer) {
        let scalar = Scalar::named(name);
        if let Some((_, _, number)) = Scalar::ALL.iter().find(|(at, _, _)| Some(*at) == scalar) {
            out.int(5, *number);
            return;
        }
        match self
            .names
            .find_type(&self.scope, name)
            .map(|named| named.kind)
        {
            Some(NamedKind::Message(_)) => out.int(5, 11),
            Some(NamedKind::Enum) => out.int(5, 14),
            None => {}
        }
        out.text(6, name);
    }

    fn map_entry(&self, field: &Field, out: &mut Writer) {
        let Some((key, value)) = map_entry::of(field) else {
            return;
        };
        out.message(3, |out| {
            out.text(1, &map_entry::name(&field.name));
            for (number, name, type_name) in [(1, "key", key), (2, "value", value)] {
                out.message(2, |out| {
                    out.text(1, name);
                    out.int(3, number);
                    self.field_type(type_name, out);
                });
            }
            out.message(7, |out| out.flag(7, true));
        });
    }
}

fn oneof_declaration(oneof: &Oneof, out: &mut Writer) {
    out.message(8, |out| {
        out.text(1, &oneof.name);
        option::write_always(2, &known::ONEOF, &oneof.options, out);
    });
}

pub(super) fn enumeration(number: u32, enumeration: &Enum, out: &mut Writer) {
    out.message(number, |out| {
        out.text(1, &enumeration.name);
        for constant in &enumeration.constants {
            out.message(2, |out| {
                out.text(1, &constant.name);
                out.int(2, constant.number);
                option::write(3, &known::CONSTANT, &constant.options, out);
            });
        }
        option::write(3, &known::ENUM, &enumeration.options, out);
        for (from, to) in enumeration.reserved.iter().flat_map(inclusive) {
            out.message(4, |out| {
                out.int(1, from);
                out.int(2, to);
            });
        }
        reserved_names(5, &enumeration.reserved, out);
    });
}

fn reserved_names(number: u32, reserved: &[Ranges], out: &mut Writer) {
    for value in reserved.iter().flat_map(|ranges| &ranges.values) {
        if let RangeValue::Name(name) = value {
            out.text(number, name);
        }
    }
}

/// In messages the end of a range is the first number behind it.
fn exclusive(ranges: &Ranges) -> impl Iterator<Item = (i32, i32)> {
    inclusive(ranges).map(|(from, to)| (from, to.saturating_add(1).min(NUMBER_MAX + 1)))
}

fn inclusive(ranges: &Ranges) -> impl Iterator<Item = (i32, i32)> {
    ranges.values.iter().filter_map(|value| match value {
        RangeValue::Number(number) => Some((*number, *number)),
        RangeValue::Range(from, to) => Some((*from, *to)),
        RangeValue::Name(_) => None,
    })
}
