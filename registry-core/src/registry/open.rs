//! Opening: the files, what is derived from them once, the audit log, the writer.

use std::path::Path;
use std::sync::Arc;

use crate::audit::chain::Chain;
use crate::library::Library;
use crate::policy::Policies;
use crate::store::{Fault, Store};
use crate::writer::Writer;
use crate::{OpenError, RegistryOptions};

use super::Registry;
use super::derive;

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
        if store.is_of_earlier_format() {
            derive::begin(&store).map_err(damaged)?;
            Store::take_over(folder)?;
        }
        derive::finish(&store).map_err(damaged)?;
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
