//! Who asks: Basic authentication against a file of users.
//!
//! A password is checked once by its slow hash; then the check is remembered for a short time, by a keyed digest of
//! what was sent, so that answering costs no slow hash, and by its connection, so that it costs none at all. What somebody may do once their name is proved is not decided here.
//!
//! Slow hashes are work that strangers can ask for. So only a few run at a time, off the threads that serve
//! connections; each name has a queue of its own, and all unknown names share one. Guessing one password hinders
//! neither other users nor anyone who is remembered.

mod credentials;
pub mod failures;
mod last;
pub mod remembered;
pub mod users;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use registry_core::Principal;
use tokio::sync::Semaphore;

use crate::api::error::Refusal;
use crate::metrics::auth::AuthFigures;
use crate::options::Options;
use credentials::Credentials;
pub(crate) use last::LastSent;
use remembered::{Digest, Remembered, Verdict};
use users::{Seen, Users, UsersError};

/// Pause between two looks at the file of users.
const LOOK_PAUSE: Duration = Duration::from_secs(2);

/// The door that every request goes through.
pub struct Gate {
    /// `None` when everybody may ask.
    guard: Option<Guard>,
    metrics_are_open: bool,
}

/// Who may have an answer.
#[derive(Debug, Clone)]
pub(crate) enum Admitted {
    /// Whoever it is: nobody needs to say.
    Anybody,
    /// This one, who has proved it.
    Somebody(Arc<Principal>),
}

struct Guard {
    file: PathBuf,
    users: ArcSwap<Users>,
    /// Counts the versions of `users`: what was remembered of an earlier one no longer counts.
    generation: AtomicU64,
    remembered: Remembered,
    checks: Arc<Semaphore>,
    figures: AuthFigures,
}

impl Gate {
    /// The gate of these settings.
    pub fn open(options: &Options, figures: AuthFigures) -> Result<Self, UsersError> {
        let guard = match &options.users_file {
            None => None,
            Some(file) => Some(Guard {
                users: ArcSwap::from_pointee(Users::read(file)?),
                file: file.clone(),
                generation: AtomicU64::new(0),
                remembered: Remembered::new(Duration::from_millis(options.password_memory_ms))?,
                checks: Arc::new(Semaphore::new(
                    options.password_checks_max.clamp(1, Semaphore::MAX_PERMITS),
                )),
                figures,
            }),
        };
        Ok(Self {
            guard,
            metrics_are_open: options.metrics_without_password,
        })
    }

    /// Who sent this request, as far as that is known without waiting; `last` is of its connection.
    pub(crate) fn recognise(
        &self,
        sent: Option<&HeaderValue>,
        last: &LastSent,
        now: Instant,
    ) -> Option<Admitted> {
        match &self.guard {
            None => Some(Admitted::Anybody),
            Some(guard) => guard.recognise(sent?, last, now).map(Admitted::Somebody),
        }
    }

    /// Who sent this request, which may have to be found out.
    pub(crate) async fn admit(&self, head: &Parts) -> Result<Admitted, Refusal> {
        let Some(guard) = &self.guard else {
            return Ok(Admitted::Anybody);
        };
        let path = head.uri.path();
        if path.starts_with("/health/") || self.metrics_are_open && path == "/metrics" {
            return Ok(Admitted::Anybody);
        }
        let admitted = guard.admit(&head.headers).await;
        guard.figures.count(admitted.as_ref().err());
        admitted.map(Admitted::Somebody)
    }

    /// Reads the file of users again whenever it has changed, or `hint` says so; without end.
    pub async fn follow_file(&self, mut hint: tokio::signal::unix::Signal) {
        let Some(guard) = &self.guard else { return };
        loop {
            tokio::select! {
                _ = hint.recv() => guard.reload(),
                () = tokio::time::sleep(LOOK_PAUSE) => guard.reload_if_changed(),
            }
        }
    }
}

impl Guard {
    fn recognise(
        &self,
        sent: &HeaderValue,
        last: &LastSent,
        now: Instant,
    ) -> Option<Arc<Principal>> {
        let generation = self.generation.load(Ordering::Acquire);
        if let Some(principal) = last.find(sent.as_bytes(), generation, now) {
            return Some(principal);
        }
        let digest = self.remembered.digest(sent.as_bytes());
        let passed = self.remembered.passed(&digest, generation, now)?;
        let principal = Arc::clone(&passed.principal);
        last.keep(sent.as_bytes(), passed);
        Some(principal)
    }

    async fn admit(&self, headers: &HeaderMap) -> Result<Arc<Principal>, Refusal> {
        let mut sent = headers.get_all(AUTHORIZATION).iter();
        let (Some(sent), None) = (sent.next(), sent.next()) else {
            return Err(Refusal::unauthorized());
        };
        let generation = self.generation.load(Ordering::Acquire);
        let digest = self.remembered.digest(sent.as_bytes());
        let verdict = match self.remembered.find(&digest, generation, Instant::now()) {
            Some(verdict) => verdict,
            None => self.check(sent, digest, generation).await?,
        };
        match verdict {
            Verdict::Passed(principal) => Ok(principal),
            Verdict::Failed => Err(Refusal::unauthorized()),
        }
    }

    /// Checks a password by its slow hash, in turn, unless somebody before in the queue had the same.
    ///
    /// # Correctness
    /// The generation was read before the users are: a verdict of older users is never remembered for newer ones.
    async fn check(
        &self,
        sent: &HeaderValue,
        digest: Digest,
        generation: u64,
    ) -> Result<Verdict, Refusal> {
        let Some(credentials) = Credentials::read(sent) else {
            return Ok(Verdict::Failed);
        };
        let users = self.users.load_full();
        let turn = users.queue_of(&credentials.name).turn().await;
        let turn = turn.ok_or_else(Refusal::busy)?;
        if let Some(verdict) = self.remembered.find(&digest, generation, Instant::now()) {
            return Ok(verdict);
        }
        let place = Arc::clone(&self.checks).acquire_owned().await;
        let place = place.map_err(Refusal::internal)?;
        self.figures.hashed();
        let checking = tokio::task::spawn_blocking(move || {
            // Held until the work is done, even if the request has given up.
            let _held = (turn, place);
            users.check(&credentials.name, &credentials.password)
        });
        let verdict = match checking.await {
            Ok(Some(principal)) => Verdict::Passed(principal),
            Ok(None) => Verdict::Failed,
            Err(failed) => return Err(Refusal::internal(failed)),
        };
        self.remembered
            .keep(digest, generation, verdict.clone(), Instant::now());
        Ok(verdict)
    }

    fn reload_if_changed(&self) {
        if Seen::of(&self.file) != self.users.load().seen {
            self.reload();
        }
    }

    /// All of the file or nothing: while it has a fault, the users stay who they are.
    fn reload(&self) {
        match Users::read(&self.file) {
            Ok(users) => {
                tracing::info!(users = users.count(), file = %self.file.display(), "the file of users was read again");
                self.users.store(Arc::new(users));
                self.generation.fetch_add(1, Ordering::AcqRel);
                self.figures.file_is_good(true);
            }
            Err(error) => {
                tracing::error!(cause = %error, "the users stay as they were");
                self.figures.file_is_good(false);
            }
        }
    }
}

#[cfg(test)]
mod tests;
