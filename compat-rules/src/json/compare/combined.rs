//! Combined schemas against each other (`json-schema.md` section 6.5).

use std::collections::BTreeSet;

use super::difference::{Difference, wording};
use super::forest::At;
use super::judge::Judge;
use super::matching;
use crate::Exhausted;
use crate::json::tree::{Criterion, NodeId};

pub(super) static COMBINED_TYPE_CHANGED: Difference = Difference::new(
    "combined-type-changed",
    "COMBINED_TYPE_CHANGED",
    wording::TYPE_DIFFERS,
    "The reader combines its subschemas more strictly than the writer did.",
    "Change allOf and oneOf to anyOf only, or leave them as they are.",
);
pub(super) static PRODUCT_TYPE_EXTENDED: Difference = Difference::new(
    "product-type-extended",
    "PRODUCT_TYPE_EXTENDED",
    wording::MORE_ELEMENTS,
    "The reader demands that more subschemas hold than the writer was held to.",
    "Leave the list of allOf as it is, or shorten it.",
);
pub(super) static SUM_TYPE_NARROWED: Difference = Difference::new(
    "sum-type-narrowed",
    "SUM_TYPE_NARROWED",
    wording::FEWER,
    "The reader has fewer alternatives than the writer could choose from.",
    "Keep the alternative, and stop writing it.",
);
pub(super) static COMBINED_TYPE_SUBSCHEMAS_CHANGED: Difference = Difference::new(
    "combined-type-subschemas-changed",
    "COMBINED_TYPE_SUBSCHEMAS_CHANGED",
    wording::TYPE_DIFFERS,
    "The subschemas of reader and writer cannot be paired so that each accepts what its partner allows.",
    "Widen subschemas one by one; a type beside an enum counts as two subschemas, so extend the enum only.",
);

/// How a combined schema counts its children, and the children.
type Parts<'t> = (Criterion, &'t [NodeId]);

impl<'t> Judge<'_, 't, '_> {
    pub(super) fn combined(
        &mut self,
        original: Parts<'t>,
        update: Parts<'t>,
    ) -> Result<(), Exhausted> {
        if !is_criterion_accepted(original, update) {
            self.report(&COMBINED_TYPE_CHANGED);
            return Ok(());
        }
        self.spend(original.1.len() + update.1.len())?;
        let before = self.distinct(self.pair.original, original.1);
        let after = self.distinct(self.pair.update, update.1);
        if before.len() < after.len() && update.0 == Criterion::All {
            self.report(&PRODUCT_TYPE_EXTENDED);
        }
        if before.len() > after.len() && original.0 != Criterion::All {
            self.report(&SUM_TYPE_NARROWED);
        }
        let pairs = before.len().saturating_mul(after.len());
        self.spend(pairs)?;
        let accepted: Vec<Vec<usize>> = before
            .iter()
            .map(|old| {
                let accepts = |(_, new): &(usize, &At)| self.accepts(*old, **new);
                let accepting = after.iter().enumerate().filter(accepts);
                accepting.map(|(index, _)| index).collect()
            })
            .collect();
        let matched = matching::size(&accepted, after.len(), |steps| self.spend(steps))?;
        if matched < before.len().min(after.len()) {
            self.report(&COMBINED_TYPE_SUBSCHEMAS_CHANGED);
        }
        Ok(())
    }

    /// The children without those that are the same JSON as an earlier one.
    fn distinct(&self, of: At, children: &[NodeId]) -> Vec<At> {
        let mut shapes = BTreeSet::new();
        children
            .iter()
            .map(|id| of.sibling(*id))
            .filter(|child| {
                let shape = self.forest().node(*child).shape;
                shape == 0 || shapes.insert(shape)
            })
            .collect()
    }
}

fn is_criterion_accepted(original: Parts<'_>, update: Parts<'_>) -> bool {
    let is_single = |parts: Parts<'_>| parts.1.len() == 1;
    original.0 == update.0
        || update.0 == Criterion::Any
        || (is_single(original) && is_single(update))
        || (is_single(original) && update.0 == Criterion::One)
        || (is_single(update) && original.0 == Criterion::All)
}
