//! Those who could not prove who they are, counted by source, for the audit log: one record per source and minute,
//! however often somebody guesses (`governance.md` section 5.4).

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use registry_core::{Caller, Error, RefusedAttempt, Registry, Timestamp};

use crate::api::error::Refusal;

/// How long failures are counted before they are put on record.
pub const PERIOD: Duration = Duration::from_secs(60);

/// How many sources are told apart; further ones are counted together.
const SOURCES_MAX: usize = 1000;

/// Failures since they were put on record last.
#[derive(Debug, Default)]
pub struct Failures {
    /// `None` stands for all further sources, and for those that are not known.
    counted: Mutex<BTreeMap<Option<IpAddr>, u64>>,
}

impl Failures {
    /// One more.
    pub fn note(&self, source: Option<IpAddr>) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_told_apart = counted.len() < SOURCES_MAX || counted.contains_key(&source);
        *counted.entry(source.filter(|_| is_told_apart)).or_default() += 1;
    }

    /// Puts what was counted on record, a record for each source.
    ///
    /// # Errors
    /// Those of every write; what could not be put on record is lost, which the log of the server says.
    pub fn put_on_record(&self, registry: &Registry) -> Result<(), Error> {
        let counted =
            std::mem::take(&mut *self.counted.lock().unwrap_or_else(PoisonError::into_inner));
        let refusal = Refusal::unauthorized();
        for (address, count) in counted {
            let caller = Caller {
                address,
                at: Timestamp::now(),
                ..Caller::local()
            };
            let requests = if count == 1 { "request" } else { "requests" };
            let attempt = RefusedAttempt {
                action: "authentication",
                resource: &format!("{count} {requests} in a minute"),
                code: refusal.code(),
                reason: refusal.message(),
            };
            registry.record_refusal(&caller, &attempt)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_told_apart_up_to_a_bound() {
        let failures = Failures::default();
        for round in 0..2 {
            for host in 0..u32::try_from(SOURCES_MAX + 10).expect("a small number") {
                failures.note(Some(IpAddr::from(host.to_be_bytes())));
            }
            let counted = failures.counted.lock().expect("nobody panicked");
            assert_eq!(counted.len(), SOURCES_MAX + 1, "with all others");
            assert_eq!(counted[&None], 10 * (round + 1));
            assert!(
                counted
                    .values()
                    .filter(|count| **count == round + 1)
                    .count()
                    >= SOURCES_MAX
            );
        }
    }
}
