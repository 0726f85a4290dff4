//! Whether a schema may come in: the earlier versions and the policies in force are always both asked, so that one
//! answer tells everything (`semantics.md` section 3, step 12; `governance.md` section 2.7, steps 5 to 8).

use compat_rules::policy::Point;
use compat_rules::policy::candidate::RequestFacts;

use crate::Error;

use super::super::admission::{Asked, AskedSchema, PolicyEvaluation, metadata_of};
use super::super::candidate::{Candidate, Content, Reading};
use super::Registration;

impl Registration<'_> {
    /// What the policies found, if it may come in.
    pub(super) fn admit(
        &self,
        content: &Content,
        candidate: &Candidate,
    ) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        let compatible = self.check_compatibility(candidate);
        let policies = self.ask_policies(content, candidate)?;
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

    fn ask_policies(
        &self,
        content: &Content,
        candidate: &Candidate,
    ) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        if self.judge.view.policy_number()?.is_none() {
            return Ok(None);
        }
        // As it was sent: places and comments are those of its author, and -1 has not become a number yet.
        let as_sent = self
            .judge
            .candidate(self.subject, content, Reading::stored(false))?;
        let mut references = self
            .judge
            .reference_facts(&self.subject.context, &as_sent.schema.references)?;
        for (facts, sent) in references.iter_mut().zip(&content.references) {
            facts.version = sent.version.map_or(facts.version, i64::from);
        }
        self.judge.evaluate_policies(&Asked {
            point: Point::Register,
            subject: self.subject,
            schema: Some(AskedSchema {
                text: &content.text,
                parsed: as_sent.parsed,
                metadata: metadata_of(&candidate.schema),
                references,
            }),
            versions: &self.versions,
            config: &self.config,
            request: RequestFacts {
                force: self.options.force,
                normalize: self.options.normalize,
            },
            is_dry_run: self.mode.is_import(),
        })
    }
}
