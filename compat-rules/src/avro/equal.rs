//! When two schemas are the same (`avro.md` section 5.1).
//!
//! Lookups compare whole graphs, with docs and aliases. A type that is defined twice in one text is compared without
//! them, and at the surface only: the types in it are already the same nodes if they are the same.

use std::collections::HashSet;

use super::graph::{Field, Graph, Naming, Node, Properties, Property, TypeId, Use};
use super::style::STYLE;

/// True when one schema is the other.
pub(super) fn same_schema(one: (&Graph, Use), other: (&Graph, Use)) -> bool {
    Comparison {
        one: one.0,
        other: other.0,
        detail: Detail::Everything,
        assumed: HashSet::new(),
    }
    .same_use(one.1, other.1)
}

/// True when a second definition of a type in the graph says the same as the first.
pub(super) fn redefines(graph: &Graph, first: &Node, second: &Node) -> bool {
    Comparison {
        one: graph,
        other: graph,
        detail: Detail::Redefinition,
        assumed: HashSet::new(),
    }
    .same_node(first, second)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Docs, aliases and defaults of enums count.
    Everything,
    /// They do not, and a use that came before the definition is no other use's equal.
    Redefinition,
}

struct Comparison<'g> {
    one: &'g Graph,
    other: &'g Graph,
    detail: Detail,
    /// Pairs of named types that are taken for equal while, or after, they are compared.
    assumed: HashSet<(TypeId, TypeId)>,
}

impl Comparison<'_> {
    fn same_use(&mut self, one: Use, other: Use) -> bool {
        let (one_node, other_node) = (&self.one[one.id], &self.other[other.id]);
        if self.detail == Detail::Redefinition {
            if one.forward || other.forward {
                return false;
            }
            if one_node.naming().is_some() || other_node.naming().is_some() {
                return one.id == other.id;
            }
        }
        let named = one_node.naming().is_some() && other_node.naming().is_some();
        if named && !self.assumed.insert((one.id, other.id)) {
            return true;
        }
        self.same_node(one_node, other_node)
    }

    fn same_node(&mut self, one: &Node, other: &Node) -> bool {
        match (one, other) {
            (Node::Primitive(one, properties), Node::Primitive(other, others)) => {
                one == other && same_properties(properties, others)
            }
            (Node::Array(one, properties), Node::Array(other, others))
            | (Node::Map(one, properties), Node::Map(other, others)) => {
                same_properties(properties, others) && self.same_use(*one, *other)
            }
            (Node::Union(one), Node::Union(other)) => {
                one.len() == other.len()
                    && one
                        .iter()
                        .zip(other)
                        .all(|(one, other)| self.same_use(*one, *other))
            }
            (Node::Record(one), Node::Record(other)) => {
                self.same_naming(&one.naming, &other.naming)
                    && one.fields.len() == other.fields.len()
                    && one
                        .fields
                        .iter()
                        .zip(&other.fields)
                        .all(|(one, other)| self.same_field(one, other))
            }
            (Node::Enum(one), Node::Enum(other)) => {
                let symbols = one.symbols.iter().map(|symbol| &symbol.name);
                self.same_naming(&one.naming, &other.naming)
                    && symbols.eq(other.symbols.iter().map(|symbol| &symbol.name))
                    && (self.detail == Detail::Redefinition || one.default == other.default)
            }
            (Node::Fixed(one), Node::Fixed(other)) => {
                self.same_naming(&one.naming, &other.naming) && one.size == other.size
            }
            _ => false,
        }
    }

    fn same_naming(&self, one: &Naming, other: &Naming) -> bool {
        one.name == other.name
            && same_properties(&one.properties, &other.properties)
            && (self.detail == Detail::Redefinition
                || one.doc == other.doc && same_set(&one.aliases, &other.aliases))
    }

    fn same_field(&mut self, one: &Field, other: &Field) -> bool {
        let same_default = match (&one.default, &other.default) {
            (None, None) => true,
            (Some(one), Some(other)) => one.same(other, STYLE.numbers),
            _ => false,
        };
        one.name == other.name
            && one.order == other.order
            && same_default
            && same_properties(&one.properties, &other.properties)
            && (self.detail == Detail::Redefinition
                || one.doc == other.doc && same_set(&one.aliases, &other.aliases))
            && self.same_use(one.r#type, other.r#type)
    }
}

/// The order of properties does not count.
fn same_properties(one: &Properties, other: &Properties) -> bool {
    fn sorted(properties: &Properties) -> Vec<&Property> {
        let mut list: Vec<&Property> = properties.list.iter().collect();
        list.sort_by(|one, other| one.key.cmp(&other.key));
        list
    }
    let same = |(one, other): (&Property, &Property)| {
        one.key == other.key && one.value.same(&other.value, STYLE.numbers)
    };
    one.list.len() == other.list.len() && sorted(one).into_iter().zip(sorted(other)).all(same)
}

fn same_set<Element: Ord>(one: &[Element], other: &[Element]) -> bool {
    fn sorted<Element: Ord>(elements: &[Element]) -> Vec<&Element> {
        let mut list: Vec<&Element> = elements.iter().collect();
        list.sort();
        list
    }
    sorted(one) == sorted(other)
}
