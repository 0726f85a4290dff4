//! Judges changes of the governance documents themselves: all or nothing, and never over a revision not seen.

mod managed;

use compat_rules::policy::candidate::RequestFacts;
use compat_rules::policy::{Bundle, Document, Point};

use crate::Error;
use crate::audit::hex;
use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::policy::{PolicyBase, PolicyClaim, PolicyOrigin, PolicyRevision};
use crate::settings::Config;
use crate::subject::Subject;
use crate::submission::Submission;

use super::Judge;
use super::admission::{Asked, Manner, PolicyEvaluation};
use super::candidate::{Content, Reading};

/// Judges new documents; the answer is the revision in force afterwards. Documents that say what is in force already
/// make no new one.
pub(crate) fn apply_policies(
    judge: &Judge<'_>,
    documents: &[Document],
    claim: &PolicyClaim,
    base: PolicyBase,
    origin: &PolicyOrigin,
) -> Result<Judgement<PolicyRevision>, Error> {
    let standing = match judge.view.policy_number()? {
        Some(number) => judge.view.policy_revision(number)?.read(),
        None => Ok(Vec::new()),
    };
    let standing = match (standing, &claim.manager) {
        // What cannot be read any more has to be replaceable as a whole.
        (Err(Error::InvalidPolicies(_)), None) => Vec::new(),
        (standing, _) => standing?,
    };
    let documents = managed::documents_under(claim, documents, standing)?;
    put_in_force(judge, documents, base, origin)
}

/// These documents and no others.
fn put_in_force(
    judge: &Judge<'_>,
    documents: Vec<Document>,
    base: PolicyBase,
    origin: &PolicyOrigin,
) -> Result<Judgement<PolicyRevision>, Error> {
    let bundle = Bundle::compile(documents).map_err(Error::InvalidPolicies)?;
    let digest = hex(&bundle.digest());
    let number = judge.view.policy_number()?;
    if let PolicyBase::Revision(base) = base
        && number.unwrap_or_default() != base
    {
        return Err(Error::PoliciesChanged {
            base,
            in_force: number.unwrap_or_default(),
        });
    }
    let in_force = number
        .map(|number| judge.view.policy_revision(number))
        .transpose()?;
    match in_force {
        Some(in_force) if in_force.digest == digest => return Ok(Judgement::Already(in_force)),
        _ => {}
    }
    let author = judge.caller.and_then(|caller| caller.principal);
    let revision = PolicyRevision {
        number: number.unwrap_or_default() + 1,
        digest,
        author: author.map(|author| author.name.clone()).unwrap_or_default(),
        applied_ms: judge.now().0,
        origin: origin.clone(),
        documents: bundle.documents().iter().map(Document::canonical).collect(),
    };
    let draft = Draft {
        basis: Basis {
            revision: judge.view.revision(),
            topics: vec![Topic::Policies],
        },
        changes: vec![Topic::Policies],
        facts: Facts::settled(vec![Fact::Policies(revision.clone())]),
    };
    Ok(Judgement::Write(Box::new(draft), Box::new(|_| revision)))
}

/// Judges the return to an earlier revision: its documents come again as a new one, whoever manages them.
pub(crate) fn roll_back_policies(
    judge: &Judge<'_>,
    to: u64,
    base: PolicyBase,
    comment: &str,
) -> Result<Judgement<PolicyRevision>, Error> {
    let documents = judge.view.policy_revision(to)?.read()?;
    let origin = PolicyOrigin {
        source: format!("rollback to {to}"),
        comment: comment.to_owned(),
    };
    put_in_force(judge, documents, base, &origin)
}

/// What the policies in force would say to a schema on its way into a subject.
pub(crate) fn evaluate_policies(
    judge: &Judge<'_>,
    subject: &Subject,
    submission: &Submission,
) -> Result<Option<Box<PolicyEvaluation>>, Error> {
    let content = submission
        .content()?
        .ok_or_else(|| Error::InvalidSchema("Empty schema".to_owned()))?;
    let config = judge.config(subject)?;
    let reading = Reading::new_schema(false, &config, judge.options);
    judge.evaluate_before(subject, content, &config, reading, Manner::Usual)
}

impl Judge<'_> {
    /// What policies would say to a content if it were registered now, completed as a registration completes it.
    pub(super) fn evaluate_before(
        &self,
        subject: &Subject,
        content: Content,
        config: &Config,
        reading: Reading,
        manner: Manner,
    ) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        let versions = self.view.versions(subject)?;
        let latest = self.latest_schema(subject, &versions)?;
        let content = content.completed(config, latest.as_ref());
        let candidate = self.candidate(subject, &content, reading)?;
        self.evaluate_policies(&Asked {
            point: Point::Check,
            subject,
            schema: Some(self.asked_schema(subject, &content, &candidate)?),
            versions: &versions,
            config,
            request: RequestFacts {
                force: false,
                normalize: reading.normalize,
            },
            manner,
        })
    }
}
