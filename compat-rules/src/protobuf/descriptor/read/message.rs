//! Messages, fields and enums.

use super::super::super::document::{
    Constant, Enum, Extend, Extensions, Field, Label, Message, Oneof, RangeValue, Ranges,
};
use super::super::super::parse::DEPTH_MAX;
use super::super::super::scalar::Scalar;
use super::super::option as known;
use super::super::wire::{Malformed, Record};
use super::{NOWHERE, Reader, option, word};

impl Reader {
    pub(super) fn message(&self, record: &Record<'_>, depth: usize) -> Result<Message, Malformed> {
        if depth > DEPTH_MAX {
            return Err(Malformed);
        }
        let mut message = Message::named(NOWHERE, word(record.text(1)?)?);
        self.fields(record, &mut message)?;
        for nested in record.records(3)? {
            message.messages.push(self.message(&nested, depth + 1)?);
        }
        for nested in record.records(4)? {
            message.enums.push(self.enumeration(&nested)?);
        }
        for range in record.records(5)? {
            message.extensions.push(Extensions {
                ranges: one(exclusive(&range)),
                options: option::all(&known::EXTENSION_RANGE, range.record(3)?.as_ref())?,
            });
        }
        message.extends = self.extends(&record.records(6)?)?;
        message.options = option::all(&known::MESSAGE, record.record(7)?.as_ref())?;
        message.reserved = reserved(&record.records(9)?, exclusive, record.texts(10)?)?;
        Ok(message)
    }

    /// Members of a oneof go there; a oneof without any was made up for an `optional` field.
    fn fields(&self, record: &Record<'_>, message: &mut Message) -> Result<(), Malformed> {
        let mut oneofs = Vec::new();
        for oneof in record.records(8)? {
            oneofs.push(Oneof {
                place: NOWHERE,
                name: word(oneof.text(1)?)?,
                options: option::all(&known::ONEOF, oneof.record(2)?.as_ref())?,
                fields: Vec::new(),
                groups: Vec::new(),
            });
        }
        for field in record.records(2)? {
            let optional = field.flag(17) == Some(true);
            match field.int(9).filter(|_| !optional) {
                Some(index) => {
                    let index = usize::try_from(index).map_err(|_| Malformed)?;
                    let oneof = oneofs.get_mut(index).ok_or(Malformed)?;
                    oneof.fields.push(self.field(&field, None)?);
                }
                None => {
                    let label = self.label(&field, optional);
                    message.fields.push(self.field(&field, label)?);
                }
            }
        }
        oneofs.retain(|oneof| !oneof.fields.is_empty());
        message.oneofs = oneofs;
        Ok(())
    }

    fn label(&self, field: &Record<'_>, optional: bool) -> Option<Label> {
        let label = match field.int(4) {
            Some(2) => Label::Required,
            Some(3) => Label::Repeated,
            _ => Label::Optional,
        };
        if optional {
            Some(Label::Optional)
        } else if self.proto3 && label != Label::Repeated {
            None
        } else {
            Some(label)
        }
    }

    fn field(&self, field: &Record<'_>, label: Option<Label>) -> Result<Field, Malformed> {
        Ok(Field {
            place: NOWHERE,
            label,
            type_name: match field.text(6)? {
                Some(name) if !name.is_empty() => word(Some(name))?,
                _ => type_word(field.int(5)).to_owned(),
            },
            name: word(field.text(1)?)?,
            number: field.int(3).unwrap_or_default(),
            default: field.text(7)?.filter(|_| !self.proto3),
            json_name: field.text(10)?,
            options: option::all(&known::FIELD, field.record(8)?.as_ref())?,
        })
    }

    /// One block for each extendee, in the order of first appearance.
    pub(super) fn extends(&self, fields: &[Record<'_>]) -> Result<Vec<Extend>, Malformed> {
        let mut extends: Vec<Extend> = Vec::new();
        for field in fields {
            let extendee = word(field.text(2)?)?;
            let read = self.field(field, self.label(field, field.flag(17) == Some(true)))?;
            match extends
                .iter_mut()
                .find(|extend| extend.extendee == extendee)
            {
                Some(extend) => extend.fields.push(read),
                None => extends.push(Extend {
                    place: NOWHERE,
                    extendee,
                    fields: vec![read],
                }),
            }
        }
        Ok(extends)
    }

    pub(super) fn enumeration(&self, record: &Record<'_>) -> Result<Enum, Malformed> {
        let mut constants = Vec::new();
        for constant in record.records(2)? {
            constants.push(Constant {
                place: NOWHERE,
                name: word(constant.text(1)?)?,
                number: constant.int(2).unwrap_or_default(),
                options: option::all(&known::CONSTANT, constant.record(3)?.as_ref())?,
            });
        }
        Ok(Enum {
            place: NOWHERE,
            name: word(record.text(1)?)?,
            reserved: reserved(&record.records(4)?, inclusive, record.texts(5)?)?,
            options: option::all(&known::ENUM, record.record(3)?.as_ref())?,
            constants,
        })
    }
}

/// The word for a type that has no name; a number that is none counts as the first.
fn type_word(number: Option<i32>) -> &'static str {
    match number {
        Some(10) => "group",
        Some(11) => "message",
        Some(14) => "enum",
        _ => {
            let scalar = Scalar::ALL.iter().find(|(_, _, at)| Some(*at) == number);
            scalar.map_or("double", |(_, name, _)| name)
        }
    }
}

/// Each range and each name is a statement of its own, the ranges first.
fn reserved(
    ranges: &[Record<'_>],
    ends: fn(&Record<'_>) -> (i32, i32),
    names: Vec<String>,
) -> Result<Vec<Ranges>, Malformed> {
    let names = names.into_iter().map(|name| {
        if name.contains(['"', '\\', '\n']) {
            return Err(Malformed);
        }
        Ok(Ranges {
            place: NOWHERE,
            values: vec![RangeValue::Name(name)],
        })
    });
    let ranges = ranges.iter().map(|range| Ok(one(ends(range))));
    ranges.chain(names).collect()
}

fn one((from, to): (i32, i32)) -> Ranges {
    let value = if from == to {
        RangeValue::Number(from)
    } else {
        RangeValue::Range(from, to)
    };
    Ranges {
        place: NOWHERE,
        values: vec![value],
    }
}

/// In messages the end of a range is the first number behind it.
fn exclusive(range: &Record<'_>) -> (i32, i32) {
    let (from, to) = inclusive(range);
    (from, to.wrapping_sub(1))
}

fn inclusive(range: &Record<'_>) -> (i32, i32) {
    let end = |number| range.int(number).unwrap_or_default();
    (end(1), end(2))
}
