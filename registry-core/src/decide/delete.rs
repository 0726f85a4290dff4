//! Judges deletions (`semantics.md` section 11; the order of checks is that of `protocol.md` sections 7.2 and 7.3).

use compat_rules::policy::Point;

use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::subject::{Scope, Subject};
use crate::view::{Latest, StoredVersion};
use crate::{Error, Version, VersionSpec};

use super::{Granted, Judge};

/// How much of something a deletion takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deletion {
    /// It stays readable by id, and can be removed later.
    Soft,
    /// It is gone.
    Permanent,
}

/// Whose references stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Referrers {
    FromAnywhere,
    FromOtherSubjects,
}

/// Judges the deletion of all versions of a subject; the answer names them, ascending.
pub(crate) fn delete_subject(
    judge: &Judge<'_>,
    subject: &Subject,
    deletion: Deletion,
) -> Result<Judgement<Granted<Vec<Version>>>, Error> {
    let mut versions = judge.view.versions(subject)?;
    if versions.is_empty() {
        return Err(Error::SubjectNotFound(subject.to_string()));
    }
    if deletion == Deletion::Soft {
        versions.retain(|version| !version.deleted);
        if versions.is_empty() {
            return Err(Error::SubjectSoftDeleted(subject.clone()));
        }
    }
    check_writable(judge, subject)?;
    if judge.view.is_associated(subject)? {
        return Err(Error::SubjectAssociated(subject.clone()));
    }
    for version in &versions {
        check_references(
            judge,
            subject,
            version.version,
            deletion,
            Referrers::FromOtherSubjects,
        )?;
        if deletion == Deletion::Permanent && !version.deleted {
            return Err(Error::SubjectNotSoftDeleted(subject.clone()));
        }
    }
    judge.unless_policies_refuse(Point::Delete, subject, &judge.config(subject)?, || {
        let numbers = versions.iter().map(|version| version.version).collect();
        let ends_subject = deletion == Deletion::Permanent;
        let draft = draft(judge, subject, &versions, deletion, ends_subject)?;
        Ok((draft, numbers))
    })
}

/// Judges the deletion of one version; the answer is its number.
pub(crate) fn delete_version(
    judge: &Judge<'_>,
    subject: &Subject,
    spec: VersionSpec,
    deletion: Deletion,
) -> Result<Judgement<Granted<Version>>, Error> {
    let version = deletable(judge, subject, spec, deletion)?;
    check_writable(judge, subject)?;
    let ends_activity =
        deletion == Deletion::Soft && judge.view.active_versions(subject)?.len() == 1;
    if ends_activity && judge.view.is_associated(subject)? {
        return Err(Error::LastVersionAssociated);
    }
    check_references(
        judge,
        subject,
        version.version,
        deletion,
        Referrers::FromAnywhere,
    )?;
    if deletion == Deletion::Permanent && !version.deleted {
        return Err(Error::VersionNotSoftDeleted(subject.clone(), spec));
    }
    judge.unless_policies_refuse(Point::Delete, subject, &judge.config(subject)?, || {
        let is_last = judge.view.versions(subject)?.len() == 1;
        let ends_subject = deletion == Deletion::Permanent && is_last;
        let draft = draft(judge, subject, &[version], deletion, ends_subject)?;
        Ok((draft, version.version))
    })
}

fn deletable(
    judge: &Judge<'_>,
    subject: &Subject,
    spec: VersionSpec,
    deletion: Deletion,
) -> Result<StoredVersion, Error> {
    let latest = judge.view.latest(subject)?;
    let found = match (spec, latest) {
        (VersionSpec::Number(number), _) => judge.view.version(subject, number)?,
        (VersionSpec::Latest, Latest::Active(latest)) => Some(latest),
        (VersionSpec::Latest, Latest::Deleted | Latest::Missing) => None,
    };
    match found {
        Some(version) if version.deleted && deletion == Deletion::Soft => {
            Err(Error::VersionSoftDeleted(subject.clone(), spec))
        }
        Some(version) => Ok(version),
        None if latest == Latest::Missing => Err(Error::SubjectNotFound(subject.to_string())),
        None => Err(Error::VersionNotFound(spec)),
    }
}

fn check_writable(judge: &Judge<'_>, subject: &Subject) -> Result<(), Error> {
    if judge.mode(subject)?.is_read_only() {
        return Err(Error::read_only(
            &subject.to_string(),
            &subject.context.qualifier(),
        ));
    }
    Ok(())
}

/// A soft deletion minds active schemas only; a permanent one minds all.
pub(super) fn check_references(
    judge: &Judge<'_>,
    subject: &Subject,
    version: Version,
    deletion: Deletion,
    referrers: Referrers,
) -> Result<(), Error> {
    for (context, id) in judge.view.referrers(subject, version)? {
        for (holder, number) in judge.view.holders(&context, id)? {
            if referrers == Referrers::FromOtherSubjects && holder == *subject {
                continue;
            }
            let active = judge
                .view
                .version(&holder, number)?
                .is_some_and(|held| !held.deleted);
            if active || deletion == Deletion::Permanent {
                return Err(Error::ReferencesExist {
                    subject: subject.clone(),
                    version,
                });
            }
        }
    }
    Ok(())
}

pub(super) fn draft(
    judge: &Judge<'_>,
    subject: &Subject,
    versions: &[StoredVersion],
    deletion: Deletion,
    ends_subject: bool,
) -> Result<Draft, Error> {
    let context = &subject.context;
    let mut changes = vec![Topic::Subject(subject.clone())];
    let mut facts = Vec::new();
    for version in versions {
        let (subject, version, id) = (subject.clone(), version.version, version.id);
        match deletion {
            Deletion::Soft => facts.push(Fact::SoftDeleted { subject, version }),
            Deletion::Permanent => {
                facts.push(Fact::Removed { subject, version });
                changes.push(Topic::Id(context.clone(), id));
                let schema = judge.view.schema(context, id)?;
                changes.extend(schema.map(|schema| Topic::Content(context.clone(), schema.guid())));
            }
        }
    }
    if ends_subject {
        let scope = Scope::of(subject.clone());
        facts.push(Fact::Config {
            scope: scope.clone(),
            config: None,
        });
        facts.push(Fact::Mode { scope, mode: None });
        changes.push(Topic::Settings);
    }
    let topics = vec![
        Topic::Subject(subject.clone()),
        Topic::Referrers(subject.clone()),
        Topic::Associations(subject.clone()),
        Topic::Settings,
        Topic::Policies,
    ];
    Ok(Draft {
        basis: Basis {
            revision: judge.view.revision(),
            topics,
        },
        changes,
        facts: Facts::settled(facts),
    })
}
