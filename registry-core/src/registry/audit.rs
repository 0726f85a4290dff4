//! What the handle puts on record: wishes, refusals, and its own opening and closing.

mod part;
mod watch;

use std::ops::ControlFlow;
use std::time::Instant;

use sha2::{Digest, Sha256};

use crate::audit::chain::Interruption;
use crate::audit::{
    AuditReport, Checkpoint, CheckpointRole, Entry, Outcome, RefusedAttempt, SigningKeys, Verifier,
    hex, shown,
};
use crate::caller::Caller;
use crate::decide::{self, Pruned};
use crate::deed::{Action, Deed};
use crate::draft::Draft;
use crate::store::Fault;
use crate::writer::Commit;
use crate::{Error, Timestamp};

use super::Registry;
pub use part::AuditPart;
pub use watch::{AuditWatch, AuditWatched};

impl Registry {
    /// The record of a wish; `None` where no records are kept.
    pub(super) fn entry(
        &self,
        caller: &Caller<'_>,
        deed: Deed<'_>,
        started: Instant,
        refusal: Option<&Error>,
    ) -> Result<Option<Box<Entry>>, Fault> {
        let Some(audit) = &self.options.audit else {
            return Ok(None);
        };
        let outcome = match refusal {
            None => Outcome::Done,
            Some(refusal) => Outcome::refused(audit.error_codes.0(refusal), &refusal.to_string()),
        };
        let entry = Entry::new(caller, deed, started, outcome)?;
        Ok(Some(Box::new(entry.under(self.policy_number()?))))
    }

    /// Puts a wish on record that changed nothing.
    pub(super) fn put_on_record(&self, entry: Option<Box<Entry>>) -> Result<(), Error> {
        if entry.is_some() {
            let done = self.writer.commit(Box::new(Draft::of_nothing()), entry)?;
            debug_assert!(matches!(done, Commit::Done(_)), "nothing cannot be stale");
        }
        Ok(())
    }

    /// The first record of a process says what it was started with, and what happened to the log before.
    pub(super) fn put_opening_on_record(&self, interruption: Interruption) -> Result<(), Error> {
        let Some(audit) = &self.options.audit else {
            return Ok(());
        };
        let before = match interruption {
            Interruption::None => "",
            Interruption::Unrecorded => {
                tracing::warn!("the store was changed while no audit log was kept");
                ", after changes without records"
            }
            Interruption::Shortened => {
                tracing::error!("the last records of the audit log are missing");
                ", after the loss of records"
            }
        };
        let settings = hex(&Sha256::digest(&audit.settings));
        let deed = Deed {
            action: Action::Open.as_str(),
            resource: &format_args!("settings {settings}{before}"),
        };
        let entry = self.entry(&Caller::local(), deed, Instant::now(), None)?;
        self.put_on_record(entry)
    }

    /// The last record of a process.
    pub(super) fn put_closing_on_record(&self) {
        let deed = Deed {
            action: Action::Close.as_str(),
            resource: &"",
        };
        let entry = self.entry(&Caller::local(), deed, Instant::now(), None);
        let put = entry
            .map_err(Error::from)
            .and_then(|entry| self.put_on_record(entry));
        if let Err(error) = put {
            tracing::warn!(%error, "the end of this process is not in the audit log");
        }
    }

    /// Puts an attempt on record that was refused before it came here, such as one by somebody who may not make it.
    /// Where no records are kept nothing happens.
    ///
    /// # Errors
    /// [`Error::WritesStopped`] and the like: then it is not on record.
    pub fn record_refusal(
        &self,
        caller: &Caller<'_>,
        attempt: &RefusedAttempt<'_>,
    ) -> Result<(), Error> {
        if self.options.audit.is_none() {
            return Ok(());
        }
        let deed = Deed {
            action: attempt.action,
            resource: &attempt.resource,
        };
        let outcome = Outcome::refused(attempt.code, attempt.reason);
        let entry = Entry::new(caller, deed, Instant::now(), outcome)?;
        let entry = entry.under(self.policy_number()?);
        self.put_on_record(Some(Box::new(entry)))
    }

    /// Erases the name of a principal, and the addresses it came from, wherever they stand in the clear beside the audit
    /// log. The records stay as they are, and the chain holds. Says in how many places the name stood.
    ///
    /// # Errors
    /// Those of every write.
    pub fn erase_names(&self, caller: &Caller<'_>, principal: &str) -> Result<usize, Error> {
        let deed = Deed {
            action: Action::EraseNames.as_str(),
            resource: &"",
        };
        self.write(caller, deed, |judge| decide::erase_names(judge, principal))
    }

    /// Hands out the audit log as lines, from the newest checkpoint that is not after the given record on. The keys sign
    /// the end, so that nobody can cut it off unseen.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn export_audit(
        &self,
        after: u64,
        keys: Option<&SigningKeys>,
        line: &mut dyn FnMut(&str),
    ) -> Result<(), Fault> {
        let view = self.view();
        let begin = view.export_begin(after)?;
        if let Some(begin) = &begin {
            line(&begin.line);
        }
        let after = begin.map_or(0, |begin| begin.checkpoint.sequence);
        view.audit_lines(after, &mut |record, checkpoint| {
            line(&record.text());
            if let Some(checkpoint) = checkpoint {
                line(&checkpoint.line);
            }
            ControlFlow::Continue(())
        })?;
        if let (Some(keys), Some((sequence, hash))) = (keys, view.audit_end()?) {
            let last = view.last_checkpoint()?.map(|last| last.checkpoint);
            line(&signed_end(keys, after, (sequence, hash), last.as_ref()));
        }
        Ok(())
    }

    /// Removes records from the start of the audit log whose checkpoint was made before a time: a portion of them, so that
    /// nobody waits for long. A signed checkpoint stays in their place, in the same batch.
    ///
    /// # Errors
    /// Those of every write, and a fault when the records are not sound: what somebody tampered with is not removed.
    pub fn prune_audit(&self, caller: &Caller<'_>, before: Timestamp) -> Result<Pruned, Error> {
        let Some(audit) = &self.options.audit else {
            return Ok(Pruned::default());
        };
        let deed = Deed {
            action: Action::PruneAudit.as_str(),
            resource: &format_args!("records before {}", shown(before)),
        };
        self.write(caller, deed, |judge| {
            decide::prune_audit(judge, audit, before)
        })
    }

    /// Verifies the audit log as it lies in the store.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn verify_audit(&self, mut verifier: Verifier) -> Result<AuditReport, Fault> {
        let view = self.view();
        if let Some(head) = view.audit_head()? {
            verifier.end(head.sequence, head.hash);
        }
        if let Some(start) = view.audit_start()? {
            verifier.line(&start.line);
        }
        view.audit_lines(0, &mut |line, checkpoint| {
            verifier.line(&line.text());
            if let Some(checkpoint) = checkpoint {
                verifier.line(&checkpoint.line);
            }
            ControlFlow::Continue(())
        })?;
        Ok(verifier.finish())
    }
}

/// The line that ends an export which begins after a record, so that nobody can cut anything off unseen.
fn signed_end(
    keys: &SigningKeys,
    after: u64,
    (sequence, hash): (u64, [u8; 32]),
    last: Option<&Checkpoint>,
) -> String {
    let signed = last.map_or(0, |last| last.sequence);
    let end = Checkpoint {
        sequence,
        hash,
        count: sequence.saturating_sub(signed),
        time: shown(Timestamp::now()),
        node: String::new(),
        key: keys.public(),
        role: CheckpointRole::End { after: Some(after) },
    };
    let predecessor = last.map(|last| last.key).filter(|last| *last != end.key);
    end.sign(keys, predecessor).line
}
