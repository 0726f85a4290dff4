//! `additionalProperties` and `additionalItems`, and their `unevaluated` cousins: alike for objects and arrays.

use super::difference::{Difference, wording};
use super::judge::Judge;
use crate::json::tree::{Additional, Kind, NodeId};

/// A keyword that says what becomes of what is not listed.
pub(super) struct Rest {
    keyword: &'static str,
    pub(super) removed: Difference,
    pub(super) narrowed: Difference,
}

pub(super) static ADDITIONAL_PROPERTIES: Rest = Rest {
    keyword: "additionalProperties",
    removed: Difference::new(
        "additional-properties-removed",
        "ADDITIONAL_PROPERTIES_REMOVED",
        wording::KEYWORD_ADDED,
        "The reader forbids properties that it does not list; the writer could write them.",
        "Forbid additional properties from the first version on, or use the policy LENIENT.",
    )
    .tolerated(),
    narrowed: Difference::new(
        "additional-properties-narrowed",
        "ADDITIONAL_PROPERTIES_NARROWED",
        wording::FEWER,
        "The reader has a schema for properties that it does not list; for the writer they could be anything.",
        "State the schema from the first version on, or use the policy LENIENT.",
    )
    .tolerated(),
};
pub(super) static UNEVALUATED_PROPERTIES: Rest = Rest {
    keyword: "unevaluatedProperties",
    removed: Difference::new(
        "unevaluated-properties-removed",
        "UNEVALUATED_PROPERTIES_REMOVED",
        wording::KEYWORD_ADDED,
        "The reader forbids properties that no subschema knows; the writer could write them.",
        "Forbid unevaluated properties from the first version on, or use the policy LENIENT.",
    )
    .tolerated(),
    narrowed: Difference::new(
        "unevaluated-properties-narrowed",
        "UNEVALUATED_PROPERTIES_NARROWED",
        wording::FEWER,
        "The reader has a schema for properties that no subschema knows; for the writer they could be anything.",
        "State the schema from the first version on, or use the policy LENIENT.",
    )
    .tolerated(),
};
pub(super) static ADDITIONAL_ITEMS: Rest = Rest {
    keyword: "additionalItems",
    removed: Difference::new(
        "additional-items-removed",
        "ADDITIONAL_ITEMS_REMOVED",
        wording::KEYWORD_ADDED,
        "The reader forbids items beyond those that it lists; the writer could write them.",
        "Forbid additional items from the first version on.",
    ),
    narrowed: Difference::new(
        "additional-items-narrowed",
        "ADDITIONAL_ITEMS_NARROWED",
        wording::FEWER,
        "The reader has a schema for items beyond those that it lists; for the writer they could be anything.",
        "State the schema from the first version on.",
    ),
};
pub(super) static UNEVALUATED_ITEMS: Rest = Rest {
    keyword: "unevaluatedItems",
    removed: Difference::new(
        "unevaluated-items-removed",
        "UNEVALUATED_ITEMS_REMOVED",
        wording::KEYWORD_ADDED,
        "The reader forbids items that no subschema knows; the writer could write them.",
        "Forbid unevaluated items from the first version on.",
    ),
    narrowed: Difference::new(
        "unevaluated-items-narrowed",
        "UNEVALUATED_ITEMS_NARROWED",
        wording::FEWER,
        "The reader has a schema for items that no subschema knows; for the writer they could be anything.",
        "State the schema from the first version on.",
    ),
};

impl Judge<'_, '_, '_> {
    pub(super) fn additional(
        &mut self,
        rest: &'static Rest,
        original: Additional,
        update: Additional,
    ) {
        self.under(rest.keyword, |judge| {
            match (original.is_permitted(), update.is_permitted()) {
                (true, false) => return judge.report(&rest.removed),
                (false, true) => return,
                _ => {}
            }
            match (original.schema(), update.schema()) {
                (None, Some(_)) => judge.report(&rest.narrowed),
                (Some(_), None) => {}
                (original, update) => judge.compare_optional(original, update),
            }
        });
    }

    pub(super) fn unevaluated(
        &mut self,
        rest: &'static Rest,
        original: Option<NodeId>,
        update: Option<NodeId>,
    ) {
        let forest = self.forest();
        let Some(update) = update else {
            return;
        };
        let forbids = |kind: &Kind| matches!(kind, Kind::False);
        let says_nothing = |kind: &Kind| matches!(kind, Kind::Empty | Kind::True);
        let new = forest.kind(self.update(update));
        let old = original.map(|id| forest.kind(self.original(id)));
        self.under(rest.keyword, |judge| match (original, old) {
            (Some(_), Some(old)) if forbids(old) && !forbids(new) => {}
            (_, old) if forbids(new) && !old.is_some_and(forbids) => judge.report(&rest.removed),
            (None, _) => judge.report(&rest.narrowed),
            (_, Some(old)) if says_nothing(old) && !says_nothing(new) => {
                judge.report(&rest.narrowed);
            }
            (_, Some(old)) if !says_nothing(old) && says_nothing(new) => {}
            (original, _) => judge.compare_optional(original, Some(update)),
        });
    }
}
