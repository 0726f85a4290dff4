//! PRO: what only Protobuf has to say.

mod change;
mod file;

use crate::policy::candidate::Candidate;
use crate::policy::model::{Details, ProtobufDetails};
use crate::policy::rule::PolicyRule;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[
    &file::PRO001,
    &file::PRO002,
    &file::PRO003,
    &file::PRO005,
    &change::PRO006,
    &file::PRO007,
    &change::PRO008,
    &file::PRO009,
];

const fn details<'a>(candidate: &Candidate<'a>) -> Option<&'a ProtobufDetails> {
    match &candidate.schema.details {
        Details::Protobuf(details) => Some(details),
        _ => None,
    }
}
