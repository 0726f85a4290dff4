//! What policies would say to a registration, asked before it is: by the same steps, so that it is told the same
//! (`governance.md` section 0, G4). Its mode, its compatibility and its number are not looked at.

use compat_rules::policy::Point;

use crate::Error;
use crate::subject::Subject;
use crate::submission::Submission;

use super::super::Judge;
use super::super::admission::{Manner, PolicyEvaluation};
use super::{Already, RegisterOptions, Registration, already};

/// What the policies in force would say to a registration.
pub(crate) fn evaluate(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
    options: RegisterOptions,
) -> Result<Option<Box<PolicyEvaluation>>, Error> {
    ask_before(judge, subject, submission, options, Manner::Usual)
}

/// What the policies in force would say. What a registration would only find again has nothing held against it.
pub(in crate::decide) fn ask_before(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
    options: RegisterOptions,
    manner: Manner,
) -> Result<Option<Box<PolicyEvaluation>>, Error> {
    let submission = &*submission.with_key_defaults();
    let config = judge.config(subject)?;
    let (is_found, sought) = match already(judge, subject, submission, &config, options.normalize)?
    {
        Already::Registered(_) => (true, None),
        Already::Nowhere(sought) => (false, sought),
    };
    let registration = Registration::of(judge, subject, submission, options, config, sought)?;
    let content = registration.content(registration.next_version()?)?;
    let candidate = judge.candidate(subject, &content, registration.reading())?;
    let is_held = is_found || {
        let reused = registration.reused(&candidate)?;
        registration.held_already(reused, &candidate)?.is_some()
    };
    if is_held && manner == Manner::CompatibilityEndpoint {
        return Ok(None);
    }
    let mut policies = registration.ask_policies(&content, &candidate, Point::Check, manner)?;
    if is_held && let Some(policies) = &mut policies {
        policies.evaluation.excuse();
    }
    Ok(policies)
}
