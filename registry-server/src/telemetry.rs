//! Log lines: text for people on a terminal, one JSON object a line for machines.
//!
//! They go to standard error. Metrics are in `metrics.rs`, spans in [`traces`], answers in `access_log.rs`.

pub(crate) mod panics;
pub mod traces;

use std::io::IsTerminal;

use tracing::Subscriber;
use tracing_subscriber::filter::{LevelFilter, dynamic_filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::options::LogFormat;
use traces::Traces;

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

/// Sends log lines to standard error from now on, and spans to where they are wanted.
pub fn start(
    format: Option<LogFormat>,
    filter: &str,
    traces: Option<&Traces>,
) -> Result<(), TelemetryError> {
    let format = format.unwrap_or_else(by_destination);
    subscriber(format, filter, traces)?.try_init()?;
    if format == LogFormat::Json {
        panics::tell_as_json();
    }
    Ok(())
}

fn by_destination() -> LogFormat {
    match std::io::stderr().is_terminal() {
        true => LogFormat::Text,
        false => LogFormat::Json,
    }
}

fn subscriber(
    format: LogFormat,
    filter: &str,
    traces: Option<&Traces>,
) -> Result<impl Subscriber + Send + Sync + use<>, TelemetryError> {
    let filter = EnvFilter::try_new(filter)?;
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Text => lines.with_target(false).with_filter(filter).boxed(),
        LogFormat::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_filter(filter)
            .boxed(),
    };
    // Without a collector there is no layer that wants spans, so each place that would make one is a single branch.
    let spans = traces.map(|traces| {
        let ours = dynamic_filter_fn(|about, context| {
            about.is_span()
                && about.target().starts_with("registry_")
                // The others are parts of a request, and only made where that is traced.
                && (about.name() == traces::REQUEST || context.lookup_current().is_some())
        });
        let ours = ours.with_max_level_hint(LevelFilter::DEBUG);
        tracing_opentelemetry::layer()
            .with_tracer(traces.tracer())
            .with_filter(ours)
    });
    Ok(tracing_subscriber::registry().with(lines).with(spans))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_cost_a_branch_unless_there_is_a_collector() {
        // The marks of what takes time are at this level: below the hint they are passed over without a question.
        let most = |traces| {
            let subscriber = subscriber(LogFormat::Json, "info", traces);
            subscriber.expect("a good filter").max_level_hint()
        };
        assert_eq!(most(None), Some(LevelFilter::INFO));

        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let endpoint = "http://127.0.0.1:9/v1/traces";
        let traces = Traces::start(endpoint, runtime.handle()).expect("an address");
        assert_eq!(most(Some(&traces)), Some(LevelFilter::DEBUG));
    }
}
