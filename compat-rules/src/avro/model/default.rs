//! Whether a default is a value of its type, as far as a rule has to know: a registration looks closer and refuses.

use std::cell::Cell;

use crate::avro::graph::{Graph, Node, Primitive, TypeId};
use crate::value::{Kind, Number, Value};

/// Steps that are spent on the defaults of one schema. What is left then is taken to fit: a list of empty objects and a
/// record of many fields multiply.
const STEPS_MAX: usize = 1_000_000;

/// Looks at the defaults of one schema.
pub(super) struct Defaults<'g> {
    graph: &'g Graph,
    left: Cell<usize>,
}

impl<'g> Defaults<'g> {
    pub(super) const fn new(graph: &'g Graph) -> Self {
        Self {
            graph,
            left: Cell::new(STEPS_MAX),
        }
    }

    /// False for a value that the type plainly does not allow. Of a union the first branch counts. Recursion ends with
    /// the value.
    pub(super) fn fit(&self, id: TypeId, value: &Value) -> bool {
        let node = &self.graph[id];
        let cost = match node {
            Node::Record(record) => record.fields.len(),
            _ => 1,
        };
        let Some(left) = self.left.get().checked_sub(cost) else {
            return true;
        };
        self.left.set(left);
        match (node, &value.kind) {
            (Node::Primitive(primitive, _), kind) => is_of(*primitive, kind),
            (Node::Union(branches), _) => branches.first().is_some_and(|first| {
                !matches!(self.graph[first.id], Node::Union(_)) && self.fit(first.id, value)
            }),
            (Node::Array(items, _), Kind::Array(values)) => {
                values.iter().all(|value| self.fit(items.id, value))
            }
            (Node::Map(inner, _), Kind::Object(object)) => {
                let mut members = object.members().iter();
                members.all(|member| self.fit(inner.id, &member.value))
            }
            // What is left out has the default of its own field.
            (Node::Record(record), Kind::Object(object)) => {
                let mut fields = record.fields.iter();
                fields.all(|field| match object.get(&field.name) {
                    Some(value) => self.fit(field.r#type.id, value),
                    None => field.default.is_some(),
                })
            }
            (Node::Fixed(_), Kind::String(_)) | (Node::Undefined(_), _) => true,
            (Node::Enum(enumeration), Kind::String(symbol)) => enumeration.has_symbol(symbol),
            _ => false,
        }
    }
}

fn is_of(primitive: Primitive, kind: &Kind) -> bool {
    let whole = |number: &Number| number.is_integer();
    match (primitive, kind) {
        (Primitive::Null, Kind::Null)
        | (Primitive::Boolean, Kind::Boolean(_))
        | (Primitive::String | Primitive::Bytes, Kind::String(_))
        | (Primitive::Float | Primitive::Double, Kind::Number(_)) => true,
        (Primitive::Int | Primitive::Long, Kind::Number(number)) => whole(number),
        _ => false,
    }
}
