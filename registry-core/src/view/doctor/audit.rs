//! Holds the rows of the audit log against each other: from its start to its end, nothing is missing and nothing is left
//! over. Whether somebody tampered with it says its verification, which knows keys and hashes.

use std::ops::ControlFlow;

use crate::audit::GENESIS;
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::AuditRow;
use crate::view::View;

use super::Finding;

impl View<'_> {
    pub(super) fn examine_audit(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        let start = self.audit_start()?.map(|start| start.checkpoint);
        let start = start.map_or((0, GENESIS), |start| (start.sequence, start.hash));
        let mut last = start;
        self.each_of(Kind::AuditRecord, |sequence, value| {
            let row: AuditRow = decode(value)?;
            if sequence != last.0 + 1 || row.previous != last.1 {
                report(Finding::RecordUnlinked(sequence));
            }
            last = (sequence, row.hash);
            Ok(())
        })?;
        if let Some(head) = self.audit_head()?
            && (head.sequence, head.hash) != last
        {
            report(Finding::LogEndsWrong(head.sequence));
        }
        for kind in [Kind::AuditNames, Kind::AuditCheckpoint] {
            self.each_of(kind, |sequence, _| {
                // The checkpoint where the log starts may be the last one that was made.
                let is_start = kind == Kind::AuditCheckpoint && sequence == start.0;
                if !is_start && !self.has(&keys::audit(Kind::AuditRecord, sequence))? {
                    report(Finding::RecordMissing(sequence));
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn each_of(
        &self,
        kind: Kind,
        mut visit: impl FnMut(u64, &[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let prefix = Key::new(kind).bytes();
        self.scan(&prefix, &mut |key, value| {
            visit(Parts::after(&prefix, key).long()?, value)?;
            Ok(ControlFlow::Continue(()))
        })
    }
}
