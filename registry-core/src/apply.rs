//! A fact becomes rows: the primary one and every derived one, in one batch.
//!
//! # Correctness
//! Derived rows (holders, contents, referrers, the last id, the newest versions, counts, aliases, ways to associations)
//! follow from the versions, their contents, the settings and the associations alone.
//! A reader never repairs them; whatever is missing here is missing for good.

mod associations;
mod counts;
mod encryption;
mod versions;

use std::ops::ControlFlow;

use crate::audit::PrunedRecords;
use crate::evidence::{REFUSALS_KEPT, RefusalRecord, ReportId};
use crate::fact::Fact;
use crate::schema::Schema;
use crate::settings::Config;
use crate::store::body::BodyRow;
use crate::store::codec::encode;
use crate::store::keys::{self, Key, Kind};
use crate::store::pending::Pending;
use crate::store::rows::VersionRow;
use crate::store::{Fault, Rows};
use crate::subject::{Context, Scope, Subject};
use crate::view::View;
use crate::{SchemaId, Timestamp, Version};

/// Puts the rows of a fact into the batch.
pub(crate) fn apply(fact: &Fact, at: Timestamp, pending: &mut Pending<'_>) -> Result<(), Fault> {
    match fact {
        Fact::Registered {
            subject,
            version,
            id,
            schema,
        } => register(subject, *version, *id, schema, at, pending)?,
        Fact::SoftDeleted { subject, version } => soft_delete(subject, *version, at, pending)?,
        Fact::Removed { subject, version } => remove(subject, *version, pending)?,
        Fact::Config { scope, config } => {
            set(Kind::Config, scope, config.as_ref().map(encode), pending);
            set_alias(scope, config.as_ref().and_then(Config::alias), pending);
        }
        Fact::Mode { scope, mode } => set(
            Kind::Mode,
            scope,
            mode.map(|mode| encode(&mode.as_str())),
            pending,
        ),
        Fact::Context {
            context,
            exists: true,
        } => pending.put(keys::context(context), encode(&())),
        Fact::Context {
            context,
            exists: false,
        } => pending.delete(keys::context(context)),
        Fact::Bound(association) => associations::bind(association, at, pending)?,
        Fact::Unbound(association) => associations::unbind(association, pending)?,
        Fact::NamesErased { record } => pending.delete(keys::audit(Kind::AuditNames, *record)),
        Fact::AuditPruned(pruned) => prune(pruned, pending),
        Fact::Kek { name, kek } => encryption::set_kek(name, kek.as_ref(), at, pending),
        Fact::Dek {
            series,
            version,
            dek,
        } => encryption::set_dek(series, *version, dek.as_ref(), at, pending),
        Fact::Admitted {
            subject,
            version,
            admission,
        } => pending.put(keys::admission(subject, *version), encode(admission)),
        Fact::Refused { report, refusal } => refuse(*report, refusal, pending)?,
        Fact::Policies(revision) => {
            pending.put(keys::policy_revision(revision.number), encode(revision));
            pending.put(keys::policy_head(), encode(&revision.number));
        }
    }
    Ok(())
}

/// Keeps a refusal, and removes old ones: more than come, so that none is left for long.
fn refuse(
    report: ReportId,
    refusal: &RefusalRecord,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    const REMOVED_AT_ONCE: usize = 4;
    let kept_ms = i64::try_from(REFUSALS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let oldest = ReportId::first_of(Timestamp(refusal.source.at_ms.saturating_sub(kept_ms)));
    let oldest = keys::refusal(oldest);
    let mut expired = Vec::new();
    pending.scan(&Key::new(Kind::Refusal).bytes(), &mut |key, _| {
        if key >= oldest.as_slice() || expired.len() == REMOVED_AT_ONCE {
            return Ok(ControlFlow::Break(()));
        }
        expired.push(key.to_vec());
        Ok(ControlFlow::Continue(()))
    })?;
    for key in expired {
        pending.delete(key);
    }
    pending.put(keys::refusal(report), encode(refusal));
    Ok(())
}

/// Removes records, with all that belongs to them, and says where the log starts now.
fn prune(pruned: &PrunedRecords, pending: &mut Pending<'_>) {
    for sequence in pruned.sequences() {
        pending.delete(keys::audit(Kind::AuditRecord, sequence));
        pending.delete(keys::audit(Kind::AuditNames, sequence));
    }
    for sequence in &pruned.checkpoints {
        pending.delete(keys::audit(Kind::AuditCheckpoint, *sequence));
    }
    pending.put(keys::audit_start(), encode(&pruned.start.line));
}

fn set(kind: Kind, scope: &Scope, value: Option<Vec<u8>>, pending: &mut Pending<'_>) {
    let key = keys::setting(kind, scope);
    match value {
        Some(value) => pending.put(key, value),
        None => pending.delete(key),
    }
}

/// Only a subject's own configuration gives it an alias.
fn set_alias(scope: &Scope, alias: Option<&str>, pending: &mut Pending<'_>) {
    let Scope::Subject(subject) = scope else {
        return;
    };
    match alias {
        Some(alias) => pending.put(keys::alias(subject), encode(&alias)),
        None => pending.delete(keys::alias(subject)),
    }
}

fn register(
    subject: &Subject,
    version: Version,
    id: SchemaId,
    schema: &Schema,
    at: Timestamp,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    let context = &subject.context;
    let replaced = View::of_pending(pending).version(subject, version)?;
    if replaced.is_some_and(|replaced| replaced.id != id) {
        // An import over an existing version: the old id loses this holder, and with the last one its content.
        remove(subject, version, pending)?;
    }
    let replaced = View::of_pending(pending).version(subject, version)?;
    counts::version_set(subject, schema.format, replaced, false, pending)?;
    let known = View::of_pending(pending).schema(context, id)?;
    if known.as_ref().map(|known| known.format) != Some(schema.format) {
        counts::change(context, pending, |counts| {
            if let Some(known) = &known {
                counts.schemas.take(known.format);
            }
            counts.schemas.add(schema.format);
        })?;
    }
    versions::put(subject, version, VersionRow::new(id, false, at), pending)?;
    versions::hold(subject, version, id, pending)?;
    let first_holder = View::of_pending(pending).first_holder_row(context, id)?;
    let body = BodyRow {
        first_holder,
        ..BodyRow::new(schema)
    };
    pending.put(keys::body(context, id), body.encode());
    pending.put(keys::content(schema.guid(), context), encode(&id.get()));
    for (target, target_version) in targets(context, schema) {
        pending.put(
            keys::referrer(&target, target_version, context, id),
            encode(&()),
        );
    }
    let last = View::of_pending(pending).last_id(context)?;
    if last.is_none_or(|last| last < id) {
        pending.put(keys::last_id(context), encode(&id.get()));
    }
    Ok(())
}

fn soft_delete(
    subject: &Subject,
    version: Version,
    at: Timestamp,
    pending: &mut Pending<'_>,
) -> Result<(), Fault> {
    let stored = View::of_pending(pending).version(subject, version)?;
    let Some(stored) = stored else { return Ok(()) };
    let schema = View::of_pending(pending).schema(&subject.context, stored.id)?;
    if let Some(schema) = schema {
        counts::version_set(subject, schema.format, Some(stored), true, pending)?;
    }
    versions::put(
        subject,
        version,
        VersionRow::new(stored.id, true, at),
        pending,
    )?;
    show_again(&subject.context, stored.id, pending)?;
    if stored.deleted {
        return Ok(());
    }
    counts::active_version_gone(subject, pending)
}

fn remove(subject: &Subject, version: Version, pending: &mut Pending<'_>) -> Result<(), Fault> {
    let stored = View::of_pending(pending).version(subject, version)?;
    let Some(stored) = stored else { return Ok(()) };
    let schema = View::of_pending(pending).schema(&subject.context, stored.id)?;
    if let Some(schema) = schema {
        counts::change(&subject.context, pending, |counts| match stored.deleted {
            true => counts.deleted_versions.take(schema.format),
            false => counts.versions.take(schema.format),
        })?;
    }
    versions::delete(subject, version, pending)?;
    if !stored.deleted {
        counts::active_version_gone(subject, pending)?;
    }
    versions::let_go(subject, version, stored.id, pending)?;
    let held = View::of_pending(pending)
        .first_holder(&subject.context, stored.id)?
        .is_some();
    if held {
        show_again(&subject.context, stored.id, pending)
    } else {
        forget(&subject.context, stored.id, pending)
    }
}

/// Puts the row of a content again, with its first holder as the rows of holders and versions say now. To be called when
/// a holder of an id, or its version, has changed.
fn show_again(context: &Context, id: SchemaId, pending: &mut Pending<'_>) -> Result<(), Fault> {
    let first_holder = View::of_pending(pending).first_holder_row(context, id)?;
    let again = View::of_pending(pending).body(context, id, |body| {
        let again = BodyRow {
            first_holder,
            ..body
        };
        Ok(again.encode())
    })?;
    if let Some(again) = again {
        pending.put(keys::body(context, id), again);
    }
    Ok(())
}

/// Nothing holds the id any more: its content goes, and everything that was derived from it. The number itself
/// is never given out again.
fn forget(context: &Context, id: SchemaId, pending: &mut Pending<'_>) -> Result<(), Fault> {
    let schema = View::of_pending(pending).schema(context, id)?;
    let Some(schema) = schema else { return Ok(()) };
    let guid = schema.guid();
    let names_this = View::of_pending(pending).id_of(context, guid)? == Some(id);
    pending.delete(keys::body(context, id));
    counts::change(context, pending, |counts| {
        counts.schemas.take(schema.format);
    })?;
    if names_this {
        pending.delete(keys::content(guid, context));
    }
    for (target, version) in targets(context, &schema) {
        pending.delete(keys::referrer(&target, version, context, id));
    }
    Ok(())
}

/// What a schema of this context refers to.
pub(crate) fn targets(
    context: &Context,
    schema: &Schema,
) -> impl Iterator<Item = (Subject, Version)> {
    schema.references.iter().filter_map(move |reference| {
        let version = Version::new(i64::from(reference.version))?;
        Some((Subject::parse_in(context, &reference.subject), version))
    })
}

#[cfg(test)]
mod tests;
