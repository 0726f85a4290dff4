//! The message that stands for the entries of a map field in a descriptor.

use super::compare::map_types;
use super::document::Field;

/// Key and value type of a map field.
pub(crate) fn of(field: &Field) -> Option<(&str, &str)> {
    map_types(&field.type_name)
}

/// Its name, which is the reference's idea, not that of `protoc`: words between underscores are capitalised, a
/// name without any is kept.
pub(crate) fn name(field: &str) -> String {
    if !field.contains('_') {
        return format!("{field}Entry");
    }
    let mut name = String::with_capacity(field.len() + 5);
    for word in field.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    }
    name.push_str("Entry");
    name
}
