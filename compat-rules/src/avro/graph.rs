//! The types of a schema as a graph.
//!
//! A named type is one node, wherever it is used; every other use of a type is a node of its own. So a pair of nodes
//! is a pair of types as the reference tells them apart when it remembers what it compared.

use std::ops::Index;

use crate::Place;
use crate::value::Value;

use super::name::Name;
use super::positions::Positions;

/// A node of one [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TypeId(pub(super) u32);

/// A type where it is used.
#[derive(Debug, Clone, Copy)]
pub(super) struct Use {
    pub(super) id: TypeId,
    /// Where the use is written; none within an imported text.
    pub(super) place: Option<Place>,
    /// True while the text is being read and the name had no definition yet when it was used.
    pub(super) forward: bool,
}

/// All types of a schema and of what it imports.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    /// Used, but not defined yet; none of these outlives the reading.
    Undefined(Undefined),
    Primitive(Primitive, Properties),
    Array(Use, Properties),
    Map(Use, Properties),
    Union(Vec<Use>),
    Record(Box<Record>),
    Enum(Box<Enum>),
    Fixed(Box<Fixed>),
}

/// A name that awaits its definition.
#[derive(Debug, Clone)]
pub(super) struct Undefined {
    /// The full name that the first use was completed to.
    pub(super) full_name: String,
    /// The name as the first use has it.
    pub(super) written: String,
    pub(super) place: Option<Place>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Primitive {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
}

/// What nodes with a name have in common.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    pub(super) name: Name,
    /// Where the name is written.
    pub(super) place: Option<Place>,
    /// Where the definition begins.
    pub(super) whole: Option<Place>,
    pub(super) doc: Option<String>,
    pub(super) aliases: Vec<Name>,
    pub(super) properties: Properties,
}

#[derive(Debug, Clone)]
pub(super) struct Record {
    pub(super) naming: Naming,
    /// Declared as `error`; no different otherwise.
    pub(super) is_error: bool,
    pub(super) fields: Vec<Field>,
    pub(super) by_name: Positions,
}

#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    /// Where the name is written.
    pub(super) place: Option<Place>,
    pub(super) doc: Option<String>,
    pub(super) r#type: Use,
    pub(super) default: Option<Value>,
    pub(super) order: Order,
    pub(super) aliases: Vec<String>,
    pub(super) properties: Properties,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
    Ignore,
}

#[derive(Debug, Clone)]
pub(super) struct Enum {
    pub(super) naming: Naming,
    /// Where the list of symbols begins.
    pub(super) symbols_place: Option<Place>,
    pub(super) symbols: Vec<Symbol>,
    pub(super) by_name: Positions,
    pub(super) default: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Symbol {
    pub(super) name: String,
    pub(super) place: Option<Place>,
}

#[derive(Debug, Clone)]
pub(super) struct Fixed {
    pub(super) naming: Naming,
    pub(super) size: i32,
    pub(super) size_place: Option<Place>,
}

/// The attributes that Avro itself gives no meaning, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties {
    pub(super) list: Vec<Property>,
    /// True when they state a logical type that fits (`avro.md` section 3.5).
    pub(super) logical: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Property {
    pub(super) key: String,
    pub(super) value: Value,
}

impl Graph {
    /// How many nodes there are; the next one gets this number.
    pub(super) const fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn add(&mut self, node: Node) -> TypeId {
        let id = u32::try_from(self.nodes.len()).expect("a text is shorter than 4 GiB");
        self.nodes.push(node);
        TypeId(id)
    }

    pub(super) fn replace(&mut self, id: TypeId, node: Node) {
        self.nodes[id.0 as usize] = node;
    }

    pub(super) fn nodes_from_mut(&mut self, first: usize) -> &mut [Node] {
        &mut self.nodes[first..]
    }
}

impl Index<TypeId> for Graph {
    type Output = Node;

    fn index(&self, id: TypeId) -> &Node {
        &self.nodes[id.0 as usize]
    }
}

impl Node {
    /// What it has in common with others that have a name, if it is named.
    pub(super) fn naming(&self) -> Option<&Naming> {
        match self {
            Self::Record(record) => Some(&record.naming),
            Self::Enum(enumeration) => Some(&enumeration.naming),
            Self::Fixed(fixed) => Some(&fixed.naming),
            _ => None,
        }
    }

    /// The word of the format for it. The reference takes a name without a definition for a record.
    pub(super) const fn type_word(&self) -> &'static str {
        match self {
            Self::Primitive(primitive, _) => primitive.as_str(),
            Self::Array(..) => "array",
            Self::Map(..) => "map",
            Self::Union(_) => "union",
            Self::Undefined(_) | Self::Record(_) => "record",
            Self::Enum(_) => "enum",
            Self::Fixed(_) => "fixed",
        }
    }

    /// Every type that it uses.
    pub(super) fn uses_mut(&mut self) -> impl Iterator<Item = &mut Use> {
        let (one, many, fields): (_, &mut [Use], &mut [Field]) = match self {
            Self::Array(inner, _) | Self::Map(inner, _) => (Some(inner), &mut [], &mut []),
            Self::Union(branches) => (None, branches, &mut []),
            Self::Record(record) => (None, &mut [], &mut record.fields),
            _ => (None, &mut [], &mut []),
        };
        let of_fields = fields.iter_mut().map(|field| &mut field.r#type);
        one.into_iter().chain(many).chain(of_fields)
    }
}

impl Primitive {
    const ALL: [Self; 8] = [
        Self::Null,
        Self::Boolean,
        Self::Int,
        Self::Long,
        Self::Float,
        Self::Double,
        Self::Bytes,
        Self::String,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Long => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Bytes => "bytes",
            Self::String => "string",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|primitive| primitive.as_str() == word)
    }
}

impl Order {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
            Self::Ignore => "ignore",
        }
    }
}

impl Record {
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        let position = self
            .by_name
            .find(name, |position| &self.fields[position].name)?;
        Some(&self.fields[position])
    }
}

impl Enum {
    pub(super) fn has_symbol(&self, name: &str) -> bool {
        self.by_name
            .find(name, |position| &self.symbols[position].name)
            .is_some()
    }
}

impl Properties {
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.list
            .iter()
            .find(|property| property.key == key)
            .map(|property| &property.value)
    }
}
