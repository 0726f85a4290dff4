//! Inline tags: the keyword `confluent:tags` of objects and properties (`tags.md` section 3).
//!
//! Paths go along the tree that a comparison sees, references excepted, so they are read off that tree (here) and
//! looked up in the text (`find.rs`). Members of combined schemas are numbered in an order of their own (`order.rs`).

mod find;
mod order;

use super::documents::{self, Documents};
use super::load::{self, Outline};
use super::tree::{Kind, NodeId, Tree};
use super::{STYLE, Schema, parse};
use crate::value::{Kind as ValueKind, Value};
use crate::{EntityKind, InvalidSchema, Strictness, TagEdit, TaggedEntity};
use order::Order;

const KEYWORD: &str = "confluent:tags";
/// Longer paths are not followed: a text of many nested schemas could fill the memory with them.
const PATH_BYTES_MAX: usize = 10_000;

impl Schema {
    /// Every object and property that carries tags, each object before its properties.
    pub(crate) fn tags(&self) -> Vec<TaggedEntity> {
        // What an entity is does not depend on imports.
        let documents = Documents::new(self.value.clone(), &crate::References::none());
        let Ok(documents) = documents else {
            return Vec::new();
        };
        match load::outline(&documents) {
            Ok((tree, outline)) => tagged(&tree, &outline),
            Err(_) => Vec::new(),
        }
    }

    /// The same schema with other tags.
    pub(crate) fn with_tags(&self, edit: &TagEdit) -> Result<Self, InvalidSchema> {
        let mut value = documents::read(&self.canonical)?;
        for (entities, add) in [(&edit.add, true), (&edit.remove, false)] {
            for entity in entities {
                let steps = find::find(&value, entity.sought(), entity.kind).ok_or_else(|| {
                    InvalidSchema::new(format!(
                        "No matching path '{}' found in the schema",
                        entity.path
                    ))
                })?;
                if let Some(found) = find::step_in(&mut value, &steps) {
                    change(found, &entity.tags, add);
                }
            }
        }
        parse(&value.to_text(STYLE), &self.references, Strictness::Stored)
    }
}

/// Adds tags to a schema, or takes them away. No tags are no keyword.
fn change(schema: &mut Value, tags: &[String], add: bool) {
    let place = schema.place;
    let mut all = tags_of(schema);
    if add {
        for tag in tags {
            if !all.contains(tag) {
                all.push(tag.clone());
            }
        }
    } else {
        all.retain(|tag| !tags.contains(tag));
    }
    let ValueKind::Object(object) = &mut schema.kind else {
        return;
    };
    if all.is_empty() {
        return object.remove(KEYWORD);
    }
    let text = |tag| Value {
        place,
        kind: ValueKind::String(tag),
    };
    let kind = ValueKind::Array(all.into_iter().map(text).collect());
    object.set(KEYWORD, Value { place, kind });
}

/// The tags on a schema, each once.
fn tags_of(schema: &Value) -> Vec<String> {
    let tags = schema
        .as_object()
        .and_then(|object| object.get(KEYWORD)?.as_array());
    let mut texts = Vec::new();
    for tag in tags.unwrap_or_default() {
        let text = tag
            .as_str()
            .map_or_else(|| tag.to_text(STYLE), str::to_owned);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// A node that still has to be looked at.
struct Step {
    id: NodeId,
    /// The path up to it, with a dot behind.
    scope: String,
    /// True if its own tags were seen already, as those of a property.
    is_property: bool,
}

fn tagged(tree: &Tree, outline: &Outline<'_>) -> Vec<TaggedEntity> {
    let tags = |id: &NodeId| outline.values.get(id).map(|value| tags_of(value));
    let order = Order::new(tree, outline);
    let mut found = Vec::new();
    let mut note = |path: &str, kind: EntityKind, id: NodeId| {
        if let Some(tags) = tags(&id).filter(|tags| !tags.is_empty()) {
            let path = path.to_owned();
            found.push(TaggedEntity { path, kind, tags });
        }
    };
    let mut pending = vec![Step {
        id: tree.root,
        scope: String::new(),
        is_property: false,
    }];
    while let Some(step) = pending.pop() {
        if let (Some(path), true) = (step.scope.strip_suffix('.'), step.is_property) {
            note(path, EntityKind::Field, step.id);
        }
        if step.scope.len() > PATH_BYTES_MAX {
            continue;
        }
        if let (Kind::Object(_), false) = (&tree.node(step.id).kind, step.is_property) {
            note(
                &format!("{}object", step.scope),
                EntityKind::Record,
                step.id,
            );
        }
        let before = pending.len();
        inside(tree, outline, &order, &step, &mut pending);
        pending[before..].reverse();
    }
    found
}

/// What can carry tags right inside of a node.
fn inside(tree: &Tree, outline: &Outline<'_>, order: &Order, step: &Step, pending: &mut Vec<Step>) {
    let mut push = |id: NodeId, rest: &str, is_property: bool| {
        pending.push(Step {
            id,
            scope: format!("{}{rest}.", step.scope),
            is_property,
        });
    };
    match &tree.node(step.id).kind {
        Kind::Combined(criterion, children) => {
            let name = criterion.keyword().to_ascii_lowercase();
            for (index, child) in order.sorted(children).into_iter().enumerate() {
                push(child, &format!("{name}.{index}"), false);
            }
        }
        Kind::Array(rules) => rules
            .items
            .into_iter()
            .for_each(|items| push(items, "array", false)),
        Kind::Object(rules) => {
            for (name, property) in &rules.properties {
                push(*property, &format!("object.{name}"), true);
            }
            for (keyword, name, id) in outline.definitions.get(&step.id).into_iter().flatten() {
                push(*id, &format!("object.{keyword}.{name}"), false);
            }
        }
        Kind::Conditional(children) => {
            for (child, keyword) in children.iter().zip(["if", "then", "else"]) {
                if let Some(child) = child {
                    push(*child, &format!("conditional.{keyword}"), false);
                }
            }
        }
        Kind::Not(child) => push(*child, "not", false),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::References;

    fn schema(text: &str) -> Schema {
        parse(text, &References::none(), Strictness::Stored).unwrap()
    }

    fn entity(path: &str, kind: EntityKind, tags: &[&str]) -> TaggedEntity {
        TaggedEntity {
            path: path.to_owned(),
            kind,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        }
    }

    #[test]
    fn objects_properties_items_members_and_definitions_have_paths() {
        let text = r#"{"type":"object","confluent:tags":["R"],
            "properties":{
                "a":{"type":"string","confluent:tags":["A","A"]},
                "b":{"oneOf":[{"type":"string"},{"type":"object","confluent:tags":["O"]}]},
                "d":{"type":"array","items":{"type":"object","properties":{"e":{"confluent:tags":["E"]}}}}
            },
            "definitions":{"x":{"type":"object","confluent:tags":["X"]}}}"#;
        let expected = [
            entity("object", EntityKind::Record, &["R"]),
            entity("object.a", EntityKind::Field, &["A"]),
            // Objects are numbered before strings.
            entity("object.b.oneof.0.object", EntityKind::Record, &["O"]),
            entity("object.d.array.object.e", EntityKind::Field, &["E"]),
            entity("object.definitions.x.object", EntityKind::Record, &["X"]),
        ];
        assert_eq!(schema(text).tags(), expected);
    }

    #[test]
    fn what_is_listed_can_be_found_again() {
        let texts = [
            r##"{"type":["object","null"],"properties":{
                "p.q":{"type":"object","properties":{"r":{"$ref":"#/definitions/x","confluent:tags":["R"]}}}}}"##,
            r#"{"type":"object","properties":{"a":{"confluent:tags":["A"]}},"oneOf":[{"required":["a"]},{}],
                "if":{"type":"object","confluent:tags":["I"]}}"#,
            r#"{"allOf":[{"type":"object","title":"b","confluent:tags":["B"]},{"type":"object","title":"a"},
                {"not":{"type":"object","confluent:tags":["N"]}}]}"#,
            r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
                "$defs":{"x":{"type":"object","confluent:tags":["X"]}}}"#,
        ];
        for text in texts {
            let tagged = schema(text);
            let tags = tagged.tags();
            assert!(!tags.is_empty(), "{text}");
            let edit = TagEdit {
                add: Vec::new(),
                remove: tags,
            };
            let bare = tagged.with_tags(&edit).unwrap();
            assert_eq!(bare.tags(), [], "{text}");
        }
    }

    #[test]
    fn a_tag_is_appended_once_and_the_last_one_takes_the_keyword_along() {
        let edit = |add: &[&str], remove: &[&str]| TagEdit {
            add: vec![entity("object.a", EntityKind::Field, add)],
            remove: vec![entity("object.a", EntityKind::Field, remove)],
        };
        let before = r#"{"type":"object","properties":{"a":{"type":"string"}}}"#;
        let tagged = schema(before).with_tags(&edit(&["T", "U", "T"], &["U"]));
        let tagged = tagged.unwrap();
        assert_eq!(
            tagged.canonical(),
            r#"{"type":"object","properties":{"a":{"type":"string","confluent:tags":["T"]}}}"#
        );
        let bare = tagged.with_tags(&edit(&[], &["T"])).unwrap();
        assert_eq!(bare.canonical(), before);
    }

    #[test]
    fn one_dot_before_a_path_says_nothing() {
        let tagged = |path: &str, kind| {
            let edit = TagEdit {
                add: vec![entity(path, kind, &["T"])],
                remove: Vec::new(),
            };
            let schema = schema(r#"{"type":"object","properties":{"a":{"type":"string"}}}"#);
            schema.with_tags(&edit).unwrap().canonical().to_owned()
        };
        for (path, kind) in [
            ("object", EntityKind::Record),
            ("object.a", EntityKind::Field),
        ] {
            assert_eq!(tagged(&format!(".{path}"), kind), tagged(path, kind));
        }
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused_with_the_words_of_the_reference() {
        let edit = TagEdit {
            add: vec![entity("object.nope", EntityKind::Field, &["T"])],
            remove: Vec::new(),
        };
        let refused = schema(r#"{"properties":{}}"#).with_tags(&edit).unwrap_err();
        assert_eq!(
            refused.reason(),
            "No matching path 'object.nope' found in the schema"
        );
    }
}
