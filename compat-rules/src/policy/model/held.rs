//! What a field holds, at all depths: itself, its items, their items, the values of maps, the branches of unions.
//!
//! A record is not looked into: its fields are fields, and hold what they hold. How far a field is looked into is
//! limited, since a text of a few lines may refer to itself.

use super::{Element, FieldType};

/// A value, as its type describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What it is, seen through `null` and, where it is optional, through the union that says so.
    pub r#type: FieldType,
    /// The type as the text names it: a full name, a scalar, a JSON type. In Protobuf that of the items, too.
    pub type_name: String,
    /// The logical type (Avro) or the format (JSON), as written, whether it has an effect or not.
    pub logical: Option<String>,
    /// False for a logical type that its base type does not support, and that readers therefore ignore.
    pub logical_is_effective: bool,
    /// Digits of a decimal.
    pub precision: Option<i64>,
    /// Digits of a decimal behind the point.
    pub scale: Option<i64>,
    /// Branches of its union besides null; 1 where there is none.
    pub branches: usize,
    /// Is made of further values: an array, a map or a union of which more is known.
    pub is_outer: bool,
}

/// A value within another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inner {
    /// Where it is: `lines[].amounts[]`.
    pub element: Element,
    /// What it is.
    pub held: Held,
}

/// Takes the values within a value, so many and no more.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    found: Vec<Inner>,
}

impl Inside {
    /// How deep values lie in each other at most, for them to be seen.
    pub(crate) const DEPTH_MAX: usize = 32;
    /// How many are seen of one field.
    pub(crate) const COUNT_MAX: usize = 256;

    /// Takes one, unless it is one too many; true if there is room for what is in it.
    pub(crate) fn add(&mut self, element: &Element, held: Held, depth: usize) -> bool {
        if self.found.len() >= Self::COUNT_MAX {
            return false;
        }
        let element = element.clone();
        self.found.push(Inner { element, held });
        depth < Self::DEPTH_MAX
    }

    /// What was taken, each value before those in it.
    pub(crate) fn into_found(self) -> Vec<Inner> {
        self.found
    }
}
