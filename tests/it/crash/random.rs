//! Numbers that look random and can be had again: the seed is printed, and `CONCORD_CRASH_SEED` sets it.

use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

/// A xorshift generator: good enough to choose what to do next.
#[derive(Debug)]
pub(super) struct Random(u64);

impl Random {
    /// Seeded by the environment, or by the clock.
    pub(super) fn seeded() -> Self {
        let clock = || {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(1, |since| since.as_nanos() as u64)
        };
        let given = env::var("CONCORD_CRASH_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(clock);
        println!("CONCORD_CRASH_SEED={seed}");
        Self::new(seed)
    }

    /// Seeded by a number.
    pub(super) fn new(seed: u64) -> Self {
        // Zero is the one number from which xorshift goes nowhere.
        Self(seed | 1)
    }

    /// A generator of its own for somebody else.
    pub(super) fn fork(&mut self) -> Self {
        Self::new(self.next())
    }

    /// A number below the bound.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// One of the elements, if there is one.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len() as u64) as usize)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
