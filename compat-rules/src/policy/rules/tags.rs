//! The tags of elements: those in the text and those that the metadata gives by path, together.
//!
//! A path of the metadata names an element in the syntax of its format (`acme.orders.Order.note`) or as findings do
//! (`lines[].note`); `*` stands for any characters but dots, `**` for any.

use std::collections::{BTreeSet, HashMap};

use crate::Format;
use crate::policy::candidate::MetadataFacts;
use crate::policy::model::{Field, Model, Type};
use crate::policy::pattern::SubjectPattern;

/// The tags of one schema.
pub(super) struct Tags<'c> {
    format: Format,
    exact: HashMap<&'c str, &'c [String]>,
    globs: Vec<(SubjectPattern, &'c [String])>,
}

impl<'c> Tags<'c> {
    /// Paths with wildcards that are looked at: each is held against each element.
    const GLOBS_MAX: usize = 100;

    pub(super) fn of(schema: &'c Model, metadata: &'c MetadataFacts) -> Self {
        let mut tags = Self {
            format: schema.format,
            exact: HashMap::new(),
            globs: Vec::new(),
        };
        for (path, named) in &metadata.tags {
            let path = path.trim_start_matches('.');
            if !path.contains('*') {
                tags.exact.insert(path, named);
            } else if tags.globs.len() < Self::GLOBS_MAX
                && !path.starts_with("re:")
                && let Ok(pattern) = SubjectPattern::parse(path)
            {
                tags.globs.push((pattern, named));
            }
        }
        tags
    }

    /// The tags of a field.
    pub(super) fn field(&self, holder: &Type, field: &'c Field) -> BTreeSet<&'c str> {
        let mut found: BTreeSet<&str> = field.tags.iter().map(String::as_str).collect();
        if self.exact.is_empty() && self.globs.is_empty() {
            return found;
        }
        let path = field.element.path.as_str();
        let qualified = match self.format {
            Format::Json => format!("object.{path}"),
            Format::Avro | Format::Protobuf => format!("{}.{}", holder.full_name, field.name),
        };
        for name in [path, qualified.as_str()] {
            let exact = self.exact.get(name).into_iter();
            let globs = self.globs.iter();
            let globs = globs.filter(|(pattern, _)| pattern.matches(name));
            let named = exact.chain(globs.map(|(_, tags)| tags));
            found.extend(named.flat_map(|tags| tags.iter()).map(String::as_str));
        }
        found
    }
}
