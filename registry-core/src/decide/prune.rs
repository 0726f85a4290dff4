//! Judges the removal of audit records whose time is over.

use std::ops::ControlFlow;

use crate::audit::{
    AuditOptions, Checkpoint, CheckpointRole, GENESIS, PrunedRecords, SignedCheckpoint, chained,
    shown,
};
use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::store::Fault;
use crate::view::View;
use crate::{Error, Timestamp};

use super::Judge;

/// How many records are removed at once: no other write waits for more than these.
const RECORDS_AT_ONCE: u64 = 500;

/// What was removed from the audit log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// How many records.
    pub records: u64,
    /// There may be more whose time is over.
    pub is_full: bool,
}

/// What goes, and what it rests on.
struct Portion {
    last: u64,
    is_full: bool,
    /// The checkpoints of records before the last one.
    checkpoints: Vec<u64>,
}

/// The answer is how many records go. Only those go that a checkpoint from before that time covers.
pub(crate) fn prune_audit(
    judge: &Judge<'_>,
    audit: &AuditOptions,
    before: Timestamp,
) -> Result<Judgement<Pruned>, Error> {
    let view = &judge.view;
    let start = view.audit_start()?.map(|start| start.checkpoint);
    let (removed, hash) = start.map_or((0, GENESIS), |start| (start.sequence, start.hash));
    let Some(portion) = portion(view, removed, before)? else {
        return Ok(Judgement::Already(Pruned::default()));
    };
    let hash = sound(view, (removed, hash), portion.last)?;
    let records = portion.last - removed;
    let pruned = PrunedRecords {
        first: removed + 1,
        start: new_start(view, audit, (portion.last, hash))?,
        checkpoints: portion.checkpoints,
    };
    let draft = Draft {
        basis: Basis {
            revision: view.revision(),
            topics: vec![Topic::AuditStart],
        },
        changes: vec![Topic::AuditStart],
        facts: Facts::settled(vec![Fact::AuditPruned(Box::new(pruned))]),
    };
    let done = Pruned {
        records,
        is_full: portion.is_full,
    };
    Ok(Judgement::Write(Box::new(draft), Box::new(move |_| done)))
}

/// The next records to go, if any.
fn portion(view: &View<'_>, removed: u64, before: Timestamp) -> Result<Option<Portion>, Fault> {
    let most = removed + RECORDS_AT_ONCE;
    let mut last = removed;
    let mut checkpoints = Vec::new();
    view.each_checkpoint(&mut |signed| {
        let Checkpoint { sequence, time, .. } = &signed.checkpoint;
        let is_over = at(time).is_some_and(|at| at < before);
        if is_over {
            last = (*sequence).min(most).max(last);
        }
        Ok(match is_over && *sequence < most {
            true => {
                checkpoints.push(*sequence);
                ControlFlow::Continue(())
            }
            false => ControlFlow::Break(()),
        })
    })?;
    checkpoints.retain(|sequence| *sequence < last);
    Ok((last > removed).then_some(Portion {
        last,
        is_full: last == most,
        checkpoints,
    }))
}

fn at(time: &str) -> Option<Timestamp> {
    let time: jiff::Timestamp = time.parse().ok()?;
    Some(Timestamp(time.as_millisecond()))
}

/// The hash of the last record, if every one up to it follows the one before: what somebody tampered with is evidence,
/// and stays.
fn sound(
    view: &View<'_>,
    (mut sequence, mut hash): (u64, [u8; 32]),
    last: u64,
) -> Result<[u8; 32], Fault> {
    view.audit_lines(sequence, &mut |line, checkpoint| {
        let signed = checkpoint.map_or(line.hash, |signed| signed.checkpoint.hash);
        let follows = line.sequence == sequence + 1 && line.previous == hash;
        let is_whole = chained(&line.previous, &line.record) == line.hash && signed == line.hash;
        if !follows || !is_whole {
            return ControlFlow::Break(());
        }
        (sequence, hash) = (line.sequence, line.hash);
        match sequence == last {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    })?;
    if sequence == last {
        return Ok(hash);
    }
    let what = format!(
        "it is not sound at record {}, so nothing is removed",
        sequence + 1
    );
    Err(Fault::damaged(
        "removing old records of the audit log",
        what,
    ))
}

fn new_start(
    view: &View<'_>,
    audit: &AuditOptions,
    (sequence, hash): (u64, [u8; 32]),
) -> Result<SignedCheckpoint, Fault> {
    let key = audit.keys.public();
    let last_key = view.last_checkpoint()?.map(|last| last.checkpoint.key);
    let start = Checkpoint {
        sequence,
        hash,
        count: sequence,
        time: shown(Timestamp::now()),
        node: audit.node.clone(),
        key,
        role: CheckpointRole::Start,
    };
    Ok(start.sign(&audit.keys, last_key.filter(|last| *last != key)))
}
