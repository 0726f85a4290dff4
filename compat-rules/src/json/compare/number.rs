//! Numbers.

use super::difference::{Difference, wording};
use super::judge::Judge;
use super::limit::{EXCLUSIVE_MAXIMUM, EXCLUSIVE_MINIMUM, MAXIMUM, MINIMUM};
use super::multiple::{Relation, relation};
use crate::Exhausted;
use crate::json::tree::NumberRules;
use crate::value::Number;

pub(super) static TYPE_NARROWED: Difference = Difference::new(
    "type-narrowed",
    "TYPE_NARROWED",
    wording::TYPE_DIFFERS,
    "The reader expects an integer where the writer could write any number.",
    "Keep number, and state multipleOf 1 from the first version on if only integers are meant.",
);
pub(super) static MULTIPLE_OF_ADDED: Difference = Difference::new(
    "multiple-of-added",
    "MULTIPLE_OF_ADDED",
    wording::KEYWORD_ADDED,
    "The reader demands multiples of a number; the writer could write any.",
    "Do not state multipleOf, or state it from the first version on.",
);
pub(super) static MULTIPLE_OF_EXPANDED: Difference = Difference::new(
    "multiple-of-expanded",
    "MULTIPLE_OF_EXPANDED",
    wording::MORE,
    "The reader demands multiples of a multiple of what the writer was held to.",
    "Leave multipleOf as it is, or replace it by one of its divisors.",
);
pub(super) static MULTIPLE_OF_CHANGED: Difference = Difference::new(
    "multiple-of-changed",
    "MULTIPLE_OF_CHANGED",
    wording::VALUE_DIFFERS,
    "The reader demands multiples of another number than the writer was held to.",
    "Leave multipleOf as it is, or replace it by one of its divisors.",
);

impl Judge<'_, '_, '_> {
    pub(super) fn numbers(
        &mut self,
        original: &NumberRules,
        update: &NumberRules,
    ) -> Result<(), Exhausted> {
        let limit = |limit: &Option<Number>| limit.as_ref().map(Number::as_f64);
        self.limits(&MAXIMUM, limit(&original.maximum), limit(&update.maximum));
        self.limits(&MINIMUM, limit(&original.minimum), limit(&update.minimum));
        self.limits(
            &EXCLUSIVE_MAXIMUM,
            limit(&original.exclusive_maximum),
            limit(&update.exclusive_maximum),
        );
        self.limits(
            &EXCLUSIVE_MINIMUM,
            limit(&original.exclusive_minimum),
            limit(&update.exclusive_minimum),
        );
        self.multiples(original.multiple_of.as_ref(), update.multiple_of.as_ref())?;
        if update.integer && !original.integer {
            self.report(&TYPE_NARROWED);
        }
        Ok(())
    }

    fn multiples(
        &mut self,
        original: Option<&Number>,
        update: Option<&Number>,
    ) -> Result<(), Exhausted> {
        let difference = match (original, update) {
            (_, None) => return Ok(()),
            (None, Some(_)) => &MULTIPLE_OF_ADDED,
            (Some(original), Some(update)) => {
                self.spend((original.text().len() + update.text().len()) / 16)?;
                match relation(original, update) {
                    Relation::Equal | Relation::Divisor => return Ok(()),
                    Relation::Multiple => &MULTIPLE_OF_EXPANDED,
                    Relation::Neither => &MULTIPLE_OF_CHANGED,
                }
            }
        };
        self.under("multipleOf", |judge| judge.report(difference));
        Ok(())
    }
}
