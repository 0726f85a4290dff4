//! Verifies the audit log of the store, behind all requests: from its start to its end, on with what is added, and after
//! a day from its start again.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use registry_core::{AuditWatch, AuditWatched, Fault};

use super::App;

/// How often it is looked whether there are new records.
const LOOK_PAUSE: Duration = Duration::from_secs(2);

/// Pause after a fault.
const FAULT_PAUSE: Duration = Duration::from_secs(60);

/// Then everything is verified again.
const AGE_MAX: Duration = Duration::from_hours(24);

impl App {
    /// Verifies the audit log, without end; after each portion comes a pause that is as long as it took. What is wrong is
    /// told and shown for as long as the process lives, and left as it is.
    pub async fn follow_audit_log(self: Arc<Self>) {
        let mut watch = AuditWatch::default();
        let mut began = Instant::now();
        let mut is_told = false;
        while self.keeps_audit_log() {
            if began.elapsed() >= AGE_MAX {
                watch = AuditWatch::default();
                began = Instant::now();
            }
            let begun = Instant::now();
            let app = Arc::clone(&self);
            let done = tokio::task::spawn_blocking(move || {
                let watched = app.registry.watch_audit(&mut watch);
                (watch, watched)
            });
            let Ok((back, watched)) = done.await else {
                return;
            };
            watch = back;
            let pause = match watched {
                Ok(watched) => self.show_watched(&watched, begun, &mut is_told),
                Err(fault) => Self::not_verified(&fault),
            };
            tokio::time::sleep(pause).await;
        }
    }

    fn show_watched(&self, watched: &AuditWatched, begun: Instant, is_told: &mut bool) -> Duration {
        let figures = &self.metrics.audit;
        figures.verified.store(watched.last, Ordering::Relaxed);
        if let Some(problem) = watched.problems.first() {
            figures.is_broken.store(true, Ordering::Relaxed);
            if !*is_told {
                tracing::error!(%problem, "the audit log of this store is not sound; it is left as it is");
            }
            *is_told = true;
        }
        match watched.is_at_end {
            true => LOOK_PAUSE,
            false => begun.elapsed(),
        }
    }

    fn not_verified(fault: &Fault) -> Duration {
        tracing::error!(cause = %fault, "the audit log was not verified");
        FAULT_PAUSE
    }
}
