//! The audit log handed out in parts that fit into memory.

use std::ops::ControlFlow;
use std::time::Instant;

use crate::Error;
use crate::audit::SigningKeys;
use crate::caller::Caller;
use crate::deed::{Action, Deed};
use crate::store::Fault;

use super::super::Registry;
use super::signed_end;

/// A part of the audit log, as an export has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditPart {
    /// The lines.
    pub lines: String,
    /// The record after which the next part begins; none where the log ends.
    pub next: Option<u64>,
}

impl AuditPart {
    fn push(&mut self, line: &str) {
        self.lines.push_str(line);
        self.lines.push('\n');
    }
}

impl Registry {
    /// Hands out the audit log from the newest checkpoint that is not after the given record on, about so many bytes of
    /// it. A part that is not the last one goes to a checkpoint, at which the next one begins, and each is signed at its
    /// end. That it was handed out is on record first.
    ///
    /// # Errors
    /// Those of every write.
    pub fn export_audit_part(
        &self,
        caller: &Caller<'_>,
        after: u64,
        bytes_max: usize,
    ) -> Result<AuditPart, Error> {
        let deed = Deed {
            action: Action::ExportAudit.as_str(),
            resource: &format_args!("records after {after}"),
        };
        let entry = self.entry(caller, deed, Instant::now(), None)?;
        self.put_on_record(entry)?;
        let keys = self.options.audit.as_ref().map(|audit| &audit.keys);
        Ok(self.audit_part(after, keys, bytes_max)?)
    }

    fn audit_part(
        &self,
        after: u64,
        keys: Option<&SigningKeys>,
        bytes_max: usize,
    ) -> Result<AuditPart, Fault> {
        let view = self.view();
        let mut part = AuditPart::default();
        let begin = view.export_begin(after)?;
        if let Some(begin) = &begin {
            part.push(&begin.line);
        }
        let after = begin.map_or(0, |begin| begin.checkpoint.sequence);
        let mut full = None;
        view.audit_lines(after, &mut |record, checkpoint| {
            part.push(&record.text());
            let Some(checkpoint) = checkpoint else {
                return ControlFlow::Continue(());
            };
            part.push(&checkpoint.line);
            if part.lines.len() < bytes_max {
                return ControlFlow::Continue(());
            }
            full = Some(checkpoint.checkpoint);
            ControlFlow::Break(())
        })?;
        let Some(keys) = keys else {
            part.next = full.map(|last| last.sequence);
            return Ok(part);
        };
        let end = match full {
            Some(last) => {
                part.next = Some(last.sequence);
                Some(((last.sequence, last.hash), Some(last)))
            }
            None => {
                let last = view.last_checkpoint()?.map(|last| last.checkpoint);
                view.audit_end()?.map(|end| (end, last))
            }
        };
        if let Some((end, last)) = end {
            part.push(&signed_end(keys, after, end, last.as_ref()));
        }
        Ok(part)
    }
}
