//! What is found once for a revision: a question about many rows whose answer hardly ever changes.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Revision;

use super::Fault;

/// The answer to a question, and the revision that it is about.
///
/// # Correctness
/// Both are in one word, and what a revision shows never changes: whoever finds the revision there may take the answer.
/// Revisions have 56 bits in RocksDB.
#[derive(Debug)]
pub(crate) struct Known(AtomicU64);

impl Default for Known {
    /// Of a revision that there never is.
    fn default() -> Self {
        Self(AtomicU64::new(u64::MAX))
    }
}

impl Known {
    /// The answer for a revision, if it was found.
    pub(crate) fn known(&self, revision: Revision) -> Option<bool> {
        let known = self.0.load(Ordering::Relaxed);
        (known >> 1 == revision.0).then_some(known & 1 == 1)
    }

    /// The answer for a revision, found anew if the last one is about another.
    pub(crate) fn of(
        &self,
        revision: Revision,
        find: impl FnOnce() -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        if let Some(known) = self.known(revision) {
            return Ok(known);
        }
        let answer = find()?;
        self.0
            .store(revision.0 << 1 | u64::from(answer), Ordering::Relaxed);
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_once_for_a_revision_and_again_for_every_other() {
        let known = Known::default();
        let asked = std::cell::Cell::new(0);
        let of = |revision, answer| {
            let find = || {
                asked.set(asked.get() + 1);
                Ok(answer)
            };
            let found = known.of(Revision(revision), find).expect("it is found");
            (found, asked.get())
        };
        assert_eq!(of(0, true), (true, 1));
        assert_eq!(of(0, false), (true, 1));
        assert_eq!(of(1, false), (false, 2));
        assert_eq!(of(1, true), (false, 2));
        assert_eq!(of(0, true), (true, 3));
        // What could not be found is not known.
        let fault = || Err(Fault::damaged("asking", "no answer"));
        assert!(known.of(Revision(2), fault).is_err());
        assert_eq!(of(2, true), (true, 4));
    }
}
