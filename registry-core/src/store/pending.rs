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

    /// How many rows change.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
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

    /// The changes below a prefix, ascending.
    fn below(&self, prefix: &[u8]) -> Vec<(&[u8], Option<&[u8]>)> {
        let rows = self.rows.range(prefix.to_vec()..);
        rows.take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, value)| (key.as_slice(), value.as_deref()))
            .collect()
    }
}

/// Visits stored rows, handed over by `scan`, and changes as one sequence: a change takes the place of the row.
fn merge<'c>(
    changes: impl Iterator<Item = (&'c [u8], Option<&'c [u8]>)>,
    is_before: fn(&[u8], &[u8]) -> bool,
    scan: impl FnOnce(&mut Visit<'_>) -> Result<(), Fault>,
    visit: &mut Visit<'_>,
) -> Result<(), Fault> {
    let mut changes = changes.peekable();
    let mut is_over = false;
    scan(&mut |key, value| {
        let mut row = Some(value);
        while let Some((changed, value)) =
            changes.next_if(|(changed, _)| *changed == key || is_before(changed, key))
        {
            if changed == key {
                row = value;
            } else if let Some(value) = value
                && visit(changed, value)?.is_break()
            {
                is_over = true;
                return Ok(ControlFlow::Break(()));
            }
        }
        let flow = row.map_or(Ok(ControlFlow::Continue(())), |value| visit(key, value))?;
        is_over = flow.is_break();
        Ok(flow)
    })?;
    if is_over {
        return Ok(());
    }
    for (key, value) in changes {
        if let Some(value) = value
            && visit(key, value)?.is_break()
        {
            break;
        }
    }
    Ok(())
}

impl Rows for Pending<'_> {
    fn read<T>(
        &self,
        key: &[u8],
        how: impl FnOnce(&[u8]) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        match self.rows.get(key) {
            Some(value) => value.as_deref().map(how).transpose(),
            None => self.store.read(key, how),
        }
    }

    fn scan(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        let changes = self.below(prefix).into_iter();
        let stored = |visit: &mut Visit<'_>| self.store.scan(prefix, visit);
        merge(changes, |one, other| one < other, stored, visit)
    }

    fn scan_back(&self, prefix: &[u8], visit: &mut Visit<'_>) -> Result<(), Fault> {
        let changes = self.below(prefix).into_iter().rev();
        let stored = |visit: &mut Visit<'_>| self.store.scan_back(prefix, visit);
        merge(changes, |one, other| one > other, stored, visit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreOptions;

    /// The keys of a scan that stops after so many rows.
    fn seen(pending: &Pending<'_>, back: bool, limit: usize) -> Vec<(String, String)> {
        let mut seen = Vec::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            seen.push((text(key), text(value)));
            Ok(match seen.len() < limit {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            })
        };
        match back {
            false => pending.scan(b"k", &mut visit),
            true => pending.scan_back(b"k", &mut visit),
        }
        .expect("the store reads");
        seen
    }

    #[test]
    fn changes_take_the_place_of_stored_rows_in_both_directions() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(folder.path(), &StoreOptions::default()).expect("it opens");
        let mut stored = Pending::over(&store);
        for (key, value) in [
            ("j", "x"),
            ("k2", "old"),
            ("k4", "old"),
            ("k5", "old"),
            ("l", "x"),
        ] {
            stored.put(key.into(), value.into());
        }
        store.commit(stored.into_batch()).expect("it writes");
        let mut pending = Pending::over(&store);
        for (key, value) in [
            ("i", "x"),
            ("k1", "new"),
            ("k4", "new"),
            ("k6", "new"),
            ("m", "x"),
        ] {
            pending.put(key.into(), value.into());
        }
        pending.delete("k2".into());
        pending.delete("k3".into());
        let row = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let all = [
            row("k1", "new"),
            row("k4", "new"),
            row("k5", "old"),
            row("k6", "new"),
        ];
        for limit in 1..=5 {
            let wanted = limit.min(all.len());
            assert_eq!(seen(&pending, false, limit), all[..wanted]);
            let back: Vec<_> = all.iter().rev().take(wanted).cloned().collect();
            assert_eq!(seen(&pending, true, limit), back);
        }
    }
}
