//! Judges changes of the governance documents themselves: all or nothing, and never over a revision not seen.

mod managed;

use std::sync::Arc;

use compat_rules::policy::candidate::RequestFacts;
use compat_rules::policy::{Bundle, Change, ChangeClass, Document, Point, changes};

use crate::audit::hex;
use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::policy::{PolicyBase, PolicyClaim, PolicyOrigin, PolicyRevision};
use crate::subject::Subject;
use crate::{Error, Version, VersionSpec};

use super::Judge;
use super::admission::{Asked, AskedSchema, Manner, PolicyEvaluation, metadata_of};

/// Judges new documents; the answer is the revision in force afterwards. Documents that say what is in force already
/// make no new one.
pub(crate) fn apply_policies(
    judge: &Judge<'_>,
    documents: &[Document],
    claim: &PolicyClaim,
    base: &PolicyBase,
    origin: &PolicyOrigin,
) -> Result<Judgement<PolicyRevision>, Error> {
    let bundle = bundle_under(judge, documents, claim)?;
    put_in_force(judge, &bundle, base, origin)
}

/// What would be in force if these documents were applied; refused as that would be.
pub(crate) fn try_policies(
    judge: &Judge<'_>,
    documents: &[Document],
    claim: &PolicyClaim,
    base: &PolicyBase,
) -> Result<Bundle, Error> {
    let bundle = bundle_under(judge, documents, claim)?;
    standing_instead_of(judge, &bundle, base)?;
    Ok(bundle)
}

/// The documents that are in force afterwards, checked against each other.
fn bundle_under(
    judge: &Judge<'_>,
    documents: &[Document],
    claim: &PolicyClaim,
) -> Result<Bundle, Error> {
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
    Bundle::compile(documents).map_err(Error::InvalidPolicies)
}

/// These documents and no others.
fn put_in_force(
    judge: &Judge<'_>,
    bundle: &Bundle,
    base: &PolicyBase,
    origin: &PolicyOrigin,
) -> Result<Judgement<PolicyRevision>, Error> {
    if let Some(in_force) = standing_instead_of(judge, bundle, base)? {
        return Ok(Judgement::Already(in_force));
    }
    let number = judge.view.policy_number()?;
    let author = judge.caller.and_then(|caller| caller.principal);
    let revision = PolicyRevision {
        number: number.unwrap_or_default() + 1,
        digest: hex(&bundle.digest()),
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

/// The revision in force if it says the same, on whichever base: whoever asks again because an answer was lost has got
/// what was asked for. None if it may be replaced.
fn standing_instead_of(
    judge: &Judge<'_>,
    bundle: &Bundle,
    base: &PolicyBase,
) -> Result<Option<PolicyRevision>, Error> {
    let number = judge.view.policy_number()?;
    let in_force = number.map(|number| judge.view.policy_revision(number));
    let digest = hex(&bundle.digest());
    match in_force.transpose()? {
        Some(in_force) if in_force.digest == digest => Ok(Some(in_force)),
        _ => must_be_based_on(base, number.unwrap_or_default()).map(|()| None),
    }
}

/// Nobody writes over a revision that they have not seen.
fn must_be_based_on(base: &PolicyBase, in_force: u64) -> Result<(), Error> {
    match base {
        PolicyBase::Revision(base) if *base != in_force => Err(Error::PoliciesChanged {
            base: *base,
            in_force,
        }),
        PolicyBase::Seen(seen) if !seen.contains(&in_force) => {
            Err(Error::PoliciesNotSeen { in_force })
        }
        PolicyBase::Revision(_) | PolicyBase::Seen(_) | PolicyBase::Any => Ok(()),
    }
}

/// Judges the return to an earlier revision: its documents come again as a new one, whoever manages them.
pub(crate) fn roll_back_policies(
    judge: &Judge<'_>,
    to: u64,
    base: &PolicyBase,
    comment: &str,
) -> Result<Judgement<PolicyRevision>, Error> {
    let documents = judge.view.policy_revision(to)?.read()?;
    let bundle = Bundle::compile(documents).map_err(Error::InvalidPolicies)?;
    let origin = PolicyOrigin {
        source: format!("rollback to {to}"),
        comment: comment.to_owned(),
    };
    put_in_force(judge, &bundle, base, &origin)
}

/// A version, examined where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// The subject, which may have been named by an alias.
    pub subject: Subject,
    /// The version.
    pub version: Version,
    /// The team that owns it.
    pub team: Option<Arc<str>>,
    /// What was found; none where no rule looks at what stands.
    pub policies: Option<Box<PolicyEvaluation>>,
}

/// What the policies in force find in a version where it stands.
pub(crate) fn examine(
    judge: &Judge<'_>,
    subject: &Subject,
    spec: VersionSpec,
) -> Result<Examined, Error> {
    let stored = judge.view.addressed(subject, spec, false)?;
    let subject = &stored.subject;
    let mut examined = Examined {
        subject: subject.clone(),
        version: stored.version.version,
        team: None,
        policies: None,
    };
    let Some(policies) = judge.policies.in_force(&judge.view)? else {
        return Ok(examined);
    };
    let versions = judge.view.versions(subject)?;
    let config = judge.config(subject)?;
    let (parsed, text) = judge.as_it_came(&stored)?;
    let metadata = metadata_of(&stored.schema);
    let format = Some(stored.schema.format);
    examined.team = judge
        .in_force(&policies, subject, &versions, &config, &metadata, format)?
        .team;
    let before = versions.partition_point(|other| other.version < stored.version.version);
    examined.policies = judge.evaluate_policies(&Asked {
        point: Point::Audit,
        subject,
        schema: Some(AskedSchema {
            text: &text,
            parsed,
            metadata,
            references: judge.reference_facts(&subject.context, &stored.schema.references)?,
        }),
        versions: &versions,
        earlier: &versions[..before],
        config: &config,
        request: RequestFacts::default(),
        manner: Manner::Usual,
    })?;
    Ok(examined)
}

/// What a version changed against the one before it that is still there; none if that is nothing, or there is none.
pub(crate) fn change_class(
    judge: &Judge<'_>,
    subject: &Subject,
    version: Version,
) -> Result<Option<ChangeClass>, Error> {
    let versions = judge.view.versions(subject)?;
    let at = versions.partition_point(|other| other.version < version);
    let after = versions.get(at).filter(|found| found.version == version);
    let (Some(after), Some(before)) = (after, versions[..at].last()) else {
        return Ok(None);
    };
    let before = judge.earlier(subject, *before)?;
    let after = judge.earlier(subject, *after)?;
    let listed = changes(&before.schema, &after.schema);
    // What the list does not tell is a change of text at least.
    let is_other = before.parsed.canonical() != after.parsed.canonical();
    let gravest = listed.iter().map(Change::class).max();
    Ok(gravest.or_else(|| is_other.then_some(ChangeClass::Text)))
}
