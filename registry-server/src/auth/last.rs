//! What a connection sent last: clients send the same password with each of their requests.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use registry_core::Principal;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::remembered::Passed;

/// The header of a connection's last request that was let in, and what was remembered of it: who sends it again needs
/// no digest.
///
/// It is kept in the clear while the connection is open, as the buffer is that the connection is read into; then it is
/// wiped.
#[derive(Default)]
pub(crate) struct LastSent(Mutex<Option<Sent>>);

struct Sent {
    header: Zeroizing<Vec<u8>>,
    passed: Passed,
}

impl LastSent {
    /// Whom the header stands for, if it was the last one, and is remembered still.
    pub(super) fn find(
        &self,
        header: &[u8],
        generation: u64,
        now: Instant,
    ) -> Option<Arc<Principal>> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last.as_ref()?;
        (is_same(&last.header, header) && last.passed.stands(generation, now))
            .then(|| Arc::clone(&last.passed.principal))
    }

    /// Takes the place of the one before.
    pub(super) fn keep(&self, header: &[u8], passed: Passed) {
        let header = Zeroizing::new(header.to_vec());
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Sent { header, passed });
    }
}

/// Compares in a time that tells the length alone: several users may share a connection, behind a proxy.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    let pairs = one.iter().zip(other);
    let difference = pairs.fold(0, |all, (one, other)| all | one ^ other);
    one.len() == other.len() && bool::from(difference.ct_eq(&0))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::remembered::{Remembered, Verdict};
    use super::*;

    #[test]
    fn only_the_same_header_finds_somebody_and_only_while_the_check_stands() {
        const MEMORY: Duration = Duration::from_secs(60);
        let (now, generation) = (Instant::now(), 1);
        let remembered = Remembered::new(MEMORY).expect("randomness");
        let digest = remembered.digest(b"Basic x");
        let verdict = Verdict::Passed(Arc::default());
        remembered.keep(digest, generation, verdict, now);
        let passed = remembered.passed(&digest, generation, now);

        let last = LastSent::default();
        let finds = |header, generation, now| last.find(header, generation, now).is_some();
        assert!(!finds(b"Basic x", generation, now));
        last.keep(b"Basic x", passed.expect("it was passed"));
        assert!(finds(b"Basic x", generation, now));
        for other in [&b"Basic y"[..], b"Basic ", b"Basic xx", b""] {
            assert!(!finds(other, generation, now));
        }
        assert!(!finds(b"Basic x", generation + 1, now));
        assert!(!finds(b"Basic x", generation, now + MEMORY));
    }
}
