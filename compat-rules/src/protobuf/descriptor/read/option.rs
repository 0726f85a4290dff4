//! Options.

use super::super::super::document::{ProtoOption, Value};
use super::super::option::{Kind, Known, META, META_FIELDS, Options};
use super::super::wire::{Malformed, Record};

/// Every option that is kept, in the order of the table.
pub(super) fn all(
    known: &Options,
    record: Option<&Record<'_>>,
) -> Result<Vec<ProtoOption>, Malformed> {
    let mut options = Vec::new();
    let Some(record) = record else {
        return Ok(options);
    };
    for option in known.options {
        for value in values(option, record)? {
            options.push(ProtoOption::plain(option.name, value));
        }
    }
    if let Some(name) = known.meta
        && let Some(meta) = record.record(META)?
    {
        let value = meta_value(&meta)?;
        if !value.is_empty() {
            options.push(ProtoOption::custom(name, Value::Map(value)));
        }
    }
    Ok(options)
}

/// The values of one option: the last one, or all when it is repeated.
fn values(known: &Known, record: &Record<'_>) -> Result<Vec<Value>, Malformed> {
    let mut values = Vec::new();
    match known.kind {
        Kind::Flag => values.extend(record.flag(known.number).map(Value::Boolean)),
        Kind::Int => {
            let number = record.int(known.number);
            values.extend(number.map(|number| Value::Number(number.to_string())));
        }
        Kind::Text => {
            let texts = record.texts(known.number)?;
            values.extend(texts.into_iter().map(Value::String));
        }
        Kind::TextOrNothing => {
            let text = record.text(known.number)?;
            values.extend(text.filter(|text| !text.is_empty()).map(Value::String));
        }
        Kind::Enum(constants) => {
            for number in record.packed(known.number)? {
                let constant = constants
                    .iter()
                    .find(|(_, other)| i64::from(*other) == number.cast_signed());
                values.extend(constant.map(|(name, _)| Value::Word((*name).to_owned())));
            }
        }
        Kind::Message(fields) if known.repeated => {
            for message in record.records(known.number)? {
                values.push(message_value(fields, &message)?);
            }
        }
        Kind::Message(fields) => {
            if let Some(message) = record.record(known.number)? {
                values.push(message_value(fields, &message)?);
            }
        }
        Kind::Params => {
            for entry in record.records(known.number)? {
                values.push(param(&entry)?);
            }
        }
    }
    if !known.repeated && values.len() > 1 {
        values.drain(..values.len() - 1);
    }
    Ok(values)
}

fn message_value(fields: &[Known], record: &Record<'_>) -> Result<Value, Malformed> {
    let mut entries = Vec::new();
    for field in fields {
        for value in values(field, record)? {
            entries.push((field.name.to_owned(), value));
        }
    }
    Ok(Value::Map(entries))
}

/// What Confluent adds: only what is not empty, repeated parts as lists.
fn meta_value(record: &Record<'_>) -> Result<Vec<(String, Value)>, Malformed> {
    let mut entries = Vec::new();
    for field in META_FIELDS {
        let mut values = values(field, record)?;
        if values.is_empty() {
            continue;
        }
        let value = if field.repeated {
            Value::List(values)
        } else {
            values.remove(0)
        };
        entries.push((field.name.to_owned(), value));
    }
    Ok(entries)
}

/// An entry of the parameters; two keys of a decimal are told the other way round.
fn param(entry: &Record<'_>) -> Result<Value, Malformed> {
    let key = entry.text(1)?.unwrap_or_default();
    let value = entry.text(2)?.unwrap_or_default();
    let value_first = key == "precision" || key == "scale";
    let mut entries = vec![
        ("key".to_owned(), Value::String(key)),
        ("value".to_owned(), Value::String(value)),
    ];
    if value_first {
        entries.reverse();
    }
    Ok(Value::Map(entries))
}
