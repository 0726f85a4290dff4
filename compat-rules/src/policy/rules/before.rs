//! The version before the candidate, and where it has what the candidate has.

use crate::policy::candidate::Candidate;
use crate::policy::model::{Field, Model, Type};

/// The schema of the version before; none for the first, and none where the format was another one.
pub(super) fn schema<'a>(candidate: &Candidate<'a>) -> Option<&'a Model> {
    let before = &candidate.history.first()?.schema;
    (before.format == candidate.schema.format).then_some(before)
}

/// The type of the same kind and name; where types have no names, at the same place.
pub(super) fn r#type<'a>(before: &'a Model, now: &Type) -> Option<&'a Type> {
    let is_same = |other: &&Type| {
        let same_name = match now.full_name.as_str() {
            "" => other.element.path == now.element.path,
            name => other.full_name == name,
        };
        other.kind == now.kind && same_name
    };
    before.types.iter().find(is_same)
}

/// The field of that name.
pub(super) fn field<'a>(before: &'a Type, name: &str) -> Option<&'a Field> {
    before.fields.iter().find(|field| field.name == name)
}
