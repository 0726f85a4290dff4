//! Judges the deletion of a context.

use crate::Error;
use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::subject::Context;

use super::Judge;

/// Only an empty context may go; its settings and its count of ids stay (`semantics.md` section 11).
pub(crate) fn delete_context(judge: &Judge<'_>, context: &Context) -> Result<Judgement<()>, Error> {
    let occupied = if context.is_global() {
        judge.view.has_any_subject()?
    } else {
        judge.view.has_subjects(context)?
    };
    if occupied {
        return Err(Error::ContextNotEmpty(context.clone()));
    }
    let topic = Topic::Context(context.clone());
    let draft = Draft {
        basis: Basis {
            revision: judge.view.revision(),
            topics: vec![topic.clone()],
        },
        changes: vec![topic],
        facts: Facts::settled(vec![Fact::Context {
            context: context.clone(),
            exists: false,
        }]),
    };
    Ok(Judgement::Write(Box::new(draft), Box::new(|_| ())))
}
