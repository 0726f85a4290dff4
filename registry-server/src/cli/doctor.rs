//! `concord doctor`: examines a store that nobody has open.

use std::path::PathBuf;

use anyhow::bail;
use registry_core::{Registry, RegistryOptions};

/// The arguments of `concord doctor`.
#[derive(clap::Args)]
pub(super) struct Doctor {
    /// Directory of the store.
    #[arg(
        long,
        env = "CONCORD_DATA_DIR",
        value_name = "DIR",
        default_value = "./data"
    )]
    data_dir: PathBuf,
}

impl Doctor {
    /// Prints every row that does not fit the others; fails if there is one.
    pub(super) fn run(&self) -> anyhow::Result<()> {
        // Opening would create it.
        if !self.data_dir.is_dir() {
            bail!("there is no store in {}", self.data_dir.display());
        }
        let registry = Registry::open(&self.data_dir, RegistryOptions::default())?;
        let mut findings = 0_usize;
        registry.view().examine(&mut |finding| {
            findings += 1;
            println!("{finding}");
        })?;
        if findings > 0 {
            bail!("{findings} rows do not fit the others");
        }
        println!("every row fits the others");
        Ok(())
    }
}
