//! The version before the candidate, and where it has what the candidate has.
//!
//! Types and fields are found by maps: a schema may have tens of thousands of them.

use std::collections::HashMap;

use crate::policy::candidate::Candidate;
use crate::policy::model::{Field, Type, TypeKind};

/// The types of the version before, by kind and name; where types have no names, by their place.
pub(super) struct Before<'a> {
    types: HashMap<(TypeKind, &'a str), &'a Type>,
}

impl<'a> Before<'a> {
    /// The version before; none for the first, and none where the format was another one.
    pub(super) fn of(candidate: &Candidate<'a>) -> Option<Self> {
        let before = &candidate.history.first()?.schema;
        if before.format != candidate.schema.format {
            return None;
        }
        let mut types = HashMap::new();
        for one in &before.types {
            types.entry((one.kind, key(one))).or_insert(one);
        }
        Some(Self { types })
    }

    /// The type that was what this one is.
    pub(super) fn r#type(&self, now: &Type) -> Option<&'a Type> {
        self.types.get(&(now.kind, key(now))).copied()
    }
}

/// A name never stands for a path: the first has its own, the second has none.
fn key(one: &Type) -> &str {
    match one.full_name.as_str() {
        "" => &one.element.path,
        name => name,
    }
}

/// The fields of a type, by name.
pub(super) fn fields(of: &Type) -> HashMap<&str, &Field> {
    let mut fields = HashMap::new();
    for field in &of.fields {
        fields.entry(field.name.as_str()).or_insert(field);
    }
    fields
}
