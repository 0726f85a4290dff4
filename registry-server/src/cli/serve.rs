//! `concord serve`: settings, logging, store, listener; then until a signal comes.

use std::path::PathBuf;

use clap::ArgMatches;

use crate::options::{Options, layers};
use crate::telemetry;

/// The arguments of `concord serve`.
#[derive(clap::Args)]
pub(super) struct Serve {
    /// TOML file with any of the options below.
    #[arg(long, env = "CONCORD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Properties file of Confluent's Schema Registry; properties without counterpart are warned of.
    #[arg(long, env = "CONCORD_PROPERTIES", value_name = "FILE")]
    properties: Option<PathBuf>,

    #[command(flatten)]
    options: Options,
}

impl Serve {
    pub(super) fn run(&self, matches: &ArgMatches) -> anyhow::Result<()> {
        let layered = layers::read(matches, self.config.as_deref(), self.properties.as_deref())?;
        telemetry::start(layered.options.log_format, &layered.options.log_level)?;
        for warning in &layered.warnings {
            tracing::warn!("{warning}");
        }
        Ok(())
    }
}
