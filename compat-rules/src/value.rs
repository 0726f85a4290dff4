//! A JSON text as a tree that forgets nothing which a schema format may ask for.
//!
//! Every value keeps its [`Place`], objects keep the order of their members, numbers keep their exact text. Avro
//! and JSON Schema read the same tree under different [`Rules`] and print it under different [`Style`]s. What a
//! value *means* is not decided here. Read on in `read.rs` (the parser), `number.rs` and `print.rs`.

mod number;
mod object;
mod place;
mod print;
mod read;
mod same;
mod scan;
#[cfg(test)]
mod tests;

use crate::Place;

pub(crate) use number::{Decimal, Number};
pub(crate) use object::{Member, Object};
pub(crate) use print::{KeyOrder, NumberStyle, Style, escape_into, utf16_order};
pub(crate) use read::{Rules, Trailing, read};

/// A value and where it begins.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) place: Place,
    pub(crate) kind: Kind,
}

/// What a value is. It nests no deeper than [`Rules::DEPTH_MAX`], so walking it recursively is safe.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Null,
    Boolean(bool),
    Number(Number),
    String(String),
    Array(Vec<Value>),
    Object(Object),
}

impl Value {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Boolean(truth) => Some(truth),
            _ => None,
        }
    }

    /// The item or the member's value at a position.
    pub(crate) fn child_mut(&mut self, position: usize) -> Option<&mut Self> {
        match &mut self.kind {
            Kind::Array(items) => items.get_mut(position),
            Kind::Object(object) => object.value_at_mut(position),
            _ => None,
        }
    }

    pub(crate) const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }
}
