//! Inline tags: a list in the option that Confluent adds to messages and fields (`tags.md` section 4).

use super::document::{Document, Field, Message, ProtoOption, Value};
use crate::{EntityKind, InvalidSchema, TagEdit, TaggedEntity};

const ON_MESSAGE: &str = "confluent.message_meta";
const ON_FIELD: &str = "confluent.field_meta";
const ON_ENUM: &str = "confluent.enum_meta";
const ON_ENUM_VALUE: &str = "confluent.enum_value_meta";
const KEY: &str = "tags";

/// Every message and field with tags, messages before what is in them.
pub(crate) fn all(document: &Document) -> Vec<TaggedEntity> {
    let mut found = Vec::new();
    let mut path = Vec::new();
    for message in &document.messages {
        collect(message, &mut path, &mut found);
    }
    found
}

fn collect<'a>(message: &'a Message, path: &mut Vec<&'a str>, found: &mut Vec<TaggedEntity>) {
    path.push(&message.name);
    let mut add = |path: &[&str], kind, tags: Vec<String>| {
        if !tags.is_empty() {
            let path = path.join(".");
            found.push(TaggedEntity { path, kind, tags });
        }
    };
    add(path, EntityKind::Record, of(&message.options, ON_MESSAGE));
    for field in message.all_fields() {
        path.push(&field.name);
        add(path, EntityKind::Field, of(&field.options, ON_FIELD));
        path.pop();
    }
    for nested in &message.messages {
        collect(nested, path, found);
    }
    path.pop();
}

/// Adds and removes tags.
///
/// # Errors
/// [`InvalidSchema`] when a path names no message or field.
pub(crate) fn edit(document: &mut Document, edit: &TagEdit) -> Result<(), InvalidSchema> {
    for entity in &edit.add {
        change(document, entity, |tags| {
            for tag in &entity.tags {
                if !tags.contains(tag) {
                    tags.push(tag.clone());
                }
            }
        })?;
    }
    for entity in &edit.remove {
        change(document, entity, |tags| {
            tags.retain(|tag| !entity.tags.contains(tag));
        })?;
    }
    Ok(())
}

fn change(
    document: &mut Document,
    entity: &TaggedEntity,
    change: impl FnOnce(&mut Vec<String>),
) -> Result<(), InvalidSchema> {
    let parts: Vec<&str> = entity.sought().split('.').collect();
    let (options, name) = match entity.kind {
        EntityKind::Record => {
            let message = message_at(&mut document.messages, &parts)?;
            (&mut message.options, ON_MESSAGE)
        }
        EntityKind::Field => (&mut field_at(document, &parts)?.options, ON_FIELD),
    };
    let mut tags = of(options, name);
    change(&mut tags);
    set(options, name, tags);
    Ok(())
}

fn message_at<'d>(
    messages: &'d mut [Message],
    parts: &[&str],
) -> Result<&'d mut Message, InvalidSchema> {
    let (first, rest) = parts.split_first().unwrap_or((&"", &[]));
    let found = messages.iter_mut().find(|message| message.name == *first);
    let message = found.ok_or_else(|| no_match("Message", first))?;
    if rest.is_empty() {
        Ok(message)
    } else {
        message_at(&mut message.messages, rest)
    }
}

/// The last part is the field; before it may stand the oneof that it is in. A part that names neither a message nor a
/// oneof there leaves the reference without the field, not without a message.
fn field_at<'d>(
    document: &'d mut Document,
    parts: &[&str],
) -> Result<&'d mut Field, InvalidSchema> {
    let (name, outer) = parts.split_last().unwrap_or((&"", &[]));
    let no_field = || no_match("Field", name);
    let (last, before) = outer.split_last().ok_or_else(no_field)?;
    let (message, oneof) = if find_message(&document.messages, outer).is_some() {
        (message_at(&mut document.messages, outer)?, None)
    } else if before.is_empty() {
        return Err(no_field());
    } else {
        (message_at(&mut document.messages, before)?, Some(*last))
    };
    let own = message.fields.iter_mut().filter(|_| oneof.is_none());
    let in_oneofs = message
        .oneofs
        .iter_mut()
        .filter(|other| oneof.is_none_or(|name| other.name == name))
        .flat_map(|other| &mut other.fields);
    own.chain(in_oneofs)
        .find(|field| field.name == *name)
        .ok_or_else(no_field)
}

fn find_message<'d>(messages: &'d [Message], parts: &[&str]) -> Option<&'d Message> {
    let (first, rest) = parts.split_first()?;
    let message = messages.iter().find(|message| message.name == *first)?;
    if rest.is_empty() {
        Some(message)
    } else {
        find_message(&message.messages, rest)
    }
}

fn no_match(what: &str, name: &str) -> InvalidSchema {
    InvalidSchema::new(format!(
        "No matching {what} with name '{name}' found in the schema"
    ))
}

/// The tags of a message.
pub(super) fn of_message(options: &[ProtoOption]) -> Vec<String> {
    of(options, ON_MESSAGE)
}

/// The tags of a field.
pub(super) fn of_field(options: &[ProtoOption]) -> Vec<String> {
    of(options, ON_FIELD)
}

/// A number among the parameters that an option of Confluent's gives a field, such as the precision of a decimal.
pub(super) fn parameter(options: &[ProtoOption], name: &str) -> Option<i64> {
    const PARAMETERS: &str = "params";
    let of_option = |option: &ProtoOption| match (&*option.path, &option.value) {
        ([], Value::Map(entries)) => {
            let all = entries.iter().filter(|(key, _)| key == PARAMETERS);
            all.map(|(_, value)| value)
                .find_map(|value| entry(value, name))
        }
        ([part], value) if part.text == PARAMETERS => entry(value, name),
        _ => None,
    };
    let mut options = options.iter().filter(|option| is(option, ON_FIELD));
    options.find_map(of_option)?.parse().ok()
}

/// The value of that key in the entries of a map.
fn entry(entries: &Value, name: &str) -> Option<String> {
    match entries {
        Value::List(entries) => entries.iter().find_map(|one| entry(one, name)),
        Value::Map(parts) => {
            let part = |key: &str| parts.iter().find(|(part, _)| part == key);
            let is_it = part("key").is_some_and(|(_, key)| key.text() == Some(name));
            let value = part("value").and_then(|(_, value)| value.text());
            value.filter(|_| is_it).map(str::to_owned)
        }
        _ => None,
    }
}

/// The text that an option of Confluent's says about its element.
pub(super) fn doc(options: &[ProtoOption]) -> Option<String> {
    const DOC: &str = "doc";
    let of_option = |option: &ProtoOption| match (&*option.path, &option.value) {
        ([], Value::Map(entries)) => {
            let found = entries.iter().find(|(key, _)| key == DOC);
            found.and_then(|(_, value)| text(value))
        }
        ([part], value) if part.text == DOC => text(value),
        _ => None,
    };
    [ON_MESSAGE, ON_FIELD, ON_ENUM, ON_ENUM_VALUE]
        .iter()
        .flat_map(|name| options.iter().filter(|option| is(option, name)))
        .find_map(of_option)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// The tags in all spellings of the option.
fn of(options: &[ProtoOption], name: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for option in options.iter().filter(|option| is(option, name)) {
        match (&*option.path, &option.value) {
            ([], Value::Map(entries)) => {
                let of_key = entries.iter().filter(|(key, _)| key == KEY);
                of_key.for_each(|(_, value)| texts(value, &mut tags));
            }
            ([part], value) if part.text == KEY => texts(value, &mut tags),
            _ => {}
        }
    }
    tags
}

fn is(option: &ProtoOption, name: &str) -> bool {
    option.name.custom && option.name.text.trim_start_matches('.') == name
}

fn texts(value: &Value, tags: &mut Vec<String>) {
    match value {
        Value::List(values) => values.iter().for_each(|value| texts(value, tags)),
        value => {
            if let Some(text) = value.text()
                && !tags.iter().any(|tag| tag == text)
            {
                tags.push(text.to_owned());
            }
        }
    }
}

/// Writes the tags into the map form of the option and nowhere else; an option with nothing in it goes.
fn set(options: &mut Vec<ProtoOption>, name: &str, tags: Vec<String>) {
    options.retain(|option| {
        !(is(option, name) && matches!(&*option.path, [part] if part.text == KEY))
    });
    let list = Value::List(tags.into_iter().map(Value::String).collect());
    let is_empty = matches!(&list, Value::List(tags) if tags.is_empty());
    let is_map = |option: &ProtoOption| is(option, name) && option.path.is_empty();
    let mut list = Some(list).filter(|_| !is_empty);
    for option in options.iter_mut().filter(|option| is_map(option)) {
        let Value::Map(entries) = &mut option.value else {
            continue;
        };
        match (entries.iter_mut().find(|(key, _)| key == KEY), list.take()) {
            (Some((_, value)), Some(tags)) => *value = tags,
            (None, Some(tags)) => entries.push((KEY.to_owned(), tags)),
            (_, None) => entries.retain(|(key, _)| key != KEY),
        }
    }
    options.retain(|option| {
        !(is_map(option) && matches!(&option.value, Value::Map(entries) if entries.is_empty()))
    });
    if let Some(tags) = list {
        let value = Value::Map(vec![(KEY.to_owned(), tags)]);
        options.push(ProtoOption::custom(name, value));
    }
}
