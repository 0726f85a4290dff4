//! Numbers that differ, and need not be secret: asking the system for randomness would cost more than answering a
//! request from the cache.

use std::cell::Cell;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The next number of this thread's generator.
pub(crate) fn number() -> u64 {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().build_hasher().finish());
    }
    STATE.with(|state| {
        let seed = state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        state.set(seed);
        split_mix(seed)
    })
}

/// The output function of SplitMix64.
const fn split_mix(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
