//! Verifies an export, line by line, with nothing else at hand than what is given.
//!
//! Every line must be canonical, every record must follow the one before it by number and by hash, every checkpoint
//! must be signed and name the hash of its record, and every anchored checkpoint must be found again. After a problem
//! the search goes on from what the line itself says, so that one edit is one problem and not a thousand.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::checkpoint::{self, Checkpoint};
use super::key::PublicKey;
use super::record::{GENESIS, chained};
use super::unhex;

/// More problems than these are only counted.
const PROBLEMS_MAX: usize = 100;

/// What is wrong with an audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuditProblem {
    /// The line is no canonical record or checkpoint.
    Malformed {
        /// Its number, from 1.
        line: u64,
    },
    /// The record does not have its hash.
    Edited {
        /// The record.
        sequence: u64,
    },
    /// The record does not follow the one before it.
    Unlinked {
        /// The record.
        sequence: u64,
    },
    /// Records are missing.
    Missing {
        /// The first of them.
        from: u64,
        /// The last of them.
        to: u64,
    },
    /// The record has a number that was passed already: it was inserted, repeated, or moved.
    OutOfOrder {
        /// The record.
        sequence: u64,
    },
    /// The checkpoint is not signed by its key, or not by the key that was given.
    Unsigned {
        /// The record that it is of.
        sequence: u64,
    },
    /// The checkpoint names another hash than the record has.
    Rewritten {
        /// The record.
        sequence: u64,
    },
    /// The key changed, and the old one did not confirm the new one.
    KeyChanged {
        /// The record of the first checkpoint with the new key.
        sequence: u64,
    },
    /// There is neither a signed end nor an anchor, so the last records may be missing.
    Endless,
    /// A checkpoint or an anchor names a record beyond the last one.
    Truncated {
        /// The last record that is here.
        last: u64,
        /// A record that there was.
        known: u64,
    },
}

impl fmt::Display for AuditProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { line } => write!(out, "line {line} is no canonical record or checkpoint"),
            Self::Edited { sequence } => write!(out, "record {sequence} does not have its hash: it was edited"),
            Self::Unlinked { sequence } => write!(out, "record {sequence} does not follow the one before it"),
            Self::Missing { from, to } if from == to => write!(out, "record {from} is missing"),
            Self::Missing { from, to } => write!(out, "records {from} to {to} are missing"),
            Self::OutOfOrder { sequence } => {
                write!(out, "record {sequence} is out of order: it was inserted, repeated or moved")
            }
            Self::Unsigned { sequence } => {
                write!(out, "the checkpoint of record {sequence} is not signed by the expected key")
            }
            Self::Rewritten { sequence } => {
                write!(out, "record {sequence} is not the one that its checkpoint names: history was rewritten")
            }
            Self::KeyChanged { sequence } => write!(
                out,
                "the key of the checkpoint of record {sequence} is new, and the old one did not confirm it"
            ),
            Self::Endless => out.write_str(
                "the log has no signed end, and no anchor was given: its last records may be missing",
            ),
            Self::Truncated { last, known } => {
                write!(out, "the log ends with record {last}, but there was a record {known}")
            }
        }
    }
}

/// What came of verifying.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// The first record that should be here: 1, unless the log begins with a checkpoint.
    pub first: u64,
    /// How many records there were.
    pub records: u64,
    /// How many checkpoints held.
    pub checkpoints: u64,
    /// The last record.
    pub last: u64,
    /// How many records come after the last checkpoint that held: nobody answers for them yet.
    pub unsigned: u64,
    /// The keys that signed, in their order.
    pub keys: Vec<String>,
    /// The first record that something is wrong with.
    pub first_bad: Option<u64>,
    /// What is wrong, in the order in which it was found.
    pub problems: Vec<AuditProblem>,
    /// How many further problems there are.
    pub more_problems: u64,
}

impl AuditReport {
    /// True when nothing is wrong.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Goes through an export.
#[derive(Debug)]
pub struct Verifier {
    /// The only key that may sign first, if one was given.
    expected: Option<PublicKey>,
    /// Checkpoints known from outside, by their record.
    anchored: BTreeMap<u64, [u8; 32]>,
    lines: u64,
    previous: [u8; 32],
    next: u64,
    key: Option<PublicKey>,
    /// The furthest record that a checkpoint names.
    known: u64,
    /// The furthest record that somebody answers for.
    signed: u64,
    has_end: bool,
    report: AuditReport,
}

impl Verifier {
    /// With the key that signs, if it is known; otherwise whatever key signs first counts.
    #[must_use]
    pub fn new(expected: Option<PublicKey>) -> Self {
        Self {
            expected,
            anchored: BTreeMap::new(),
            lines: 0,
            previous: GENESIS,
            next: 1,
            key: None,
            known: 0,
            signed: 0,
            has_end: false,
            report: AuditReport {
                first: 1,
                ..AuditReport::default()
            },
        }
    }

    /// A line of an anchor. All of them come before the first line of the log.
    pub fn anchor(&mut self, line: &str) {
        let read = serde_json::from_str(line).ok();
        let Some(read) = read.as_ref().and_then(checkpoint::read) else {
            return;
        };
        if read.is_signed {
            self.anchored
                .insert(read.checkpoint.sequence, read.checkpoint.hash);
        }
    }

    /// The end of the log, by what the store says of itself.
    pub(crate) fn end(&mut self, sequence: u64, hash: [u8; 32]) {
        self.known = sequence;
        self.anchored.insert(sequence, hash);
    }

    /// The next line of the log.
    pub fn line(&mut self, line: &str) {
        self.lines += 1;
        self.has_end = false;
        // What an editor, or a tool that reads repeated members in its own way, made of it is not what was hashed.
        let parsed: Option<Value> = serde_json::from_str(line).ok();
        let parsed = parsed.filter(|value| format!("{value}") == line);
        let record = parsed.as_ref().and_then(record);
        if let Some(record) = record {
            self.record(&record);
        } else if let Some(read) = parsed.as_ref().and_then(checkpoint::read) {
            self.checkpoint(&read);
        } else {
            self.problem(AuditProblem::Malformed { line: self.lines }, self.next);
        }
    }

    fn record(&mut self, record: &RecordLine) {
        let sequence = record.sequence;
        self.report.records += 1;
        if chained(&record.previous, &record.text) != record.hash {
            self.problem(AuditProblem::Edited { sequence }, sequence);
        }
        if sequence < self.next {
            self.problem(AuditProblem::OutOfOrder { sequence }, sequence);
            return;
        }
        if sequence > self.next {
            let (from, to) = (self.next, sequence - 1);
            self.problem(AuditProblem::Missing { from, to }, from);
        } else if record.previous != self.previous {
            self.problem(AuditProblem::Unlinked { sequence }, sequence);
        }
        self.previous = record.hash;
        self.next = sequence.saturating_add(1);
        self.report.last = sequence;
        if self
            .anchored
            .get(&sequence)
            .is_some_and(|hash| *hash != record.hash)
        {
            self.problem(AuditProblem::Rewritten { sequence }, sequence);
        }
    }

    fn checkpoint(&mut self, read: &checkpoint::Read) {
        let Checkpoint {
            sequence,
            hash,
            key,
            ..
        } = read.checkpoint;
        if !read.is_signed {
            return self.problem(AuditProblem::Unsigned { sequence }, sequence);
        }
        self.known = self.known.max(sequence);
        let is_begin = self.report.records == 0 && self.report.checkpoints == 0;
        if is_begin {
            // What was before it is kept elsewhere: the log starts here.
            self.previous = hash;
            self.next = sequence.saturating_add(1);
            self.report.first = self.next;
            self.report.last = sequence;
        }
        self.has_end |= read.checkpoint.is_end;
        self.check_key(key, read.confirmed_by, sequence);
        if sequence == self.report.last && hash != self.previous {
            return self.problem(AuditProblem::Rewritten { sequence }, sequence);
        }
        self.report.checkpoints += 1;
        self.signed = self.signed.max(sequence);
        if sequence < self.report.last {
            self.problem(AuditProblem::OutOfOrder { sequence }, sequence);
        }
    }

    fn check_key(&mut self, key: PublicKey, confirmed_by: Option<PublicKey>, sequence: u64) {
        if self.key == Some(key) {
            return;
        }
        match (self.key.replace(key), self.expected) {
            (None, Some(expected)) if expected != key => {
                self.problem(AuditProblem::Unsigned { sequence }, sequence);
            }
            (Some(old), _) if confirmed_by != Some(old) => {
                self.problem(AuditProblem::KeyChanged { sequence }, sequence);
            }
            _ => {}
        }
        self.report.keys.push(key.to_string());
    }

    /// The end of the log.
    #[must_use]
    pub fn finish(mut self) -> AuditReport {
        let anchored = self
            .anchored
            .keys()
            .next_back()
            .copied()
            .unwrap_or_default();
        let known = self.known.max(anchored);
        let last = self.report.last;
        self.report.unsigned = last.saturating_sub(self.signed);
        if !self.has_end && self.anchored.is_empty() {
            self.problem(AuditProblem::Endless, last.saturating_add(1));
        }
        if known > last {
            self.problem(
                AuditProblem::Truncated { last, known },
                last.saturating_add(1),
            );
        }
        self.report
    }

    fn problem(&mut self, problem: AuditProblem, sequence: u64) {
        let first = self.report.first_bad.get_or_insert(sequence);
        *first = (*first).min(sequence);
        if self.report.problems.len() < PROBLEMS_MAX {
            self.report.problems.push(problem);
        } else {
            self.report.more_problems += 1;
        }
    }
}

struct RecordLine {
    sequence: u64,
    text: String,
    previous: [u8; 32],
    hash: [u8; 32],
}

/// The record in a line that has the members of one, and no others.
fn record(line: &Value) -> Option<RecordLine> {
    let members = line.as_object().filter(|members| members.len() == 3)?;
    let record = members.get("record")?;
    let hash = |name| unhex(members.get(name)?.as_str()?);
    Some(RecordLine {
        sequence: record.get("sequence")?.as_str()?.parse().ok()?,
        text: record.to_string(),
        previous: hash("previous")?,
        hash: hash("hash")?,
    })
}
