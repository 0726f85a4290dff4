//! Verifies an export, line by line, with nothing else at hand than what is given.
//!
//! Every line must be canonical, every record must follow the one before it by number and by hash, every checkpoint
//! must be signed and name the hash of its record, and every anchored checkpoint must be found again. After a problem
//! the search goes on from what the line itself says, so that one edit is one problem and not a thousand.

use std::collections::BTreeMap;

use serde_json::Value;

use super::checkpoint::{self, Checkpoint, CheckpointRole};
use super::key::PublicKey;
use super::problem::AuditProblem;
use super::record::{GENESIS, chained};
use super::unhex;

/// More problems than these are only counted.
const PROBLEMS_MAX: usize = 100;

/// What came of verifying.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditReport {
    /// The first record that should be here: 1, unless the log begins with a checkpoint.
    pub first: u64,
    /// The record after which the log starts, if those up to it were removed when their time was over.
    pub start: Option<u64>,
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
    keys: Vec<PublicKey>,
    /// The first of them is not the expected one, so none of them counts.
    are_strange: bool,
    begin: Begin,
    /// The key that signed the start, and the one that confirmed it.
    start_keys: Vec<PublicKey>,
    /// The furthest record that a checkpoint names.
    known: u64,
    /// The furthest record that somebody answers for.
    signed: u64,
    /// The last line, if it is a signed end: the record after which the log was taken, if it says so.
    end: Option<Option<u64>>,
    report: AuditReport,
}

/// What a log begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begin {
    /// The first record there ever was.
    Genesis,
    /// A checkpoint that says where the log starts.
    Start,
    /// A regular checkpoint, in a part of a log.
    Checkpoint,
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
            keys: Vec::new(),
            are_strange: false,
            begin: Begin::Genesis,
            start_keys: Vec::new(),
            known: 0,
            signed: 0,
            end: None,
            report: AuditReport {
                first: 1,
                ..AuditReport::default()
            },
        }
    }

    /// A line of an anchor, which may be the log of a server: other lines are passed over. All of them come before the
    /// first line of the log.
    pub fn anchor(&mut self, line: &str) {
        let mut read: Option<Value> = serde_json::from_str(line).ok();
        let logged = read
            .as_ref()
            .and_then(|line| line.get("checkpoint")?.as_str());
        if let Some(logged) = logged {
            read = serde_json::from_str(logged).ok();
        }
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

    /// What is known before the end.
    pub(crate) const fn so_far(&self) -> &AuditReport {
        &self.report
    }

    /// The next line of the log.
    pub fn line(&mut self, line: &str) {
        self.lines += 1;
        self.end = None;
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
            role,
            ..
        } = read.checkpoint;
        if !read.is_signed {
            return self.problem(AuditProblem::Unsigned { sequence }, sequence);
        }
        let is_first = self.report.records == 0 && self.report.checkpoints == 0;
        if role == CheckpointRole::Start && !is_first {
            return self.problem(AuditProblem::StartWithin { sequence }, sequence);
        }
        self.known = self.known.max(sequence);
        if is_first {
            self.begin_after(sequence, hash);
            self.begin = Begin::Checkpoint;
        }
        match role {
            // Whose key that is shows when all keys are known: it may be one of later checkpoints.
            CheckpointRole::Start => {
                self.begin = Begin::Start;
                self.start_keys = [Some(key), read.confirmed_by]
                    .into_iter()
                    .flatten()
                    .collect();
                self.report.start = Some(sequence);
            }
            CheckpointRole::Regular => self.check_key(key, read.confirmed_by, sequence),
            CheckpointRole::End { after } => {
                self.end = Some(after);
                self.check_key(key, read.confirmed_by, sequence);
            }
        }
        if sequence == self.report.last && hash != self.previous {
            return self.problem(AuditProblem::Rewritten { sequence }, sequence);
        }
        self.report.checkpoints += 1;
        self.signed = self.signed.max(sequence);
        if sequence < self.report.last {
            self.problem(AuditProblem::OutOfOrder { sequence }, sequence);
        }
    }

    /// What was up to this record is kept elsewhere, or not any longer.
    fn begin_after(&mut self, sequence: u64, hash: [u8; 32]) {
        self.previous = hash;
        self.next = sequence.saturating_add(1);
        self.report.first = self.next;
        self.report.last = sequence;
        if self
            .anchored
            .get(&sequence)
            .is_some_and(|anchored| *anchored != hash)
        {
            self.problem(AuditProblem::Rewritten { sequence }, sequence);
        }
    }

    fn check_key(&mut self, key: PublicKey, confirmed_by: Option<PublicKey>, sequence: u64) {
        let last = self.keys.last().copied();
        if last == Some(key) {
            return;
        }
        match (last, self.expected) {
            (None, Some(expected)) if expected != key && confirmed_by != Some(expected) => {
                self.are_strange = true;
                self.problem(AuditProblem::Unsigned { sequence }, sequence);
            }
            (Some(old), _) if confirmed_by != Some(old) => {
                self.problem(AuditProblem::KeyChanged { sequence }, sequence);
            }
            _ => {}
        }
        self.keys.push(key);
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
        self.check_begin();
        if self.end.is_none() && self.anchored.is_empty() {
            self.problem(AuditProblem::Endless, last.saturating_add(1));
        }
        if known > last {
            self.problem(
                AuditProblem::Truncated { last, known },
                last.saturating_add(1),
            );
        }
        let keys = self.keys.iter();
        self.report.keys = keys.map(ToString::to_string).collect();
        self.report
    }

    /// Who answers for what is not here: whoever has no key must not have cut it off.
    fn check_begin(&mut self) {
        let first = self.report.first;
        if self.begin == Begin::Start {
            let is_first = self.expected.is_none() && self.keys.is_empty();
            let is_ours = |key: &PublicKey| {
                self.expected == Some(*key) || (!self.are_strange && self.keys.contains(key))
            };
            if !is_first && !self.start_keys.iter().any(is_ours) {
                let sequence = first - 1;
                self.problem(AuditProblem::Unsigned { sequence }, sequence);
            }
        }
        match self.end {
            Some(Some(after)) if after + 1 != first => {
                let known = after + 1;
                self.problem(AuditProblem::Beheaded { first, known }, known.min(first));
            }
            None if self.begin == Begin::Checkpoint => {
                self.problem(AuditProblem::Headless { first }, first);
            }
            _ => {}
        }
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
