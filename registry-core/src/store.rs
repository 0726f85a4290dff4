//! The RocksDB files: opening them, reading a snapshot, committing a batch. Nothing else knows RocksDB.
//!
//! RocksDB is the index and not a log under a map: starting takes the same time with ten versions and with a
//! million, and memory has the bound that the options set. All rows are in one column family; the first byte of
//! a key says which kind it is ([`keys`]).

mod alike;
pub(crate) mod body;
pub(crate) mod codec;
pub(crate) mod holder;
pub(crate) mod keys;
mod known;
mod open;
pub(crate) mod pending;
pub(crate) mod rows;

use std::fmt;
use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;

use rocksdb::{Cache, DB, Direction, IteratorMode, ReadOptions, WriteBatch, WriteOptions};

pub use open::{OpenError, StoreOptions};

use crate::Revision;
use crate::figures::Figures;
use alike::Alike;
use known::Known;

/// What RocksDB could not do. Clients see only that something failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{doing}: {cause}")]
pub struct Fault {
    doing: &'static str,
    cause: Arc<dyn std::error::Error + Send + Sync>,
}

impl Fault {
    pub(crate) fn new(
        doing: &'static str,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            doing,
            cause: Arc::new(cause),
        }
    }

    pub(crate) fn damaged(doing: &'static str, what: impl Into<String>) -> Self {
        Self {
            doing,
            cause: Arc::new(Damaged(what.into())),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the row is damaged: {0}")]
struct Damaged(String);

/// Reading rows in key order: from a snapshot, or from the batch that the writer is putting together.
pub(crate) trait Rows {
    /// Reads the value of a key where it lies.
    fn read<T>(
        &self,
        key: &[u8],
        how: impl FnOnce(&[u8]) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault>;

    /// Visits the rows whose keys start with the prefix, ascending, until told to stop.
    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault>;

    /// The same, descending.
    fn scan_back(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault>;
}

/// Looks at a key and its value.
pub(crate) type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>, Fault> + 'a;

/// The open store. Only the writer commits.
pub(crate) struct Store {
    db: DB,
    /// Rows by themselves, for reads of them alone.
    lately_read: Cache,
    /// For reads of what is there now; made once.
    reading: ReadOptions,
    figures: Arc<Figures>,
    alike: Alike,
    /// Whether there is any alias.
    has_aliases: Known,
    /// The layout that the rows had when it was opened.
    format: u32,
    // Held for as long as the store is open, so that no second process opens it.
    _lock: File,
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    pub(crate) fn snapshot(&self) -> Snapshot<'_> {
        let snapshot = self.db.snapshot();
        let mut reading = ReadOptions::default();
        reading.set_snapshot(&snapshot);
        Snapshot {
            db: &self.db,
            snapshot,
            reading,
            has_aliases: &self.has_aliases,
        }
    }

    /// Whether there is any alias, which is known for one revision.
    pub(crate) const fn has_aliases(&self) -> &Known {
        &self.has_aliases
    }

    /// The revision of a snapshot that would be taken now.
    ///
    /// # Correctness
    /// RocksDB's number changes in the same instant as what snapshots see, and after the sync: there is no moment
    /// at which some readers see more than others do at the same revision.
    pub(crate) fn revision(&self) -> Revision {
        Revision(self.db.latest_sequence_number())
    }

    /// The first revision that showed what a snapshot would show now, records left aside.
    pub(crate) fn shown_revision(&self) -> Revision {
        self.alike.first(self.revision())
    }

    /// Makes a batch durable that holds records alone: no answer depends on them.
    ///
    /// # Correctness
    /// Only the writer calls it, so nothing else is written between the two revisions.
    pub(crate) fn commit_records(&self, batch: WriteBatch) -> Result<(), Fault> {
        let before = self.revision();
        self.commit(batch)?;
        self.alike.extend(before, self.revision());
        Ok(())
    }

    /// Makes a batch durable.
    ///
    /// # Correctness
    /// An error does not mean that nothing was written: a record whose sync failed can be there after a restart.
    pub(crate) fn commit(&self, batch: WriteBatch) -> Result<(), Fault> {
        let mut options = WriteOptions::default();
        options.set_sync(true);
        self.figures
            .write(|| self.db.write_opt(batch, &options))
            .map_err(|error| Fault::new("writing to the store", error))
    }

    /// Writes what is only in memory and in the log into files, so that the next start has nothing to read again.
    pub(crate) fn flush(&self) -> Result<(), Fault> {
        self.db
            .flush()
            .map_err(|error| Fault::new("flushing the store", error))
    }

    /// What is counted and timed, here and by everybody who holds the store.
    pub(crate) const fn figures(&self) -> &Arc<Figures> {
        &self.figures
    }

    /// A figure of RocksDB, such as `rocksdb.block-cache-usage`.
    pub(crate) fn figure(&self, property: &str) -> Option<u64> {
        self.db.property_int_value(property).ok().flatten()
    }

    /// Memory of rows that were read lately, in bytes.
    pub(crate) fn row_cache_bytes(&self) -> usize {
        self.lately_read.get_usage()
    }

    fn read_options(prefix: &[u8]) -> ReadOptions {
        let mut options = ReadOptions::default();
        options.set_iterate_range(rocksdb::PrefixRange(prefix));
        options
    }
}

fn read_at<T>(
    db: &DB,
    reading: &ReadOptions,
    key: &[u8],
    how: impl FnOnce(&[u8]) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    let value = db.get_pinned_opt(key, reading);
    let value = value.map_err(|error| Fault::new("reading a row", error))?;
    value.map(|value| how(&value)).transpose()
}

impl Rows for Store {
    fn read<T>(
        &self,
        key: &[u8],
        how: impl FnOnce(&[u8]) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        read_at(&self.db, &self.reading, key, how)
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        let iterator = self
            .db
            .iterator_opt(IteratorMode::Start, Self::read_options(prefix));
        visit_all(iterator, visit)
    }

    fn scan_back(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        let iterator = self
            .db
            .iterator_opt(IteratorMode::End, Self::read_options(prefix));
        visit_all(iterator, visit)
    }
}

/// The store as it was at one moment.
pub(crate) struct Snapshot<'db> {
    db: &'db DB,
    snapshot: rocksdb::Snapshot<'db>,
    /// Made once for all reads.
    reading: ReadOptions,
    has_aliases: &'db Known,
}

impl Snapshot<'_> {
    /// Visits the rows whose keys start with the prefix, from one of them on.
    pub(crate) fn scan_from(
        &self,
        prefix: &[u8],
        start: &[u8],
        visit: &mut Visit<'_>,
    ) -> Result<(), Fault> {
        let mode = IteratorMode::From(start, Direction::Forward);
        let options = Store::read_options(prefix);
        visit_all(self.snapshot.iterator_opt(mode, options), visit)
    }

    /// Whether there is any alias, which is known for one revision.
    pub(crate) const fn has_aliases(&self) -> &Known {
        self.has_aliases
    }

    pub(crate) fn revision(&self) -> Revision {
        Revision(self.snapshot.sequence_number())
    }
}

impl Rows for Snapshot<'_> {
    fn read<T>(
        &self,
        key: &[u8],
        how: impl FnOnce(&[u8]) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        read_at(self.db, &self.reading, key, how)
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        visit_all(
            self.snapshot
                .iterator_opt(IteratorMode::Start, Store::read_options(prefix)),
            visit,
        )
    }

    fn scan_back(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        visit_all(
            self.snapshot
                .iterator_opt(IteratorMode::End, Store::read_options(prefix)),
            visit,
        )
    }
}

type Row = (Box<[u8]>, Box<[u8]>);

fn visit_all(
    iterator: impl Iterator<Item = Result<Row, rocksdb::Error>>,
    visit: &mut Visit<'_>,
) -> Result<(), Fault> {
    for row in iterator {
        let (key, value) = row.map_err(|error| Fault::new("scanning rows", error))?;
        if visit(&key, &value)?.is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
