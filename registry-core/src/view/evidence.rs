//! The evidence of decisions under policies.

use std::ops::ControlFlow;

use crate::Version;
use crate::evidence::{Admission, RefusalRecord, ReportId};
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind};
use crate::subject::Subject;

use super::View;

impl View<'_> {
    /// Under which rules a version was let in; none where there were none. It outlives the version.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read, here and in every other question.
    pub fn admission(
        &self,
        subject: &Subject,
        version: Version,
    ) -> Result<Option<Admission>, Fault> {
        self.row(&keys::admission(subject, version))
    }

    /// What was turned away.
    ///
    /// # Errors
    /// As [`Self::admission`].
    pub fn refusal(&self, report: ReportId) -> Result<Option<RefusalRecord>, Fault> {
        self.row(&keys::refusal(report))
    }

    /// The newest refusals, at most so many, newest first.
    ///
    /// # Errors
    /// As [`Self::admission`].
    pub fn refusals(&self, limit: usize) -> Result<Vec<(ReportId, RefusalRecord)>, Fault> {
        let prefix = Key::new(Kind::Refusal).bytes();
        let mut found = Vec::new();
        self.scan_back(&prefix, &mut |key, value| {
            if found.len() == limit {
                return Ok(ControlFlow::Break(()));
            }
            let bytes = key.get(prefix.len()..).and_then(|id| id.try_into().ok());
            let bytes = bytes.ok_or_else(|| Fault::damaged("reading a key", "no report"))?;
            found.push((ReportId::from_bytes(bytes), decode(value)?));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }
}
