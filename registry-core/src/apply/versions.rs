//! The row of a version, and the one that says which version of its subject is the newest.

use crate::Version;
use crate::store::Fault;
use crate::store::codec::encode;
use crate::store::keys;
use crate::store::pending::Pending;
use crate::store::rows::VersionRow;
use crate::subject::Subject;
use crate::view::View;

/// A new version, or another state of one.
pub(super) fn put(
    subject: &Subject,
    version: Version,
    row: VersionRow,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    pending.put(keys::version(subject, version), encode(&row));
    find_latest(subject, pending)
}

/// A version goes for good.
pub(super) fn delete(
    subject: &Subject,
    version: Version,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    pending.delete(keys::version(subject, version));
    find_latest(subject, pending)
}

fn find_latest(subject: &Subject, pending: &mut Pending<'_>) -> Result<(), Fault> {
    let key = keys::latest(subject);
    let latest = View::of_pending(pending).latest_by_versions(subject)?;
    match latest.active() {
        Some(latest) => pending.put(key, encode(&latest.as_latest_row())),
        None => pending.delete(key),
    }
    Ok(())
}
