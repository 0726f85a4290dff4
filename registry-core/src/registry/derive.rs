//! Rows that follow from others and that an earlier format lacks: derived once, when its store is opened first.
//!
//! A mark is put into the store before it gets the number of the new format, and goes with the last of the rows: a take-over
//! that is cut short goes on at the next start, and earlier versions refuse the store all the while.

use crate::store::codec::{decode, encode};
use crate::store::keys;
use crate::store::pending::Pending;
use crate::store::rows::AuditHeadRow;
use crate::store::{Fault, Rows, Store};
use crate::view::View;

/// So many rows are written at once: a large store is taken over in little memory.
const ROWS_AT_ONCE: usize = 10_000;

/// Marks a store that lacks rows.
pub(super) fn begin(store: &Store) -> Result<(), Fault> {
    let mut pending = Pending::over(store);
    pending.put(keys::take_over(), encode(&()));
    commit(store, pending)
}

/// What is derived is no change that ought to be on record: where the store ended with its audit log, it still does.
fn commit(store: &Store, mut pending: Pending<'_>) -> Result<(), Fault> {
    let head: Option<AuditHeadRow> = store.read(&keys::audit_head(), decode)?;
    if let Some(mut head) = head
        && head.revision == store.revision().0
    {
        let rows = pending.len() + 1;
        head.revision += rows as u64;
        pending.put(keys::audit_head(), encode(&head));
    }
    store.commit(pending.into_batch())
}

/// Derives the figures, the newest versions, all holders of ids and the aliases, if the store is marked.
pub(super) fn finish(store: &Store) -> Result<(), Fault> {
    if store.read(&keys::take_over(), |_| Ok(()))?.is_none() {
        return Ok(());
    }
    tracing::info!("deriving what the store of an earlier version lacks, once");
    let view = View::of_snapshot(store.snapshot());
    let mut rows = Portions::over(store);
    for (context, counts) in view.counted_anew()? {
        rows.put(keys::counts(&context), encode(&counts))?;
    }
    view.each_latest_by_versions(&mut |subject, latest| {
        rows.put(keys::latest(subject), encode(&latest))
    })?;
    view.each_held_by_versions(&mut |subject, id, versions| {
        let mut versions = versions.clone();
        // Which one came last, only the row knows.
        if let Some(last) = view.holder_row(subject, id)?.last() {
            versions.add(last);
        }
        rows.put(keys::holder(subject, id), versions.encode())
    })?;
    view.each_configured_alias(&mut |subject, alias| {
        rows.put(keys::alias(subject), encode(&alias))
    })?;
    rows.pending.delete(keys::take_over());
    commit(store, rows.pending)
}

struct Portions<'a> {
    store: &'a Store,
    pending: Pending<'a>,
}

impl<'a> Portions<'a> {
    const fn over(store: &'a Store) -> Self {
        Self {
            store,
            pending: Pending::over(store),
        }
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Fault> {
        self.pending.put(key, value);
        if self.pending.len() < ROWS_AT_ONCE {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.pending, Pending::over(self.store));
        commit(self.store, full)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::audit::{AuditOptions, ErrorCodes, SigningKeys};
    use crate::registry::Registry;
    use crate::store::StoreOptions;
    use crate::{
        Caller, ConfigUpdate, Context, Deletion, RegisterOptions, RegistryOptions, SchemaId, Scope,
        Subject, Submission, Update, VersionSpec,
    };

    fn rows(registry: &Registry) -> Vec<String> {
        let mut rows = Vec::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            rows.push(format!("{} {}", key.escape_ascii(), value.escape_ascii()));
            Ok(ControlFlow::Continue(()))
        };
        registry.store.scan(&[], &mut visit).expect("it reads");
        rows
    }

    /// Subjects with one version, with two of which the newer one is deleted, with none that is left, and an alias.
    fn fill(registry: &Registry) {
        let caller = Caller::local();
        for (subject, text) in [("a", "int"), ("b", "int"), ("b", "long"), ("c", "int")] {
            let submission = Submission {
                text: Some(format!("\"{text}\"")),
                ..Submission::default()
            };
            let options = RegisterOptions {
                force: true,
                ..RegisterOptions::default()
            };
            let done = registry.register(&caller, &Subject::parse(subject), &submission, options);
            done.expect("a good schema");
        }
        for subject in ["b", "c"] {
            let (subject, spec) = (Subject::parse(subject), VersionSpec::Latest);
            let done = registry.delete_version(&caller, &subject, spec, Deletion::Soft);
            done.expect("there is one");
        }
        let update = ConfigUpdate {
            alias: Update::Set("a".to_owned()),
            ..ConfigUpdate::default()
        };
        let scope = Scope::Subject(Subject::parse("z"));
        let done = registry.put_config(&caller, &scope, update);
        done.expect("a good configuration");
    }

    #[test]
    fn what_is_derived_is_no_change_without_a_record_wherever_it_is_cut_short() {
        let options = || RegistryOptions {
            audit: Some(AuditOptions {
                node: "n".to_owned(),
                keys: SigningKeys::parse(&"5".repeat(64)).expect("a key"),
                anchors: Vec::new(),
                settings: String::new(),
                error_codes: ErrorCodes(|_| 0),
            }),
            ..RegistryOptions::default()
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let registry = Registry::open(folder.path(), options()).expect("it opens");
        fill(&registry);
        registry.close();
        drop(registry);
        for is_finished in [false, true] {
            let store = Store::open(folder.path(), &StoreOptions::default()).expect("it opens");
            begin(&store).expect("it writes");
            if is_finished {
                finish(&store).expect("it writes");
            }
            drop(store);
            let registry = Registry::open(folder.path(), options()).expect("it opens");
            let mut last = String::new();
            let view = registry.view();
            view.audit_lines(0, &mut |line, _| {
                last = line.record;
                ControlFlow::Continue(())
            })
            .expect("it reads");
            assert!(last.contains("registry.open"), "{last}");
            assert!(!last.contains("after changes"), "{last}");
            drop(view);
            registry.close();
        }
    }

    #[test]
    fn a_marked_store_gets_what_it_lacks_at_the_next_start() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = || Registry::open(folder.path(), RegistryOptions::default()).expect("it opens");
        let registry = open();
        fill(&registry);
        let whole = rows(&registry);

        let mut pending = Pending::over(&registry.store);
        pending.delete(keys::counts(&Context::default_context()));
        for subject in ["a", "b"] {
            pending.delete(keys::latest(&Subject::parse(subject)));
        }
        pending.delete(keys::alias(&Subject::parse("z")));
        // As the first encoding had it.
        let id = SchemaId::new(1).expect("in range");
        pending.put(keys::holder(&Subject::parse("a"), id), encode(&1_u32));
        pending.put(keys::take_over(), encode(&()));
        let batch = pending.into_batch();
        registry.store.commit(batch).expect("it writes");
        assert_eq!(rows(&registry).len(), whole.len() - 4 + 1);
        drop(registry);

        assert_eq!(rows(&open()), whole);
    }
}
