//! Which type became which, and what became of its symbols.

use std::collections::{HashMap, HashSet};

use super::{Breaks, ChangeKind, Changes, fields};
use crate::Format;
use crate::policy::model::{Model, Type, TypeKind};

/// The types of two versions, each with what it was.
pub(in crate::policy) struct Pairs<'m> {
    /// New and old.
    pub(in crate::policy) pairs: Vec<(&'m Type, &'m Type)>,
    /// Those that were not there before.
    pub(in crate::policy) added: Vec<&'m Type>,
    /// Those that are gone.
    pub(in crate::policy) removed: Vec<&'m Type>,
}

/// What a type is known by: its name, and where it has none, its path. Names of JSON definitions need not be unique.
fn key(format: Format, one: &Type) -> (TypeKind, &str) {
    let name = match format {
        Format::Json => one.element.path.as_str(),
        Format::Avro | Format::Protobuf if one.full_name.is_empty() => one.element.path.as_str(),
        Format::Avro | Format::Protobuf => one.full_name.as_str(),
    };
    (one.kind, name)
}

/// By name; then, in Avro, by alias, and at last by path: a type that stands where another stood has been renamed.
pub(in crate::policy) fn pair<'m>(before: &'m Model, after: &'m Model) -> Pairs<'m> {
    let format = after.format;
    let by_key: HashMap<_, &Type> = before
        .types
        .iter()
        .map(|one| (key(format, one), one))
        .collect();
    let by_path: HashMap<_, &Type> = before
        .types
        .iter()
        .map(|one| ((one.kind, one.element.path.as_str()), one))
        .collect();
    let kept: HashSet<_> = after.types.iter().map(|one| key(format, one)).collect();
    let is_free = |old: &&Type| !kept.contains(&key(format, old));
    let mut taken = HashSet::new();
    let mut found = Pairs {
        pairs: Vec::new(),
        added: Vec::new(),
        removed: Vec::new(),
    };
    for new in &after.types {
        let by_alias = || {
            let mut aliases = new.aliases.iter();
            aliases.find_map(|alias| by_key.get(&(new.kind, alias.as_str())).copied())
        };
        let by_path = || {
            let old = by_path.get(&(new.kind, new.element.path.as_str())).copied();
            old.filter(|_| format == Format::Avro)
        };
        let old = by_key
            .get(&key(format, new))
            .copied()
            .or_else(|| by_alias().filter(is_free))
            .or_else(|| by_path().filter(is_free));
        match old {
            Some(old) if taken.insert(key(format, old)) => found.pairs.push((new, old)),
            _ => found.added.push(new),
        }
    }
    let is_gone = |old: &&Type| !taken.contains(&key(format, old));
    found.removed = before.types.iter().filter(is_gone).collect();
    found
}

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

/// Avro resolves named types by their names; an alias is what new readers know old data by.
fn rename(new: &Type, old: &Type, changes: &mut Changes) {
    let breaks = Breaks {
        backward: !new.aliases.contains(&old.full_name),
        forward: true,
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
