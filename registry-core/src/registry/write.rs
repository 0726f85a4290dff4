//! The whole write protocol: judge against a view, commit if that still stands, else judge again.

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
        let done = self.attempt(judge);
        tracing::debug!(
            request_id = caller.request_id,
            action = deed.action.as_str(),
            resource = %deed.resource,
            is_done = done.is_ok(),
        );
        done
    }

    fn attempt<T: 'static>(
        &self,
        judge: impl Fn(&Judge<'_>) -> Result<Judgement<T>, Error>,
    ) -> Result<T, Error> {
        for _ in 0..ATTEMPTS_MAX {
            let (draft, answer): (_, Answer<Result<T, Error>>) = match judge(&self.judge())? {
                Judgement::Already(answer) => return Ok(answer),
                Judgement::Write(draft, answer) => (draft, Box::new(|receipt| Ok(answer(receipt)))),
                Judgement::WriteThenRefuse(draft, refusal) => (draft, Box::new(|_| Err(refusal))),
            };
            match self.writer.commit(draft)? {
                Commit::Done(receipt) => return answer(receipt),
                Commit::Stale => {}
                Commit::NoIdLeft => return Err(Error::NoIdLeft),
            }
        }
        Err(Error::Contended)
    }
}
