//! Field names that an organisation keeps for later use (`semantics.md` section 7.2).

use crate::ParsedSchema;

/// The names in a `confluent:reserved` metadata property: comma-separated, trimmed, blanks dropped.
#[must_use]
pub fn reserved_names(property: Option<&str>) -> Vec<&str> {
    property
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}

/// What is wrong with the reserved names of a new schema: those dropped since the previous version, then those
/// that are used as a top-level field all the same.
#[must_use]
pub fn reserved_field_messages(
    schema: &ParsedSchema,
    reserved: &[&str],
    previously_reserved: &[&str],
) -> Vec<String> {
    let dropped = previously_reserved.iter().filter(|name| !reserved.contains(name)).map(|name| {
        format!(
            "The new schema has reserved field {name} removed from its metadata which is present in the old \
             schema's metadata."
        )
    });
    let used = reserved
        .iter()
        .filter(|name| schema.has_top_level_field(name))
        .map(|name| {
            format!("The new schema has field that conflicts with the reserved field {name}.")
        });
    dropped.chain(used).collect()
}
