//! Whether a default is a value of its type, as far as a rule has to know: a registration looks closer and refuses.

use crate::avro::graph::{Graph, Node, Primitive, TypeId};
use crate::value::{Kind, Number, Value};

/// False for a value that the type plainly does not allow. Of a union the first branch counts. Recursion ends with the
/// value.
pub(super) fn fits(graph: &Graph, id: TypeId, value: &Value) -> bool {
    match (&graph[id], &value.kind) {
        (Node::Primitive(primitive, _), kind) => is_of(*primitive, kind),
        (Node::Union(branches), _) => branches.first().is_some_and(|first| {
            !matches!(graph[first.id], Node::Union(_)) && fits(graph, first.id, value)
        }),
        (Node::Array(items, _), Kind::Array(values)) => {
            values.iter().all(|value| fits(graph, items.id, value))
        }
        (Node::Map(inner, _), Kind::Object(object)) => object
            .members()
            .iter()
            .all(|member| fits(graph, inner.id, &member.value)),
        // What is left out has the default of its own field.
        (Node::Record(record), Kind::Object(object)) => {
            record
                .fields
                .iter()
                .all(|field| match object.get(&field.name) {
                    Some(value) => fits(graph, field.r#type.id, value),
                    None => field.default.is_some(),
                })
        }
        (Node::Fixed(_), Kind::String(_)) | (Node::Undefined(_), _) => true,
        (Node::Enum(enumeration), Kind::String(symbol)) => {
            let mut symbols = enumeration.symbols.iter();
            symbols.any(|known| known.name == *symbol)
        }
        _ => false,
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
