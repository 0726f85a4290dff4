//! The truth on the wire: what the old schema wrote, the new one reads, wherever we say that it does.
//!
//! Records are filled at random under the old descriptor, encoded, and decoded under the new one. Each field that
//! both know has to arrive, with its value where its type is the same. Left out are the two places where the
//! reference does not look: inside groups, and fields that are a list on one side only, since it compares labels only
//! where both sides write one, and never those of texts and messages.

use compat_rules::{Budget, CompatibilityPolicy};
use prost_reflect::prost::Message as _;
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor,
    ReflectMessage as _, Value,
};

use super::generate::{self, Dice};
use super::golden_texts::{pairs, parse_alone};
use super::linker::protox;

#[test]
fn what_an_old_schema_wrote_a_compatible_new_one_reads_without_losing_a_field() {
    let mut dice = Dice::new(1);
    let mut tried = Tried::default();
    for (old, new) in pairs().into_iter().chain((0..1_500).map(generate::pair)) {
        if !reads(&new, &old) {
            continue;
        }
        let (Some(old_pool), Some(new_pool)) = (pool(&old), pool(&new)) else {
            continue;
        };
        if old.contains("group ") || lists_differ(&old_pool, &new_pool) {
            tried.blind += 1;
            continue;
        }
        tried.pairs += 1;
        for written in old_pool
            .all_messages()
            .filter(|message| message.parent_file().name() == "t.proto")
        {
            let Some(read) = new_pool.get_message_by_name(written.full_name()) else {
                // A type may move to another package, and a map entry may go with its field.
                continue;
            };
            for _ in 0..3 {
                let record = random(&written, &mut dice, 3);
                let bytes = record.encode_to_vec();
                let back = DynamicMessage::decode(read.clone(), &*bytes)
                    .unwrap_or_else(|error| panic!("{error}\n{record}\nold {old}\nnew {new}"));
                if let Err(lost) = arrived(&record, &back, &mut tried) {
                    panic!("{lost}\n{record}\nbecame {back}\nold {old}\nnew {new}");
                }
            }
        }
    }
    assert!(
        tried.pairs > 600 && tried.fields > 15_000,
        "too little: {tried:?}"
    );
}

#[derive(Debug, Default)]
struct Tried {
    pairs: usize,
    blind: usize,
    fields: usize,
}

fn reads(new: &str, old: &str) -> bool {
    let (Ok(new), Ok(old)) = (parse_alone(new), parse_alone(old)) else {
        return false;
    };
    let policy = CompatibilityPolicy::Strict;
    let found = new.read_violations(&old, policy, &mut Budget::default());
    found
        .expect("within the budget")
        .is_some_and(|found| found.is_empty())
}

fn pool(text: &str) -> Option<DescriptorPool> {
    DescriptorPool::from_file_descriptor_set(protox(text).ok()?).ok()
}

/// True when some field is a list, or a map, on one side only.
fn lists_differ(old: &DescriptorPool, new: &DescriptorPool) -> bool {
    let messages = old.all_messages();
    let shared = messages.filter_map(|old| Some((new.get_message_by_name(old.full_name())?, old)));
    shared.into_iter().any(|(new, old)| {
        let fields = old
            .fields()
            .filter_map(|old| Some((new.get_field(old.number())?, old)));
        let mut fields = fields.map(|(new, old)| shape(&new) != shape(&old));
        fields.any(|differs| differs)
    })
}

fn shape(field: &FieldDescriptor) -> (bool, bool) {
    (field.is_list(), field.is_map())
}

/// A record in which most fields are set, none of them to the value that is not written.
fn random(message: &MessageDescriptor, dice: &mut Dice, depth: usize) -> DynamicMessage {
    let mut record = DynamicMessage::new(message.clone());
    for field in message
        .fields()
        .filter(|_| dice.percent(80))
        .collect::<Vec<_>>()
    {
        let value = if field.is_map() {
            let Kind::Message(entry) = field.kind() else {
                continue;
            };
            let key = map_key(&entry.map_entry_key_field().kind());
            let Some(value) = single(&entry.map_entry_value_field().kind(), dice, depth) else {
                continue;
            };
            Value::Map([(key, value)].into())
        } else {
            let Some(value) = single(&field.kind(), dice, depth) else {
                continue;
            };
            if field.is_list() {
                Value::List(vec![value.clone(), value])
            } else {
                value
            }
        };
        record.set_field(&field, value);
    }
    record
}

fn map_key(kind: &Kind) -> MapKey {
    match kind {
        Kind::String => MapKey::String("k".to_owned()),
        Kind::Bool => MapKey::Bool(true),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => MapKey::I32(1),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => MapKey::I64(1),
        Kind::Uint32 | Kind::Fixed32 => MapKey::U32(1),
        _ => MapKey::U64(1),
    }
}

/// Small numbers, which every type of their group can hold; nothing for an enum that has only zero.
fn single(kind: &Kind, dice: &mut Dice, depth: usize) -> Option<Value> {
    Some(match kind {
        Kind::Double => Value::F64(1.5),
        Kind::Float => Value::F32(1.5),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(1),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(1),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(1),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(1),
        Kind::Bool => Value::Bool(true),
        Kind::String => Value::String("text".to_owned()),
        Kind::Bytes => Value::Bytes(b"text".to_vec().into()),
        Kind::Enum(of) => {
            let constant = of.values().find(|constant| constant.number() != 0)?;
            Value::EnumNumber(constant.number())
        }
        Kind::Message(_) if depth == 0 => return None,
        Kind::Message(of) => Value::Message(random(of, dice, depth - 1)),
    })
}

fn arrived(
    written: &DynamicMessage,
    read: &DynamicMessage,
    tried: &mut Tried,
) -> Result<(), String> {
    for (field, value) in written.fields() {
        let Some(known) = read.descriptor().get_field(field.number()) else {
            continue;
        };
        tried.fields += 1;
        if !read.has_field(&known) {
            return Err(format!("{} is lost", field.full_name()));
        }
        same(value, &read.get_field(&known), tried)
            .map_err(|how| format!("{}: {how}", field.full_name()))?;
    }
    Ok(())
}

/// Equal, as far as both sides have the same type.
fn same(written: &Value, read: &Value, tried: &mut Tried) -> Result<(), String> {
    match (written, read) {
        (Value::Message(written), Value::Message(read)) => arrived(written, read, tried),
        (Value::List(written), Value::List(read)) => {
            if written.len() != read.len() {
                return Err(format!("{} elements became {}", written.len(), read.len()));
            }
            let mut both = written.iter().zip(read);
            both.try_for_each(|(written, read)| same(written, read, tried))
        }
        (Value::Map(written), Value::Map(read)) if written.len() != read.len() => {
            Err(format!("{} entries became {}", written.len(), read.len()))
        }
        (Value::Map(written), Value::Map(read)) => {
            let mut both = written.values().zip(read.values());
            both.try_for_each(|(written, read)| same(written, read, tried))
        }
        (written, read) => {
            let is_same_type = std::mem::discriminant(written) == std::mem::discriminant(read);
            if is_same_type && written != read {
                return Err(format!("{written} became {read}"));
            }
            Ok(())
        }
    }
}
