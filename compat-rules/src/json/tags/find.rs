//! Finds what a path names in the text of a schema.

use std::sync::Arc;

use super::order::Order;
use crate::json::documents::Documents;
use crate::json::load;
use crate::value::{Kind as ValueKind, Object, Value};
use crate::{EntityKind, References};

/// A step from a value to one inside of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// How to get from the root to the entity.
pub(super) fn find(root: &Value, path: &str, kind: EntityKind) -> Option<Vec<Step>> {
    let mut words: Vec<&str> = path.split('.').rev().collect();
    let mut steps = Vec::new();
    let mut at = root;
    loop {
        let word = words.pop()?;
        at = match word {
            "object" => {
                if kind == EntityKind::Record && words.is_empty() {
                    return Some(steps);
                }
                let list = match *words.last()? {
                    keyword @ ("definitions" | "$defs") => {
                        words.pop();
                        keyword
                    }
                    _ => "properties",
                };
                let named = step(at, list, &mut steps)?.as_object()?;
                let name = longest_name(named, &mut words)?;
                let found = key(named, &name, &mut steps)?;
                if words.is_empty() {
                    return Some(steps);
                }
                found
            }
            "array" => step(at, "items", &mut steps)?,
            "not" => step(at, "not", &mut steps)?,
            "anyof" | "allof" | "oneof" => combined(at, word, &mut words, &mut steps)?,
            "conditional" => step(at, words.pop()?, &mut steps)?,
            _ => return None,
        };
    }
}

/// The value that the steps lead to.
pub(super) fn step_in<'v>(root: &'v mut Value, steps: &[Step]) -> Option<&'v mut Value> {
    steps
        .iter()
        .try_fold(root, |at, step| match (step, &mut at.kind) {
            (Step::Key(key), ValueKind::Object(object)) => object.get_mut(key),
            (Step::Index(index), ValueKind::Array(items)) => items.get_mut(*index),
            _ => None,
        })
}

fn step<'v>(at: &'v Value, keyword: &str, steps: &mut Vec<Step>) -> Option<&'v Value> {
    key(at.as_object()?, keyword, steps)
}

fn key<'v>(object: &'v Object, key: &str, steps: &mut Vec<Step>) -> Option<&'v Value> {
    steps.push(Step::Key(key.to_owned()));
    object.get(key)
}

/// A name may have dots in it: words are put together until there is a member of that name.
fn longest_name(named: &Object, words: &mut Vec<&str>) -> Option<String> {
    let mut name = words.pop()?.to_owned();
    while named.get(&name).is_none() {
        name = format!("{name}.{}", words.pop()?);
    }
    Some(name)
}

/// A member of a combined schema, by its number. Where the schema is combined by other keywords than the one that is
/// named, such as a list of types, the number says nothing.
fn combined<'v>(
    at: &'v Value,
    word: &str,
    words: &mut Vec<&str>,
    steps: &mut Vec<Step>,
) -> Option<&'v Value> {
    let keyword = match word {
        "anyof" => "anyOf",
        "allof" => "allOf",
        _ => "oneOf",
    };
    let number = words.pop()?;
    let Some(members) = at.as_object()?.get(keyword) else {
        return (word != "oneof").then_some(at);
    };
    let members = members.as_array()?;
    let index = *sorted(at, keyword, members)?.get(number.parse::<usize>().ok()?)?;
    steps.push(Step::Key(keyword.to_owned()));
    steps.push(Step::Index(index));
    members.get(index)
}

/// The positions of the members in the order of their numbers.
fn sorted(schema: &Value, keyword: &str, members: &[Value]) -> Option<Vec<usize>> {
    // The members alone, under the dialect that they have without anything around them.
    let mut alone = schema.clone();
    alone.kind = ValueKind::Object(Object::default());
    if let ValueKind::Object(object) = &mut alone.kind {
        let place = schema.place;
        let kind = ValueKind::Array(members.to_vec());
        object.set(keyword, Value { place, kind });
    }
    let documents = Documents::new(Arc::new(alone), &References::none()).ok()?;
    let (tree, outline) = load::outline(&documents).ok()?;
    let crate::json::tree::Kind::Combined(_, children) = &tree.node(tree.root).kind else {
        return None;
    };
    let sorted = Order::new(&tree, &outline).sorted(children);
    let position = |id| children.iter().position(|child| *child == id);
    sorted.into_iter().map(position).collect()
}
