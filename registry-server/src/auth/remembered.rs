//! Passwords that were checked a short time ago, and how that ended.
//!
//! Neither names nor passwords are kept: an entry is found by a digest of the header, made with a key that only this
//! process has. Digests are compared in constant time, and nobody outside can tell where one would lie in the table.
//! What failed is kept apart, so that failures never push out a success.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;
use registry_core::Principal;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// How many of each kind are remembered.
const COUNT_MAX: usize = 4096;

/// The longest time for which anything is remembered, whatever the settings say.
const MEMORY_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest time for which a failure is remembered: a password that was just given to a user soon works.
const FAILED_MAX: Duration = Duration::from_secs(10);

/// What was checked, and the verdicts.
pub struct Remembered {
    /// A hash that has taken in the key already.
    keyed: Sha256,
    passed: Cache<Digest, Passed>,
    failed: Cache<Digest, Stamp>,
    memory: Duration,
}

/// How a check ended.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    /// The password is this user's.
    Passed(Arc<Principal>),
    /// It is nobody's.
    Failed,
}

/// What an entry is found by.
#[derive(Clone, Copy)]
pub(crate) struct Digest([u8; 32]);

/// A check that somebody has passed.
#[derive(Clone)]
pub(super) struct Passed {
    pub(super) principal: Arc<Principal>,
    stamp: Stamp,
}

/// For which users an entry is right, and for how long.
#[derive(Clone, Copy)]
struct Stamp {
    generation: u64,
    until: Instant,
}

impl Remembered {
    /// Remembers nothing yet; every check for so long at most.
    pub fn new(memory: Duration) -> Result<Self, getrandom::Error> {
        // One block of the hash: what follows costs one more for most headers.
        let mut key = zeroize::Zeroizing::new([0; 64]);
        getrandom::fill(&mut *key)?;
        Ok(Self {
            keyed: Sha256::new_with_prefix(*key),
            passed: Cache::new(COUNT_MAX),
            failed: Cache::new(COUNT_MAX),
            memory: memory.min(MEMORY_MAX),
        })
    }

    pub(crate) fn digest(&self, sent: &[u8]) -> Digest {
        Digest(self.keyed.clone().chain_update(sent).finalize().into())
    }

    /// The check of this digest, if it was passed.
    pub(super) fn passed(&self, digest: &Digest, generation: u64, now: Instant) -> Option<Passed> {
        let passed = self.passed.get(digest)?;
        passed.stands(generation, now).then_some(passed)
    }

    pub(crate) fn find(&self, digest: &Digest, generation: u64, now: Instant) -> Option<Verdict> {
        if let Some(passed) = self.passed(digest, generation, now) {
            return Some(Verdict::Passed(passed.principal));
        }
        let stamp = self.failed.get(digest)?;
        stamp.stands(generation, now).then_some(Verdict::Failed)
    }

    pub(crate) fn keep(&self, digest: Digest, generation: u64, verdict: Verdict, now: Instant) {
        let stamp = |memory| Stamp {
            generation,
            until: now + memory,
        };
        match verdict {
            Verdict::Passed(principal) => {
                let stamp = stamp(self.memory);
                self.passed.insert(digest, Passed { principal, stamp });
            }
            Verdict::Failed => {
                // What passed under earlier users must not hide that it fails now.
                self.passed.remove(&digest);
                self.failed
                    .insert(digest, stamp(self.memory.min(FAILED_MAX)));
            }
        }
    }
}

impl Passed {
    /// True for these users, at this time.
    pub(super) fn stands(&self, generation: u64, now: Instant) -> bool {
        self.stamp.stands(generation, now)
    }
}

impl Stamp {
    fn stands(self, generation: u64, now: Instant) -> bool {
        self.generation == generation && now < self.until
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        let halves = |digest: &Self| {
            let (high, low) = digest.0.split_at(16);
            [high, low].map(|half| u128::from_le_bytes(half.try_into().expect("half of 32 is 16")))
        };
        let ([high, low], [other_high, other_low]) = (halves(self), halves(other));
        (high ^ other_high | low ^ other_low).ct_eq(&0).into()
    }
}

impl Eq for Digest {}

impl Hash for Digest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Any part of a digest is as good as the whole.
        let (start, _) = self.0.split_at(8);
        state.write(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMORY: Duration = Duration::from_secs(60);

    fn somebody() -> Verdict {
        Verdict::Passed(Arc::new(Principal {
            name: "somebody".to_owned(),
            ..Principal::default()
        }))
    }

    #[test]
    fn a_check_is_remembered_for_its_time_and_for_its_users() {
        let remembered = Remembered::new(MEMORY).expect("randomness");
        let now = Instant::now();
        let digest = remembered.digest(b"Basic x");
        assert!(remembered.find(&digest, 1, now).is_none());
        remembered.keep(digest, 1, somebody(), now);
        let found = |generation, at| remembered.find(&digest, generation, at);
        assert!(matches!(found(1, now), Some(Verdict::Passed(_))));
        assert!(found(2, now).is_none());
        assert!(found(1, now + MEMORY).is_none());
        assert!(
            remembered
                .find(&remembered.digest(b"Basic y"), 1, now)
                .is_none()
        );
    }

    #[test]
    fn a_failure_is_remembered_for_a_shorter_time_and_replaces_a_success() {
        let remembered = Remembered::new(MEMORY).expect("randomness");
        let now = Instant::now();
        let digest = remembered.digest(b"Basic x");
        remembered.keep(digest, 1, somebody(), now);
        remembered.keep(digest, 2, Verdict::Failed, now);
        let found = |at| remembered.find(&digest, 2, at);
        assert!(matches!(found(now), Some(Verdict::Failed)));
        assert!(found(now + FAILED_MAX).is_none());
    }

    #[test]
    fn however_many_failures_there_are_a_success_stays() {
        let remembered = Remembered::new(MEMORY).expect("randomness");
        let now = Instant::now();
        let digest = remembered.digest(b"Basic x");
        remembered.keep(digest, 1, somebody(), now);
        for guess in 0..3 * COUNT_MAX {
            let guess = remembered.digest(guess.to_string().as_bytes());
            remembered.keep(guess, 1, Verdict::Failed, now);
        }
        let found = remembered.find(&digest, 1, now);
        assert!(matches!(found, Some(Verdict::Passed(_))));
        assert!(remembered.failed.len() <= COUNT_MAX);
    }

    #[test]
    fn two_processes_have_different_digests() {
        let digest = |remembered: &Remembered| remembered.digest(b"Basic x");
        let one = Remembered::new(MEMORY).expect("randomness");
        let other = Remembered::new(MEMORY).expect("randomness");
        assert!(digest(&one) == digest(&one) && digest(&one) != digest(&other));
    }
}
