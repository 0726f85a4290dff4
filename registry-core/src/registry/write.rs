//! The whole write protocol: judge against a view, commit if that still stands, else judge again.

use std::time::Instant;

use crate::Error;
use crate::caller::Caller;
use crate::decide::Judge;
use crate::deed::Deed;
use crate::draft::{Answer, Judgement};
use crate::figures::Outcome;
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
        let mut outcome = Outcome::Done;
        let started = Instant::now();
        let done = self.attempt(caller, deed, started, judge, &mut outcome);
        let done = match done {
            Err(Attempt::Unrecorded(refusal)) if refusal.is_refusal() => {
                let entry = self.entry(caller, deed, started, Some(&refusal))?;
                self.put_on_record(entry)?;
                Err(refusal)
            }
            Err(Attempt::Unrecorded(error) | Attempt::Recorded(error)) => Err(error),
            Ok(done) => Ok(done),
        };
        if done.is_err() {
            outcome = Outcome::Refused;
        }
        self.figures().changed(deed.action, outcome);
        tracing::debug!(
            request_id = caller.request_id,
            action = deed.action,
            resource = %deed.resource,
            outcome = outcome.as_str(),
        );
        done
    }

    fn attempt<T: 'static>(
        &self,
        caller: &Caller<'_>,
        deed: Deed<'_>,
        started: Instant,
        judge: impl Fn(&Judge<'_>) -> Result<Judgement<T>, Error>,
        outcome: &mut Outcome,
    ) -> Result<T, Attempt> {
        for _ in 0..ATTEMPTS_MAX {
            let (draft, answer): (_, Result<Answer<T>, Error>) =
                match judge(&self.judge_for(Some(caller)))? {
                    Judgement::Already(answer) => {
                        *outcome = Outcome::Already;
                        return Ok(answer);
                    }
                    Judgement::Write(draft, answer) => (draft, Ok(answer)),
                    Judgement::WriteThenRefuse(draft, refusal) => (draft, Err(refusal)),
                };
            let entry = self.entry(caller, deed, started, answer.as_ref().err())?;
            let committed = {
                let _waits = self.figures().wait();
                let _span = tracing::debug_span!("write").entered();
                self.writer.commit(draft, entry)?
            };
            match committed {
                Commit::Done(receipt) => {
                    return match answer {
                        Ok(answer) => Ok(answer(receipt)),
                        Err(refusal) => Err(Attempt::Recorded(refusal)),
                    };
                }
                Commit::Stale => self.figures().judge_again(),
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
