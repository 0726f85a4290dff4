//! Inline tags: the property `confluent:tags` of records and fields (`tags.md` section 1).
//!
//! They are edited in the canonical text, as a tree of JSON; what comes out is read like any other text.

use std::collections::{HashSet, VecDeque};

use crate::value::{Kind, Value, read};
use crate::{EntityKind, InvalidSchema, Place, Strictness, TagEdit, TaggedEntity};

use super::graph::{Node, Properties, TypeId};
use super::style::{RULES, STYLE};
use super::{Schema, parse};

const PROPERTY: &str = "confluent:tags";

impl Schema {
    /// Records and fields that carry tags, each record before its fields.
    pub(crate) fn tags(&self) -> Vec<TaggedEntity> {
        let mut found = Vec::new();
        self.collect_tags(self.root.id, &mut HashSet::new(), &mut found);
        found
    }

    fn collect_tags(&self, id: TypeId, seen: &mut HashSet<TypeId>, found: &mut Vec<TaggedEntity>) {
        match &self.graph[id] {
            Node::Array(inner, _) | Node::Map(inner, _) => {
                self.collect_tags(inner.id, seen, found);
            }
            Node::Union(branches) => {
                for branch in branches {
                    self.collect_tags(branch.id, seen, found);
                }
            }
            Node::Record(record) if seen.insert(id) => {
                let name = record.naming.name.full();
                let properties = &record.naming.properties;
                found.extend(entity(name.to_owned(), EntityKind::Record, properties));
                for field in &record.fields {
                    let path = format!("{name}.{}", field.name);
                    found.extend(entity(path, EntityKind::Field, &field.properties));
                    self.collect_tags(field.r#type.id, seen, found);
                }
            }
            _ => {}
        }
    }

    /// The same schema with other tags.
    pub(crate) fn with_tags(&self, edit: &TagEdit) -> Result<Self, InvalidSchema> {
        let mut text = read(&self.canonical, &RULES)?;
        for entity in &edit.add {
            change(&mut text, entity, |tags| {
                for tag in &entity.tags {
                    if !tags.contains(tag) {
                        tags.push(tag.clone());
                    }
                }
            })?;
        }
        for entity in &edit.remove {
            change(&mut text, entity, |tags| {
                tags.retain(|tag| !entity.tags.contains(tag))
            })?;
        }
        parse(&text.to_text(STYLE), &self.references, Strictness::Stored)
    }
}

fn entity(path: String, kind: EntityKind, properties: &Properties) -> Option<TaggedEntity> {
    let tags = properties.get(PROPERTY).map(texts).unwrap_or_default();
    (!tags.is_empty()).then_some(TaggedEntity { path, kind, tags })
}

/// The texts in a list, once each.
fn texts(value: &Value) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for text in value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !texts.iter().any(|other| other == text) {
            texts.push(text.to_owned());
        }
    }
    texts
}

/// Changes the tags of the element that a path names.
fn change(
    text: &mut Value,
    entity: &TaggedEntity,
    change: impl FnOnce(&mut Vec<String>),
) -> Result<(), InvalidSchema> {
    let not_found = || {
        InvalidSchema::new(format!(
            "No matching path '{}' found in the schema",
            entity.path
        ))
    };
    let address = Target::new(entity).find(text).ok_or_else(not_found)?;
    let element = address
        .into_iter()
        .try_fold(text, |value, position| value.child_mut(position));
    let Some(Kind::Object(object)) = element.map(|element| &mut element.kind) else {
        return Err(not_found());
    };
    let mut tags = object.get(PROPERTY).map(texts).unwrap_or_default();
    change(&mut tags);
    if tags.is_empty() {
        object.remove(PROPERTY);
        return Ok(());
    }
    let value = |kind| Value {
        place: Place::START,
        kind,
    };
    let tags = tags.into_iter().map(|tag| value(Kind::String(tag)));
    object.set(PROPERTY, value(Kind::Array(tags.collect())));
    Ok(())
}

/// What a path names.
struct Target<'e> {
    /// Without one every namespace will do.
    namespace: &'e str,
    record: &'e str,
    field: Option<&'e str>,
}

/// What stands at a place of the text, as far as the search goes into it.
enum Role<'v> {
    Type(&'v Value),
    Fields(&'v Value),
    Field(&'v Value),
}

/// Positions of members and items that lead from the root to a value.
type Address = Vec<usize>;

impl<'e> Target<'e> {
    fn new(entity: &'e TaggedEntity) -> Self {
        let path = entity.sought();
        let (record, field) = match (entity.kind, path.rsplit_once('.')) {
            (EntityKind::Field, Some((record, field))) => (record, Some(field)),
            (EntityKind::Field, None) => ("", Some(path)),
            (EntityKind::Record, _) => (path, None),
        };
        let (namespace, record) = record.rsplit_once('.').unwrap_or(("", record));
        Self {
            namespace,
            record,
            field,
        }
    }

    /// Breadth first through the levels of the JSON text.
    fn find(&self, text: &Value) -> Option<Address> {
        let mut queue = VecDeque::from([(Role::Type(text), String::new(), Address::new())]);
        while let Some((role, namespace, address)) = queue.pop_front() {
            let at = |position: usize| [address.as_slice(), &[position]].concat();
            match role {
                Role::Fields(fields) => {
                    for (position, field) in fields.as_array().into_iter().flatten().enumerate() {
                        queue.push_back((Role::Field(field), namespace.clone(), at(position)));
                    }
                }
                Role::Field(field) => {
                    if let Some((position, r#type)) = child(field, "type") {
                        queue.push_back((Role::Type(r#type), namespace, at(position)));
                    }
                }
                Role::Type(value) => {
                    let own = own_namespace(value).unwrap_or(&namespace).to_owned();
                    if let Some(inside) = self.matches(value, &own) {
                        return Some([address, inside].concat());
                    }
                    for (position, branch) in value.as_array().into_iter().flatten().enumerate() {
                        queue.push_back((Role::Type(branch), own.clone(), at(position)));
                    }
                    for inner in ["items", "values"] {
                        if let Some((position, inner)) = child(value, inner) {
                            queue.push_back((Role::Type(inner), own.clone(), at(position)));
                        }
                    }
                    if let Some((position, fields)) = child(value, "fields") {
                        queue.push_back((Role::Fields(fields), own, at(position)));
                    }
                }
            }
        }
        None
    }

    /// Where in this record the target is, if it is here.
    fn matches(&self, value: &Value, namespace: &str) -> Option<Address> {
        let name = value.as_object()?.get("name")?.as_str()?;
        let (position, fields) = child(value, "fields")?;
        let is_here =
            name == self.record && (self.namespace.is_empty() || self.namespace == namespace);
        if !is_here {
            return None;
        }
        let Some(wanted) = self.field else {
            return Some(Address::new());
        };
        let is_wanted = |field: &Value| {
            let name = field.as_object().and_then(|field| field.get("name"));
            name.and_then(Value::as_str) == Some(wanted)
        };
        let field = fields.as_array()?.iter().position(is_wanted)?;
        Some(vec![position, field])
    }
}

fn own_namespace(value: &Value) -> Option<&str> {
    value.as_object()?.get("namespace")?.as_str()
}

fn child<'v>(value: &'v Value, key: &str) -> Option<(usize, &'v Value)> {
    let members = value.as_object()?.members();
    let position = members.iter().position(|member| member.key == key)?;
    Some((position, &members[position].value))
}
