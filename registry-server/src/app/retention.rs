//! Removes what is old from the audit log, behind all requests.

use std::sync::Arc;
use std::time::{Duration, Instant};

use registry_core::{Caller, Error, Pruned, Timestamp};

use super::App;

/// How often it is looked whether anything is old, unless it is kept for less.
const LOOK_PAUSE: Duration = Duration::from_mins(10);

impl App {
    /// Removes old records of the audit log, without end; a portion at a time, and after each a pause that is as long as
    /// it took.
    pub async fn follow_retention(self: Arc<Self>) {
        let Some(retention) = self.options.audit_retention else {
            return;
        };
        let kept = retention.duration();
        let mut removed = 0;
        loop {
            let begun = Instant::now();
            let app = Arc::clone(&self);
            let pruned = tokio::task::spawn_blocking(move || app.prune_audit(kept)).await;
            match pruned.unwrap_or(Err(Error::ShuttingDown)) {
                Ok(pruned) => {
                    removed += pruned.records;
                    if pruned.is_full {
                        tokio::time::sleep(begun.elapsed()).await;
                        continue;
                    }
                }
                Err(error) => {
                    tracing::error!(cause = %error, "old records of the audit log were not removed");
                }
            }
            if removed > 0 {
                tracing::info!(
                    records = removed,
                    "old records of the audit log were removed"
                );
                removed = 0;
            }
            tokio::time::sleep(LOOK_PAUSE.min(kept)).await;
        }
    }

    fn prune_audit(&self, kept: Duration) -> Result<Pruned, Error> {
        // Checkpoints that are nowhere else would go with the records.
        if self.registry.figures().unanchored() > 0 {
            return Ok(Pruned::default());
        }
        let kept = i64::try_from(kept.as_millis()).unwrap_or(i64::MAX);
        let before = Timestamp(Timestamp::now().0.saturating_sub(kept));
        self.registry.prune_audit(&Caller::local(), before)
    }
}
