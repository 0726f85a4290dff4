//! CLS: classification of subjects, and personal data in schemas.
//!
//! Encryption, residency and free text are not looked at.

mod class;
mod lists;
mod literal;
mod names;
mod tagged;

use crate::policy::rule::PolicyRule;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[
    &class::CLS001,
    &tagged::CLS002,
    &tagged::CLS003,
    &literal::CLS004,
    &tagged::CLS006,
    &class::CLS007,
    &tagged::CLS008,
    &class::CLS010,
];
