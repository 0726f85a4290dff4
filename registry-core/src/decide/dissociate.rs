//! Judges the end of associations (`semantics.md` section 10).
//!
//! What a topic owns goes along as if it were deleted by itself: policies are asked about each subject, and one that may
//! not go holds everything.

use compat_rules::policy::Point;

use crate::Error;
use crate::association::{Association, AssociationFilter};
use crate::draft::{Answer, Basis, Draft, Facts, Judgement, Receipt, Topic};
use crate::fact::Fact;
use crate::settings::Mode;
use crate::subject::Subject;

use super::delete::{self, Deletion, Referrers, check_references};
use super::{Granted, Judge, PolicyEvaluation};

/// Judges the end of those associations of a topic that the filter admits. With `cascade`, what the topic owns goes
/// along; the answer is what policies had to say about that.
pub(crate) fn dissociate(
    judge: &Judge<'_>,
    resource_id: &str,
    filter: &AssociationFilter,
    cascade: bool,
    dry_run: bool,
) -> Result<Judgement<Vec<PolicyEvaluation>>, Error> {
    let mut associations: Vec<Association> = Vec::new();
    for stored in judge.view.associations_of_resource(resource_id)? {
        if filter.admits(&stored.association) {
            associations.push(stored.association);
        }
    }
    if associations.is_empty() {
        return Err(Error::AssociationNotFound(resource_id.to_owned()));
    }
    let mut draft = unbinding(judge, resource_id, &associations);
    let mut answers: Vec<Answer<Granted<()>>> = Vec::new();
    for association in &associations {
        judge.check_subject_writable(&association.subject)?;
        if association.frozen && !cascade {
            return Err(Error::AssociationFrozen {
                association_type: association.association_type,
                subject: association.subject.clone(),
            });
        }
        let owns = cascade && association.lifecycle.is_strong();
        if owns && judge.mode(&association.subject)? != Mode::Import {
            match removal(judge, &association.subject)? {
                Judgement::Write(part, answer) => {
                    draft = draft.and(*part);
                    answers.push(answer);
                }
                Judgement::WriteThenRefuse(_, refusal) if dry_run => {
                    return Err(refusal.unreported());
                }
                Judgement::WriteThenRefuse(record, refusal) => {
                    return Ok(Judgement::WriteThenRefuse(record, refusal));
                }
                Judgement::Already(_) => {}
            }
        }
    }
    if dry_run {
        return Ok(Judgement::Already(Vec::new()));
    }
    let answer = Box::new(|receipt: Receipt| {
        let granted = answers.into_iter().map(|answer| answer(receipt.clone()));
        granted
            .filter_map(|granted| granted.policies.map(|policies| *policies))
            .collect()
    });
    Ok(Judgement::Write(Box::new(draft), answer))
}

fn unbinding(judge: &Judge<'_>, resource_id: &str, associations: &[Association]) -> Draft {
    let resource = Topic::Resource(resource_id.to_owned());
    let mut changes = vec![resource.clone()];
    changes.extend(
        associations
            .iter()
            .map(|association| Topic::Associations(association.subject.clone())),
    );
    Draft {
        basis: Basis {
            revision: judge.view.revision(),
            topics: vec![resource, Topic::Settings],
        },
        changes,
        facts: Facts::settled(associations.iter().cloned().map(Fact::Unbound).collect()),
    }
}

/// The permanent end of a subject, whether its versions are softly deleted already or not.
fn removal(judge: &Judge<'_>, subject: &Subject) -> Result<Judgement<Granted<()>>, Error> {
    let versions = judge.view.versions(subject)?;
    for version in &versions {
        check_references(
            judge,
            subject,
            version.version,
            Deletion::Permanent,
            Referrers::FromOtherSubjects,
        )?;
    }
    let draft = delete::draft(judge, subject, &versions, Deletion::Permanent, true)?;
    judge.unless_policies_refuse(Point::Delete, subject, &judge.config(subject)?, || {
        Ok((draft, ()))
    })
}
