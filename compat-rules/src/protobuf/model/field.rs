//! What a field of a message holds.

use crate::policy::model::{Constraints, Element, Field, FieldType, Held, Inner, joined};

use super::super::document::{self, Label, Message};
use super::super::names::{NamedKind, Scope};
use super::super::scalar::Scalar;
use super::super::{map_entry, tags};
use super::{Walk, is_deprecated, properties};

/// The fields of a message, each with the oneof that it is in.
pub(super) fn with_oneofs(
    message: &Message,
) -> impl Iterator<Item = (Option<&str>, &document::Field)> {
    let plain = message.fields.iter().map(|field| (None, field));
    let in_oneofs = message.oneofs.iter().flat_map(|oneof| {
        oneof
            .fields
            .iter()
            .map(|field| (Some(oneof.name.as_str()), field))
    });
    plain.chain(in_oneofs)
}

/// What the type of a field comes to.
struct Named {
    r#type: FieldType,
    name: String,
    /// A message: whether it is there can always be told.
    has_presence: bool,
}

impl Walk<'_> {
    pub(super) fn field(
        &mut self,
        field: &document::Field,
        oneof: Option<&str>,
        holder: &Element,
        scope: &Scope,
    ) -> Field {
        let pointer = format!(".{}", field.name);
        let element = holder.member(&field.name, &pointer, Some(field.place));
        let map = map_entry::of(field);
        let named = self.named(
            map.map_or(field.type_name.as_str(), |(_, value)| value),
            holder,
            scope,
        );
        let repeated = field.label == Some(Label::Repeated);
        let outer = match (map, repeated) {
            (Some(_), _) => Some((FieldType::Map, "{}")),
            (None, true) => Some((FieldType::Array, "[]")),
            (None, false) => None,
        };
        let single = outer.is_none();
        let held = |r#type: FieldType, is_outer: bool| Held {
            r#type,
            type_name: named.name.clone(),
            logical: None,
            logical_is_effective: false,
            precision: tags::parameter(&field.options, "precision"),
            scale: tags::parameter(&field.options, "scale"),
            branches: 1,
            is_outer,
        };
        let inner = outer.map(|(_, name)| Inner {
            element: element.inside(name, "", None),
            held: held(named.r#type, false),
        });
        let states_presence = !self.proto3 || field.label == Some(Label::Optional);
        let required = field.label == Some(Label::Required);
        Field {
            name: field.name.clone(),
            held: held(outer.map_or(named.r#type, |(outer, _)| outer), !single),
            inner: inner.into_iter().collect(),
            element,
            nullable: single
                && !required
                && (states_presence || oneof.is_some() || named.has_presence),
            null_first: false,
            required,
            repeated,
            default: field.default.clone(),
            default_is_valid: true,
            doc: self
                .comments
                .about(field.place)
                .or_else(|| tags::doc(&field.options)),
            deprecated: is_deprecated(&field.options),
            tags: tags::of_field(&field.options),
            number: Some(i64::from(field.number)),
            json_name: field.json_name.clone(),
            oneof: oneof.map(str::to_owned),
            aliases: Vec::new(),
            constraints: Constraints::default(),
            properties: properties(&field.options),
        }
    }

    /// What a type comes to that a field of this message names.
    fn named(&mut self, type_name: &str, message: &Element, scope: &Scope) -> Named {
        if let Some(scalar) = Scalar::named(type_name) {
            return Named {
                r#type: of_scalar(scalar),
                name: type_name.to_owned(),
                has_presence: false,
            };
        }
        let found = self.names.find_type(scope, type_name);
        let name = found.map_or_else(
            || joined(&[type_name.trim_start_matches('.')]),
            |found| self.told.of(&found),
        );
        let is_enum = found.is_some_and(|found| matches!(found.kind, NamedKind::Enum));
        let r#type = match well_known(&name) {
            Some(known) => known,
            None if is_enum => FieldType::Enum,
            None => FieldType::Record,
        };
        self.used.push((message.pointer.clone(), name.clone()));
        Named {
            r#type,
            name,
            has_presence: !is_enum,
        }
    }
}

const fn of_scalar(scalar: Scalar) -> FieldType {
    match scalar {
        Scalar::Double => FieldType::Float64,
        Scalar::Float => FieldType::Float32,
        Scalar::Int64 | Scalar::Sfixed64 | Scalar::Sint64 => FieldType::Int64,
        Scalar::Int32 | Scalar::Sfixed32 | Scalar::Sint32 => FieldType::Int32,
        Scalar::Uint64 | Scalar::Fixed64 => FieldType::UInt64,
        Scalar::Uint32 | Scalar::Fixed32 => FieldType::UInt32,
        Scalar::Bool => FieldType::Boolean,
        Scalar::String => FieldType::String,
        Scalar::Bytes => FieldType::Bytes,
    }
}

/// Messages that everybody knows stand for a type of their own.
fn well_known(name: &str) -> Option<FieldType> {
    Some(match name {
        "google.protobuf.Timestamp" => FieldType::Instant,
        // Its zone may be left out, and then it is the time on a wall.
        "google.type.DateTime" => FieldType::LocalInstant,
        "google.type.Date" => FieldType::Date,
        "google.type.TimeOfDay" => FieldType::Time,
        "google.protobuf.Duration" => FieldType::Duration,
        "google.type.Money" | "google.type.Decimal" | "confluent.type.Decimal" => {
            FieldType::Decimal
        }
        "google.protobuf.Any"
        | "google.protobuf.Struct"
        | "google.protobuf.Value"
        | "google.protobuf.ListValue" => FieldType::Any,
        "google.protobuf.DoubleValue" => FieldType::Float64,
        "google.protobuf.FloatValue" => FieldType::Float32,
        "google.protobuf.Int64Value" => FieldType::Int64,
        "google.protobuf.UInt64Value" => FieldType::UInt64,
        "google.protobuf.Int32Value" => FieldType::Int32,
        "google.protobuf.UInt32Value" => FieldType::UInt32,
        "google.protobuf.BoolValue" => FieldType::Boolean,
        "google.protobuf.StringValue" => FieldType::String,
        "google.protobuf.BytesValue" => FieldType::Bytes,
        _ => return None,
    })
}
