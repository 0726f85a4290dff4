//! Keeps the [`Counts`] of a context in step with its rows.

use compat_rules::Format;

use crate::counts::Counts;
use crate::store::Fault;
use crate::store::codec::encode;
use crate::store::keys;
use crate::store::pending::Pending;
use crate::subject::{Context, Subject};
use crate::view::{StoredVersion, View};

/// A version that takes the place of nothing, or of itself in another state.
pub(super) fn version_set(
    subject: &Subject,
    format: Format,
    replaced: Option<StoredVersion>,
    deleted: bool,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    let is_new_subject = !deleted && !is_active(subject, pending)?;
    change(&subject.context, pending, |counts| {
        match replaced {
            Some(replaced) if replaced.deleted => counts.deleted_versions.take(format),
            Some(_) => counts.versions.take(format),
            None => {}
        }
        if deleted {
            counts.deleted_versions.add(format);
        } else {
            counts.versions.add(format);
        }
        counts.subjects += u64::from(is_new_subject);
    })
}

/// To be called when the row of an active version has become another, or has gone.
pub(super) fn active_version_gone(
    subject: &Subject,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    if is_active(subject, pending)? {
        return Ok(());
    }
    change(&subject.context, pending, |counts| {
        counts.subjects = counts.subjects.saturating_sub(1);
    })
}

/// Changes the figures of a context.
pub(super) fn change(
    context: &Context,
    pending: &mut Pending<'_>,
    how: impl FnOnce(&mut Counts),
) -> Result<(), Fault> {
    let mut counts = View::of_pending(pending).counts_of(context)?;
    how(&mut counts);
    let key = keys::counts(context);
    if counts == Counts::default() {
        pending.delete(key);
    } else {
        pending.put(key, encode(&counts));
    }
    Ok(())
}

fn is_active(subject: &Subject, pending: &Pending<'_>) -> Result<bool, Fault> {
    let latest = View::of_pending(pending).latest_row(subject)?;
    Ok(latest.is_some())
}
