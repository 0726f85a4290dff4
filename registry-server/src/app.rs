//! What every handler may use, and the one bridge from the asynchronous server to blocking work.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use prometheus::IntGauge;
use tokio::sync::Semaphore;

use crate::api::error::Refusal;
use crate::metrics::Metrics;
use crate::options::Options;

/// The running server, but for its sockets. Built once, in `serve`.
pub struct App {
    /// The settings that it was started with.
    pub options: Options,
    /// Its figures.
    pub metrics: Metrics,
    /// Places for evaluations, those that wait included.
    places: Arc<Semaphore>,
    /// Evaluations that may run at a time.
    turns: Arc<Semaphore>,
    is_stopping: AtomicBool,
}

impl App {
    /// A server with these settings.
    pub fn new(options: Options) -> Result<Self, prometheus::Error> {
        let evaluations = evaluations_max(&options);
        let places = evaluations.saturating_add(options.evaluation_queue_max);
        Ok(Self {
            metrics: Metrics::new()?,
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            turns: Arc::new(Semaphore::new(evaluations)),
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
            .map_err(|_closed| Refusal::internal())?;
        drop(waiting);
        let app = Arc::clone(self);
        let running = Counted::new(&self.metrics.evaluations);
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn, running);
            work(&app)
        });
        done.await.unwrap_or_else(|failed| {
            tracing::error!(cause = %failed, "an evaluation failed");
            Err(Refusal::internal())
        })
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
        reasons
    }
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

fn evaluations_max(options: &Options) -> usize {
    match options.evaluations_max {
        0 => 2 * std::thread::available_parallelism().map_or(1, usize::from),
        count => count.min(Semaphore::MAX_PERMITS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::tests::options;

    fn app(running: usize, waiting: usize) -> Arc<App> {
        let options = Options {
            evaluations_max: running,
            evaluation_queue_max: waiting,
            ..options(&[])
        };
        Arc::new(App::new(options).expect("metrics with distinct names"))
    }

    #[tokio::test]
    async fn a_panic_is_the_failure_of_its_own_evaluation_only() {
        let app = app(1, 0);
        let failed = app
            .evaluate(|_| -> Result<(), Refusal> { panic!("a bug") })
            .await;
        assert_eq!(failed, Err(Refusal::internal()));
        assert_eq!(app.evaluate(|_| Ok(1)).await, Ok(1));
        assert_eq!(app.metrics.evaluations.get(), 0);
    }

    #[tokio::test]
    async fn when_every_place_is_taken_the_next_evaluation_is_refused() {
        let app = app(1, 1);
        let (release, gate) = std::sync::mpsc::channel::<()>();
        let running = tokio::spawn({
            let app = Arc::clone(&app);
            async move {
                app.evaluate(move |_| gate.recv().map_err(|_| Refusal::internal()))
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
