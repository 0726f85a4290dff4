//! The names of the rules, and the one list of all of them.

use crate::Format;

/// One rule of compatibility. A `const` of this type stands beside the code that reports it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Kebab case; the stem of its page `rulebook/<format>/<id>.md`.
    pub id: &'static str,
    /// The format that it belongs to.
    pub format: Format,
    /// The name that the reference gives this kind of difference on the wire, such as `TYPE_MISMATCH`; empty where
    /// it has none.
    pub wire_name: &'static str,
    /// One line: what breaks.
    pub summary: &'static str,
    /// One sentence: how to make the change without the break.
    pub advice: &'static str,
}

/// Every rule of every format. A test holds that each has its page and each page its rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    crate::avro::RULES
        .iter()
        .chain(crate::json::RULES)
        .chain(crate::protobuf::RULES)
        .copied()
}
