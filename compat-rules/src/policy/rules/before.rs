//! The version before the candidate: what was there that the candidate has, under whatever name.
//!
//! Types and fields are found by maps: a schema may have tens of thousands of them.

use std::collections::HashMap;

use crate::policy::candidate::Candidate;
use crate::policy::change::{self, Pairs};
use crate::policy::model::{Field, Type};

/// The types of the candidate, each with what it was; none for the first version, and none where the format was
/// another one.
pub(super) fn pairs<'a>(candidate: &Candidate<'a>) -> Option<Pairs<'a>> {
    let before = &candidate.history.first()?.schema;
    (before.format == candidate.schema.format).then(|| change::pair(before, candidate.schema))
}

/// The fields that a type had.
pub(super) struct Fields<'a> {
    names: HashMap<&'a str, &'a Field>,
    numbers: HashMap<i64, &'a Field>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(of: &'a Type) -> Self {
        let (mut names, mut numbers) = (HashMap::new(), HashMap::new());
        for field in &of.fields {
            names.entry(field.name.as_str()).or_insert(field);
            if let Some(number) = field.number {
                numbers.entry(number).or_insert(field);
            }
        }
        Self { names, numbers }
    }

    /// What the field was: by its number, its name, or another name that it answers to.
    pub(super) fn was(&self, field: &Field) -> Option<&'a Field> {
        let by_number = field.number.and_then(|number| self.numbers.get(&number));
        let aliases = field.aliases.iter();
        let mut names = std::iter::once(&field.name).chain(aliases);
        by_number
            .or_else(|| names.find_map(|name| self.names.get(name.as_str())))
            .copied()
    }
}
