//! Names: how they are completed, checked and written.

use crate::Strictness;

use super::graph::Primitive;

/// A full name, and where its simple part begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Name {
    full: String,
    simple_at: usize,
}

/// The words that stand for a type; a name that is one of them is written in full inside its own namespace.
const TYPE_WORDS: [&str; 14] = [
    "record", "enum", "array", "map", "union", "fixed", "string", "bytes", "int", "long", "float",
    "double", "boolean", "null",
];

impl Name {
    /// Completes a name as written: a dot makes it a full name, otherwise it is in the given namespace. An empty
    /// namespace is none.
    pub(super) fn new(written: &str, namespace: Option<&str>) -> Self {
        let (namespace, simple) = match written.rsplit_once('.') {
            Some((namespace, simple)) => (Some(namespace), simple),
            None => (namespace, written),
        };
        match namespace {
            Some(namespace) if !namespace.is_empty() => Self {
                full: format!("{namespace}.{simple}"),
                simple_at: namespace.len() + 1,
            },
            _ => Self {
                full: simple.to_owned(),
                simple_at: 0,
            },
        }
    }

    pub(super) fn full(&self) -> &str {
        &self.full
    }

    pub(super) fn simple(&self) -> &str {
        &self.full[self.simple_at..]
    }

    pub(super) fn namespace(&self) -> Option<&str> {
        let dot = self.simple_at.checked_sub(1)?;
        Some(&self.full[..dot])
    }

    /// The name as it is written where `namespace` is the enclosing one: simple if that is enough to find it.
    pub(super) fn written_in(&self, namespace: Option<&str>) -> &str {
        let own = self.namespace();
        if own.is_some() && own == namespace && !TYPE_WORDS.contains(&self.simple()) {
            return self.simple();
        }
        &self.full
    }

    /// Checks the name of a new type.
    pub(super) fn check(&self, strictness: Strictness) -> Result<(), String> {
        check_simple(self.simple(), strictness)?;
        if self.namespace().is_none() && Primitive::from_word(self.simple()).is_some() {
            return Err(format!(
                "Schemas may not be named after primitives: {}",
                self.simple()
            ));
        }
        if strictness == Strictness::New {
            self.check_namespace()?;
        }
        Ok(())
    }

    /// Checks a name by which a new type was known. Stored ones may be anything.
    pub(super) fn check_alias(&self, strictness: Strictness) -> Result<(), String> {
        match strictness {
            Strictness::New => check_simple(self.simple(), strictness),
            Strictness::Stored => Ok(()),
        }
    }

    fn check_namespace(&self) -> Result<(), String> {
        for part in self
            .namespace()
            .into_iter()
            .flat_map(|space| space.split('.'))
        {
            check_simple(part, Strictness::New)
                .map_err(|reason| format!("Namespace part \"{part}\" is invalid: {reason}"))?;
        }
        Ok(())
    }
}

/// Checks a name without dots: of a type, a field or a symbol (`avro.md` section 3.2).
pub(super) fn check_simple(name: &str, strictness: Strictness) -> Result<(), String> {
    let is_letter = |character: char| match strictness {
        Strictness::New => character.is_ascii_alphabetic() || character == '_',
        // Stored names may use all letters and digits of Unicode; close to what Java calls so.
        Strictness::Stored => character.is_alphabetic() || character == '_',
    };
    let is_digit = |character: char| match strictness {
        Strictness::New => character.is_ascii_digit(),
        Strictness::Stored => character.is_numeric(),
    };
    let is_other = |character| is_letter(character) || is_digit(character);
    let mut characters = name.chars();
    match characters.next() {
        None => Err("Empty name".to_owned()),
        Some(initial) if !is_letter(initial) => Err(format!("Illegal initial character: {name}")),
        Some(_) if !characters.all(is_other) => Err(format!("Illegal character in: {name}")),
        Some(_) => Ok(()),
    }
}
