//! Arrays (`json-schema.md` section 6.4).

use super::difference::{Difference, wording};
use super::findings::Step;
use super::judge::Judge;
use super::limit::{MAX_CONTAINS, MAX_ITEMS, MIN_CONTAINS, MIN_ITEMS};
use super::unevaluated::{ADDITIONAL_ITEMS, UNEVALUATED_ITEMS};
use crate::Exhausted;
use crate::json::tree::{ArrayRules, Kind, NodeId};

pub(super) static ITEM_ADDED_TO_OPEN_CONTENT_MODEL: Difference = Difference::new(
    "item-added-to-open-content-model",
    "ITEM_ADDED_TO_OPEN_CONTENT_MODEL",
    wording::OPEN,
    "The reader has a schema for an item that the writer, whose content model is open, could fill with anything.",
    "Close the model with additionalItems false (or items false) from the first version on, or give it a schema that \
     covers the new item.",
);
pub(super) static ITEM_ADDED_NOT_COVERED: Difference = Difference::new(
    "item-added-not-covered-by-partially-open-content-model",
    "ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    wording::ADDED_NOT_COVERED,
    "The reader has another schema for an item than the one that the writer followed for items it did not list.",
    "Let the new item allow what the schema of additional items allowed.",
);
pub(super) static ITEM_REMOVED_NOT_COVERED: Difference = Difference::new(
    "item-removed-not-covered-by-partially-open-content-model",
    "ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    wording::REMOVED_NOT_COVERED,
    "The reader no longer lists an item, and its schema for additional items refuses what the writer wrote.",
    "Keep the item, or widen the schema of additional items.",
);
pub(super) static ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL: Difference = Difference::new(
    "item-removed-from-closed-content-model",
    "ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL",
    wording::CLOSED,
    "The reader forbids an item that the writer could write.",
    "Keep the item.",
);
pub(super) static UNIQUE_ITEMS_ADDED: Difference = Difference::new(
    "unique-items-added",
    "UNIQUE_ITEMS_ADDED",
    wording::KEYWORD_ADDED,
    "The reader demands that all items differ; the writer could repeat them.",
    "Do not state uniqueItems, or state it from the first version on.",
);

impl<'t> Judge<'_, 't, '_> {
    pub(super) fn arrays(
        &mut self,
        original: &'t ArrayRules,
        update: &'t ArrayRules,
    ) -> Result<(), Exhausted> {
        self.spend(original.tuple.len() + update.tuple.len())?;
        self.under("items", |judge| {
            judge.compare_optional(original.items, update.items);
            judge.tuples(original, update);
        });
        self.additional(&ADDITIONAL_ITEMS, original.additional, update.additional);
        self.unevaluated(&UNEVALUATED_ITEMS, original.unevaluated, update.unevaluated);
        self.limits(&MAX_ITEMS, original.max_items, update.max_items);
        self.limits(&MIN_ITEMS, original.min_items, update.min_items);
        if update.unique && !original.unique {
            self.under("uniqueItems", |judge| judge.report(&UNIQUE_ITEMS_ADDED));
        }
        self.limits(&MAX_CONTAINS, original.max_contains, update.max_contains);
        self.limits(&MIN_CONTAINS, original.min_contains, update.min_contains);
        Ok(())
    }

    fn tuples(&mut self, original: &'t ArrayRules, update: &'t ArrayRules) {
        let count = original.tuple.len().max(update.tuple.len());
        for index in 0..count {
            let pair = (original.tuple.get(index), update.tuple.get(index));
            self.at(Step::Index(index), |judge| match pair {
                (Some(old), Some(new)) => judge.compare(judge.original(*old), judge.update(*new)),
                (Some(old), None) => judge.item_removed(*old, update),
                (None, Some(new)) => judge.item_added(*new, original),
                (None, None) => {}
            });
        }
    }

    fn item_removed(&mut self, item: NodeId, update: &ArrayRules) {
        let item = self.original(item);
        let array = self.pair.update;
        if self.has_open_items(array, update) {
            return;
        }
        match self.item_cover(array, update) {
            Some(cover) => self.covered(item, cover, &ITEM_REMOVED_NOT_COVERED),
            None if matches!(self.forest().kind(item), Kind::False) => {}
            None => self.report_between(&ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL, item, array),
        }
    }

    fn item_added(&mut self, item: NodeId, original: &ArrayRules) {
        let item = self.update(item);
        let array = self.pair.original;
        if self.has_open_items(array, original) {
            if !matches!(self.forest().kind(item), Kind::Empty | Kind::True) {
                self.report_between(&ITEM_ADDED_TO_OPEN_CONTENT_MODEL, array, item);
            }
        } else if let Some(cover) = self.item_cover(array, original) {
            self.covered(cover, item, &ITEM_ADDED_NOT_COVERED);
        }
    }
}
