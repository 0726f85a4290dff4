//! The model of an Avro schema for rules of policy: a walk over the graph, each named type once, where it is defined.
//!
//! Imported types are seen from the field that uses them and not walked into. A union of `null` and one other type is
//! that type, nullable; any other union is a type of its own.

mod default;

use std::collections::HashMap;

use crate::Format;
use crate::policy::model::{
    AvroDetails, Constraints, Details, Element, Field, FieldType, Links, Model, Properties, Symbol,
    Type, TypeKind, Use,
};
use crate::value::Value;

use super::Schema;
use super::graph::{self, Graph, Node, Primitive, TypeId};
use super::logical;
use super::parse::STYLE;

impl Schema {
    /// The model of the schema, which was read from this text.
    pub(crate) fn model(&self, text: &str) -> Model {
        let mut walk = Walk {
            graph: &self.graph,
            seen: HashMap::new(),
            types: Vec::new(),
            uses: Vec::new(),
            links: Links::default(),
        };
        walk.visit(self.root, Element::default(), None);
        let naming = self.graph[self.root.id].naming();
        if let Some(root) = walk.types.first_mut()
            && root.element.path.is_empty()
        {
            root.is_root = true;
        }
        Model {
            format: Format::Avro,
            namespace: naming.and_then(|naming| naming.name.namespace().map(str::to_owned)),
            doc: naming.and_then(|naming| naming.doc.clone()),
            bytes: text.len(),
            depth: walk.links.settle(&mut walk.types),
            uses: walk.uses,
            properties: naming.map_or_else(Properties::new, |naming| texts(&naming.properties)),
            details: Details::Avro(AvroDetails {
                root: self.graph[self.root.id].type_word().to_owned(),
            }),
            types: walk.types,
        }
    }
}

struct Walk<'g> {
    graph: &'g Graph,
    /// The named types that were met, with their position.
    seen: HashMap<TypeId, usize>,
    types: Vec<Type>,
    uses: Vec<Use>,
    links: Links,
}

impl Walk<'_> {
    /// Walks what the holder uses here.
    fn visit(&mut self, used: graph::Use, element: Element, holder: Option<usize>) {
        match &self.graph[used.id] {
            Node::Array(items, _) => {
                let inner = element.inside("[]", "/items", items.place);
                self.visit(*items, inner, holder);
            }
            Node::Map(values, _) => {
                let inner = element.inside("{}", "/values", values.place);
                self.visit(*values, inner, holder);
            }
            Node::Union(branches) => self.union(branches, &element, holder),
            node => match node.naming() {
                Some(naming) if naming.place.is_some() => self.named(used.id, element, holder),
                Some(naming) => self.uses.push(Use {
                    element,
                    name: naming.name.full().to_owned(),
                }),
                None => {}
            },
        }
    }

    fn union(&mut self, branches: &[graph::Use], element: &Element, holder: Option<usize>) {
        let is_optional = branches_besides_null(self.graph, branches) <= 1;
        if !is_optional {
            let mut union = Type::new(element.clone(), TypeKind::Union);
            union.branches = branches_besides_null(self.graph, branches);
            self.types.push(union);
        }
        for (position, branch) in branches.iter().enumerate() {
            let name = match self.graph[branch.id].naming() {
                Some(naming) if !is_optional => format!("<{}>", naming.name.simple()),
                _ => String::new(),
            };
            let inner = element.inside(&name, &format!("/{position}"), branch.place);
            self.visit(*branch, inner, holder);
        }
    }

    fn named(&mut self, id: TypeId, element: Element, holder: Option<usize>) {
        if let Some(position) = self.seen.get(&id) {
            holder.inspect(|holder| self.links.add(*holder, *position));
            return;
        }
        let position = self.types.len();
        self.seen.insert(id, position);
        holder.inspect(|holder| self.links.add(*holder, position));
        let found = self.described(id, &element);
        self.types.push(found);
        if let Node::Record(record) = &self.graph[id] {
            for (number, field) in record.fields.iter().enumerate() {
                let pointer = format!("/fields/{number}/type");
                let inner = element.member(&field.name, &pointer, field.place);
                self.visit(field.r#type, inner, Some(position));
            }
        }
    }

    fn described(&self, id: TypeId, element: &Element) -> Type {
        let node = &self.graph[id];
        let kind = match node {
            Node::Enum(_) => TypeKind::Enum,
            Node::Fixed(_) => TypeKind::Fixed,
            _ => TypeKind::Record,
        };
        let mut described = Type::new(element.clone(), kind);
        if let Some(naming) = node.naming() {
            described.element.place = naming.place;
            described.name = naming.name.simple().to_owned();
            described.full_name = naming.name.full().to_owned();
            described.doc.clone_from(&naming.doc);
            described.aliases = naming
                .aliases
                .iter()
                .map(|alias| alias.full().to_owned())
                .collect();
            described.properties = texts(&naming.properties);
            described.deprecated = is_deprecated(&naming.properties);
            described.tags = tags(&naming.properties);
        }
        match node {
            Node::Record(record) => {
                described.fields = record
                    .fields
                    .iter()
                    .enumerate()
                    .map(|(number, field)| self.field(field, element, number))
                    .collect();
            }
            Node::Enum(enumeration) => {
                described.default_symbol.clone_from(&enumeration.default);
                described.symbols = enumeration
                    .symbols
                    .iter()
                    .enumerate()
                    .map(|(number, symbol)| Symbol {
                        element: element.member(
                            &symbol.name,
                            &format!("/symbols/{number}"),
                            symbol.place,
                        ),
                        name: symbol.name.clone(),
                        number: None,
                        doc: None,
                        deprecated: false,
                    })
                    .collect();
            }
            _ => {}
        }
        described
    }

    fn field(&self, field: &graph::Field, holder: &Element, number: usize) -> Field {
        let element = holder.member(&field.name, &format!("/fields/{number}"), field.place);
        let seen = Seen::through_null(self.graph, field.r#type.id);
        let properties = node_properties(&self.graph[seen.id]);
        let number_of = |key: &str| {
            let value = properties.and_then(|properties| properties.get(key));
            value.and_then(logical::int).map(i64::from)
        };
        let logical = properties.and_then(|properties| properties.get("logicalType")?.as_str());
        let mut own = texts(&field.properties);
        if let (Some(properties), None) = (properties, self.graph[seen.id].naming()) {
            // A type without a name has no place of its own for what is said of it.
            for (key, value) in texts(properties) {
                own.entry(key).or_insert(value);
            }
        }
        Field {
            element,
            name: field.name.clone(),
            r#type: field_type(self.graph, seen.id),
            item: item_type(self.graph, seen.id),
            type_name: type_name(&self.graph[seen.id]),
            logical: logical.map(str::to_owned),
            logical_is_effective: properties.is_some_and(|properties| properties.logical),
            precision: number_of("precision"),
            scale: number_of("scale"),
            nullable: seen.nullable,
            null_first: seen.null_first,
            required: field.default.is_none(),
            repeated: matches!(self.graph[seen.id], Node::Array(..)),
            default: field.default.as_ref().map(|value| value.to_text(STYLE)),
            default_is_valid: field
                .default
                .as_ref()
                .is_none_or(|value| default::fits(self.graph, field.r#type.id, value)),
            doc: field.doc.clone(),
            deprecated: is_deprecated(&field.properties),
            tags: tags(&field.properties),
            number: None,
            json_name: None,
            oneof: None,
            aliases: field.aliases.clone(),
            branches: seen.branches,
            constraints: Constraints::default(),
            properties: own,
        }
    }
}

/// A type, seen through the union that makes it optional.
struct Seen {
    id: TypeId,
    nullable: bool,
    null_first: bool,
    branches: usize,
}

impl Seen {
    fn through_null(graph: &Graph, id: TypeId) -> Self {
        let Node::Union(branches) = &graph[id] else {
            return Self {
                id,
                nullable: matches!(graph[id], Node::Primitive(Primitive::Null, _)),
                null_first: false,
                branches: 1,
            };
        };
        let is_null =
            |used: &graph::Use| matches!(graph[used.id], Node::Primitive(Primitive::Null, _));
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

fn branches_besides_null(graph: &Graph, branches: &[graph::Use]) -> usize {
    branches
        .iter()
        .filter(|used| !matches!(graph[used.id], Node::Primitive(Primitive::Null, _)))
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

/// Of the items of an array, of the values of a map.
fn item_type(graph: &Graph, id: TypeId) -> Option<FieldType> {
    let (Node::Array(inner, _) | Node::Map(inner, _)) = &graph[id] else {
        return None;
    };
    Some(field_type(graph, Seen::through_null(graph, inner.id).id))
}

fn type_name(node: &Node) -> String {
    let naming = node.naming();
    naming.map_or_else(
        || node.type_word().to_owned(),
        |naming| naming.name.full().to_owned(),
    )
}

fn node_properties(node: &Node) -> Option<&graph::Properties> {
    match node {
        Node::Primitive(_, properties) | Node::Array(_, properties) | Node::Map(_, properties) => {
            Some(properties)
        }
        _ => node.naming().map(|naming| &naming.properties),
    }
}

fn texts(properties: &graph::Properties) -> Properties {
    let text = |value: &Value| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_text(STYLE),
    };
    properties
        .list
        .iter()
        .map(|property| (property.key.clone(), text(&property.value)))
        .collect()
}

fn is_deprecated(properties: &graph::Properties) -> bool {
    properties
        .get("deprecated")
        .is_some_and(|value| value.as_bool() != Some(false))
}

/// The tags in the properties that hold tags, where they are lists.
fn tags(properties: &graph::Properties) -> Vec<String> {
    let mut found: Vec<String> = ["confluent:tags", "tags", "x-tags"]
        .iter()
        .filter_map(|key| properties.get(key)?.as_array())
        .flatten()
        .filter_map(|tag| Some(tag.as_str()?.to_owned()))
        .collect();
    found.sort();
    found.dedup();
    found
}
