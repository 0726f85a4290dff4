//! What every handler may use, and the one bridge from the asynchronous server to blocking work.

pub(crate) mod audit;
mod retention;
mod watching;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use prometheus::IntGauge;
use registry_core::{
    Error, KeyServices, LocalSecret, OpenError, PolicyEvaluation, Registry, RegistryOptions,
    StoreOptions,
};
use tokio::sync::Semaphore;

use crate::answers::Answers;
use crate::api::error::Refusal;
use crate::auth::Gate;
use crate::auth::failures::Failures;
use crate::auth::users::UsersError;
use crate::governance::examination::LastExamination;
use crate::metrics::Metrics;
use crate::metrics::subjects::SubjectFigures;
use crate::options::{Options, PolicySource};

/// The running server, but for its sockets. Built once, in `serve`.
pub struct App {
    /// What is registered.
    pub registry: Arc<Registry>,
    /// The answers that are kept.
    pub answers: Answers,
    /// Who may ask.
    pub gate: Gate,
    /// Who could not prove who they are, since the last record of it.
    failures: Failures,
    /// What policies found in what stands.
    pub examination: LastExamination,
    /// The settings that it was started with.
    pub options: Options,
    /// Its figures.
    pub metrics: Metrics,
    /// Those of the subjects that are named, if any is.
    pub subjects: Option<SubjectFigures>,
    /// Places for evaluations, those that wait included.
    places: Arc<Semaphore>,
    /// Evaluations that may run at a time.
    turns: Arc<Semaphore>,
    is_stopping: AtomicBool,
}

impl App {
    /// Opens the registry of these settings.
    pub fn open(options: Options) -> Result<Self, StartError> {
        let registry = Registry::open(&options.data_dir, registry_options(&options)?)?;
        Self::over(Arc::new(registry), options)
    }

    fn over(registry: Arc<Registry>, options: Options) -> Result<Self, StartError> {
        let running = options.evaluations_max.clamp(1, Semaphore::MAX_PERMITS);
        let places = running.saturating_add(options.evaluation_queue_max);
        let metrics = Metrics::new()?;
        Ok(Self {
            registry,
            gate: Gate::open(&options, metrics.auth()?)?,
            failures: Failures::default(),
            examination: LastExamination::default(),
            answers: Answers::new(answers_bytes_max(&options)),
            subjects: metrics.subjects(&options.metrics_subjects)?,
            metrics,
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            turns: Arc::new(Semaphore::new(running)),
            is_stopping: AtomicBool::new(false),
            options,
        })
    }

    /// Runs work that may take long, or wait for the disk, on a thread that may block.
    ///
    /// Only so many run at a time, only so many more wait, and a panic of one is its own failure. Work whose
    /// request has timed out runs to its end and keeps its turn until then.
    pub async fn evaluate<T, F>(self: &Arc<Self>, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            self.metrics.evaluations_refused.inc();
            return Err(Refusal::busy());
        };
        let waiting = Counted::new(&self.metrics.evaluations_waiting);
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(Refusal::internal)?;
        drop(waiting);
        let app = Arc::clone(self);
        let running = Counted::new(&self.metrics.evaluations);
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn, running);
            span.in_scope(|| work(&app))
        });
        done.await
            .unwrap_or_else(|failed| Err(Refusal::internal(failed)))
    }

    /// The outcome of a change, after what policies said to it was counted.
    pub fn counting<T>(
        &self,
        done: Result<T, Error>,
        policies: impl FnOnce(&T) -> Option<&PolicyEvaluation>,
    ) -> Result<T, Error> {
        self.count_policies(match &done {
            Ok(done) => policies(done),
            Err(error) => error.policies(),
        });
        done
    }

    /// Counts what policies said, if they were asked.
    pub fn count_policies(&self, policies: Option<&PolicyEvaluation>) {
        if let Some(policies) = policies {
            self.metrics.policies.observe(policies);
        }
    }

    /// Shows which revision of the governance documents is in force.
    pub fn show_policy_revision(&self, number: u64) {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.metrics.policies.revision.set(number);
    }

    /// From now on the server is not ready: it is about to end.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Why no traffic should be sent here; empty when it may.
    #[must_use]
    pub fn reasons_not_ready(&self) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        if self.is_stopping.load(Ordering::Relaxed) {
            reasons.push("the server is shutting down");
        }
        if !self.registry.is_healthy() {
            reasons.push("a write failed: nothing is written until the server is restarted");
        }
        let patience = Duration::from_millis(self.options.write_patience_ms);
        if self.registry.figures().writing() > Some(patience) {
            reasons.push("the disk does not take a write: nothing is written until it does");
        }
        reasons
    }

    /// What is not as it should be, though traffic may be sent here.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.metrics.policies.load_failed.get() != 0 {
            warnings.push(
                "the folder of governance documents cannot be taken: the last good ones are in force",
            );
        }
        warnings
    }
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store cannot be opened; nothing in it has changed.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The file with the local key cannot be used.
    #[error("cannot read the local key file {}: {source}", .path.display())]
    LocalKey {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file of users cannot be used.
    #[error(transparent)]
    Users(#[from] UsersError),
    /// The file with the keys of the audit log cannot be used.
    #[error("cannot use the audit key file {}: {cause}", .path.display())]
    AuditKey {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// Records cannot be removed unseen.
    #[error(
        "`audit-retention` needs `audit-key-file`: what stays in the place of old records is signed"
    )]
    RetentionWithoutKey,
    /// Two figures have one name.
    #[error(transparent)]
    Metrics(#[from] prometheus::Error),
}

/// One more in a gauge, for as long as it lives.
pub(crate) struct Counted(IntGauge);

impl Counted {
    pub(crate) fn new(gauge: &IntGauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// What is kept of answers: three eighths of the memory at most.
fn answers_bytes_max(options: &Options) -> usize {
    options
        .answers_bytes_max
        .min(options.memory_bytes_max / 8 * 3)
}

/// The registry's part of the settings. Of the memory it gets a half, most of it for the store, and what answers do not
/// take of their part; the rest is for connections.
fn registry_options(options: &Options) -> Result<RegistryOptions, StartError> {
    Ok(RegistryOptions {
        level: options.compatibility_level,
        validate_fields: options.validate_fields,
        validate_new_schemas: options.validate_new_schemas,
        mode_mutable: options.mode_mutability,
        reject_empty_subject: options.reject_empty_subject,
        strict_reference_versions: options.reference_versions_strict,
        schema_bytes_max: options.record_bytes_max,
        key_count_max: options.key_count_max,
        write_queue_max: options.write_queue_max,
        key_services: KeyServices {
            local: options
                .local_kms_key_file
                .as_deref()
                .map(local_secret)
                .transpose()?,
        },
        library_bytes_max: u64::try_from(options.memory_bytes_max / 8).unwrap_or(u64::MAX),
        audit: audit::options(options)?,
        policies_enabled: options.policy_source != PolicySource::None,
        store: StoreOptions {
            memory_bytes_max: options.memory_bytes_max / 8 * 6 - answers_bytes_max(options),
        },
        ..RegistryOptions::default()
    })
}

/// Reads the secret of the local key service.
fn local_secret(path: &Path) -> Result<LocalSecret, StartError> {
    let failed = |source| StartError::LocalKey {
        path: path.to_owned(),
        source,
    };
    let mut text = fs::read_to_string(path).map_err(failed)?;
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    if text.is_empty() {
        return Err(failed(io::Error::other("it is empty")));
    }
    Ok(LocalSecret::new(text))
}

#[cfg(test)]
pub(crate) mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::options::tests::options;

    /// A server with these flags on a store of its own, which goes with the directory.
    pub(crate) fn app(flags: &[&str]) -> (Arc<App>, TempDir) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let options = Options {
            data_dir: directory.path().to_owned(),
            ..options(flags)
        };
        (
            Arc::new(App::open(options).expect("a new store")),
            directory,
        )
    }

    /// Another server with these flags on the store of the first.
    pub(crate) fn app_over(first: &App, flags: &[&str]) -> Arc<App> {
        let registry = Arc::clone(&first.registry);
        Arc::new(App::over(registry, options(flags)).expect("distinct names"))
    }

    #[test]
    fn the_local_key_is_the_text_of_its_file_without_the_line_end() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("key");
        for text in ["a secret \n", "a secret \r\n", "a secret "] {
            fs::write(&path, text).expect("a file");
            let secret = local_secret(&path).expect("a secret");
            assert!(
                secret == LocalSecret::new("a secret ".to_owned()),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_local_key_file_without_a_key_keeps_the_server_from_starting() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("key");
        let refused = |path: &Path| local_secret(path).expect_err("no key").to_string();
        assert!(refused(&path).starts_with("cannot read the local key file"));
        fs::write(&path, "\n").expect("a file");
        assert!(refused(&path).ends_with("it is empty"));
    }

    #[tokio::test]
    async fn a_panic_is_the_failure_of_its_own_evaluation_only() {
        let (app, _directory) = app(&["--evaluations-max", "1", "--evaluation-queue-max", "0"]);
        let failed = app
            .evaluate(|_| -> Result<(), Refusal> { panic!("a bug") })
            .await;
        let failed = failed.expect_err("it panicked");
        assert_eq!(failed.status(), 500);
        let cause = failed.failure().unwrap_or_default();
        assert!(cause.contains("a bug"), "{cause}");
        assert_eq!(app.evaluate(|_| Ok(1)).await, Ok(1));
        assert_eq!(app.metrics.evaluations.get(), 0);
    }

    #[tokio::test]
    async fn when_every_place_is_taken_the_next_evaluation_is_refused() {
        let (app, _directory) = app(&["--evaluations-max", "1", "--evaluation-queue-max", "1"]);
        let (release, gate) = std::sync::mpsc::channel::<()>();
        let running = tokio::spawn({
            let app = Arc::clone(&app);
            async move {
                app.evaluate(move |_| gate.recv().map_err(Refusal::internal))
                    .await
            }
        });
        let waiting = tokio::spawn({
            let app = Arc::clone(&app);
            async move { app.evaluate(|_| Ok(())).await }
        });
        while app.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(app.evaluate(|_| Ok(())).await, Err(Refusal::busy()));
        assert_eq!(app.metrics.evaluations_refused.get(), 1);

        release.send(()).expect("the first evaluation waits");
        assert_eq!(running.await.expect("no panic"), Ok(()));
        assert_eq!(waiting.await.expect("no panic"), Ok(()));
        assert_eq!(app.evaluate(|_| Ok(())).await, Ok(()));
    }
}
