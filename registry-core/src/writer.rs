//! The one thread that commits.
//!
//! It takes the drafts that wait, checks that what each was judged against still stands, gives out ids, and
//! writes them as one synced batch. *Durable, then published, then answered.*
//!
//! # Correctness
//! If a write fails, nobody knows what is on the disk: the record of a failed sync can be there after a restart.
//! So the writer stops for good, says so, and leaves the truth to recovery.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::apply::apply;
use crate::audit::chain::Chain;
use crate::audit::{self, Entry};
use crate::draft::{Draft, NewSchema, Receipt, Topic};
use crate::fact::Fact;
use crate::store::pending::Pending;
use crate::store::{Fault, Store};
use crate::view::View;
use crate::{Error, Revision, SchemaId, Timestamp};

/// How many drafts one batch holds at most.
const GROUP_LENGTH: usize = 256;

/// How many changed topics are remembered. A draft judged before the oldest of them is judged again.
const TOPICS_REMEMBERED: usize = 16_384;

/// What became of a draft.
#[derive(Debug)]
pub(crate) enum Commit {
    /// It is durable and visible.
    Done(Receipt),
    /// What it was judged against has changed.
    Stale,
    /// It needs a new id, and its context has given out the last one.
    NoIdLeft,
}

/// The writer's end that everybody holds.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    failed: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Job {
    draft: Box<Draft>,
    /// What is put on record of it, where records are kept.
    entry: Option<Box<Entry>>,
    reply: SyncSender<Result<Commit, Error>>,
}

impl Writer {
    /// Starts the thread; so many drafts may wait for it.
    pub(crate) fn start(
        store: Arc<Store>,
        chain: Option<Chain>,
        queue_max: usize,
    ) -> std::io::Result<Self> {
        // Without any place it would depend on chance whether a draft is taken.
        let (queue, jobs) = sync_channel(queue_max.max(1));
        let failed = Arc::new(AtomicBool::new(false));
        let committer = Committer::new(store, chain, Arc::clone(&failed));
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || committer.run(&jobs))?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
            failed,
        })
    }

    /// False once a write has failed, or the thread has ended for whatever reason.
    pub(crate) fn is_healthy(&self) -> bool {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        let runs = thread.as_ref().is_some_and(|thread| !thread.is_finished());
        runs && !self.failed.load(Ordering::Acquire)
    }

    /// Waits until the draft is durable, or known to be stale. When too many wait already it is not taken.
    pub(crate) fn commit(
        &self,
        draft: Box<Draft>,
        entry: Option<Box<Entry>>,
    ) -> Result<Commit, Error> {
        let (reply, answer) = sync_channel(1);
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        queue
            .ok_or(Error::ShuttingDown)?
            .try_send(Job {
                draft,
                entry,
                reply,
            })
            .map_err(|refused| match refused {
                TrySendError::Full(_) => Error::WriterBusy,
                TrySendError::Disconnected(_) => Error::WriteOutcomeUnknown,
            })?;
        answer.recv().map_err(|_| Error::WriteOutcomeUnknown)?
    }

    /// Takes no more drafts, finishes those that wait, and ends the thread.
    pub(crate) fn close(&self) {
        self.queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // A writer that panicked has answered nobody falsely; there is nothing left to do for it.
            drop(thread.join());
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

/// What a batch consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// Something that answers depend on.
    Changes,
    /// Records of who asked for what.
    Records,
}

/// The state of the thread.
struct Committer {
    store: Arc<Store>,
    /// The end of the audit log, if it is kept.
    chain: Option<Chain>,
    failed: Arc<AtomicBool>,
    recent: Recent,
}

impl Committer {
    fn new(store: Arc<Store>, chain: Option<Chain>, failed: Arc<AtomicBool>) -> Self {
        Self {
            store,
            chain,
            failed,
            recent: Recent::default(),
        }
    }

    fn run(mut self, jobs: &Receiver<Job>) {
        while let Some(first) = self.next(jobs) {
            let mut group = vec![first];
            while group.len() < GROUP_LENGTH
                && let Ok(job) = jobs.try_recv()
            {
                group.push(job);
            }
            let drafts = u64::try_from(group.len()).unwrap_or(u64::MAX);
            self.store.figures().batches.observe(drafts);
            self.commit(group);
        }
        self.sign();
    }

    /// Waits for a draft; `None` when there will be none. While it waits, checkpoints are made when they are due.
    fn next(&mut self, jobs: &Receiver<Job>) -> Option<Job> {
        loop {
            let due_in = self.chain.as_ref().and_then(Chain::due_in);
            let Some(due_in) = due_in.filter(|_| !self.failed.load(Ordering::Acquire)) else {
                return jobs.recv().ok();
            };
            match jobs.recv_timeout(due_in) {
                Ok(job) => return Some(job),
                Err(RecvTimeoutError::Timeout) => self.sign(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Makes a checkpoint of what is in none yet.
    fn sign(&mut self) {
        let is_open = self.chain.as_ref().and_then(Chain::due_in).is_some();
        if !is_open || self.failed.load(Ordering::Acquire) {
            return;
        }
        let store = Arc::clone(&self.store);
        let mut pending = Pending::over(&store);
        if let Some(chain) = &mut self.chain {
            chain.sign(Timestamp::now(), &mut pending);
        }
        if let Err(fault) = self.seal(Timestamp::now(), Holds::Records, pending) {
            self.fail(&fault);
        }
    }

    fn fail(&self, fault: &Fault) {
        self.failed.store(true, Ordering::Release);
        tracing::error!(%fault, "a write failed; no further write is accepted until a restart");
    }

    /// Writes a batch, which ends with the end of the audit log.
    fn seal(&mut self, at: Timestamp, holds: Holds, mut pending: Pending<'_>) -> Result<(), Fault> {
        if pending.is_empty() {
            return Ok(());
        }
        if let Some(chain) = &mut self.chain {
            chain.finish(&self.store, at, &mut pending);
        }
        let batch = pending.into_batch();
        match holds {
            Holds::Changes => self.store.commit(batch)?,
            Holds::Records => self.store.commit_records(batch)?,
        }
        if let Some(chain) = &mut self.chain {
            chain.committed();
        }
        Ok(())
    }

    fn commit(&mut self, group: Vec<Job>) {
        if self.failed.load(Ordering::Acquire) {
            for job in group {
                answer(&job, Err(Error::WritesStopped));
            }
            return;
        }
        match self.write(&group) {
            Ok(commits) => {
                for (job, commit) in group.iter().zip(commits) {
                    answer(job, Ok(commit));
                }
            }
            Err(fault) => {
                self.fail(&fault);
                for job in &group {
                    answer(job, Err(Error::WriteOutcomeUnknown));
                }
            }
        }
    }

    fn write(&mut self, group: &[Job]) -> Result<Vec<Commit>, Fault> {
        let store = Arc::clone(&self.store);
        let mut pending = Pending::over(&store);
        // Every view that sees this batch has at least this revision, and no other view has.
        let revision = store.revision().next();
        let at = Timestamp::now();
        let mut commits = Vec::new();
        for job in group {
            commits.push(self.take(job, revision, at, &mut pending)?);
        }
        let holds = match group.iter().any(|job| job.draft.facts.change_answers()) {
            true => Holds::Changes,
            false => Holds::Records,
        };
        self.seal(at, holds, pending)?;
        Ok(commits)
    }

    /// Puts a draft into the batch, if its basis still stands.
    fn take(
        &mut self,
        job: &Job,
        revision: Revision,
        at: Timestamp,
        pending: &mut Pending<'_>,
    ) -> Result<Commit, Fault> {
        let draft = &job.draft;
        if self.recent.is_stale(draft) {
            return Ok(Commit::Stale);
        }
        let Some(ids) = new_ids(&draft.facts.new_schemas, pending)? else {
            return Ok(Commit::NoIdLeft);
        };
        let mut changes = draft.changes.clone();
        let mut registered = Vec::new();
        for (new, id) in draft.facts.new_schemas.iter().zip(&ids) {
            registered.push(new.with_id(*id));
            changes.push(Topic::Id(new.subject.context.clone(), *id));
        }
        let facts: Vec<&Fact> = registered.iter().chain(&draft.facts.settled).collect();
        let kept = self.chain.as_mut().zip(job.entry.as_deref());
        let before = match kept {
            Some(_) => audit::digest(&facts, pending)?,
            None => None,
        };
        for fact in &facts {
            apply(fact, at, pending)?;
        }
        if let Some((chain, entry)) = kept {
            chain.append(entry, &facts, before, at, pending)?;
        }
        // Without a row there will be no such revision, and no judgement could ever be newer than the note.
        if !pending.is_empty() {
            self.recent.note(changes, revision);
        }
        Ok(Commit::Done(Receipt { ids, at }))
    }
}

/// The asker may have gone; the write stands all the same.
fn answer(job: &Job, result: Result<Commit, Error>) {
    drop(job.reply.send(result));
}

/// An id for each new schema; `None` when a context has none left. Nothing is put into the batch before all are
/// found.
fn new_ids(
    new_schemas: &[NewSchema],
    pending: &Pending<'_>,
) -> Result<Option<Vec<SchemaId>>, Fault> {
    let mut ids: Vec<SchemaId> = Vec::new();
    for new in new_schemas {
        let context = &new.subject.context;
        let before = new_schemas.iter().zip(&ids);
        let before = before.filter(|(other, _)| other.subject.context == *context);
        let same = before
            .clone()
            .find(|(other, _)| other.schema == new.schema)
            .map(|(_, id)| *id);
        let last = match before.map(|(_, id)| *id).max() {
            Some(last) => Some(last),
            None => View::of_pending(pending).last_id(context)?,
        };
        match same.or_else(|| next_id(last)) {
            Some(id) => ids.push(id),
            None => return Ok(None),
        }
    }
    Ok(Some(ids))
}

/// The id after the last one; `None` when none is left.
fn next_id(last: Option<SchemaId>) -> Option<SchemaId> {
    // Ids start at 1, and so they do after an import of id 0: then the next one is 2.
    SchemaId::new(last.map_or(1, |last| i64::from(last.get().max(1)) + 1))
}

/// Which topics changed lately, and when.
#[derive(Default)]
struct Recent {
    changed: HashMap<Topic, Revision>,
    /// Changes up to this revision are forgotten.
    floor: Revision,
}

impl Recent {
    fn is_stale(&self, draft: &Draft) -> bool {
        let basis = &draft.basis;
        basis.revision < self.floor
            || basis.topics.iter().any(|topic| {
                self.changed
                    .get(topic)
                    .is_some_and(|at| *at > basis.revision)
            })
    }

    fn note(&mut self, topics: Vec<Topic>, revision: Revision) {
        if self.changed.len() + topics.len() > TOPICS_REMEMBERED {
            self.changed.clear();
            self.floor = revision;
        }
        for topic in topics {
            self.changed.insert(topic, revision);
        }
    }
}

#[cfg(test)]
mod tests;
