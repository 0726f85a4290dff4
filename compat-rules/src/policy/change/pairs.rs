//! Which type became which.
//!
//! By name; in Avro then by alias. What is left is found where it can be told and nothing else has a claim to it: where
//! the path is the same (another namespace or package, a root under another name), in a message that was renamed, at
//! the same position with the same fields (Protobuf), or under the same key of another list of definitions (JSON).

use std::collections::{HashMap, HashSet};

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
type Key<'m> = (TypeKind, &'m str);

fn key(format: Format, one: &Type) -> Key<'_> {
    let name = match format {
        Format::Json => one.element.path.as_str(),
        Format::Avro | Format::Protobuf if one.full_name.is_empty() => one.element.path.as_str(),
        Format::Avro | Format::Protobuf => one.full_name.as_str(),
    };
    (one.kind, name)
}

/// The types of a version and of the one after it.
pub(in crate::policy) fn pair<'m>(before: &'m Model, after: &'m Model) -> Pairs<'m> {
    let format = after.format;
    let mut earlier = Earlier::of(before, after);
    let places = places(&after.types);
    let mut found = Pairs {
        pairs: Vec::new(),
        added: Vec::new(),
        removed: Vec::new(),
    };
    let mut taken = HashSet::new();
    for (new, place) in after.types.iter().zip(places) {
        match earlier.find(new, place) {
            Some(old) if taken.insert(key(format, old)) => {
                if new.full_name != old.full_name {
                    earlier.renamed.insert(&new.full_name, &old.full_name);
                }
                found.pairs.push((new, old));
            }
            _ => found.added.push(new),
        }
    }
    let is_gone = |old: &&Type| !taken.contains(&key(format, old));
    found.removed = before.types.iter().filter(is_gone).collect();
    found
}

/// The position of a type among those of its kind in the same file or message.
type Position<'m> = (TypeKind, &'m str, usize);

fn places(types: &[Type]) -> Vec<Position<'_>> {
    let mut counts: HashMap<Key<'_>, usize> = HashMap::new();
    let position = |one| {
        let outer = outer(one);
        let next = counts.entry((one.kind, outer)).or_default();
        *next += 1;
        (one.kind, outer, *next)
    };
    types.iter().map(position).collect()
}

/// The full name of what a type of Protobuf stands in.
fn outer(one: &Type) -> &str {
    one.full_name
        .rsplit_once('.')
        .map_or("", |(outer, _)| outer)
}

/// The types of the version before, to be found in several ways.
struct Earlier<'m> {
    format: Format,
    by_key: HashMap<Key<'m>, &'m Type>,
    by_path: HashMap<Key<'m>, &'m Type>,
    by_position: HashMap<Position<'m>, &'m Type>,
    /// JSON: those whose key no other definition has.
    by_name: HashMap<Key<'m>, Option<&'m Type>>,
    /// What the version after has by the same key.
    kept: HashSet<Key<'m>>,
    /// New full names to old ones.
    renamed: HashMap<&'m str, &'m str>,
}

impl<'m> Earlier<'m> {
    fn of(before: &'m Model, after: &'m Model) -> Self {
        let format = after.format;
        let types = || before.types.iter();
        let mut by_name = HashMap::new();
        if format == Format::Json {
            for one in types().filter(|one| !one.name.is_empty()) {
                let named = by_name.entry((one.kind, one.name.as_str()));
                named.and_modify(|only| *only = None).or_insert(Some(one));
            }
        }
        Self {
            format,
            by_key: types().map(|one| (key(format, one), one)).collect(),
            by_path: types()
                .map(|one| ((one.kind, one.element.path.as_str()), one))
                .collect(),
            by_position: places(&before.types).into_iter().zip(types()).collect(),
            by_name,
            kept: after.types.iter().map(|one| key(format, one)).collect(),
            renamed: HashMap::new(),
        }
    }

    fn find(&self, new: &Type, position: Position<'_>) -> Option<&'m Type> {
        let same = self.by_key.get(&key(self.format, new)).copied();
        if same.is_some() {
            return same;
        }
        let is_free = |old: &&Type| !self.kept.contains(&key(self.format, old));
        let by_path = || {
            let old = self.by_path.get(&(new.kind, new.element.path.as_str()));
            old.copied().filter(is_free)
        };
        match self.format {
            Format::Avro => {
                let mut aliases = new.aliases.iter();
                let old = aliases.find_map(|alias| self.by_key.get(&(new.kind, alias.as_str())));
                old.copied().filter(is_free).or_else(by_path)
            }
            Format::Json => {
                let named = self.by_name.get(&(new.kind, new.name.as_str()));
                named.copied().flatten().filter(is_free)
            }
            Format::Protobuf => by_path()
                .or_else(|| self.in_renamed(new).filter(is_free))
                .or_else(|| self.at_position(new, position).filter(is_free)),
        }
    }

    /// In a message that was renamed everything has another full name.
    fn in_renamed(&self, new: &Type) -> Option<&'m Type> {
        let outer = self.renamed.get(outer(new))?;
        let name = format!("{outer}.{}", new.name);
        self.by_key.get(&(new.kind, name.as_str())).copied()
    }

    fn at_position(&self, new: &Type, (kind, outer, number): Position<'_>) -> Option<&'m Type> {
        let outer = self.renamed.get(outer).copied().unwrap_or(outer);
        let old = self.by_position.get(&(kind, outer, number)).copied();
        old.filter(|old| is_same_shape(new, old))
    }
}

/// The same fields, or symbols: numbers and names. What has none of either could be anything.
fn is_same_shape(one: &Type, other: &Type) -> bool {
    let fields = |of: &Type| -> Vec<(Option<i64>, String)> {
        let fields = of.fields.iter().map(|one| (one.number, one.name.clone()));
        let symbols = of.symbols.iter().map(|one| (one.number, one.name.clone()));
        fields.chain(symbols).collect()
    };
    let shape = fields(one);
    !shape.is_empty() && shape == fields(other)
}
