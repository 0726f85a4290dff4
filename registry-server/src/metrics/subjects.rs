//! What was registered and checked under single subjects, where the operator named them.

use prometheus::{IntCounter, IntCounterVec, Opts, Registry};
use registry_core::{Error, Registered, Subject};

use crate::api::error;
use crate::app::App;
use crate::options::subjects::SubjectPatterns;

/// The subjects that nobody named, together.
const OTHER: &str = "other";

/// The figures of the subjects that were named.
pub struct SubjectFigures {
    patterns: SubjectPatterns,
    /// One for each pattern, and one for all other subjects.
    subjects: Vec<OfSubject>,
    refusals: IntCounterVec,
}

struct OfSubject {
    label: String,
    by_outcome: [IntCounter; Outcome::ALL.len()],
}

/// What came of a registration or a check under a subject: enough to count it again when its answer is given again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// What came of it.
    pub outcome: Outcome,
    /// Of the pattern that fits the subject.
    place: usize,
}

/// What came of a registration or a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new version.
    Registered,
    /// It was registered already.
    Already,
    /// The registration was refused, or failed.
    NotRegistered,
    /// The check found nothing.
    Compatible,
    /// The check found something.
    Incompatible,
    /// The check was refused, or failed.
    NotChecked,
}

impl Outcome {
    /// In the order of their numbers.
    const ALL: [Self; 6] = [
        Self::Registered,
        Self::Already,
        Self::NotRegistered,
        Self::Compatible,
        Self::Incompatible,
        Self::NotChecked,
    ];
}

impl SubjectFigures {
    /// Figures that all stand at zero; `None` where no subject is named.
    pub fn new(
        registry: &Registry,
        patterns: &SubjectPatterns,
    ) -> Result<Option<Self>, prometheus::Error> {
        if patterns.as_slice().is_empty() {
            return Ok(None);
        }
        let counters = |name, help, label| {
            let counters = IntCounterVec::new(Opts::new(name, help), &["subject", label])?;
            registry.register(Box::new(counters.clone()))?;
            Ok::<_, prometheus::Error>(counters)
        };
        let registrations = counters(
            "concord_subject_registrations_total",
            "Registrations under the subjects that are named, by what came of them.",
            "outcome",
        )?;
        let checks = counters(
            "concord_subject_checks_total",
            "Checks of compatibility under the subjects that are named, by what came of them.",
            "outcome",
        )?;
        let refusals = counters(
            "concord_subject_refusals_total",
            "Registrations and checks refused, by the number that the answer gives as `error_code`.",
            "code",
        )?;
        let labels = patterns.as_slice().iter().map(String::as_str);
        let subjects = labels.chain([OTHER]).map(|label| OfSubject {
            label: label.to_owned(),
            by_outcome: Outcome::ALL.map(|outcome| match outcome {
                Outcome::Registered => registrations.with_label_values(&[label, "done"]),
                Outcome::Already => registrations.with_label_values(&[label, "already"]),
                Outcome::NotRegistered => registrations.with_label_values(&[label, "refused"]),
                Outcome::Compatible => checks.with_label_values(&[label, "compatible"]),
                Outcome::Incompatible => checks.with_label_values(&[label, "incompatible"]),
                Outcome::NotChecked => checks.with_label_values(&[label, "refused"]),
            }),
        });
        Ok(Some(Self {
            subjects: subjects.collect(),
            patterns: patterns.clone(),
            refusals,
        }))
    }

    fn place(&self, subject: &Subject) -> usize {
        let place = self.patterns.place(&subject.to_string());
        place.unwrap_or(self.patterns.as_slice().len())
    }

    fn count(&self, tally: Tally, refusal: Option<&Error>) {
        let subject = &self.subjects[tally.place];
        subject.by_outcome[tally.outcome as usize].inc();
        if let Some(refusal) = refusal {
            let code = error::code(refusal).to_string();
            let labels = [subject.label.as_str(), &code];
            self.refusals.with_label_values(&labels).inc();
        }
    }
}

impl App {
    /// Counts what came of a registration.
    pub fn count_registration(
        &self,
        subject: &Subject,
        done: Result<&Registered, &Error>,
    ) -> Option<Tally> {
        let outcome = match done {
            Ok(registered) if registered.is_new => Outcome::Registered,
            Ok(_) => Outcome::Already,
            Err(_) => Outcome::NotRegistered,
        };
        self.count_outcome(subject, outcome, done.err())
    }

    /// Counts what came of a check: whether what was checked is compatible.
    pub fn count_check(&self, subject: &Subject, done: Result<bool, &Error>) -> Option<Tally> {
        let outcome = match done {
            Ok(true) => Outcome::Compatible,
            Ok(false) => Outcome::Incompatible,
            Err(_) => Outcome::NotChecked,
        };
        self.count_outcome(subject, outcome, done.err())
    }

    /// With what is to be counted when the same answer is given again, if anything is.
    fn count_outcome(
        &self,
        subject: &Subject,
        outcome: Outcome,
        refusal: Option<&Error>,
    ) -> Option<Tally> {
        let Some(figures) = &self.subjects else {
            // The registry counts registrations by itself.
            return (outcome == Outcome::Already).then_some(Tally { outcome, place: 0 });
        };
        let place = figures.place(subject);
        let tally = Tally { outcome, place };
        figures.count(tally, refusal);
        Some(tally)
    }

    /// Counts once more what came of a registration or a check: its answer was a kept one.
    pub(crate) fn count_again(&self, tally: Tally) {
        if tally.outcome == Outcome::Already {
            self.registry.figures().registered_already();
        }
        if let Some(figures) = &self.subjects {
            figures.count(tally, None);
        }
    }
}
