//! Strings.

use super::difference::{Difference, wording};
use super::judge::Judge;
use super::limit::{MAX_LENGTH, MIN_LENGTH};
use crate::json::tree::StringRules;

pub(super) static PATTERN_ADDED: Difference = Difference::new(
    "pattern-added",
    "PATTERN_ADDED",
    wording::KEYWORD_ADDED,
    "The reader demands a pattern of strings; the writer followed none.",
    "Do not state the pattern, or state it from the first version on.",
);
pub(super) static PATTERN_CHANGED: Difference = Difference::new(
    "pattern-changed",
    "PATTERN_CHANGED",
    wording::VALUE_DIFFERS,
    "The reader demands another pattern of strings than the writer followed.",
    "Leave the pattern as it is, or remove it: whether one pattern allows all that another does is not worked out.",
);

impl Judge<'_, '_, '_> {
    pub(super) fn strings(&mut self, original: &StringRules, update: &StringRules) {
        self.limits(&MAX_LENGTH, original.max_length, update.max_length);
        self.limits(&MIN_LENGTH, original.min_length, update.min_length);
        let difference = match (&original.pattern, &update.pattern) {
            (None, Some(_)) => &PATTERN_ADDED,
            (Some(original), Some(update)) if original != update => &PATTERN_CHANGED,
            _ => return,
        };
        self.under("pattern", |judge| judge.report(difference));
    }
}
