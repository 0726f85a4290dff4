//! Least and greatest values: the keywords that only differ in what they limit.

use super::difference::{Difference, wording};
use super::judge::Judge;

/// A keyword that limits something.
pub(super) struct Limit {
    keyword: &'static str,
    bound: Bound,
    pub(super) added: Difference,
    pub(super) tightened: Difference,
}

enum Bound {
    Least,
    Greatest,
}

/// Ids and summaries of the two rules of a limit.
type Names = [(&'static str, &'static str, &'static str); 2];

const ADD_LATER: &str = "Do not state the limit, or state it from the first version on.";

impl Limit {
    const fn least(keyword: &'static str, names: Names) -> Self {
        let [added, raised] = names;
        Self {
            keyword,
            bound: Bound::Least,
            added: Difference::new(added.0, added.1, wording::KEYWORD_ADDED, added.2, ADD_LATER),
            tightened: Difference::new(
                raised.0,
                raised.1,
                wording::MORE,
                raised.2,
                "Leave the limit where it is, or lower it.",
            ),
        }
    }

    const fn greatest(keyword: &'static str, names: Names) -> Self {
        let [added, lowered] = names;
        Self {
            keyword,
            bound: Bound::Greatest,
            added: Difference::new(added.0, added.1, wording::KEYWORD_ADDED, added.2, ADD_LATER),
            tightened: Difference::new(
                lowered.0,
                lowered.1,
                wording::LESS,
                lowered.2,
                "Leave the limit where it is, or raise it.",
            ),
        }
    }
}

pub(super) static MIN_LENGTH: Limit = Limit::least(
    "minLength",
    [
        (
            "min-length-added",
            "MIN_LENGTH_ADDED",
            "The reader limits how short a string may be; the writer did not.",
        ),
        (
            "min-length-increased",
            "MIN_LENGTH_INCREASED",
            "The reader wants a longer string than the writer had to write.",
        ),
    ],
);
pub(super) static MAX_LENGTH: Limit = Limit::greatest(
    "maxLength",
    [
        (
            "max-length-added",
            "MAX_LENGTH_ADDED",
            "The reader limits how long a string may be; the writer did not.",
        ),
        (
            "max-length-decreased",
            "MAX_LENGTH_DECREASED",
            "The reader wants a shorter string than the writer was allowed to write.",
        ),
    ],
);
pub(super) static MINIMUM: Limit = Limit::least(
    "minimum",
    [
        (
            "minimum-added",
            "MINIMUM_ADDED",
            "The reader limits how small a number may be; the writer did not.",
        ),
        (
            "minimum-increased",
            "MINIMUM_INCREASED",
            "The reader wants a greater number than the writer had to write.",
        ),
    ],
);
pub(super) static MAXIMUM: Limit = Limit::greatest(
    "maximum",
    [
        (
            "maximum-added",
            "MAXIMUM_ADDED",
            "The reader limits how great a number may be; the writer did not.",
        ),
        (
            "maximum-decreased",
            "MAXIMUM_DECREASED",
            "The reader wants a smaller number than the writer was allowed to write.",
        ),
    ],
);
pub(super) static EXCLUSIVE_MINIMUM: Limit = Limit::least(
    "exclusiveMinimum",
    [
        (
            "exclusive-minimum-added",
            "EXCLUSIVE_MINIMUM_ADDED",
            "The reader limits how small a number may be, the limit itself excluded; the writer did not.",
        ),
        (
            "exclusive-minimum-increased",
            "EXCLUSIVE_MINIMUM_INCREASED",
            "The reader wants a greater number than the writer had to write.",
        ),
    ],
);
pub(super) static EXCLUSIVE_MAXIMUM: Limit = Limit::greatest(
    "exclusiveMaximum",
    [
        (
            "exclusive-maximum-added",
            "EXCLUSIVE_MAXIMUM_ADDED",
            "The reader limits how great a number may be, the limit itself excluded; the writer did not.",
        ),
        (
            "exclusive-maximum-decreased",
            "EXCLUSIVE_MAXIMUM_DECREASED",
            "The reader wants a smaller number than the writer was allowed to write.",
        ),
    ],
);
pub(super) static MIN_ITEMS: Limit = Limit::least(
    "minItems",
    [
        (
            "min-items-added",
            "MIN_ITEMS_ADDED",
            "The reader limits how few items an array may have; the writer did not.",
        ),
        (
            "min-items-increased",
            "MIN_ITEMS_INCREASED",
            "The reader wants more items than the writer had to write.",
        ),
    ],
);
pub(super) static MAX_ITEMS: Limit = Limit::greatest(
    "maxItems",
    [
        (
            "max-items-added",
            "MAX_ITEMS_ADDED",
            "The reader limits how many items an array may have; the writer did not.",
        ),
        (
            "max-items-decreased",
            "MAX_ITEMS_DECREASED",
            "The reader wants fewer items than the writer was allowed to write.",
        ),
    ],
);
pub(super) static MIN_CONTAINS: Limit = Limit::least(
    "minContains",
    [
        (
            "min-contains-added",
            "MIN_CONTAINS_ADDED",
            "The reader limits how few matching items an array may have; the writer did not.",
        ),
        (
            "min-contains-increased",
            "MIN_CONTAINS_INCREASED",
            "The reader wants more matching items than the writer had to write.",
        ),
    ],
);
pub(super) static MAX_CONTAINS: Limit = Limit::greatest(
    "maxContains",
    [
        (
            "max-contains-added",
            "MAX_CONTAINS_ADDED",
            "The reader limits how many matching items an array may have; the writer did not.",
        ),
        (
            "max-contains-decreased",
            "MAX_CONTAINS_DECREASED",
            "The reader wants fewer matching items than the writer was allowed to write.",
        ),
    ],
);
pub(super) static MIN_PROPERTIES: Limit = Limit::least(
    "minProperties",
    [
        (
            "min-properties-added",
            "MIN_PROPERTIES_ADDED",
            "The reader limits how few properties an object may have; the writer did not.",
        ),
        (
            "min-properties-increased",
            "MIN_PROPERTIES_INCREASED",
            "The reader wants more properties than the writer had to write.",
        ),
    ],
);
pub(super) static MAX_PROPERTIES: Limit = Limit::greatest(
    "maxProperties",
    [
        (
            "max-properties-added",
            "MAX_PROPERTIES_ADDED",
            "The reader limits how many properties an object may have; the writer did not.",
        ),
        (
            "max-properties-decreased",
            "MAX_PROPERTIES_DECREASED",
            "The reader wants fewer properties than the writer was allowed to write.",
        ),
    ],
);

impl Judge<'_, '_, '_> {
    /// A limit that appears or gets tighter refuses what was allowed. Numbers are compared as doubles, as the
    /// reference does; who is not a number is neither more nor less than anything.
    pub(super) fn limits<T: PartialOrd>(
        &mut self,
        limit: &'static Limit,
        original: Option<T>,
        update: Option<T>,
    ) {
        let difference = match (original, update) {
            (None, Some(_)) => &limit.added,
            (Some(original), Some(update)) => {
                let tighter = match limit.bound {
                    Bound::Least => update > original,
                    Bound::Greatest => update < original,
                };
                if !tighter {
                    return;
                }
                &limit.tightened
            }
            (_, None) => return,
        };
        self.under(limit.keyword, |judge| judge.report(difference));
    }
}
