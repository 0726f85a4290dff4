//! Enumerations, constants and `not`.

use super::difference::{Difference, wording};
use super::judge::Judge;
use crate::Exhausted;
use crate::json::tree::NodeId;

pub(super) static ENUM_ARRAY_NARROWED: Difference = Difference::new(
    "enum-array-narrowed",
    "ENUM_ARRAY_NARROWED",
    wording::FEWER,
    "The reader does not know a value that the writer could write.",
    "Leave the value in the enum, and stop writing it.",
);
pub(super) static ENUM_ARRAY_CHANGED: Difference = Difference::new(
    "enum-array-changed",
    "ENUM_ARRAY_CHANGED",
    wording::TYPE_DIFFERS,
    "The reader expects other values than the writer could write.",
    "Add values to the enum and leave the old ones in; use an enum of one value instead of const.",
);
pub(super) static NOT_TYPE_EXTENDED: Difference = Difference::new(
    "not-type-extended",
    "NOT_TYPE_EXTENDED",
    wording::MORE_ELEMENTS,
    "The reader forbids more than the writer was forbidden.",
    "Let not forbid what it forbade before, or less.",
);

impl Judge<'_, '_, '_> {
    /// The values are sorted, and each is there once.
    pub(super) fn enums(
        &mut self,
        original: &[Box<str>],
        update: &[Box<str>],
    ) -> Result<(), Exhausted> {
        self.spend(original.len() + update.len())?;
        if is_subset(original, update) {
            return Ok(());
        }
        let difference = match is_subset(update, original) {
            true => &ENUM_ARRAY_NARROWED,
            false => &ENUM_ARRAY_CHANGED,
        };
        self.under("enum", |judge| judge.report(difference));
        Ok(())
    }

    pub(super) fn constants(&mut self, original: &str, update: &str) {
        if original != update {
            self.under("const", |judge| judge.report(&ENUM_ARRAY_CHANGED));
        }
    }

    /// What is forbidden may only shrink: the roles are swapped.
    pub(super) fn negations(&mut self, original: NodeId, update: NodeId) {
        if !self.accepts(self.update(update), self.original(original)) {
            self.under("not", |judge| judge.report(&NOT_TYPE_EXTENDED));
        }
    }
}

/// True when every value of the first is in the second; both are sorted.
pub(super) fn is_subset(one: &[Box<str>], other: &[Box<str>]) -> bool {
    let mut others = other.iter();
    one.iter()
        .all(|value| others.find(|candidate| *candidate >= value) == Some(value))
}
