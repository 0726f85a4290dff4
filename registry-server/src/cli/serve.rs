//! `concord serve`: settings, logging, store, listener; then until a signal comes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::ArgMatches;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::App;
use crate::exchange::Front;
use crate::governance::examination;
use crate::governance::watch::FolderWatch;
use crate::monitoring::Monitoring;
use crate::options::{Options, PolicySource, layers};
use crate::router::router;
use crate::telemetry::{self, traces::Traces};
use crate::transport::Transport;
use crate::watch::{Watch, Watched};

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
        let options = layered.options;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .context("cannot start threads")?;
        let traces = options.traces_endpoint.as_deref();
        let traces = traces
            .map(|endpoint| Traces::start(endpoint, runtime.handle()))
            .transpose()
            .context("option `traces-endpoint`")?;
        telemetry::start(options.log_format, &options.log_level, traces.as_ref())?;
        for warning in &layered.warnings {
            tracing::warn!("{warning}");
        }
        let app = Arc::new(App::open(options)?);
        if let Some(traces) = &traces {
            app.metrics.spans_lost.get_or_init(|| traces.lost());
        }
        let patience = Duration::from_millis(app.options.shutdown_timeout_ms);
        let served = runtime.block_on(serve(Arc::clone(&app)));
        if let Some(traces) = &traces {
            traces.end();
        }
        // First the evaluations that still run, then the writer: it commits what they have handed over.
        runtime.shutdown_timeout(patience);
        app.record_failures();
        let is_healthy = app.registry.is_healthy();
        app.registry.close();
        served?;
        anyhow::ensure!(is_healthy, "a write failed; see the log for the cause");
        tracing::info!("concord has ended");
        Ok(())
    }
}

/// Applies the folder of governance documents, if there is to be one, and goes on looking at it.
fn watch_policies(app: &Arc<App>) -> anyhow::Result<()> {
    let in_force = app.registry.view().policy_number()?;
    app.show_policy_revision(in_force.unwrap_or_default());
    let folder = match (app.options.policy_source, &app.options.policy_dir) {
        (PolicySource::Dir, Some(folder)) => folder.clone(),
        (PolicySource::Dir, None) => anyhow::bail!("--policy-source dir needs --policy-dir"),
        (PolicySource::Api | PolicySource::None, _) => return Ok(()),
    };
    let mut watch = FolderWatch::new(Arc::clone(app), folder);
    match (watch.look(), in_force) {
        (Ok(()), _) => {}
        (Err(error), Some(revision)) => {
            tracing::error!(cause = %error, revision, "the governance documents were not taken; the last good ones stay in force");
        }
        // Nothing is let in under documents that were never understood.
        (Err(error), None) => {
            return Err(error).context("cannot start with these governance documents");
        }
    }
    tokio::spawn(watch.run());
    Ok(())
}

async fn serve(app: Arc<App>) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot wait for SIGINT")?;
    let listen = app.options.listen;
    let transport =
        Transport::bind(Arc::clone(&app)).with_context(|| format!("cannot listen on {listen}"))?;
    let monitoring = match app.options.metrics_listen {
        Some(address) => {
            let bound = Monitoring::bind(Arc::clone(&app), address).await;
            Some(bound.with_context(|| format!("cannot listen on {address} for metrics"))?)
        }
        None => None,
    };
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => tracing::info!("SIGTERM: finishing what runs"),
            _ = interrupt.recv() => tracing::info!("SIGINT: finishing what runs"),
        }
    };
    let hangup = signal(SignalKind::hangup()).context("cannot wait for SIGHUP")?;
    tokio::spawn({
        let app = Arc::clone(&app);
        async move { app.gate.follow_file(hangup).await }
    });
    tokio::spawn(Arc::clone(&app).follow_failures());
    tokio::spawn(Arc::clone(&app).follow_retention());
    tokio::spawn(Arc::clone(&app).follow_audit_log());
    watch_policies(&app)?;
    tokio::spawn(examination::follow(Arc::clone(&app)));
    let front = Front::new(Arc::clone(&app), router(&app));
    let watch = Watch::of(&app).context("cannot start the access log")?;
    let front = Watched::new(front, watch);
    // Nobody is told that the server is ready before nothing can keep it from answering any more.
    let monitoring = monitoring.map(|monitoring| tokio::spawn(monitoring.run()));
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        store = %app.options.data_dir.display(),
        listen = %transport.address()?,
        "concord is ready"
    );
    transport.run(front, stop).await;
    // Until here, so that those who watch see the end.
    if let Some(monitoring) = monitoring {
        monitoring.abort();
    }
    Ok(())
}
