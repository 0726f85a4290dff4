//! How many proved who they are, and how many did not.

use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};

use crate::api::error::Refusal;

/// Figures of the gate.
pub struct AuthFigures {
    passed: IntCounter,
    refused: IntCounter,
    put_off: IntCounter,
    hashed: IntCounter,
    file: IntGauge,
}

impl AuthFigures {
    /// Figures that all stand at zero.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let requests = IntCounterVec::new(
            Opts::new(
                "concord_authentications_total",
                "Requests whose sender had to be looked at; those who were remembered are not among them.",
            ),
            &["outcome"],
        )?;
        let hashed = IntCounter::new(
            "concord_password_checks_total",
            "Passwords checked by their slow hash.",
        )?;
        let file = IntGauge::new(
            "concord_users_file_good",
            "0 while the file of users has a fault, and the users are those of before.",
        )?;
        file.set(1);
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(hashed.clone()))?;
        registry.register(Box::new(file.clone()))?;
        Ok(Self {
            passed: requests.with_label_values(&["passed"]),
            refused: requests.with_label_values(&["refused"]),
            put_off: requests.with_label_values(&["put_off"]),
            hashed,
            file,
        })
    }

    /// Counts a request: let through, refused, or told to come again.
    pub(crate) fn count(&self, refusal: Option<&Refusal>) {
        match refusal {
            None => self.passed.inc(),
            Some(refusal) if *refusal == Refusal::unauthorized() => self.refused.inc(),
            Some(_) => self.put_off.inc(),
        }
    }

    /// Counts a slow hash.
    pub(crate) fn hashed(&self) {
        self.hashed.inc();
    }

    /// Says whether the file of users could be read.
    pub(crate) fn file_is_good(&self, is_good: bool) {
        self.file.set(i64::from(is_good));
    }
}
