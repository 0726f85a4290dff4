//! Judges what becomes of key-encryption keys.

use crate::decide::{Deletion, Judge};
use crate::draft::{Judgement, Topic};
use crate::fact::Fact;
use crate::{Error, Kek, KekName, KekUpdate, KeyError, StoredKek, SubmittedKek};

use super::{check_room, draft};

/// Judges a new KEK; with `trial` a shared one is tried first.
pub(crate) fn create_kek(
    judge: &Judge<'_>,
    submitted: &SubmittedKek,
    trial: bool,
) -> Result<Judgement<StoredKek>, Error> {
    let (name, kek) = submitted.clone().validated()?;
    if trial && kek.shared {
        judge
            .try_out(&kek)
            .map_err(|error| error.while_doing("creating"))?;
    }
    check_room(
        judge,
        judge.view.has_more_keks_than(judge.options.key_count_max)?,
    )?;
    if let Some(old) = judge.view.kek(&name)?
        && !old.kek.differs_only_in_deletion(&kek)
    {
        return Err(KeyError::Exists(name.to_string()).into());
    }
    Ok(write(judge, name, kek))
}

/// Judges a change of a KEK.
pub(crate) fn update_kek(
    judge: &Judge<'_>,
    name: &KekName,
    update: &KekUpdate,
    trial: bool,
) -> Result<Judgement<StoredKek>, Error> {
    let old = judge.view.kek_named(name, false)?;
    let kek = old.kek.clone().updated(update);
    if trial && kek.shared {
        judge
            .try_out(&kek)
            .map_err(|error| error.while_doing("updating"))?;
    }
    if kek == old.kek {
        return Ok(Judgement::Already(old));
    }
    Ok(write(judge, old.name, kek))
}

/// Tries a shared KEK.
pub(crate) fn test_kek(judge: &Judge<'_>, name: &KekName) -> Result<StoredKek, Error> {
    let stored = judge.view.kek_named(name, false)?;
    if !stored.kek.shared {
        return Err(KeyError::Invalid("shared").into());
    }
    judge.try_out(&stored.kek)?;
    Ok(stored)
}

/// Judges a deletion: nothing may be left that only this KEK can unwrap.
pub(crate) fn delete_kek(
    judge: &Judge<'_>,
    name: &KekName,
    deletion: Deletion,
) -> Result<Judgement<()>, Error> {
    let stored = judge.view.kek_named(name, true)?;
    if judge
        .view
        .wraps_any(name, deletion == Deletion::Permanent)?
    {
        return Err(KeyError::HasDeks(name.to_string()).into());
    }
    let kek = match (deletion, stored.kek.deleted) {
        (Deletion::Permanent, false) => {
            return Err(KeyError::NotSoftDeleted(name.to_string()).into());
        }
        (Deletion::Soft, true) => return Ok(Judgement::Already(())),
        (Deletion::Permanent, true) => None,
        (Deletion::Soft, false) => Some(Kek {
            deleted: true,
            ..stored.kek
        }),
    };
    let name = name.clone();
    let topics = vec![Topic::Kek(name.clone()), Topic::Deks(name.clone())];
    let changes = vec![Topic::Kek(name.clone())];
    let facts = vec![Fact::Kek { name, kek }];
    Ok(Judgement::Write(
        draft(judge, topics, changes, facts),
        Box::new(|_| ()),
    ))
}

/// Judges the return of a softly deleted KEK.
pub(crate) fn undelete_kek(judge: &Judge<'_>, name: &KekName) -> Result<Judgement<()>, Error> {
    let stored = judge.view.kek_named(name, true)?;
    if !stored.kek.deleted {
        return Ok(Judgement::Already(()));
    }
    let kek = Kek {
        deleted: false,
        ..stored.kek
    };
    let topics = vec![Topic::Kek(name.clone())];
    let facts = vec![Fact::Kek {
        name: name.clone(),
        kek: Some(kek),
    }];
    Ok(Judgement::Write(
        draft(judge, topics.clone(), topics, facts),
        Box::new(|_| ()),
    ))
}

fn write(judge: &Judge<'_>, name: KekName, kek: Kek) -> Judgement<StoredKek> {
    let topics = vec![Topic::Kek(name.clone())];
    let facts = vec![Fact::Kek {
        name: name.clone(),
        kek: Some(kek.clone()),
    }];
    Judgement::Write(
        draft(judge, topics.clone(), topics, facts),
        Box::new(move |receipt| StoredKek {
            name,
            kek,
            written: receipt.at,
        }),
    )
}
