//! Log lines: text for people on a terminal, one JSON object a line for machines.
//!
//! They go to standard error. Metrics are in `metrics.rs`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::options::LogFormat;

/// Logging that cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter has a syntax of its own.
    #[error("option `log-level`: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Only one subscriber can be installed.
    #[error("logging was set up already: {0}")]
    Again(#[from] tracing_subscriber::util::TryInitError),
}

/// Sends log lines to standard error from now on.
pub fn start(format: Option<LogFormat>, filter: &str) -> Result<(), TelemetryError> {
    let filter = EnvFilter::try_new(filter)?;
    let format = format.unwrap_or_else(|| {
        if std::io::stderr().is_terminal() {
            LogFormat::Text
        } else {
            LogFormat::Json
        }
    });
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder.with_target(false).finish().try_init()?,
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .finish()
            .try_init()?,
    }
    Ok(())
}
