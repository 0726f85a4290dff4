//! Judges what becomes of data-encryption keys.

use crate::decide::{Deletion, Judge};
use crate::draft::Judgement;
use crate::fact::Fact;
use crate::settings::Mode;
use crate::subject::Scope;
use crate::{
    Dek, DekSeries, DekVersion, Error, Kek, KeyError, ServedDek, StoredDek, SubmittedDek,
    VersionSpec,
};

use super::{check_room, dek_draft};

/// Judges a new DEK. `rewrap` lets one that is there be wrapped again, as after a change of the KEK.
pub(crate) fn create_dek(
    judge: &Judge<'_>,
    series: &DekSeries,
    submitted: &SubmittedDek,
    rewrap: bool,
) -> Result<Judgement<ServedDek>, Error> {
    let kek = judge.view.kek_named(&series.kek, submitted.deleted)?.kek;
    check_room(
        judge,
        judge.view.has_more_deks_than(judge.options.key_count_max)?,
    )?;
    let old = judge.view.dek(series, submitted.version)?;
    if old
        .as_ref()
        .is_some_and(|old| conflicts(&kek, &old.dek, submitted, rewrap))
    {
        return Err(KeyError::Exists(series.subject.to_string()).into());
    }
    let encrypted = wrapped(judge, &kek, series, submitted, old.as_ref())?;
    let mut served = ServedDek {
        stored: StoredDek {
            series: series.clone(),
            version: submitted.version,
            dek: Dek {
                encrypted,
                deleted: submitted.deleted,
            },
            written: crate::Timestamp(0),
        },
        clear: None,
    };
    let scope = Scope::of(series.subject.clone());
    if judge.view.mode_in_force(&scope)? != Mode::Import {
        // A key that cannot be unwrapped again must not be stored.
        served.clear = judge.in_the_clear(&kek, &served.stored)?;
    }
    let facts = vec![set(series, submitted.version, served.stored.dek.clone())];
    Ok(Judgement::Write(
        dek_draft(judge, series, facts),
        Box::new(move |receipt| {
            served.stored.written = receipt.at;
            served
        }),
    ))
}

/// True when a DEK that is there stands in the way: the same wrapped key may be deleted and brought back, and the
/// wrapped key of a shared KEK is the server's to replace.
fn conflicts(kek: &Kek, old: &Dek, submitted: &SubmittedDek, rewrap: bool) -> bool {
    let same = submitted.encrypted.as_ref() == Some(&old.encrypted);
    let differs_only_in_deletion = same && submitted.deleted != old.deleted;
    (!rewrap && !differs_only_in_deletion) || (kek.shared && submitted.encrypted.is_some())
}

/// The wrapped key: as it was sent, or wrapped here.
fn wrapped(
    judge: &Judge<'_>,
    kek: &Kek,
    series: &DekSeries,
    submitted: &SubmittedDek,
    old: Option<&StoredDek>,
) -> Result<String, KeyError> {
    if let Some(encrypted) = &submitted.encrypted {
        return Ok(encrypted.clone());
    }
    if !kek.shared {
        return Err(KeyError::Invalid("encryptedKeyMaterial"));
    }
    let subject = series.subject.to_string();
    match old {
        Some(old) => {
            let clear = judge.unwrap(kek, &subject, &old.dek.encrypted)?;
            judge.wrap(kek, &subject, &clear)
        }
        None => judge.generate(kek, &subject, series.algorithm),
    }
}

/// A DEK as it is handed out.
pub(crate) fn serve_dek(
    judge: &Judge<'_>,
    series: &DekSeries,
    spec: VersionSpec,
    deleted: bool,
) -> Result<ServedDek, Error> {
    let kek = judge.view.kek_named(&series.kek, deleted)?.kek;
    let stored = judge.view.dek_addressed(series, spec, deleted)?;
    let clear = judge.in_the_clear(&kek, &stored)?;
    Ok(ServedDek { stored, clear })
}

/// Judges the deletion of every version of a DEK.
pub(crate) fn delete_deks(
    judge: &Judge<'_>,
    series: &DekSeries,
    deletion: Deletion,
) -> Result<Judgement<()>, Error> {
    let (_, deks) = all(judge, series)?;
    delete(judge, series, deks, deletion)
}

/// Judges the deletion of one version of a DEK.
pub(crate) fn delete_dek(
    judge: &Judge<'_>,
    series: &DekSeries,
    spec: VersionSpec,
    deletion: Deletion,
) -> Result<Judgement<()>, Error> {
    let (_, deks) = one(judge, series, spec)?;
    delete(judge, series, deks, deletion)
}

/// Judges the return of every version of a DEK.
pub(crate) fn undelete_deks(judge: &Judge<'_>, series: &DekSeries) -> Result<Judgement<()>, Error> {
    let (kek, deks) = all(judge, series)?;
    undelete(judge, series, &kek, deks)
}

/// Judges the return of one version of a DEK.
pub(crate) fn undelete_dek(
    judge: &Judge<'_>,
    series: &DekSeries,
    spec: VersionSpec,
) -> Result<Judgement<()>, Error> {
    let (kek, deks) = one(judge, series, spec)?;
    undelete(judge, series, &kek, deks)
}

/// The KEK and every version, softly deleted ones included.
fn all(judge: &Judge<'_>, series: &DekSeries) -> Result<(Kek, Vec<StoredDek>), Error> {
    let kek = judge.view.kek_named(&series.kek, true)?.kek;
    let deks = judge.view.deks(series)?;
    if deks.is_empty() {
        return Err(KeyError::NotFound(series.subject.to_string()).into());
    }
    Ok((kek, deks))
}

/// The KEK and the version that a change is about, softly deleted or not.
///
/// As in the reference, a version that cannot be unwrapped cannot be changed alone, and `latest` finds a version but
/// stands for the number -1 then, which is hardly ever there.
fn one(
    judge: &Judge<'_>,
    series: &DekSeries,
    spec: VersionSpec,
) -> Result<(Kek, Vec<StoredDek>), Error> {
    let kek = judge.view.kek_named(&series.kek, true)?.kek;
    let found = judge.view.dek_addressed(series, spec, true)?;
    judge
        .in_the_clear(&kek, &found)
        .map_err(|error| error.while_doing("retrieving"))?;
    let meant = match spec {
        VersionSpec::Number(_) => Some(found),
        VersionSpec::Latest => judge.view.dek(series, DekVersion::new(-1))?,
    };
    Ok((kek, meant.into_iter().collect()))
}

fn delete(
    judge: &Judge<'_>,
    series: &DekSeries,
    deks: Vec<StoredDek>,
    deletion: Deletion,
) -> Result<Judgement<()>, Error> {
    let facts: Vec<Fact> = match deletion {
        Deletion::Soft => deks
            .into_iter()
            .filter(|stored| !stored.dek.deleted)
            .map(|stored| marked(series, stored, true))
            .collect(),
        Deletion::Permanent => {
            if deks.iter().any(|stored| !stored.dek.deleted) {
                return Err(KeyError::NotSoftDeleted(series.subject.to_string()).into());
            }
            deks.into_iter()
                .map(|stored| Fact::Dek {
                    series: series.clone(),
                    version: stored.version,
                    dek: None,
                })
                .collect()
        }
    };
    Ok(written(judge, series, facts))
}

fn undelete(
    judge: &Judge<'_>,
    series: &DekSeries,
    kek: &Kek,
    deks: Vec<StoredDek>,
) -> Result<Judgement<()>, Error> {
    if kek.deleted {
        return Err(KeyError::KekSoftDeleted(series.kek.to_string()).into());
    }
    let facts = deks
        .into_iter()
        .filter(|stored| stored.dek.deleted)
        .map(|stored| marked(series, stored, false))
        .collect();
    Ok(written(judge, series, facts))
}

fn written(judge: &Judge<'_>, series: &DekSeries, facts: Vec<Fact>) -> Judgement<()> {
    if facts.is_empty() {
        return Judgement::Already(());
    }
    Judgement::Write(dek_draft(judge, series, facts), Box::new(|_| ()))
}

fn marked(series: &DekSeries, stored: StoredDek, deleted: bool) -> Fact {
    let dek = Dek {
        deleted,
        ..stored.dek
    };
    set(series, stored.version, dek)
}

fn set(series: &DekSeries, version: DekVersion, dek: Dek) -> Fact {
    Fact::Dek {
        series: series.clone(),
        version,
        dek: Some(dek),
    }
}
