//! Examines what stands: the latest version of every subject at the point `audit`, after each revision of the documents
//! and once a day (`governance.md` sections 2.3 and 2.10).
//!
//! It goes behind all requests: one subject at a time, and a pause after each that is as long as it took. What it found
//! is kept in memory until the next run; without documents there is none.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use compat_rules::policy::{Finding, Severity};
use registry_core::{Caller, Error, Examined, SubjectFilter, Timestamp, VersionSpec};

use crate::app::App;

/// How often it is looked whether there is something to do.
const LOOK_PAUSE: Duration = Duration::from_secs(2);

/// Pause after a fault.
const FAULT_PAUSE: Duration = Duration::from_secs(60);

/// How old the last run may be.
const AGE_MAX: Duration = Duration::from_hours(24);

/// How many findings are kept; further ones are only counted.
const FINDINGS_MAX: usize = 10_000;

/// What a run found.
#[derive(Debug, Default)]
pub struct Examination {
    /// The revision of the documents.
    pub revision: u64,
    /// When it began, in milliseconds since 1970.
    pub began_ms: i64,
    /// How many subjects were examined.
    pub subjects: usize,
    /// The findings, by subject.
    pub findings: Vec<Standing>,
    /// How many were not kept.
    pub left_out: usize,
    violations: BTreeMap<Kind, i64>,
}

/// A finding in something that stands.
#[derive(Debug)]
pub struct Standing {
    /// The subject, with its context.
    pub subject: Arc<str>,
    /// The version.
    pub version: u32,
    /// The team that owns it.
    pub team: Option<Arc<str>>,
    /// The finding.
    pub finding: Finding,
}

/// What findings are counted by: rule, severity, and the name of the team.
type Kind = (&'static str, Severity, Option<Arc<str>>);

/// The last run.
#[derive(Debug, Default)]
pub struct LastExamination(Mutex<Option<Arc<Examination>>>);

impl LastExamination {
    /// What it found; none before the first one has ended.
    #[must_use]
    pub fn get(&self) -> Option<Arc<Examination>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set(&self, examination: Option<Arc<Examination>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = examination;
    }
}

impl Examination {
    fn add(&mut self, examined: Examined) {
        self.subjects += 1;
        let Some(policies) = examined.policies else {
            return;
        };
        let subject: Arc<str> = Arc::from(examined.subject.to_string());
        let total = policies.evaluation.counts.total();
        let mut kept = 0;
        for finding in policies.evaluation.findings {
            let kind = (finding.rule.code, finding.severity, examined.team.clone());
            *self.violations.entry(kind).or_default() += 1;
            if self.findings.len() < FINDINGS_MAX {
                kept += 1;
                self.findings.push(Standing {
                    subject: Arc::clone(&subject),
                    version: examined.version.get(),
                    team: examined.team.clone(),
                    finding,
                });
            }
        }
        self.left_out += total.saturating_sub(kept);
    }
}

/// Examines what stands whenever it is due, without end.
pub async fn follow(app: Arc<App>) {
    let mut last = None;
    loop {
        match look(&app, &mut last).await {
            Ok(()) => tokio::time::sleep(LOOK_PAUSE).await,
            Err(error) => {
                tracing::error!(cause = %error, "what stands was not examined");
                tokio::time::sleep(FAULT_PAUSE).await;
            }
        }
    }
}

/// Examines what stands if it is due: the documents are others than those of the last run, or that was long ago.
async fn look(app: &Arc<App>, last: &mut Option<(u64, Instant)>) -> Result<(), Error> {
    let policies = blocking(app, |app| app.registry.policies_in_force()).await?;
    let Some(policies) = policies else {
        return Ok(());
    };
    let is_due =
        last.is_none_or(|(revision, at)| revision != policies.number || at.elapsed() >= AGE_MAX);
    // If the documents change meanwhile, the next look begins again.
    if is_due && run(app, policies.number).await? {
        *last = Some((policies.number, Instant::now()));
    }
    Ok(())
}

/// Examines every subject once; false if the documents changed meanwhile.
async fn run(app: &Arc<App>, revision: u64) -> Result<bool, Error> {
    let started = Instant::now();
    let everywhere = SubjectFilter::EveryContext {
        prefix: String::new(),
    };
    let mut examination = Examination {
        revision,
        began_ms: Timestamp::now().0,
        ..Examination::default()
    };
    let subjects = blocking(app, move |app| {
        Ok(app.registry.view().subjects(&everywhere)?)
    })
    .await?;
    for state in subjects.into_iter().filter(|state| state.active) {
        let begun = Instant::now();
        let examined = blocking(app, move |app| {
            app.registry
                .examine(&Caller::local(), &state.subject, VersionSpec::Latest)
        });
        match examined.await {
            Ok(examined) => {
                app.count_policies(examined.policies.as_deref());
                let found = examined.policies.as_ref();
                if found.is_some_and(|policies| policies.revision != revision) {
                    return Ok(false);
                }
                examination.add(examined);
            }
            // It went meanwhile, or this version of the program cannot read it any more.
            Err(
                Error::SubjectNotFound(_) | Error::VersionNotFound(_) | Error::InvalidSchema(_),
            ) => {}
            Err(error) => return Err(error),
        }
        tokio::time::sleep(begun.elapsed()).await;
    }
    let violations = examination.violations.iter();
    app.metrics.policies.standing.show(
        violations.map(|((rule, severity, team), count)| {
            (
                *rule,
                severity.as_str(),
                team.as_deref().unwrap_or_default(),
                *count,
            )
        }),
        started.elapsed(),
    );
    app.examination.set(Some(Arc::new(examination)));
    Ok(true)
}

/// Off the threads that serve connections.
async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let app = Arc::clone(app);
    let done = tokio::task::spawn_blocking(move || work(&app)).await;
    done.unwrap_or(Err(Error::ShuttingDown))
}
