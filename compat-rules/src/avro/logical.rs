//! Whether a logical type fits what it stands on (`avro.md` section 3.5). One that does not is a mere property.

use crate::value::{Number, Value};

use super::graph::{Field, Graph, Node, Primitive, Properties, Use};

/// Attributes by which a class is chosen in Java; they do not go with a logical type.
const JAVA_CLASSES: [&str; 4] = [
    "avro.java.string",
    "java-class",
    "java-key-class",
    "java-element-class",
];

pub(super) fn fits_primitive(primitive: Primitive, properties: &Properties) -> bool {
    match (logical_type(properties), primitive) {
        (Some("decimal"), Primitive::Bytes) => is_decimal(properties, None),
        (Some("big-decimal"), Primitive::Bytes)
        | (Some("uuid"), Primitive::String)
        | (Some("date" | "time-millis"), Primitive::Int)
        | (
            Some(
                "time-micros"
                | "timestamp-millis"
                | "timestamp-micros"
                | "timestamp-nanos"
                | "local-timestamp-millis"
                | "local-timestamp-micros"
                | "local-timestamp-nanos",
            ),
            Primitive::Long,
        ) => true,
        _ => false,
    }
}

pub(super) fn fits_fixed(size: i32, properties: &Properties) -> bool {
    match logical_type(properties) {
        Some("decimal") => is_decimal(properties, Some(size)),
        Some("uuid") => size == 16,
        Some("duration") => size == 12,
        _ => false,
    }
}

/// The registry's own type `map`: a list of records that are exactly a key and a value.
pub(super) fn fits_array(items: Use, properties: &Properties, graph: &Graph) -> bool {
    let Node::Record(record) = &graph[items.id] else {
        return false;
    };
    logical_type(properties) == Some("map")
        && !items.forward
        && record
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .eq(["key", "value"])
}

/// The registry's own type `variant`: a record of exactly two texts of bytes.
pub(super) fn fits_record(fields: &[Field], properties: &Properties, graph: &Graph) -> bool {
    logical_type(properties) == Some("variant")
        && fields.len() == 2
        && ["metadata", "value"].iter().all(|name| {
            fields.iter().any(|field| {
                field.name == *name
                    && matches!(graph[field.r#type.id], Node::Primitive(Primitive::Bytes, _))
            })
        })
}

fn logical_type(properties: &Properties) -> Option<&str> {
    let is_text = |key: &str| properties.get(key).and_then(Value::as_str).is_some();
    if JAVA_CLASSES.iter().any(|key| is_text(key)) {
        return None;
    }
    properties.get("logicalType").and_then(Value::as_str)
}

/// `size` is that of a fixed type; bytes hold any precision.
fn is_decimal(properties: &Properties, size: Option<i32>) -> bool {
    let Some(precision) = properties.get("precision").and_then(int) else {
        return false;
    };
    let scale = match properties.get("scale") {
        None => 0,
        Some(value) => match int(value) {
            Some(scale) => scale,
            None => return false,
        },
    };
    let fits_size = size.is_none_or(|size| {
        let bits = f64::from(size) * 8.0 - 1.0;
        f64::from(precision) <= (2_f64.log10() * bits).floor()
    });
    precision > 0 && (0..=precision).contains(&scale) && fits_size
}

pub(super) fn int(value: &Value) -> Option<i32> {
    let number = value.as_number().and_then(Number::as_i64)?;
    i32::try_from(number).ok()
}

impl Properties {
    /// Keeps the logical type, which fits, in front: where the reference puts it on records and arrays.
    pub(super) fn put_logical_type_first(&mut self) {
        self.logical = true;
        if let Some(position) = self
            .list
            .iter()
            .position(|property| property.key == "logicalType")
        {
            self.list[..=position].rotate_right(1);
        }
    }
}
