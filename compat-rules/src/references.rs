//! The texts that a schema imports, resolved by the caller.

use std::sync::Arc;

/// One imported schema text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Import {
    /// The name under which the importing schema knows it: an Avro full name, a JSON `$ref` URI or a Protobuf
    /// import path.
    pub name: String,
    /// The canonical text.
    pub text: Arc<str>,
    /// The subject that it was taken from, qualified; two imports with equal subject and version are one content.
    pub subject: String,
    /// The version of that subject.
    pub version: u32,
    /// True for an entry of the schema's own reference list, false for a reference of a reference.
    pub direct: bool,
}

/// Everything that a schema imports, directly or not.
///
/// # Correctness
/// The order is that of a depth-first walk, each import after the imports that it needs itself, and a name
/// occurs once: the first that the walk meets wins (`semantics.md` section 13). Avro parses in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct References {
    imports: Vec<Import>,
}

impl References {
    /// No imports.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            imports: Vec::new(),
        }
    }

    /// Adds an import behind those that it needs; does nothing when its name is there already.
    pub fn add(&mut self, import: Import) {
        if self.get(&import.name).is_none() {
            self.imports.push(import);
        }
    }

    /// The import of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.name == name)
    }

    /// All imports, each after those that it needs.
    pub fn iter(&self) -> impl Iterator<Item = &Import> {
        self.imports.iter()
    }

    /// True when nothing is imported.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.imports.is_empty()
    }
}
