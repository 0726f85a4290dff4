//! The end of the chain, in the hands of the writer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::fact::Fact;
use crate::store::codec::encode;
use crate::store::keys::{self, Kind};
use crate::store::pending::Pending;
use crate::store::rows::{AuditHeadRow, AuditRow};
use crate::store::{Fault, Store};
use crate::view::View;
use crate::{Revision, Timestamp};

use super::change::{Change, digest};
use super::checkpoint::{Checkpoint, CheckpointRole, SignedCheckpoint, shown};
use super::key::PublicKey;
use super::record::{GENESIS, Record, RecordedPrincipal, RecordedSource, chained};
use super::{Anchors, AuditOptions, Entry, Outcome};

/// A checkpoint is made after so many records …
const RECORDS_MAX: u64 = 1000;

/// … or this time after the first that is in none.
const AGE_MAX: Duration = Duration::from_mins(5);

/// More changes than this are only counted.
const CHANGES_MAX: usize = 1000;

/// The end of the chain.
#[derive(Debug)]
pub(crate) struct Chain {
    options: AuditOptions,
    sequence: u64,
    hash: [u8; 32],
    /// The record of the last checkpoint.
    signed: u64,
    /// When the first record since then was made.
    unsigned_since: Option<Instant>,
    last_key: Option<PublicKey>,
    /// Made in the batch that is being put together.
    fresh: Option<SignedCheckpoint>,
    anchors: Anchors,
}

/// What happened to the log while nobody kept it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Interruption {
    /// Nothing.
    None,
    /// Changes without records.
    Unrecorded,
    /// Its last records are gone.
    Shortened,
}

impl Chain {
    /// Takes the chain up where it ends.
    pub(crate) fn open(
        store: &Store,
        options: &AuditOptions,
    ) -> Result<(Self, Interruption), Fault> {
        let view = View::of_snapshot(store.snapshot());
        let head = view.audit_head()?;
        let last = view.audit_end()?;
        let interruption = match head {
            Some(head) if last != Some((head.sequence, head.hash)) => Interruption::Shortened,
            Some(head) if Revision(head.revision) != store.revision() => Interruption::Unrecorded,
            None if last.is_some() => Interruption::Shortened,
            _ => Interruption::None,
        };
        // After the head, not after the last record: what is gone must be missed.
        let (sequence, hash) = head
            .map(|head| (head.sequence, head.hash))
            .or(last)
            .unwrap_or((0, GENESIS));
        let newest = view.last_checkpoint()?.map(|signed| signed.checkpoint);
        let signed = newest.as_ref().map_or(0, |newest| newest.sequence);
        let last_key = newest.map(|newest| newest.key);
        let anchors = Anchors::start(&options.anchors, &view, Arc::clone(store.figures()))?;
        let chain = Self {
            options: options.clone(),
            sequence,
            hash,
            signed,
            unsigned_since: (sequence > signed).then(Instant::now),
            last_key,
            fresh: None,
            anchors,
        };
        Ok((chain, interruption))
    }

    /// Puts a record into the batch. `before` is what the rows of the facts hashed to before they were applied.
    pub(crate) fn append(
        &mut self,
        entry: &Entry,
        facts: &[&Fact],
        before: Option<String>,
        at: Timestamp,
        pending: &mut Pending<'_>,
    ) -> Result<(), Fault> {
        let sequence = self.sequence + 1;
        let after = digest(facts, pending)?;
        let text = self.text(entry, facts, [before, after], sequence, at);
        let previous = self.hash;
        self.hash = chained(&previous, &text);
        self.sequence = sequence;
        self.unsigned_since.get_or_insert_with(Instant::now);
        let row = AuditRow {
            record: text,
            previous,
            hash: self.hash,
        };
        pending.put(keys::audit(Kind::AuditRecord, sequence), encode(&row));
        if let Some(clear) = &entry.clear {
            pending.put(keys::audit(Kind::AuditNames, sequence), encode(clear));
        }
        Ok(())
    }

    fn text(
        &self,
        entry: &Entry,
        facts: &[&Fact],
        [before, after]: [Option<String>; 2],
        sequence: u64,
        at: Timestamp,
    ) -> String {
        let (outcome, error_code, reason) = match &entry.outcome {
            Outcome::Done => ("done", None, None),
            Outcome::Refused { code, reason } => {
                ("refused", Some(code.to_string()), Some(reason.as_str()))
            }
        };
        let name = entry.name.as_deref();
        let record = Record {
            action: &entry.action,
            after,
            before,
            changes: facts
                .iter()
                .take(CHANGES_MAX)
                .map(|fact| Change::of(fact))
                .collect(),
            duration: entry.started.elapsed().as_micros().to_string(),
            error_code,
            node: &self.options.node,
            omitted: (facts.len() > CHANGES_MAX).then(|| (facts.len() - CHANGES_MAX).to_string()),
            outcome,
            policy_revision: entry.policy_revision.map(|revision| revision.to_string()),
            principal: name.map(|name| RecordedPrincipal {
                authentication: entry.authentication,
                groups: &entry.groups,
                name,
            }),
            reason,
            resource: &entry.resource,
            sequence: sequence.to_string(),
            source: RecordedSource {
                address: entry.address.as_deref(),
                client: &entry.client,
                request: &entry.request,
                trace: &entry.trace,
            },
            time: shown(at),
        };
        serde_json::to_string(&record).expect("texts become JSON")
    }

    /// Ends a batch: a checkpoint if it is time for one, and the row that says where the chain ends. Nothing may be
    /// put into the batch after it.
    pub(crate) fn finish(&mut self, store: &Store, at: Timestamp, pending: &mut Pending<'_>) {
        let is_due = self.sequence - self.signed >= RECORDS_MAX
            || self
                .unsigned_since
                .is_some_and(|since| since.elapsed() >= AGE_MAX);
        if is_due {
            self.sign(at, pending);
        }
        let head = keys::audit_head();
        let rows = pending.len() + 1;
        let row = AuditHeadRow {
            sequence: self.sequence,
            hash: self.hash,
            revision: store.revision().0 + rows as u64,
        };
        pending.put(head, encode(&row));
    }

    /// Puts a checkpoint of the newest record into the batch, unless there is one.
    pub(crate) fn sign(&mut self, at: Timestamp, pending: &mut Pending<'_>) {
        if self.sequence == self.signed {
            return;
        }
        let key = self.options.keys.public();
        let predecessor = self.last_key.filter(|last| *last != key);
        let checkpoint = Checkpoint {
            sequence: self.sequence,
            hash: self.hash,
            count: self.sequence - self.signed,
            time: shown(at),
            node: self.options.node.clone(),
            key,
            role: CheckpointRole::Regular,
        };
        let signed = checkpoint.sign(&self.options.keys, predecessor);
        pending.put(
            keys::audit(Kind::AuditCheckpoint, self.sequence),
            encode(&signed.line),
        );
        self.signed = self.sequence;
        self.unsigned_since = None;
        self.last_key = Some(key);
        self.fresh = Some(signed);
    }

    /// The batch is durable: its checkpoint may leave.
    pub(crate) fn committed(&mut self) {
        if let Some(checkpoint) = self.fresh.take() {
            self.anchors.send(checkpoint);
        }
    }

    /// When the next checkpoint is due; `None` while everything is in one.
    pub(crate) fn due_in(&self) -> Option<Duration> {
        let since = self.unsigned_since?;
        Some(AGE_MAX.saturating_sub(since.elapsed()))
    }
}
