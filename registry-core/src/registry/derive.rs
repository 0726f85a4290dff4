//! Rows that follow from others and that an earlier format lacks: derived once, when its store is opened first.

use crate::store::codec::encode;
use crate::store::keys::{self, Kind};
use crate::store::pending::Pending;
use crate::store::{Fault, Store};
use crate::view::View;

/// What is derived here.
const DERIVED: [Kind; 4] = [Kind::Counts, Kind::Latest, Kind::Holder, Kind::Alias];

/// So many rows are written at once: a large store is taken over in little memory.
const ROWS_AT_ONCE: usize = 10_000;

/// Derives the figures, the newest versions, the holders of ids and the aliases from all other rows.
///
/// What is there of them goes first: an earlier version may have written to the store after a take-over that did not
/// come to its end, and it kept none of this in step.
pub(super) fn derive_anew(store: &Store) -> Result<(), Fault> {
    tracing::info!("deriving what the store of an earlier version lacks, once");
    let view = View::of_snapshot(store.snapshot());
    let mut rows = Portions::over(store);
    for kind in DERIVED {
        view.each_key(kind, &mut |key| rows.set(key.to_vec(), None))?;
    }
    for (context, counts) in view.counted_anew()? {
        rows.set(keys::counts(&context), Some(encode(&counts)))?;
    }
    view.each_latest_by_versions(&mut |subject, latest| {
        rows.set(keys::latest(subject), Some(encode(&latest)))
    })?;
    view.each_held_by_versions(&mut |subject, id, versions| {
        rows.set(keys::holder(subject, id), Some(encode(&versions)))
    })?;
    view.each_configured_alias(&mut |subject, alias| {
        rows.set(keys::alias(subject), Some(encode(&alias)))
    })?;
    store.commit(rows.pending.into_batch())
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

    fn set(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) -> Result<(), Fault> {
        match value {
            Some(value) => self.pending.put(key, value),
            None => self.pending.delete(key),
        }
        if self.pending.len() < ROWS_AT_ONCE {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.pending, Pending::over(self.store));
        self.store.commit(full.into_batch())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::ops::ControlFlow;

    use super::*;
    use crate::registry::Registry;
    use crate::store::Rows;
    use crate::{
        Caller, ConfigUpdate, Deletion, RegisterOptions, RegistryOptions, Scope, Subject,
        Submission, Update, VersionSpec,
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

    /// Subjects with one and two versions, the newer one deleted, nothing left, and an alias.
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
    fn a_store_of_an_earlier_format_gets_what_it_lacks_and_loses_what_is_wrong() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = || Registry::open(folder.path(), RegistryOptions::default()).expect("it opens");
        let registry = open();
        fill(&registry);
        let whole = rows(&registry);

        let view = registry.view();
        let mut pending = Pending::over(&registry.store);
        for kind in DERIVED {
            let mut drop_row = |key: &[u8]| {
                pending.delete(key.to_vec());
                Ok(())
            };
            view.each_key(kind, &mut drop_row).expect("it reads");
        }
        drop(view);
        let wrong = Subject::parse("gone");
        pending.put(keys::latest(&wrong), encode(&1));
        pending.put(keys::alias(&wrong), encode(&"a"));
        let batch = pending.into_batch();
        registry.store.commit(batch).expect("it writes");
        // One of figures, three newest versions less one, as many holders as versions, one alias; and the two wrong ones.
        assert_eq!(rows(&registry).len(), whole.len() - (1 + 2 + 4 + 1) + 2);
        drop(registry);
        let format = folder.path().join("FORMAT");
        let now = fs::read_to_string(&format).expect("it has a format");
        fs::write(&format, "2\n").expect("it can be written");

        assert_eq!(rows(&open()), whole);
        assert_eq!(fs::read_to_string(&format).expect("it is there"), now);
    }
}
