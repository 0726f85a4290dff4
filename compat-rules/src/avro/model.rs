//! The model of an Avro schema for rules of policy: a walk over the graph, each named type once, where it is defined.
//!
//! Imported types are seen from the field that uses them and not walked into. A union of `null` and one other type is
//! that type, nullable; any other union is a type of its own.

mod default;
mod held;

use std::collections::HashMap;

use crate::Format;
use crate::policy::model::{
    AvroDetails, Constraints, Details, Element, Field, Inner, Links, Model, Properties, Remark,
    Symbol, Type, TypeKind, Use,
};
use crate::value::Value;

use super::Schema;
use super::graph::{self, Graph, Node, TypeId};
use super::style::STYLE;
use default::Defaults;
use held::{Seen, branches_besides_null};

impl Schema {
    /// The model of the schema, which was read from this text.
    pub(crate) fn model(&self, text: &str) -> Model {
        let mut walk = Walk {
            graph: &self.graph,
            seen: HashMap::new(),
            types: Vec::new(),
            uses: Vec::new(),
            awaited: Vec::new(),
            defaults: Defaults::new(&self.graph),
            remarks: Vec::new(),
            links: Links::default(),
        };
        walk.visit_inner(self.root, Element::default(), None);
        walk.link_awaited();
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
            loose: self.loose(),
            remarks: walk.remarks,
            properties: naming.map_or_else(Properties::new, |naming| texts(&naming.properties)),
            details: Details::Avro(AvroDetails {
                root: self.graph[self.root.id].type_word().to_owned(),
            }),
            types: walk.types,
        }
    }
}

impl Schema {
    /// The schema itself and the values within, if it is no record.
    fn loose(&self) -> Vec<Inner> {
        let root = Element::default();
        if matches!(self.graph[self.root.id], Node::Record(_)) {
            return Vec::new();
        }
        let mut loose = vec![Inner {
            element: root.clone(),
            held: held::held(&self.graph, self.root.id),
        }];
        loose.extend(held::inner(&self.graph, self.root, &root));
        loose
    }
}

struct Walk<'g> {
    graph: &'g Graph,
    /// The named types that were met, with their position.
    seen: HashMap<TypeId, usize>,
    types: Vec<Type>,
    uses: Vec<Use>,
    /// Which type uses one whose definition had not been met yet.
    awaited: Vec<(Option<usize>, TypeId)>,
    remarks: Vec<Remark>,
    defaults: Defaults<'g>,
    links: Links,
}

impl Walk<'_> {
    /// Walks a value within another one, or the whole: what is said about it has no other place.
    fn visit_inner(&mut self, used: graph::Use, element: Element, holder: Option<usize>) {
        let node = &self.graph[used.id];
        let properties = match node.naming() {
            Some(_) => None,
            None => node_properties(node),
        };
        if let Some(properties) = properties.filter(|properties| !properties.list.is_empty()) {
            self.remarks.push(Remark {
                element: element.clone(),
                doc: text_of(properties, "doc"),
                default: None,
                properties: texts(properties),
            });
        }
        self.visit(used, element, holder);
    }

    /// Walks what the holder uses here.
    fn visit(&mut self, used: graph::Use, element: Element, holder: Option<usize>) {
        match &self.graph[used.id] {
            Node::Array(items, _) => {
                let inner = element.inside("[]", "/items", items.place);
                self.visit_inner(*items, inner, holder);
            }
            Node::Map(values, _) => {
                let inner = element.inside("{}", "/values", values.place);
                self.visit_inner(*values, inner, holder);
            }
            Node::Union(branches) => self.union(branches, &element, holder),
            node => match node.naming() {
                // A name may be used before it is defined, and is described where that is done.
                Some(naming) if naming.place.is_some() && naming.whole != used.place => {
                    self.awaited.push((holder, used.id));
                }
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
            let name = match is_optional {
                true => String::new(),
                false => held::branch_name(self.graph, branch.id),
            };
            let inner = element.inside(&name, &format!("/{position}"), branch.place);
            self.visit_inner(*branch, inner, holder);
        }
    }

    /// What is said about the type of a field, seen through null, stands with the field.
    fn visit_field(&mut self, used: graph::Use, element: Element, holder: usize) {
        if let Node::Union(branches) = &self.graph[used.id]
            && branches_besides_null(self.graph, branches) == 1
            && let Some(position) = branches
                .iter()
                .position(|branch| !held::is_null(self.graph, *branch))
        {
            let branch = branches[position];
            let inner = element.inside("", &format!("/{position}"), branch.place);
            return self.visit(branch, inner, Some(holder));
        }
        self.visit(used, element, Some(holder));
    }

    fn link_awaited(&mut self) {
        for (holder, id) in std::mem::take(&mut self.awaited) {
            if let (Some(holder), Some(position)) = (holder, self.seen.get(&id)) {
                self.links.add(holder, *position);
            }
        }
    }

    fn named(&mut self, id: TypeId, element: Element, holder: Option<usize>) {
        let position = self.types.len();
        self.seen.insert(id, position);
        holder.inspect(|holder| self.links.add(*holder, position));
        let found = self.described(id, &element);
        self.types.push(found);
        if let Node::Record(record) = &self.graph[id] {
            for (number, field) in record.fields.iter().enumerate() {
                let pointer = format!("/fields/{number}/type");
                let inner = element.member(&field.name, &pointer, field.place);
                self.visit_field(field.r#type, inner, position);
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
        let held = held::held(self.graph, field.r#type.id);
        let inner = match held.is_outer {
            true => {
                let r#type = element.inside("", "/type", None);
                held::inner(self.graph, field.r#type, &r#type)
            }
            false => Vec::new(),
        };
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
            held,
            inner,
            nullable: seen.nullable,
            null_first: seen.null_first,
            required: field.default.is_none(),
            repeated: matches!(self.graph[seen.id], Node::Array(..)),
            default: field.default.as_ref().map(|value| value.to_text(STYLE)),
            default_is_valid: field
                .default
                .as_ref()
                .is_none_or(|value| self.defaults.fit(field.r#type.id, value)),
            doc: field.doc.clone(),
            deprecated: is_deprecated(&field.properties),
            tags: tags(&field.properties),
            number: None,
            json_name: None,
            oneof: None,
            aliases: field.aliases.clone(),
            constraints: Constraints::default(),
            properties: own,
        }
    }
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

fn text_of(properties: &graph::Properties, key: &str) -> Option<String> {
    Some(properties.get(key)?.as_str()?.to_owned())
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
