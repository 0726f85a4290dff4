//! What a schema means for a comparison, whatever its dialect (`json-schema.md` section 4).
//!
//! The nodes lie in one list and refer to each other by position, so recursive schemas are no trouble, and nothing
//! here is walked by recursion. A node that a `$ref` names is a node of its own, apart from the one that stands
//! there inline: the reference compares the two separately, and reports differences for both.

use crate::Place;
use crate::value::Number;

/// The position of a node in its [`Tree`].
pub(super) type NodeId = u32;

/// A schema with everything that it refers to.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
}

impl Tree {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id as usize]
    }
}

/// One schema, or one part of a schema that has several.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Where it stands; none in an imported text.
    pub(super) place: Option<Place>,
    /// True if it states a default. (The reference looks for nothing else in it.)
    pub(super) has_default: bool,
    /// True for `"connect.type": "bytes"`.
    pub(super) is_connect_bytes: bool,
    /// Equal for nodes of one tree that are equal as JSON; zero where nobody will ask.
    pub(super) shape: u32,
}

/// What a node demands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    True,
    False,
    Empty,
    Boolean,
    Null,
    String(Box<StringRules>),
    Number(Box<NumberRules>),
    Array(Box<ArrayRules>),
    Object(Box<ObjectRules>),
    /// The canonical texts of the values, sorted, each once.
    Enum(Vec<Box<str>>),
    /// The canonical text of the value.
    Const(Box<str>),
    Not(NodeId),
    /// `if`, `then` and `else`.
    Conditional([Option<NodeId>; 3]),
    Combined(Criterion, Vec<NodeId>),
    /// What a `$ref` names, and how it is written.
    Reference(NodeId, Box<str>),
}

impl Kind {
    /// Shows every child to the visitor, which may replace it. What a reference names is no child.
    pub(super) fn each_child(&mut self, visit: &mut dyn FnMut(&mut NodeId)) {
        match self {
            Self::Array(rules) => {
                let ArrayRules {
                    items,
                    tuple,
                    additional,
                    unevaluated,
                    contains,
                    ..
                } = &mut **rules;
                tuple.iter_mut().for_each(&mut *visit);
                for child in [items, unevaluated, contains] {
                    child.iter_mut().for_each(&mut *visit);
                }
                additional.schema_mut().into_iter().for_each(visit);
            }
            Self::Object(rules) => {
                let ObjectRules {
                    properties,
                    dependent_schemas,
                    patterns,
                    additional,
                    unevaluated,
                    names,
                    ..
                } = &mut **rules;
                for named in [properties, dependent_schemas, patterns] {
                    named.iter_mut().for_each(|(_, child)| visit(child));
                }
                for child in [unevaluated, names] {
                    child.iter_mut().for_each(&mut *visit);
                }
                additional.schema_mut().into_iter().for_each(visit);
            }
            Self::Not(child) => visit(child),
            Self::Conditional(children) => children.iter_mut().flatten().for_each(visit),
            Self::Combined(_, children) => children.iter_mut().for_each(visit),
            _ => {}
        }
    }
}

/// How many of the children of a combined schema have to accept a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Criterion {
    All,
    Any,
    One,
}

impl Criterion {
    /// The keyword, which is also how paths name it.
    pub(super) const fn keyword(self) -> &'static str {
        match self {
            Self::All => "allOf",
            Self::Any => "anyOf",
            Self::One => "oneOf",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StringRules {
    /// True if `type` says so; it makes no difference but to whether two schemas are the same JSON.
    pub(super) typed: bool,
    pub(super) min_length: Option<i64>,
    pub(super) max_length: Option<i64>,
    pub(super) pattern: Option<Box<str>>,
    pub(super) format: Option<Box<str>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NumberRules {
    pub(super) typed: bool,
    pub(super) integer: bool,
    pub(super) minimum: Option<Number>,
    pub(super) maximum: Option<Number>,
    pub(super) exclusive_minimum: Option<Number>,
    pub(super) exclusive_maximum: Option<Number>,
    /// Draft-04 writes booleans instead of exclusive limits; they are never compared.
    pub(super) exclusive_flags: [Option<bool>; 2],
    pub(super) multiple_of: Option<Number>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ArrayRules {
    pub(super) typed: bool,
    /// The schema of every item.
    pub(super) items: Option<NodeId>,
    /// The schemas of the first items, one by one.
    pub(super) tuple: Vec<NodeId>,
    pub(super) additional: Additional,
    pub(super) unevaluated: Option<NodeId>,
    pub(super) min_items: Option<i64>,
    pub(super) max_items: Option<i64>,
    pub(super) unique: bool,
    pub(super) contains: Option<NodeId>,
    pub(super) min_contains: Option<i64>,
    pub(super) max_contains: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ObjectRules {
    pub(super) typed: bool,
    /// Sorted by name.
    pub(super) properties: Vec<(Box<str>, NodeId)>,
    /// Sorted, each once.
    pub(super) required: Vec<Box<str>>,
    /// Sorted by name; the names that must be there as well are sorted, too.
    pub(super) dependent_names: Vec<(Box<str>, Vec<Box<str>>)>,
    /// Sorted by name.
    pub(super) dependent_schemas: Vec<(Box<str>, NodeId)>,
    /// In the order of the text.
    pub(super) patterns: Vec<(Box<str>, NodeId)>,
    pub(super) additional: Additional,
    pub(super) unevaluated: Option<NodeId>,
    pub(super) min_properties: Option<i64>,
    pub(super) max_properties: Option<i64>,
    pub(super) names: Option<NodeId>,
}

impl ObjectRules {
    pub(super) fn property(&self, name: &str) -> Option<NodeId> {
        let found = self
            .properties
            .binary_search_by(|(other, _)| (**other).cmp(name))
            .ok()?;
        Some(self.properties[found].1)
    }

    pub(super) fn requires(&self, name: &str) -> bool {
        self.required
            .binary_search_by(|other| (**other).cmp(name))
            .is_ok()
    }
}

/// What becomes of properties and items that are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Additional {
    /// They may be anything.
    #[default]
    Permitted,
    /// They may not be.
    Forbidden,
    /// They are permitted if they follow a schema.
    Schema(NodeId),
}

impl Additional {
    pub(super) const fn is_permitted(self) -> bool {
        !matches!(self, Self::Forbidden)
    }

    const fn schema_mut(&mut self) -> Option<&mut NodeId> {
        match self {
            Self::Schema(id) => Some(id),
            Self::Permitted | Self::Forbidden => None,
        }
    }

    pub(super) const fn schema(self) -> Option<NodeId> {
        match self {
            Self::Schema(id) => Some(id),
            Self::Permitted | Self::Forbidden => None,
        }
    }
}
