//! Whether a schema may come in: the earlier versions and the policies in force are always both asked, so that one
//! answer tells everything (`semantics.md` section 3, step 12; `governance.md` section 2.7, steps 5 to 8).

use std::sync::Arc;

use compat_rules::Format;
use compat_rules::policy::Point;
use compat_rules::policy::candidate::RequestFacts;

use crate::Error;
use crate::draft::Judgement;
use crate::evidence::{Admission, Judged, Source};
use crate::policy::PoliciesInForce;
use crate::schema::Schema;

use super::super::admission::{Asked, Manner, PolicyEvaluation, Wish};
use super::super::candidate::{Candidate, Content};
use super::{Registered, Registration};

impl Registration<'_> {
    /// What the policies found, if it may come in.
    pub(super) fn admit(
        &self,
        content: &Content,
        candidate: &Candidate,
    ) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        let compatible = self.check_compatibility(candidate);
        let policies = self.ask_policies(content, candidate, Point::Register, Manner::Usual)?;
        match (compatible, policies) {
            (
                Err(Error::Incompatible {
                    subject, messages, ..
                }),
                policies,
            ) => Err(Error::Incompatible {
                subject,
                messages,
                policies,
            }),
            (Err(error), _) => Err(error),
            (Ok(()), Some(policies)) if policies.refuses() => Err(Error::RefusedByPolicy {
                subject: self.subject.to_string(),
                policies,
            }),
            (Ok(()), policies) => Ok(policies),
        }
    }

    /// An import brings in what was decided elsewhere: nothing is refused or told, in whichever manner it is asked.
    pub(super) fn ask_policies(
        &self,
        content: &Content,
        candidate: &Candidate,
        point: Point,
        manner: Manner,
    ) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        if !self.judge.policies.are_in_force(&self.judge.view)? {
            return Ok(None);
        }
        let manner = match (self.mode.is_import(), manner) {
            (true, Manner::CompatibilityEndpoint) => return Ok(None),
            (true, _) => Manner::Recorded,
            (false, manner) => manner,
        };
        self.judge.evaluate_policies(&Asked {
            point,
            subject: self.subject,
            schema: Some(self.judge.asked_schema(self.subject, content, candidate)?),
            versions: &self.versions,
            earlier: &self.versions,
            config: &self.config,
            request: RequestFacts {
                force: self.options.force,
                normalize: self.options.normalize,
            },
            manner,
        })
    }

    /// The evidence that goes with the version, where there are policies.
    pub(super) fn admission(
        &self,
        content: &Content,
        schema: &Schema,
        found: Option<&PolicyEvaluation>,
    ) -> Result<Option<Admission>, Error> {
        let Some(policies) = self.judge.policies.in_force(&self.judge.view)? else {
            return Ok(None);
        };
        // Only the canonical text of Protobuf loses something: the comments.
        let says_more = schema.format == Format::Protobuf && content.text != schema.text;
        Ok(Some(Admission {
            source: self.source(),
            judged: self.judged(&policies, found),
            evaluator: env!("CARGO_PKG_VERSION").to_owned(),
            sent: says_more.then(|| Arc::clone(&content.text)),
        }))
    }

    /// A refusal that policies had a part in leaves a record.
    pub(super) fn turned_away(
        &self,
        content: &Content,
        refusal: Error,
    ) -> Result<Judgement<Registered>, Error> {
        let wish = Wish {
            subject: self.subject,
            config: &self.config,
            content: Some(content),
            is_forced: self.options.force,
        };
        self.judge.turned_away(&wish, refusal)
    }

    fn source(&self) -> Source {
        Source::of(self.judge.caller, self.judge.now())
    }

    fn judged(&self, policies: &PoliciesInForce, found: Option<&PolicyEvaluation>) -> Judged {
        let level = self.config.level.unwrap_or(self.judge.options.level);
        Judged::of(policies, found, level, self.options.force)
    }
}
