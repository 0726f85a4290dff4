//! NAM: names inside schemas.
//!
//! What only one format has to say about its names stands in the families of the formats.

mod length;
mod namespace;
mod prefix;
mod reserved;
mod sibling;
mod style;
mod term;

use crate::policy::model::{Element, Model, TypeKind};
use crate::policy::rule::PolicyRule;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[
    &namespace::NAM001,
    &namespace::NAM002,
    &namespace::NAM003,
    &style::NAM004,
    &style::NAM005,
    &style::NAM006,
    &style::NAM007,
    &prefix::NAM008,
    &prefix::NAM009,
    &reserved::NAM010,
    &term::NAM011,
    &length::NAM013,
    &sibling::NAM017,
];

/// A name in a schema.
struct Name<'a> {
    /// What it is the name of, such as `field`.
    noun: &'static str,
    name: &'a str,
    element: &'a Element,
}

/// Every name of a type, a field or a symbol, in the order of the text.
fn names(schema: &Model) -> impl Iterator<Item = Name<'_>> {
    schema.types.iter().flat_map(|one| {
        let own = Name {
            noun: noun(one.kind),
            name: &one.name,
            element: &one.element,
        };
        let fields = one.fields.iter().map(|field| Name {
            noun: "field",
            name: &field.name,
            element: &field.element,
        });
        let symbols = one.symbols.iter().map(|symbol| Name {
            noun: "symbol",
            name: &symbol.name,
            element: &symbol.element,
        });
        // What has no name of its own, such as an object in place in JSON, is known by its field.
        let own = Some(own).filter(|own| !own.name.is_empty());
        own.into_iter().chain(fields).chain(symbols)
    })
}

const fn noun(kind: TypeKind) -> &'static str {
    match kind {
        TypeKind::Enum => "enum",
        TypeKind::Record | TypeKind::Fixed | TypeKind::Union => "type",
    }
}
