//! The whole write protocol: judge against a view, commit if that still stands, else judge again.

use std::time::Instant;

use crate::Error;
use crate::caller::Caller;
use crate::decide::Judge;
use crate::deed::Deed;
use crate::draft::{Answer, Judgement};
use crate::writer::Commit;

use super::Registry;

/// How often a wish is judged again because others were faster, before its client is told.
const ATTEMPTS_MAX: usize = 64;

impl Registry {
    /// Carries out a wish of somebody, or says why not.
    pub(super) fn write<T: 'static>(
        &self,
        caller: &Caller<'_>,
        deed: Deed<'_>,
        judge: impl Fn(&Judge<'_>) -> Result<Judgement<T>, Error>,
    ) -> Result<T, Error> {
        let started = Instant::now();
        let done = self.attempt(caller, deed, started, judge);
        let done = match done {
            Err(Attempt::Unrecorded(refusal)) if refusal.is_refusal() => {
                let entry = self.entry(caller, deed, started, Some(&refusal))?;
                self.put_on_record(entry)?;
                Err(refusal)
            }
            Err(Attempt::Unrecorded(error) | Attempt::Recorded(error)) => Err(error),
            Ok(done) => Ok(done),
        };
        tracing::debug!(
            request_id = caller.request_id,
            action = deed.action,
            resource = %deed.resource,
            is_done = done.is_ok(),
        );
        done
    }

    fn attempt<T: 'static>(
        &self,
        caller: &Caller<'_>,
        deed: Deed<'_>,
        started: Instant,
        judge: impl Fn(&Judge<'_>) -> Result<Judgement<T>, Error>,
    ) -> Result<T, Attempt> {
        for _ in 0..ATTEMPTS_MAX {
            let (draft, answer): (_, Result<Answer<T>, Error>) =
                match judge(&self.judge_for(Some(caller)))? {
                    Judgement::Already(answer) => return Ok(answer),
                    Judgement::Write(draft, answer) => (draft, Ok(answer)),
                    Judgement::WriteThenRefuse(draft, refusal) => (draft, Err(refusal)),
                };
            let entry = self.entry(caller, deed, started, answer.as_ref().err())?;
            match self.writer.commit(draft, entry)? {
                Commit::Done(receipt) => {
                    return match answer {
                        Ok(answer) => Ok(answer(receipt)),
                        Err(refusal) => Err(Attempt::Recorded(refusal)),
                    };
                }
                Commit::Stale => {}
                Commit::NoIdLeft => return Err(Error::NoIdLeft.into()),
            }
        }
        Err(Error::Contended.into())
    }
}

/// Why a wish was not carried out, and whether that is on record already.
enum Attempt {
    Recorded(Error),
    Unrecorded(Error),
}

impl<E: Into<Error>> From<E> for Attempt {
    fn from(error: E) -> Self {
        Self::Unrecorded(error.into())
    }
}
