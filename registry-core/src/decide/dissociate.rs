//! Judges the end of associations (`semantics.md` section 10).

use crate::Error;
use crate::association::{Association, AssociationFilter};
use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::settings::Mode;
use crate::subject::Subject;

use super::Judge;
use super::delete::{self, Deletion, Referrers, check_references};

/// Judges the end of those associations of a topic that the filter admits. With `cascade`, what the topic owns goes
/// along.
pub(crate) fn dissociate(
    judge: &Judge<'_>,
    resource_id: &str,
    filter: &AssociationFilter,
    cascade: bool,
    dry_run: bool,
) -> Result<Judgement<()>, Error> {
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
    for association in &associations {
        judge.check_subject_writable(&association.subject)?;
        if association.frozen && !cascade {
            return Err(Error::AssociationFrozen {
                association_type: association.association_type,
                subject: association.subject.clone(),
            });
        }
        let owns = cascade && association.lifecycle.is_strong();
        if owns && judge.subject_mode(&association.subject)? != Mode::Import {
            draft = draft.and(removal(judge, &association.subject)?);
        }
    }
    if dry_run {
        return Ok(Judgement::Already(()));
    }
    Ok(Judgement::Write(Box::new(draft), Box::new(|_| ())))
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
fn removal(judge: &Judge<'_>, subject: &Subject) -> Result<Draft, Error> {
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
    delete::draft(judge, subject, &versions, Deletion::Permanent, true)
}
