//! SUB: what subjects are called, and who may bring new ones.
//!
//! Whether a topic exists is not known here.

mod admission;
mod name;
mod strategy;

use crate::policy::rule::PolicyRule;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[
    &name::SUB001,
    &name::SUB002,
    &name::SUB003,
    &strategy::SUB004,
    &strategy::SUB005,
    &admission::SUB008,
    &name::SUB009,
    &name::SUB010,
    &admission::SUB011,
    &admission::SUB012,
];
