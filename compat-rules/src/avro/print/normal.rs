//! What is special to the normal form (`avro.md` section 4.2): full names, sorted properties and aliases, defaults
//! written as their types would write them.
//!
//! The reference drops a default that its union's first branch cannot take, and refuses some others altogether. We
//! never refuse, and keep every default.

use std::borrow::Cow;

use crate::value::{KeyOrder, Kind, Number, Style, Value, utf16_order};

use super::super::graph::{Graph, Node, Primitive, Properties, Property, Use};
use super::super::logical;
use super::super::name::Name;
use super::super::style::STYLE;
use super::{NullNamespace, Printer};

const SORTED: Style = Style {
    keys: KeyOrder::Sorted,
    ..STYLE
};

impl Printer<'_> {
    /// The full name. Without a namespace it is read in the enclosing one, so the type moves there.
    pub(super) fn normal_name(
        &mut self,
        name: &Name,
        namespace: Option<&str>,
        null_namespace: NullNamespace,
    ) {
        self.text_attribute("name", Some(name.full()));
        let stays = null_namespace == NullNamespace::Stays;
        if stays && name.namespace().is_none() && namespace.is_some() {
            self.text_attribute("namespace", Some(""));
        }
    }

    /// A logical type that fits comes first, with its own attributes behind it; the rest is sorted.
    pub(super) fn normal_properties(&mut self, properties: &Properties) {
        let mut list: Vec<&Property> = properties.list.iter().collect();
        list.sort_by(|one, other| utf16_order(&one.key, &other.key));
        if properties.logical {
            let is_decimal =
                properties.get("logicalType").and_then(Value::as_str) == Some("decimal");
            // A stable sort: what has the same rank stays sorted by key.
            list.sort_by_key(|property| match property.key.as_str() {
                "logicalType" => 0,
                "precision" if is_decimal => 1,
                "scale" if is_decimal && logical::int(&property.value) != Some(0) => 2,
                _ => 3,
            });
        }
        for property in list {
            self.attribute(&property.key);
            property.value.write(&mut self.out, SORTED);
        }
    }

    pub(super) fn normal_default(&mut self, default: &Value, r#type: Use) {
        retyped(self.graph, default, r#type).write(&mut self.out, SORTED);
    }
}

pub(super) fn sort(aliases: &mut [Cow<'_, str>]) {
    aliases.sort_by(|one, other| utf16_order(one, other));
}

/// The value as the type writes it: a number of a floating type as such, a text of bytes in Latin-1.
/// A union writes it as its first branch does. What does not fit stays as it is.
fn retyped<'v>(graph: &Graph, value: &'v Value, r#type: Use) -> Cow<'v, Value> {
    let kind = match (&graph[r#type.id], &value.kind) {
        (Node::Union(branches), _) => {
            return match branches.first() {
                Some(first) => retyped(graph, value, *first),
                None => Cow::Borrowed(value),
            };
        }
        (Node::Primitive(Primitive::Double, _), Kind::Number(number)) => {
            Kind::Number(Number::from_double(number.as_f64()))
        }
        (Node::Primitive(Primitive::Float, _), Kind::Number(number)) => {
            Kind::Number(Number::from_float(number.as_f64() as f32))
        }
        (Node::Primitive(Primitive::Bytes, _) | Node::Fixed(_), Kind::String(text)) => {
            Kind::String(in_latin_1(text))
        }
        (Node::Array(items, _), Kind::Array(values)) => {
            let values = values.iter().map(|value| retyped(graph, value, *items));
            Kind::Array(values.map(Cow::into_owned).collect())
        }
        (Node::Map(values, _), Kind::Object(object)) => {
            Kind::Object(object.map_values(|_, value| retyped(graph, value, *values).into_owned()))
        }
        (Node::Record(record), Kind::Object(object)) => {
            Kind::Object(object.map_values(|key, value| match record.field(key) {
                Some(field) => retyped(graph, value, field.r#type).into_owned(),
                None => value.clone(),
            }))
        }
        _ => return Cow::Borrowed(value),
    };
    Cow::Owned(Value {
        place: value.place,
        kind,
    })
}

/// Java makes a question mark of every character beyond U+00FF.
fn in_latin_1(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character <= '\u{FF}' {
                character
            } else {
                '?'
            }
        })
        .collect()
}
