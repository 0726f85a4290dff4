//! Inline tags: which element of a schema carries which (`tags.md`).

/// What kind of element a tag sits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntityKind {
    /// `sr_record` on the wire.
    Record,
    /// `sr_field` on the wire.
    Field,
}

/// An element and the tags on it, in the order in which the schema has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaggedEntity {
    /// The path of the element in the syntax of its format.
    pub path: String,
    /// Record or field.
    pub kind: EntityKind,
    /// Its tags.
    pub tags: Vec<String>,
}

impl TaggedEntity {
    /// The path to look for: one dot at its start says nothing (`protocol.md` section 5.5).
    pub(crate) fn sought(&self) -> &str {
        self.path.strip_prefix('.').unwrap_or(&self.path)
    }
}

/// Tags to add to, or to remove from, elements of a schema; additions come first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagEdit {
    /// What to add.
    pub add: Vec<TaggedEntity>,
    /// What to remove.
    pub remove: Vec<TaggedEntity>,
}
