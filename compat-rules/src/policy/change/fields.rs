//! Which field became which, and what became of it.

use std::collections::{HashMap, HashSet};

use super::{Breaks, ChangeKind, Changes};
use crate::Format;
use crate::policy::model::{Field, FieldType, Held, Type};

/// The fields of a type in two versions: in Protobuf by number, else by name and alias.
pub(super) fn compare(
    new: &Type,
    old: &Type,
    renamed: &HashMap<&str, &str>,
    changes: &mut Changes,
) {
    let is_protobuf = changes.format == Format::Protobuf;
    let by_name: HashMap<&str, &Field> = old
        .fields
        .iter()
        .map(|one| (one.name.as_str(), one))
        .collect();
    let by_number: HashMap<i64, &Field> = old
        .fields
        .iter()
        .filter_map(|one| Some((one.number?, one)))
        .collect();
    let names: HashSet<&str> = new.fields.iter().map(|one| one.name.as_str()).collect();
    let numbers: HashSet<i64> = new.fields.iter().filter_map(|one| one.number).collect();
    let mut taken = HashSet::new();
    for field in &new.fields {
        let earlier = if is_protobuf {
            let same = field.number.and_then(|number| by_number.get(&number));
            // A name whose number is gone has moved to this one.
            let moved = || {
                let by_name = by_name.get(field.name.as_str());
                by_name.filter(|old| old.number.is_some_and(|number| !numbers.contains(&number)))
            };
            same.or_else(moved)
        } else {
            let aliases = || {
                let mut aliases = field.aliases.iter();
                let free = |alias: &&String| !names.contains(alias.as_str());
                aliases
                    .find(free)
                    .and_then(|alias| by_name.get(alias.as_str()))
            };
            by_name.get(field.name.as_str()).or_else(aliases)
        };
        match earlier {
            Some(earlier) if taken.insert(earlier.name.as_str()) => {
                kept(field, earlier, renamed, changes);
            }
            _ => added(field, old, changes),
        }
    }
    for field in old
        .fields
        .iter()
        .filter(|one| !taken.contains(one.name.as_str()))
    {
        let breaks = Breaks {
            backward: new.is_open == Some(false),
            forward: field.required,
            source: true,
            json: is_protobuf,
        };
        changes.add_gone(
            ChangeKind::FieldRemoved,
            &field.element,
            &field.name,
            breaks,
        );
    }
}

fn added(field: &Field, old: &Type, changes: &mut Changes) {
    let breaks = Breaks {
        backward: field.required,
        forward: old.is_open == Some(false),
        ..Breaks::NOBODY
    };
    let words = (None, Some(field.name.as_str()));
    changes.add(ChangeKind::FieldAdded, &field.element, words, breaks);
}

fn kept(new: &Field, old: &Field, renamed: &HashMap<&str, &str>, changes: &mut Changes) {
    let is_protobuf = changes.format == Format::Protobuf;
    if new.name != old.name {
        let breaks = Breaks {
            backward: false,
            forward: !is_protobuf && old.required,
            source: true,
            json: is_protobuf,
        };
        let words = (Some(old.name.as_str()), Some(new.name.as_str()));
        changes.add(ChangeKind::FieldRenamed, &new.element, words, breaks);
    }
    held(new, old, renamed, changes);
    presence(new, old, changes);
    default(new, old, changes);
    if is_protobuf {
        only_in_protobuf(new, old, changes);
    }
    changes.add_doc(&new.element, old.doc.as_ref(), new.doc.as_ref());
    let kinds = (ChangeKind::AliasAdded, ChangeKind::AliasRemoved);
    changes.add_words(kinds, &new.element, &old.aliases, &new.aliases);
    let kinds = (ChangeKind::TagAdded, ChangeKind::TagRemoved);
    changes.add_words(kinds, &new.element, &old.tags, &new.tags);
}

/// What a field holds, at all depths. Only a number that is no part of something else can widen.
fn held(new: &Field, old: &Field, renamed: &HashMap<&str, &str>, changes: &mut Changes) {
    let format = changes.format;
    let (mut is, mut was) = (new.values(), old.values());
    let differing = std::iter::from_fn(|| match (is.next(), was.next()) {
        (None, None) => None,
        (is, was) => Some((is.map(|(_, held)| held), was.map(|(_, held)| held))),
    })
    .find(|pair| match pair {
        (Some(is), Some(was)) => !is_same(format, is, was, renamed),
        _ => true,
    });
    let Some((is, was)) = differing else {
        return;
    };
    // Of what is longer by some values, the whole tells more than nothing.
    let (is, was) = (is.unwrap_or(&new.held), was.unwrap_or(&old.held));
    let words = (Some(was.type_name.as_str()), Some(is.type_name.as_str()));
    let is_plain = new.inner.is_empty() && old.inner.is_empty();
    let (kind, breaks) = if is_plain && widens(format, was.r#type, is.r#type) {
        (ChangeKind::FieldTypeWidened, widening(format, true))
    } else if is_plain && widens(format, is.r#type, was.r#type) {
        (ChangeKind::FieldTypeNarrowed, widening(format, false))
    } else {
        (ChangeKind::FieldTypeChanged, Breaks::BOTH)
    };
    changes.add(kind, &new.element, words, breaks);
}

fn is_same(format: Format, is: &Held, was: &Held, renamed: &HashMap<&str, &str>) -> bool {
    let name = renamed.get(was.type_name.as_str()).copied();
    let is_same_name = name.unwrap_or(&was.type_name) == is.type_name;
    is.r#type == was.r#type
        && (is.precision, is.scale) == (was.precision, was.scale)
        // How a JSON schema names a type says where it stands, and not what it is.
        && (is_same_name || format == Format::Json)
}

/// Numbers in Protobuf are cut by who expects less; elsewhere they are not read.
const fn widening(format: Format, is_wider: bool) -> Breaks {
    let is_strict = !matches!(format, Format::Protobuf);
    Breaks {
        backward: is_strict && !is_wider,
        forward: is_strict && is_wider,
        source: true,
        json: false,
    }
}

const fn widens(format: Format, old: FieldType, new: FieldType) -> bool {
    use FieldType::{Float32, Float64, Int32, Int64, UInt32, UInt64};
    match format {
        Format::Avro => matches!(
            (old, new),
            (Int32, Int64 | Float32 | Float64) | (Int64, Float32 | Float64) | (Float32, Float64)
        ),
        Format::Json => matches!((old, new), (Int64, Float64)),
        Format::Protobuf => matches!((old, new), (Int32, Int64) | (UInt32, UInt64)),
    }
}

/// In Avro a field is there always, and may be null; in JSON it may be missing, too.
fn presence(new: &Field, old: &Field, changes: &mut Changes) {
    let may_lack = |field: &Field| match changes.format {
        Format::Json => field.nullable || !field.required,
        Format::Avro => field.nullable,
        Format::Protobuf => !field.required,
    };
    let (kind, breaks) = match (may_lack(old), may_lack(new)) {
        (false, true) => (
            ChangeKind::FieldNullabilityLoosened,
            Breaks {
                forward: true,
                ..Breaks::NOBODY
            },
        ),
        (true, false) => (
            ChangeKind::FieldNullabilityTightened,
            Breaks {
                backward: true,
                ..Breaks::NOBODY
            },
        ),
        _ => return,
    };
    changes.add(kind, &new.element, (None, None), breaks);
}

fn default(new: &Field, old: &Field, changes: &mut Changes) {
    let kind = match (&old.default, &new.default) {
        (None, Some(_)) => ChangeKind::FieldDefaultAdded,
        (Some(_), None) => ChangeKind::FieldDefaultRemoved,
        (Some(before), Some(after)) if before != after => ChangeKind::FieldDefaultChanged,
        _ => return,
    };
    let words = (old.default.as_deref(), new.default.as_deref());
    changes.add(kind, &new.element, words, Breaks::NOBODY);
}

fn only_in_protobuf(new: &Field, old: &Field, changes: &mut Changes) {
    let number = |field: &Field| field.number.map(|number| number.to_string());
    if new.number != old.number {
        let (was, is) = (number(old), number(new));
        let words = (was.as_deref(), is.as_deref());
        changes.add(
            ChangeKind::FieldNumberChanged,
            &new.element,
            words,
            Breaks::BOTH,
        );
    }
    let (was, is) = (json_name(old), json_name(new));
    if was != is {
        let breaks = Breaks {
            json: true,
            ..Breaks::NOBODY
        };
        let words = (Some(was.as_str()), Some(is.as_str()));
        changes.add(
            ChangeKind::FieldJsonNameChanged,
            &new.element,
            words,
            breaks,
        );
    }
    let words = (old.oneof.as_deref(), new.oneof.as_deref());
    let breaks = Breaks {
        backward: true,
        source: true,
        ..Breaks::NOBODY
    };
    if old.oneof.is_some() && old.oneof != new.oneof {
        changes.add(ChangeKind::FieldOneofLeft, &new.element, words, breaks);
    }
    if new.oneof.is_some() && old.oneof != new.oneof {
        changes.add(ChangeKind::FieldOneofEntered, &new.element, words, breaks);
    }
}

/// The name in JSON: as given, else the name without underscores, each letter behind one in upper case.
fn json_name(field: &Field) -> String {
    if let Some(given) = &field.json_name {
        return given.clone();
    }
    let mut name = String::new();
    let mut is_behind = false;
    for letter in field.name.chars() {
        match letter {
            '_' => is_behind = true,
            _ if is_behind => {
                name.push(letter.to_ascii_uppercase());
                is_behind = false;
            }
            _ => name.push(letter),
        }
    }
    name
}
