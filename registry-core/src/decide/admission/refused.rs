//! What follows when policies speak against a wish: a record of the refusal, under a name that the client is told.

use std::sync::Arc;

use compat_rules::policy::Point;
use compat_rules::policy::candidate::RequestFacts;

use crate::Error;
use crate::draft::{Draft, Facts, Judgement};
use crate::evidence::{Judged, RefusalRecord, ReportId, Source};
use crate::fact::Fact;
use crate::settings::Config;
use crate::subject::Subject;

use super::super::Judge;
use super::super::candidate::Content;
use super::{Asked, Manner, PolicyEvaluation};

/// A refused text that is longer is not kept.
const TEXT_KEPT_BYTES: usize = 64 << 10;

/// Something that was done, and what policies had to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted<T> {
    /// The answer.
    pub answer: T,
    /// What the policies in force found; none where none of them looks at it.
    pub policies: Option<Box<PolicyEvaluation>>,
}

/// What was refused.
pub(crate) struct Wish<'a> {
    pub(crate) subject: &'a Subject,
    pub(crate) config: &'a Config,
    /// The schema, where it was about one.
    pub(crate) content: Option<&'a Content>,
    /// The compatibility check was to be skipped.
    pub(crate) is_forced: bool,
}

impl Judge<'_> {
    /// A refusal that policies had a part in is kept, and the client is told under which name.
    pub(crate) fn turned_away<T>(
        &self,
        wish: &Wish<'_>,
        mut refusal: Error,
    ) -> Result<Judgement<T>, Error> {
        let (found, incompatible) = match &mut refusal {
            Error::RefusedByPolicy { policies, .. } => (policies, Vec::new()),
            Error::Incompatible {
                messages,
                policies: Some(policies),
                ..
            } => (policies, messages.clone()),
            _ => return Err(refusal),
        };
        let Some(policies) = self.policies.in_force(&self.view)? else {
            return Err(refusal);
        };
        let report = ReportId::new(self.now())?;
        found.report = Some(report);
        let level = wish.config.level.unwrap_or(self.options.level);
        let format = wish.content.map(|content| content.format.to_string());
        let text = wish.content.map(|content| Arc::clone(&content.text));
        let record = RefusalRecord {
            source: Source::of(self.caller, self.now()),
            subject: wish.subject.to_string(),
            judged: Judged::of(&policies, Some(found), level, wish.is_forced),
            incompatible,
            format: format.unwrap_or_default(),
            text: text.filter(|text| text.len() <= TEXT_KEPT_BYTES),
        };
        let fact = Fact::Refused {
            report,
            refusal: Box::new(record),
        };
        let draft = Draft {
            facts: Facts::settled(vec![fact]),
            ..Draft::of_nothing()
        };
        Ok(Judgement::WriteThenRefuse(Box::new(draft), refusal))
    }

    /// Makes a change that brings no schema, of settings or a deletion, unless the policies speak against it.
    pub(crate) fn unless_policies_refuse<T: 'static>(
        &self,
        point: Point,
        subject: &Subject,
        config: &Config,
        change: impl FnOnce() -> Result<(Draft, T), Error>,
    ) -> Result<Judgement<Granted<T>>, Error> {
        let versions = self.view.versions(subject)?;
        let policies = self.evaluate_policies(&Asked {
            point,
            subject,
            schema: None,
            versions: &versions,
            earlier: &versions,
            config,
            request: RequestFacts::default(),
            manner: Manner::Usual,
        })?;
        match policies {
            Some(policies) if policies.refuses() => {
                let refusal = Error::RefusedByPolicy {
                    subject: subject.to_string(),
                    policies,
                };
                let wish = Wish {
                    subject,
                    config,
                    content: None,
                    is_forced: false,
                };
                self.turned_away(&wish, refusal)
            }
            policies => {
                let (draft, answer) = change()?;
                let granted = Granted { answer, policies };
                Ok(Judgement::Write(Box::new(draft), Box::new(|_| granted)))
            }
        }
    }
}
