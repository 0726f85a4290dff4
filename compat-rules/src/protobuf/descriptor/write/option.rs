//! Options: those of the table, whatever way they were spelled. All others are lost.

use super::super::super::document::{ProtoOption, Value};
use super::super::option::{Kind, Known, META, META_FIELDS, Options};
use super::super::wire::Writer;

/// The options message, if there is anything to put into it.
pub(super) fn write(number: u32, known: &Options, options: &[ProtoOption], out: &mut Writer) {
    let mut inner = Writer::default();
    write_all(known, options, &mut inner);
    if !inner.bytes.is_empty() {
        out.bytes(number, &inner.bytes);
    }
}

/// The options message, be it empty.
pub(super) fn write_always(
    number: u32,
    known: &Options,
    options: &[ProtoOption],
    out: &mut Writer,
) {
    out.message(number, |out| write_all(known, options, out));
}

fn write_all(known: &Options, options: &[ProtoOption], out: &mut Writer) {
    let mut by_number: Vec<&Known> = known.options.iter().collect();
    by_number.sort_by_key(|option| option.number);
    for option in by_number {
        let values = values(options, |name| name == option.name);
        write_values(option, &values, out);
    }
    if let Some(name) = known.meta {
        // A name may say that it is a full one.
        let is_meta = |other: &str| other.strip_prefix('.').unwrap_or(other) == name;
        let values = values(options, is_meta);
        if let Some(Value::Map(entries)) = merged(&values) {
            out.message(META, |out| write_message(META_FIELDS, &entries, out));
        }
    }
}

/// The values of the options of that name; a dotted spelling is a map.
fn values(options: &[ProtoOption], is_it: impl Fn(&str) -> bool) -> Vec<Value> {
    let named = options.iter().filter(|option| {
        // `features.field_presence` is one word to the grammar.
        let first = option.name.text.split('.').next().unwrap_or_default();
        is_it(&option.name.text) || (!option.name.custom && is_it(first))
    });
    let spelled = named.map(|option| {
        let inner = if option.name.custom {
            None
        } else {
            option.name.text.split_once('.').map(|(_, inner)| inner)
        };
        let words = inner.into_iter().flat_map(|inner| inner.split('.'));
        let path = words.chain(option.path.iter().map(|part| part.text.as_str()));
        let path: Vec<&str> = path.collect();
        path.iter().rev().fold(option.value.clone(), |value, part| {
            Value::Map(vec![((*part).to_owned(), value)])
        })
    });
    spelled.collect()
}

/// Maps become one map; otherwise the last value counts.
fn merged(values: &[Value]) -> Option<Value> {
    let mut all: Vec<(String, Value)> = Vec::new();
    for value in values {
        match value {
            Value::Map(entries) => all.extend(entries.iter().cloned()),
            other => return Some(other.clone()),
        }
    }
    (!values.is_empty()).then_some(Value::Map(all))
}

fn write_values(known: &Known, values: &[Value], out: &mut Writer) {
    let flat: Vec<&Value> = values
        .iter()
        .flat_map(|value| match value {
            Value::List(values) => values.iter().collect::<Vec<_>>(),
            single => vec![single],
        })
        .collect();
    if known.repeated {
        for value in flat {
            write_value(known, value, out);
        }
    } else if let Kind::Message(_) = known.kind {
        if let Some(value) = merged(values) {
            write_value(known, &value, out);
        }
    } else if let Some(value) = flat.last() {
        write_value(known, value, out);
    }
}

fn write_value(known: &Known, value: &Value, out: &mut Writer) {
    match (known.kind, value) {
        // What is not `true` is false, as the reference reads it.
        (Kind::Flag, _) => {
            let is_true = value
                .text()
                .is_some_and(|text| text.eq_ignore_ascii_case("true"));
            out.flag(known.number, is_true);
        }
        (Kind::Text, _) => {
            if let Some(text) = value.text() {
                out.text(known.number, text);
            }
        }
        (Kind::TextOrNothing, _) => {
            if let Some(text) = value.text().filter(|text| !text.is_empty()) {
                out.text(known.number, text);
            }
        }
        (Kind::Int, _) => {
            if let Some(number) = value.text().and_then(|text| text.parse().ok()) {
                out.int(known.number, number);
            }
        }
        (Kind::Enum(constants), _) => {
            let constant = constants.iter().find(|(name, _)| value.is_word(name));
            if let Some((_, number)) = constant {
                out.int(known.number, *number);
            }
        }
        (Kind::Message(fields), Value::Map(entries)) => {
            out.message(known.number, |out| write_message(fields, entries, out));
        }
        (Kind::Params, Value::Map(entries)) => {
            let part = |key: &str| {
                let found = entries.iter().find(|(other, _)| other == key);
                found
                    .and_then(|(_, value)| value.text())
                    .unwrap_or_default()
            };
            out.message(known.number, |out| {
                out.text(1, part("key"));
                out.text(2, part("value"));
            });
        }
        (Kind::Message(_) | Kind::Params, _) => {}
    }
}

fn write_message(fields: &[Known], entries: &[(String, Value)], out: &mut Writer) {
    for field in fields {
        let of_field = entries.iter().filter(|(key, _)| key == field.name);
        let values: Vec<Value> = of_field.map(|(_, value)| value.clone()).collect();
        write_values(field, &values, out);
    }
}
