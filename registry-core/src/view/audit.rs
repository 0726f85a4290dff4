//! The audit log.

use std::ops::ControlFlow;

use crate::audit::{AuditLine, ClearNames, SignedCheckpoint};
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::{AuditHeadRow, AuditRow};

use super::View;

impl View<'_> {
    /// Visits the records after a number, ascending, each with the newest checkpoint if it is of that record.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn audit_lines(
        &self,
        after: u64,
        visit: &mut dyn FnMut(AuditLine, Option<SignedCheckpoint>) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let prefix = Key::new(Kind::AuditRecord).bytes();
        // What was removed is not walked over.
        let removed = self.audit_start()?;
        let after = after.max(removed.map_or(0, |start| start.checkpoint.sequence));
        let start = keys::audit(Kind::AuditRecord, after.saturating_add(1));
        self.scan_from(&prefix, &start, &mut |key, value| {
            let sequence = Parts::after(&prefix, key).long()?;
            let AuditRow {
                record,
                previous,
                hash,
            } = decode(value)?;
            let line = AuditLine {
                sequence,
                record,
                previous,
                hash,
                clear: self.clear_names(sequence)?,
            };
            Ok(visit(line, self.checkpoint(sequence)?))
        })
    }

    /// The number of the last record; 0 where there is none.
    ///
    /// # Errors
    /// As [`Self::audit_lines`].
    pub fn audit_length(&self) -> Result<u64, Fault> {
        Ok(self.audit_end()?.map_or(0, |(sequence, _)| sequence))
    }

    /// The newest checkpoint of the audit log.
    ///
    /// # Errors
    /// As [`Self::audit_lines`].
    pub fn last_checkpoint(&self) -> Result<Option<SignedCheckpoint>, Fault> {
        Ok(self.checkpoints_after(0, 1)?.pop())
    }

    /// The checkpoint after which the log starts, if the records up to it were removed.
    ///
    /// # Errors
    /// As [`Self::audit_lines`].
    pub fn audit_start(&self) -> Result<Option<SignedCheckpoint>, Fault> {
        self.read(&keys::audit_start(), read)
    }

    /// What an export begins with that leaves out as much as it can of what is up to a record.
    pub(crate) fn export_begin(&self, after: u64) -> Result<Option<SignedCheckpoint>, Fault> {
        let start = self.audit_start()?;
        let removed = start.as_ref().map_or(0, |start| start.checkpoint.sequence);
        let begin = self.checkpoint_until(after)?;
        let begin = begin.filter(|begin| begin.checkpoint.sequence > removed);
        Ok(begin.or(start))
    }

    /// The newest checkpoint that is not after a record.
    fn checkpoint_until(&self, sequence: u64) -> Result<Option<SignedCheckpoint>, Fault> {
        let prefix = Key::new(Kind::AuditCheckpoint).bytes();
        let mut found = None;
        self.scan_back(&prefix, &mut |key, value| {
            if Parts::after(&prefix, key).long()? > sequence {
                return Ok(ControlFlow::Continue(()));
            }
            found = Some(read(value)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }

    /// The records beside which a principal is named, at most so many.
    pub(crate) fn records_naming(&self, principal: &str, limit: usize) -> Result<Vec<u64>, Fault> {
        let prefix = Key::new(Kind::AuditNames).bytes();
        let mut found = Vec::new();
        self.scan(&prefix, &mut |key, value| {
            let names: ClearNames = decode(value)?;
            if names.principal.as_deref() == Some(principal) {
                found.push(Parts::after(&prefix, key).long()?);
            }
            Ok(if found.len() == limit {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
        Ok(found)
    }

    /// The newest checkpoints of records after a number, at most so many, ascending.
    ///
    /// # Errors
    /// As [`Self::audit_lines`].
    pub fn checkpoints_after(
        &self,
        after: u64,
        limit: usize,
    ) -> Result<Vec<SignedCheckpoint>, Fault> {
        let prefix = Key::new(Kind::AuditCheckpoint).bytes();
        let mut checkpoints = Vec::new();
        self.scan_back(&prefix, &mut |key, value| {
            if checkpoints.len() == limit || Parts::after(&prefix, key).long()? <= after {
                return Ok(ControlFlow::Break(()));
            }
            checkpoints.push(read(value)?);
            Ok(ControlFlow::Continue(()))
        })?;
        checkpoints.reverse();
        Ok(checkpoints)
    }

    /// The checkpoints of records after a number, ascending, at most so many.
    ///
    /// # Errors
    /// As [`Self::audit_lines`].
    pub fn checkpoints_from(
        &self,
        after: u64,
        limit: usize,
    ) -> Result<Vec<SignedCheckpoint>, Fault> {
        let prefix = Key::new(Kind::AuditCheckpoint).bytes();
        let start = keys::audit(Kind::AuditCheckpoint, after.saturating_add(1));
        let mut checkpoints = Vec::new();
        self.scan_from(&prefix, &start, &mut |_key, value| {
            if checkpoints.len() == limit {
                return Ok(ControlFlow::Break(()));
            }
            checkpoints.push(read(value)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(checkpoints)
    }

    /// Visits the checkpoints, ascending, until told to stop.
    pub(crate) fn each_checkpoint(
        &self,
        visit: &mut dyn FnMut(SignedCheckpoint) -> Result<ControlFlow<()>, Fault>,
    ) -> Result<(), Fault> {
        let prefix = Key::new(Kind::AuditCheckpoint).bytes();
        self.scan(&prefix, &mut |_key, value| visit(read(value)?))
    }

    /// What the store says of the end of the audit log; it must be the last record.
    pub(crate) fn audit_head(&self) -> Result<Option<AuditHeadRow>, Fault> {
        self.row(&keys::audit_head())
    }

    /// Number and hash of the last record.
    pub(crate) fn audit_end(&self) -> Result<Option<(u64, [u8; 32])>, Fault> {
        let prefix = Key::new(Kind::AuditRecord).bytes();
        let mut end = None;
        self.scan_back(&prefix, &mut |key, value| {
            let row: AuditRow = decode(value)?;
            end = Some((Parts::after(&prefix, key).long()?, row.hash));
            Ok(ControlFlow::Break(()))
        })?;
        Ok(end)
    }

    fn clear_names(&self, sequence: u64) -> Result<Option<ClearNames>, Fault> {
        self.row(&keys::audit(Kind::AuditNames, sequence))
    }

    fn checkpoint(&self, sequence: u64) -> Result<Option<SignedCheckpoint>, Fault> {
        self.read(&keys::audit(Kind::AuditCheckpoint, sequence), read)
    }
}

fn read(value: &[u8]) -> Result<SignedCheckpoint, Fault> {
    let line: String = decode(value)?;
    SignedCheckpoint::parse(line)
        .ok_or_else(|| Fault::damaged("reading a checkpoint", "it is none"))
}
