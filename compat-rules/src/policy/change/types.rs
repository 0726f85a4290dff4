//! What became of types and of their symbols.

use std::collections::{HashMap, HashSet};

use super::pairs::pair;
use super::{Breaks, ChangeKind, Changes, fields};
use crate::Format;
use crate::policy::model::{Model, Type};

pub(super) fn compare(before: &Model, after: &Model, changes: &mut Changes) {
    let pairs = pair(before, after);
    let renamed: HashMap<&str, &str> = pairs
        .pairs
        .iter()
        .map(|(new, old)| (old.full_name.as_str(), new.full_name.as_str()))
        .collect();
    for (new, old) in &pairs.pairs {
        if new.full_name != old.full_name {
            rename(new, old, changes);
        }
        changes.add_doc(&new.element, old.doc.as_ref(), new.doc.as_ref());
        let kinds = (ChangeKind::AliasAdded, ChangeKind::AliasRemoved);
        changes.add_words(kinds, &new.element, &old.aliases, &new.aliases);
        let kinds = (ChangeKind::TagAdded, ChangeKind::TagRemoved);
        changes.add_words(kinds, &new.element, &old.tags, &new.tags);
        openness(new, old, changes);
        fields::compare(new, old, &renamed, changes);
        symbols(new, old, changes);
    }
    for new in &pairs.added {
        let name = Some(name_of(new));
        changes.add(
            ChangeKind::TypeAdded,
            &new.element,
            (None, name),
            Breaks::NOBODY,
        );
    }
    for old in &pairs.removed {
        changes.add_gone(
            ChangeKind::TypeRemoved,
            &old.element,
            name_of(old),
            Breaks::SOURCE,
        );
    }
}

fn name_of(one: &Type) -> &str {
    if one.full_name.is_empty() {
        &one.element.path
    } else {
        &one.full_name
    }
}

/// Avro resolves named types by their names; an alias is what new readers know old data by. Elsewhere the name is
/// known to code only.
fn rename(new: &Type, old: &Type, changes: &mut Changes) {
    let is_avro = changes.format == Format::Avro;
    let breaks = Breaks {
        backward: is_avro && !new.aliases.contains(&old.full_name),
        forward: is_avro,
        source: true,
        json: false,
    };
    let words = (Some(old.full_name.as_str()), Some(new.full_name.as_str()));
    changes.add(ChangeKind::TypeRenamed, &new.element, words, breaks);
}

/// What is open need not say so.
fn openness(new: &Type, old: &Type, changes: &mut Changes) {
    let (was, is) = (old.is_open != Some(false), new.is_open != Some(false));
    let (kind, breaks) = match (was, is) {
        (true, false) => (
            ChangeKind::AdditionalPropertiesClosed,
            Breaks {
                backward: true,
                ..Breaks::NOBODY
            },
        ),
        (false, true) => (
            ChangeKind::AdditionalPropertiesOpened,
            Breaks {
                forward: true,
                ..Breaks::NOBODY
            },
        ),
        _ => return,
    };
    changes.add(kind, &new.element, (None, None), breaks);
}

fn symbols(new: &Type, old: &Type, changes: &mut Changes) {
    let before: HashMap<&str, _> = old
        .symbols
        .iter()
        .map(|one| (one.name.as_str(), one))
        .collect();
    let after: HashSet<&str> = new.symbols.iter().map(|one| one.name.as_str()).collect();
    // Readers of Protobuf keep a number that they do not know.
    let is_strict = changes.format != Format::Protobuf;
    for symbol in &new.symbols {
        match before.get(symbol.name.as_str()) {
            None => {
                let breaks = Breaks {
                    forward: is_strict && old.default_symbol.is_none(),
                    ..Breaks::NOBODY
                };
                let words = (None, Some(symbol.name.as_str()));
                changes.add(ChangeKind::EnumSymbolAdded, &symbol.element, words, breaks);
            }
            Some(earlier) if earlier.number != symbol.number => {
                let number = |number: Option<i64>| number.map(|number| number.to_string());
                let (was, is) = (number(earlier.number), number(symbol.number));
                let words = (was.as_deref(), is.as_deref());
                changes.add(
                    ChangeKind::EnumSymbolRenumbered,
                    &symbol.element,
                    words,
                    Breaks::BOTH,
                );
            }
            Some(_) => {}
        }
    }
    for symbol in old
        .symbols
        .iter()
        .filter(|one| !after.contains(one.name.as_str()))
    {
        let breaks = Breaks {
            backward: is_strict && new.default_symbol.is_none(),
            forward: false,
            source: true,
            json: !is_strict,
        };
        changes.add_gone(
            ChangeKind::EnumSymbolRemoved,
            &symbol.element,
            &symbol.name,
            breaks,
        );
    }
}
