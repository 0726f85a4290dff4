//! Opening: the files, what is derived from them once, the audit log, the writer.

use std::path::Path;
use std::sync::Arc;

use crate::audit::chain::Chain;
use crate::library::Library;
use crate::policy::Policies;
use crate::store::codec::encode;
use crate::store::pending::Pending;
use crate::store::{Fault, Store, keys};
use crate::view::View;
use crate::writer::Writer;
use crate::{OpenError, RegistryOptions};

use super::Registry;

impl Registry {
    /// Opens the data directory, or creates it.
    ///
    /// # Errors
    /// [`OpenError`] in one sentence; then nothing in the directory has changed.
    pub fn open(folder: &Path, options: RegistryOptions) -> Result<Self, OpenError> {
        let store = Arc::new(Store::open(folder, &options.store)?);
        let damaged = |fault: Fault| OpenError::Damaged {
            path: folder.to_owned(),
            what: fault.to_string(),
        };
        let chain = options.audit.as_ref();
        let chain = chain.map(|audit| Chain::open(&store, audit)).transpose();
        let (chain, interruption) = chain.map_err(damaged)?.unzip();
        count_once(&store).map_err(damaged)?;
        let writer = Writer::start(Arc::clone(&store), chain, options.write_queue_max);
        let writer = writer.map_err(|source| OpenError::Io {
            doing: "start the writer for",
            path: folder.to_owned(),
            source,
        })?;
        let library = Library::new(options.library_bytes_max, Arc::clone(store.figures()));
        let policies = Policies::new(&options);
        let registry = Self {
            writer,
            store,
            library,
            options,
            policies,
        };
        if let Some(interruption) = interruption {
            registry
                .put_opening_on_record(interruption)
                .map_err(|error| OpenError::Damaged {
                    path: folder.to_owned(),
                    what: error.to_string(),
                })?;
        }
        Ok(registry)
    }
}

/// Earlier versions kept no figures of what a store holds: then they are found once, and kept from now on.
fn count_once(store: &Store) -> Result<(), Fault> {
    let view = View::of_snapshot(store.snapshot());
    if !view.is_uncounted()? {
        return Ok(());
    }
    tracing::info!("counting what the store holds, once");
    let mut pending = Pending::over(store);
    for (context, counts) in view.counted_anew()? {
        pending.put(keys::counts(&context), encode(&counts));
    }
    store.commit(pending.into_batch())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::Counts;
    use crate::{Caller, Context, RegisterOptions, Subject, Submission};

    #[test]
    fn a_store_without_figures_is_counted_at_its_next_start() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = || Registry::open(folder.path(), RegistryOptions::default()).expect("it opens");
        let registry = open();
        let context = Context::default_context();
        let submission = Submission {
            text: Some(r#""int""#.to_owned()),
            ..Submission::default()
        };
        for subject in ["a", "b"] {
            let subject = Subject::parse(subject);
            registry
                .register(
                    &Caller::local(),
                    &subject,
                    &submission,
                    RegisterOptions::default(),
                )
                .expect("a good schema");
        }
        let kept = registry.view().counts_of(&context).expect("it reads");
        assert_eq!((kept.subjects, kept.versions.avro), (2, 2));

        let mut pending = Pending::over(&registry.store);
        pending.delete(keys::counts(&context));
        let batch = pending.into_batch();
        registry.store.commit(batch).expect("it writes");
        let lost = registry.view().counts_of(&context).expect("it reads");
        assert_eq!(lost, Counts::default());

        drop(registry);
        let found = open().view().counts_of(&context).expect("it reads");
        assert_eq!(found, kept);
    }
}
