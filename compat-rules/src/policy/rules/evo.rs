//! EVO: how subjects change from version to version, beyond what the comparison of schemas demands.
//!
//! Who uses what, and for how long something has been announced, is not looked at.

mod change;
mod level;
mod numbers;
mod version;

use crate::policy::rule::PolicyRule;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[
    &level::EVO001,
    &level::EVO003,
    &version::EVO004,
    &change::EVO005,
    &numbers::EVO006,
    &numbers::EVO007,
    &change::EVO008,
    &change::EVO013,
    &change::EVO014,
];
