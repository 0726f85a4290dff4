//! What a schema says under its keywords.

use crate::json::STYLE;
use crate::policy::model::Properties;
use crate::value::{Kind, Value};

/// A text as it is; any other value as JSON.
pub(super) fn name_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_text(STYLE), str::to_owned)
}

pub(super) fn member<'v>(schema: &'v Value, keyword: &str) -> Option<&'v Value> {
    schema.as_object()?.get(keyword)
}

pub(super) fn text_of(schema: &Value, keyword: &str) -> Option<String> {
    Some(member(schema, keyword)?.as_str()?.to_owned())
}

/// The members of the object under a keyword, in their order.
pub(super) fn members<'v>(
    schema: &'v Value,
    keyword: &str,
) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let object = member(schema, keyword).and_then(Value::as_object);
    object
        .into_iter()
        .flat_map(|object| object.members())
        .map(|member| (member.key.as_str(), &member.value))
}

/// The items of the list under a keyword.
pub(super) fn items<'v>(schema: &'v Value, keyword: &str) -> impl Iterator<Item = &'v Value> {
    member(schema, keyword)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

pub(super) fn doc(schema: &Value) -> Option<String> {
    text_of(schema, "description").or_else(|| text_of(schema, "title"))
}

pub(super) fn is_deprecated(schema: &Value) -> bool {
    member(schema, "deprecated").is_some_and(|value| value.as_bool() == Some(true))
}

/// The keywords that hold a text, a number or a truth; and `examples`.
pub(super) fn properties(schema: &Value) -> Properties {
    let object = schema.as_object();
    object
        .into_iter()
        .flat_map(|object| object.members())
        .filter(|member| {
            let is_simple = !matches!(member.value.kind, Kind::Object(_) | Kind::Array(_));
            is_simple || member.key == "examples"
        })
        .map(|member| (member.key.clone(), name_of(&member.value)))
        .collect()
}

pub(super) fn tags(schema: &Value) -> Vec<String> {
    let mut found: Vec<String> = ["confluent:tags", "tags", "x-tags"]
        .iter()
        .flat_map(|keyword| items(schema, keyword))
        .filter_map(|tag| Some(tag.as_str()?.to_owned()))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// A key as a part of a JSON pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
