//! What policies would say to a registration, asked before it is: by the same steps, so that it is told the same
//! (`governance.md` section 0, G4). Its mode, its compatibility and its number are not looked at.

use compat_rules::policy::Point;

use crate::Error;
use crate::subject::Subject;
use crate::submission::Submission;

use super::super::Judge;
use super::super::admission::{Manner, PolicyEvaluation};
use super::super::candidate::{Candidate, Content};
use super::{Already, RegisterOptions, Registration, already, check_wish};

/// A registration that is only tried.
struct Trial<'a> {
    registration: Registration<'a>,
    content: Content,
    candidate: Candidate,
    /// Step 3 would have answered it.
    is_found: bool,
}

/// What the policies in force would say to a registration. What it would only find again has nothing held against it,
/// and what it would refuse for the sake of what was sent is refused.
pub(crate) fn evaluate(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
    options: RegisterOptions,
) -> Result<Option<Box<PolicyEvaluation>>, Error> {
    let submission = &*submission.with_key_defaults();
    check_wish(judge, subject, submission)?;
    let trial = Trial::of(judge, subject, submission, options)?;
    if !trial.is_found {
        trial.registration.check_references(&trial.candidate)?;
    }
    let is_held = trial.is_held()?;
    let mut policies = trial.ask(Manner::Usual)?;
    if is_held && let Some(policies) = &mut policies {
        policies.evaluation.excuse();
    }
    if !is_held {
        trial.registration.check_size(&trial.candidate)?;
    }
    Ok(policies)
}

/// The same where a client asks for compatibility, which knows no other refusals: nothing about what a registration
/// would only find again.
pub(in crate::decide) fn ask_at_compatibility_endpoint(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
    options: RegisterOptions,
) -> Result<Option<Box<PolicyEvaluation>>, Error> {
    let trial = Trial::of(judge, subject, submission, options)?;
    if trial.is_held()? {
        return Ok(None);
    }
    trial.ask(Manner::CompatibilityEndpoint)
}

impl<'a> Trial<'a> {
    fn of(
        judge: &'a Judge<'a>,
        subject: &'a Subject,
        submission: &'a Submission,
        options: RegisterOptions,
    ) -> Result<Self, Error> {
        let config = judge.config(subject)?;
        let already = already(judge, subject, submission, &config, options.normalize)?;
        let (is_found, sought) = match already {
            Already::Registered(_) => (true, None),
            Already::Nowhere(sought) => (false, sought),
        };
        let registration = Registration::of(judge, subject, submission, options, config, sought)?;
        let content = registration.content(registration.next_version()?)?;
        let candidate = judge.candidate(subject, &content, registration.reading())?;
        Ok(Self {
            registration,
            content,
            candidate,
            is_found,
        })
    }

    fn is_held(&self) -> Result<bool, Error> {
        if self.is_found {
            return Ok(true);
        }
        let reused = self.registration.reused(&self.candidate)?;
        let held = self.registration.held_already(reused, &self.candidate)?;
        Ok(held.is_some())
    }

    fn ask(&self, manner: Manner) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        self.registration
            .ask_policies(&self.content, &self.candidate, Point::Check, manner)
    }
}
