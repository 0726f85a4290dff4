//! The rows that the writer is about to commit, laid over those that are stored.
//!
//! A fact may need to see what an earlier one of the same batch changed; reads here find both.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use rocksdb::WriteBatch;

use super::{Fault, Rows, Store, Visit};

/// Changes that are not stored yet. Dropping them forgets them.
#[must_use]
pub(crate) struct Pending<'a> {
    store: &'a Store,
    rows: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
}

impl<'a> Pending<'a> {
    pub(crate) const fn over(store: &'a Store) -> Self {
        Self {
            store,
            rows: BTreeMap::new(),
        }
    }

    pub(crate) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.rows.insert(key, Some(value));
    }

    pub(crate) fn delete(&mut self, key: Vec<u8>) {
        self.rows.insert(key, None);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Everything as one batch, all or nothing.
    pub(crate) fn into_batch(self) -> WriteBatch {
        let mut batch = WriteBatch::default();
        for (key, value) in self.rows {
            match value {
                Some(value) => batch.put(key, value),
                None => batch.delete(key),
            }
        }
        batch
    }

    /// The rows of a prefix as they will be.
    fn merged(&self, prefix: &[u8]) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, Fault> {
        let mut merged = BTreeMap::new();
        self.store.scan(prefix, &mut |key, value| {
            merged.insert(key.to_vec(), value.to_vec());
            Ok(ControlFlow::Continue(()))
        })?;
        for (key, value) in self
            .rows
            .range(prefix.to_vec()..)
            .take_while(|(key, _)| key.starts_with(prefix))
        {
            match value {
                Some(value) => merged.insert(key.clone(), value.clone()),
                None => merged.remove(key),
            };
        }
        Ok(merged)
    }
}

impl Rows for Pending<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        match self.rows.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.store.get(key),
        }
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        for (key, value) in self.merged(prefix)? {
            if visit(&key, &value)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn scan_back(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        for (key, value) in self.merged(prefix)?.into_iter().rev() {
            if visit(&key, &value)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}
