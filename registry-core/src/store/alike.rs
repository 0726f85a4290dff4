//! Which revisions show the same: records are appended all the time, and no answer depends on them.
//!
//! # Correctness
//! The writer says of each batch of records alone where it began and where it ended. As long as the store is at the end
//! of such a run, what it shows is what it showed where the run began. A reader that looks between the batch and the note
//! of it sees a revision of its own, which shows the same and was never given to anything else: it finds nothing and
//! spoils nothing. A batch with anything else moves the store away from the end of the run.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::Revision;

/// The last run of batches that hold records alone. Only the writer extends it.
#[derive(Debug, Default)]
pub(super) struct Alike {
    since: AtomicU64,
    /// 0 while it is changed.
    until: AtomicU64,
}

impl Alike {
    /// The first revision that shows the same as this one, as far as is known.
    pub(super) fn first(&self, revision: Revision) -> Revision {
        let until = self.until.load(Ordering::SeqCst);
        if until == 0 || until != revision.0 {
            return revision;
        }
        let since = self.since.load(Ordering::SeqCst);
        // Ends only grow, so one that is still there was there all the while.
        if self.until.load(Ordering::SeqCst) == until {
            Revision(since)
        } else {
            revision
        }
    }

    /// A batch of records alone led from one revision to the other.
    pub(super) fn extend(&self, from: Revision, to: Revision) {
        let since = self.first(from);
        self.until.store(0, Ordering::SeqCst);
        self.since.store(since.0, Ordering::SeqCst);
        self.until.store(to.0, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_records_shows_what_was_there_where_it_began_until_something_else_comes() {
        let alike = Alike::default();
        let first = |revision| alike.first(Revision(revision)).0;
        assert_eq!([first(0), first(7)], [0, 7]);
        alike.extend(Revision(7), Revision(9));
        assert_eq!([first(7), first(8), first(9), first(10)], [7, 8, 7, 10]);
        alike.extend(Revision(9), Revision(10));
        assert_eq!([first(9), first(10)], [9, 7]);
        // At 12 there is something else.
        alike.extend(Revision(12), Revision(13));
        assert_eq!([first(10), first(12), first(13)], [10, 12, 12]);
    }
}
