//! What Avro types hold: the value itself, seen through `null`, and the values within it.

use crate::avro::graph::{self, Graph, Node, Primitive, TypeId};
use crate::avro::logical;
use crate::policy::model::{Element, FieldType, Held, Inner, Inside};
use crate::value::Value;

use super::node_properties;

/// A type, seen through the union that makes it optional.
pub(super) struct Seen {
    pub(super) id: TypeId,
    pub(super) nullable: bool,
    pub(super) null_first: bool,
    branches: usize,
}

impl Seen {
    pub(super) fn through_null(graph: &Graph, id: TypeId) -> Self {
        let Node::Union(branches) = &graph[id] else {
            return Self {
                id,
                nullable: matches!(graph[id], Node::Primitive(Primitive::Null, _)),
                null_first: false,
                branches: 1,
            };
        };
        let is_null = |used: &graph::Use| is_null(graph, *used);
        let others: Vec<_> = branches.iter().filter(|used| !is_null(used)).collect();
        Self {
            id: match others[..] {
                [only] => only.id,
                _ => id,
            },
            nullable: others.len() < branches.len(),
            null_first: branches.first().is_some_and(is_null),
            branches: others.len(),
        }
    }
}

pub(super) fn branches_besides_null(graph: &Graph, branches: &[graph::Use]) -> usize {
    branches
        .iter()
        .filter(|used| !is_null(graph, **used))
        .count()
}

fn field_type(graph: &Graph, id: TypeId) -> FieldType {
    let node = &graph[id];
    if let Some(properties) = node_properties(node)
        && properties.logical
        && let Some(logical) = properties.get("logicalType").and_then(Value::as_str)
        && let Some(found) = logical_field_type(logical)
    {
        return found;
    }
    match node {
        Node::Primitive(primitive, _) => match primitive {
            Primitive::Null => FieldType::Null,
            Primitive::Boolean => FieldType::Boolean,
            Primitive::Int => FieldType::Int32,
            Primitive::Long => FieldType::Int64,
            Primitive::Float => FieldType::Float32,
            Primitive::Double => FieldType::Float64,
            Primitive::Bytes => FieldType::Bytes,
            Primitive::String => FieldType::String,
        },
        Node::Array(..) => FieldType::Array,
        Node::Map(..) => FieldType::Map,
        Node::Union(_) => FieldType::Union,
        Node::Record(_) | Node::Undefined(_) => FieldType::Record,
        Node::Enum(_) => FieldType::Enum,
        Node::Fixed(_) => FieldType::Fixed,
    }
}

fn logical_field_type(logical: &str) -> Option<FieldType> {
    Some(match logical {
        "decimal" | "big-decimal" => FieldType::Decimal,
        "uuid" => FieldType::Uuid,
        "date" => FieldType::Date,
        "time-millis" | "time-micros" => FieldType::Time,
        "timestamp-millis" | "timestamp-micros" | "timestamp-nanos" => FieldType::Instant,
        "local-timestamp-millis" | "local-timestamp-micros" | "local-timestamp-nanos" => {
            FieldType::LocalInstant
        }
        "duration" => FieldType::Duration,
        _ => return None,
    })
}

fn type_name(node: &Node) -> String {
    let naming = node.naming();
    naming.map_or_else(
        || node.type_word().to_owned(),
        |naming| naming.name.full().to_owned(),
    )
}

/// What a value of the type is.
pub(super) fn held(graph: &Graph, id: TypeId) -> Held {
    let seen = Seen::through_null(graph, id);
    let node = &graph[seen.id];
    let properties = node_properties(node);
    let number_of = |key: &str| {
        let value = properties.and_then(|properties| properties.get(key));
        value.and_then(logical::int).map(i64::from)
    };
    let logical = properties.and_then(|properties| properties.get("logicalType")?.as_str());
    Held {
        r#type: field_type(graph, seen.id),
        type_name: type_name(node),
        logical: logical.map(str::to_owned),
        logical_is_effective: properties.is_some_and(|properties| properties.logical),
        precision: number_of("precision"),
        scale: number_of("scale"),
        branches: seen.branches,
        is_outer: matches!(node, Node::Array(..) | Node::Map(..) | Node::Union(_)),
    }
}

/// The values within a value of the type, which is used here.
pub(super) fn inner(graph: &Graph, used: graph::Use, element: &Element) -> Vec<Inner> {
    let mut look = Look {
        graph,
        inside: Inside::default(),
    };
    look.inside(used, element, 1);
    look.inside.into_found()
}

struct Look<'g> {
    graph: &'g Graph,
    inside: Inside,
}

impl Look<'_> {
    /// Recursion ends at the depth that is looked at.
    fn inside(&mut self, used: graph::Use, element: &Element, depth: usize) {
        match &self.graph[used.id] {
            Node::Array(items, _) => {
                self.see(*items, element.inside("[]", "/items", items.place), depth);
            }
            Node::Map(values, _) => {
                self.see(
                    *values,
                    element.inside("{}", "/values", values.place),
                    depth,
                );
            }
            Node::Union(branches) => {
                let is_optional = branches_besides_null(self.graph, branches) <= 1;
                for (position, branch) in branches.iter().enumerate() {
                    let pointer = format!("/{position}");
                    if is_optional {
                        let element = element.inside("", &pointer, branch.place);
                        self.inside(*branch, &element, depth);
                    } else if !is_null(self.graph, *branch) {
                        let name = branch_name(self.graph, branch.id);
                        self.see(
                            *branch,
                            element.inside(&name, &pointer, branch.place),
                            depth,
                        );
                    }
                }
            }
            _ => {}
        }
    }

    fn see(&mut self, used: graph::Use, element: Element, depth: usize) {
        if self.inside.add(&element, held(self.graph, used.id), depth) {
            self.inside(used, &element, depth + 1);
        }
    }
}

pub(super) fn is_null(graph: &Graph, used: graph::Use) -> bool {
    matches!(graph[used.id], Node::Primitive(Primitive::Null, _))
}

/// How a branch of a union is told from the others in a path, if it has a name.
pub(super) fn branch_name(graph: &Graph, id: TypeId) -> String {
    let naming = graph[id].naming();
    naming.map_or_else(String::new, |naming| format!("<{}>", naming.name.simple()))
}
