//! The row of a version, and those that say which is the newest of its subject, and which hold an id.
//!
//! None of them costs a walk over the versions of the subject unless the newest one goes: subjects may have thousands, and
//! a permanent deletion takes them all in one batch.

use crate::store::Fault;
use crate::store::codec::encode;
use crate::store::keys;
use crate::store::pending::Pending;
use crate::store::rows::{LatestRow, VersionRow};
use crate::subject::Subject;
use crate::view::View;
use crate::{SchemaId, Version};

/// A new version, or another state of one.
pub(super) fn put(
    subject: &Subject,
    version: Version,
    row: VersionRow,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    pending.put(keys::version(subject, version), encode(&row));
    if row.deleted {
        return gone(subject, version, pending);
    }
    let latest = View::of_pending(pending).latest_row(subject)?;
    let version = version.get();
    if latest.is_none_or(|latest| latest.version <= version) {
        pending.put(keys::latest(subject), encode(&LatestRow { version, row }));
    }
    Ok(())
}

/// A version goes for good.
pub(super) fn delete(
    subject: &Subject,
    version: Version,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    pending.delete(keys::version(subject, version));
    gone(subject, version, pending)
}

/// A version is not active any more: if it was the newest, another one is.
fn gone(subject: &Subject, version: Version, pending: &mut Pending<'_>) -> Result<(), Fault> {
    let latest = View::of_pending(pending).latest_row(subject)?;
    if latest.is_none_or(|latest| latest.version != version.get()) {
        return Ok(());
    }
    let key = keys::latest(subject);
    let latest = View::of_pending(pending).latest_by_versions(subject)?;
    match latest.active() {
        Some(latest) => pending.put(key, encode(&latest.as_latest_row())),
        None => pending.delete(key),
    }
    Ok(())
}

/// A version has an id from now on.
pub(super) fn hold(
    subject: &Subject,
    version: Version,
    id: SchemaId,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    let mut held = View::of_pending(pending).holder_row(subject, id)?;
    held.add(version.get());
    pending.put(keys::holder(subject, id), held.encode());
    Ok(())
}

/// A version has an id no longer.
pub(super) fn let_go(
    subject: &Subject,
    version: Version,
    id: SchemaId,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    let key = keys::holder(subject, id);
    let mut held = View::of_pending(pending).holder_row(subject, id)?;
    held.remove(version.get());
    match held.last() {
        Some(_) => pending.put(key, held.encode()),
        None => pending.delete(key),
    }
    Ok(())
}
