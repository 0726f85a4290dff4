//! The registry as it was at one moment, and the questions one can ask it.
//!
//! The questions stand with their subject: [`history`] for versions and contents, [`references`] for what refers
//! to what, [`associations`] for topics, [`scopes`] for settings, [`encryption`] for keys, [`listing`] for lists over
//! many subjects, [`counts`] for how many there are, [`policy`] for governance documents, [`walks`] for what derived rows
//! follow from.

mod addressing;
mod associations;
mod audit;
mod counts;
mod doctor;
mod encryption;
mod evidence;
mod history;
mod listing;
mod policy;
mod references;
mod scopes;
mod walks;

use std::ops::ControlFlow;

use serde::de::DeserializeOwned;

use crate::Revision;
use crate::store::codec::decode;
use crate::store::pending::Pending;
use crate::store::{Fault, Rows, Snapshot, Store, Visit};

pub use doctor::Finding;
pub use history::{Latest, Stored, StoredJson, StoredVersion};
pub use listing::{Deleted, SubjectState};

/// One moment of the registry. A request asks exactly one view.
pub struct View<'a> {
    rows: Source<'a>,
    revision: Revision,
}

enum Source<'a> {
    Snapshot(Snapshot<'a>),
    /// Each read sees what is there when it is made.
    Now(&'a Store),
    Pending(&'a Pending<'a>),
}

impl<'a> View<'a> {
    pub(crate) fn of_snapshot(snapshot: Snapshot<'a>) -> Self {
        Self {
            revision: snapshot.revision(),
            rows: Source::Snapshot(snapshot),
        }
    }

    /// What is there now, read by read.
    ///
    /// # Correctness
    /// What was found is of one moment only if the store is at the view's revision still, afterwards.
    pub(crate) fn of_now(store: &'a Store) -> Self {
        Self {
            revision: store.revision(),
            rows: Source::Now(store),
        }
    }

    /// What the writer sees while it puts a batch together.
    pub(crate) fn of_pending(pending: &'a Pending<'a>) -> Self {
        Self {
            rows: Source::Pending(pending),
            revision: Revision::default(),
        }
    }

    /// The revision that this view shows.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Reads the value of a key where it lies.
    fn read<T>(
        &self,
        key: &[u8],
        how: impl FnOnce(&[u8]) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        match &self.rows {
            Source::Snapshot(rows) => rows.read(key, how),
            Source::Now(rows) => rows.read(key, how),
            Source::Pending(rows) => rows.read(key, how),
        }
    }

    /// Reads the row of a key.
    fn row<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, Fault> {
        self.read(key, decode)
    }

    fn has(&self, key: &[u8]) -> Result<bool, Fault> {
        Ok(self.read(key, |_| Ok(()))?.is_some())
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        match &self.rows {
            Source::Snapshot(rows) => rows.scan(prefix, visit),
            Source::Now(rows) => rows.scan(prefix, visit),
            Source::Pending(rows) => rows.scan(prefix, visit),
        }
    }

    /// From a key of the prefix on.
    fn scan_from(&self, prefix: &[u8], start: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        match &self.rows {
            Source::Snapshot(rows) => rows.scan_from(prefix, start, visit),
            Source::Now(store) => store.snapshot().scan_from(prefix, start, visit),
            Source::Pending(rows) => rows.scan(prefix, &mut |key, value| {
                if key < start {
                    return Ok(ControlFlow::Continue(()));
                }
                visit(key, value)
            }),
        }
    }

    fn scan_back(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        match &self.rows {
            Source::Snapshot(rows) => rows.scan_back(prefix, visit),
            Source::Now(rows) => rows.scan_back(prefix, visit),
            Source::Pending(rows) => rows.scan_back(prefix, visit),
        }
    }
}
