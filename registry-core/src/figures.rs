//! What the registry counts and times of itself, for whoever watches it.
//!
//! Plain atomic numbers that start at zero with the process: reading and showing them is the business of the server.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use compat_rules::Format;

use crate::deed::Action;

/// Upper bounds for work of microseconds to seconds, in nanoseconds.
const DURATIONS: &[u64] = &[
    10_000,
    50_000,
    100_000,
    500_000,
    1_000_000,
    5_000_000,
    10_000_000,
    50_000_000,
    100_000_000,
    500_000_000,
    1_000_000_000,
    5_000_000_000,
];

/// Upper bounds for the drafts of a batch.
const BATCHES: &[u64] = &[1, 2, 4, 8, 16, 32, 64, 128, 256];

/// The figures of an open registry.
#[derive(Debug)]
pub struct Figures {
    /// Changes by their kind and by what came of them.
    changes: Mutex<BTreeMap<(String, Outcome), u64>>,
    /// Registrations of what was there that somebody knew without asking.
    known: AtomicU64,
    waiting: AtomicU64,
    /// When the write that is running began.
    writing: Mutex<Option<Instant>>,
    judged_again: AtomicU64,
    unanchored: AtomicU64,
    /// Drafts in a batch.
    pub batches: Histogram,
    /// Nanoseconds to write a batch and have it on the disk.
    pub syncs: Histogram,
    parses: [Histogram; 3],
    comparisons: [Histogram; 3],
}

/// What came of the wish to change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It was carried out.
    Done,
    /// Everything was so already.
    Already,
    /// It was refused, or failed.
    Refused,
}

impl Outcome {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Already => "already",
            Self::Refused => "refused",
        }
    }
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            changes: Mutex::default(),
            known: AtomicU64::new(0),
            waiting: AtomicU64::new(0),
            writing: Mutex::default(),
            judged_again: AtomicU64::new(0),
            unanchored: AtomicU64::new(0),
            batches: Histogram::new(BATCHES),
            syncs: Histogram::new(DURATIONS),
            parses: std::array::from_fn(|_| Histogram::new(DURATIONS)),
            comparisons: std::array::from_fn(|_| Histogram::new(DURATIONS)),
        }
    }
}

impl Figures {
    /// How often each kind of change was asked for, by what came of it.
    #[must_use]
    pub fn changes(&self) -> BTreeMap<(String, Outcome), u64> {
        let changes = self.changes.lock();
        let mut changes = changes.unwrap_or_else(PoisonError::into_inner).clone();
        let known = self.known.load(Ordering::Relaxed);
        if known > 0 {
            let registered = (Action::Register.as_str().to_owned(), Outcome::Already);
            *changes.entry(registered).or_default() += known;
        }
        changes
    }

    /// Counts a registration of what is there already whose answer was known without asking the registry.
    pub fn registered_already(&self) {
        self.known.fetch_add(1, Ordering::Relaxed);
    }

    /// Changes that wait until they are written.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// How long the write that is running has taken so far: a disk that hangs shows nowhere else.
    #[must_use]
    pub fn writing(&self) -> Option<Duration> {
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        writing.map(|began| began.elapsed())
    }

    /// Changes that were judged again because something that they rest on had changed.
    #[must_use]
    pub fn judged_again(&self) -> u64 {
        self.judged_again.load(Ordering::Relaxed)
    }

    /// Checkpoints of the audit log that an anchor has not taken yet.
    #[must_use]
    pub fn unanchored(&self) -> u64 {
        self.unanchored.load(Ordering::Relaxed)
    }

    /// Nanoseconds to parse a schema that was not known.
    #[must_use]
    pub const fn parses(&self, format: Format) -> &Histogram {
        &self.parses[index(format)]
    }

    /// Nanoseconds to compare a schema with the earlier versions that its level names.
    #[must_use]
    pub const fn comparisons(&self, format: Format) -> &Histogram {
        &self.comparisons[index(format)]
    }

    pub(crate) fn changed(&self, action: &str, outcome: Outcome) {
        let mut changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        *changes.entry((action.to_owned(), outcome)).or_default() += 1;
    }

    pub(crate) fn set_unanchored(&self, checkpoints: usize) {
        let checkpoints = u64::try_from(checkpoints).unwrap_or(u64::MAX);
        self.unanchored.store(checkpoints, Ordering::Relaxed);
    }

    pub(crate) fn judge_again(&self) {
        self.judged_again.fetch_add(1, Ordering::Relaxed);
    }

    /// Makes something durable, and times it. Only the writer does, one batch after the other.
    pub(crate) fn write<T>(&self, work: impl FnOnce() -> T) -> T {
        let set = |began| {
            *self.writing.lock().unwrap_or_else(PoisonError::into_inner) = began;
        };
        set(Some(Instant::now()));
        let done = self.syncs.time(work);
        set(None);
        done
    }

    /// One more waits, for as long as the result lives.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(&self.waiting)
    }
}

const fn index(format: Format) -> usize {
    match format {
        Format::Avro => 0,
        Format::Json => 1,
        Format::Protobuf => 2,
    }
}

/// A change that waits until it is written.
pub(crate) struct Waiting<'a>(&'a AtomicU64);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How often a value was at most so large.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// One for each bound, and one for all that is larger.
    numbers: Box<[AtomicU64]>,
    sum: AtomicU64,
}

impl Histogram {
    fn new(bounds: &'static [u64]) -> Self {
        Self {
            bounds,
            numbers: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicU64::new(0),
        }
    }

    pub(crate) fn observe(&self, value: u64) {
        let place = self.bounds.partition_point(|bound| *bound < value);
        self.numbers[place].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// Adds the time that work took, whatever came of it.
    pub(crate) fn time<T>(&self, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let done = work();
        self.observe(nanoseconds(started.elapsed()));
        done
    }

    /// Upper bounds, and how many values were at most so large; the last has no bound and counts all.
    pub fn cumulated(&self) -> impl Iterator<Item = (Option<u64>, u64)> {
        let bounds = self.bounds.iter().copied().map(Some).chain([None]);
        let numbers = self.numbers.iter().scan(0, |total, number| {
            *total += number.load(Ordering::Relaxed);
            Some(*total)
        });
        bounds.zip(numbers)
    }

    /// All values together.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.sum.load(Ordering::Relaxed)
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_for_its_bound_and_all_above() {
        let histogram = Histogram::new(&[1, 4]);
        for value in [1, 2, 4, 5] {
            histogram.observe(value);
        }
        let found: Vec<_> = histogram.cumulated().collect();
        assert_eq!(found, [(Some(1), 1), (Some(4), 3), (None, 4)]);
        assert_eq!(histogram.sum(), 12);
    }

    #[test]
    fn a_write_runs_until_it_is_done() {
        let figures = Figures::default();
        assert_eq!(figures.writing(), None);
        figures.write(|| assert!(figures.writing().is_some()));
        assert_eq!(figures.writing(), None);
        assert_eq!(figures.syncs.cumulated().last(), Some((None, 1)));
    }

    #[test]
    fn a_change_waits_until_its_guard_goes() {
        let figures = Figures::default();
        let one = figures.wait();
        let other = figures.wait();
        assert_eq!(figures.waiting(), 2);
        drop((one, other));
        assert_eq!(figures.waiting(), 0);
    }
}
