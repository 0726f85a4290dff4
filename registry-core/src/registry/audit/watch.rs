//! The registry verifies its own audit log, a portion at a time, behind everything else.

use std::ops::ControlFlow;

use crate::audit::{AuditProblem, Verifier};
use crate::store::Fault;
use crate::view::View;

use super::super::Registry;

/// How many records are verified at a time.
const RECORDS_AT_ONCE: usize = 500;

/// A walk over the audit log, from its start to its end and on with what is added.
#[derive(Debug)]
pub struct AuditWatch {
    verifier: Verifier,
    /// The last record that was verified.
    last: u64,
    has_begun: bool,
    /// How many problems of it were told.
    told: usize,
}

/// What came of a portion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditWatched {
    /// The last record that was verified.
    pub last: u64,
    /// What is wrong that was not said before.
    pub problems: Vec<AuditProblem>,
    /// There is nothing further to verify now.
    pub is_at_end: bool,
}

impl Default for AuditWatch {
    /// A walk that has not begun.
    fn default() -> Self {
        Self {
            verifier: Verifier::new(None),
            last: 0,
            has_begun: false,
            told: 0,
        }
    }
}

impl Registry {
    /// Verifies the next records of the audit log.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn watch_audit(&self, watch: &mut AuditWatch) -> Result<AuditWatched, Fault> {
        let view = self.view();
        let start = view.audit_start()?;
        let removed = start.as_ref().map_or(0, |start| start.checkpoint.sequence);
        if removed > watch.last || !watch.has_begun {
            // What was to be verified next is not kept any longer: the walk begins where the log does now.
            *watch = AuditWatch {
                has_begun: true,
                last: removed,
                ..AuditWatch::default()
            };
            if let Some(start) = &start {
                watch.verifier.line(&start.line);
            }
        }
        let mut records = 0;
        view.audit_lines(watch.last, &mut |line, checkpoint| {
            watch.verifier.line(&line.text());
            if let Some(checkpoint) = checkpoint {
                watch.verifier.line(&checkpoint.line);
            }
            watch.last = line.sequence;
            records += 1;
            match records < RECORDS_AT_ONCE {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        })?;
        let is_at_end = records < RECORDS_AT_ONCE;
        let found = &watch.verifier.so_far().problems;
        let mut problems = found.get(watch.told..).unwrap_or_default().to_vec();
        watch.told = found.len();
        if is_at_end && let Some(problem) = cut_off(&view, watch.last)? {
            problems.push(problem);
        }
        Ok(AuditWatched {
            last: watch.last,
            problems,
            is_at_end,
        })
    }
}

/// The end of the log is where the store says.
fn cut_off(view: &View<'_>, last: u64) -> Result<Option<AuditProblem>, Fault> {
    let head = view.audit_head()?.map_or(0, |head| head.sequence);
    Ok((head > last).then_some(AuditProblem::Truncated { last, known: head }))
}
