//! Records whose time is over.

use std::fmt;
use std::ops::RangeInclusive;

use super::checkpoint::SignedCheckpoint;

/// Records that are removed from the start of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrunedRecords {
    /// The first of them.
    pub(crate) first: u64,
    /// What stays in their place; it is of the last of them.
    pub(crate) start: SignedCheckpoint,
    /// The records whose checkpoints go with them.
    pub(crate) checkpoints: Vec<u64>,
}

impl PrunedRecords {
    /// Their numbers.
    pub(crate) const fn sequences(&self) -> RangeInclusive<u64> {
        self.first..=self.start.checkpoint.sequence
    }
}

impl fmt::Display for PrunedRecords {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} to {}", self.first, self.start.checkpoint.sequence)
    }
}
