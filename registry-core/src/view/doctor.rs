//! Holds every derived row against the primary ones, and every primary row against what is derived from it.
//!
//! Rows are streamed, so a store of any size is examined in little memory. Nothing is repaired: a difference is
//! damage, or a bug, and either is for a person to see.

mod audit;

use std::ops::ControlFlow;

use crate::apply::targets;
use crate::store::Fault;
use crate::store::body::BodyRow;
use crate::store::codec::decode;
use crate::store::holder::HolderRow;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::AssociationRow;
use crate::subject::{Context, Scope, Subject};
use crate::{Guid, SchemaId, Version};

use super::View;

/// A row that does not fit the others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A version whose id has no content.
    #[error("version {1} of '{0}' has no content")]
    VersionWithoutContent(Subject, Version),
    /// A version that its id does not lead to.
    #[error("version {1} of '{0}' is not found by id")]
    VersionWithoutHolder(Subject, Version),
    /// An id beyond the last one given out.
    #[error("id {1} of context {0} is beyond the last id given out")]
    IdBeyondLast(Context, SchemaId),
    /// A holder that names no version with that id.
    #[error("id {1} names '{0}', which has no version of that id")]
    HolderWithoutVersion(Subject, SchemaId),
    /// A content that nothing holds.
    #[error("the content of id {1} of context {0} belongs to no version")]
    ContentWithoutHolder(Context, SchemaId),
    /// A content whose row names another guid than its own, or another holder than its first.
    #[error("id {1} of context {0} is shown with a guid or a holder that is not its own")]
    ContentShownWrong(Context, SchemaId),
    /// A content that its hash does not lead to.
    #[error("the content of id {1} of context {0} cannot be found by its guid")]
    ContentWithoutHash(Context, SchemaId),
    /// A hash that leads to another content, or to none.
    #[error("guid {1} names no content in context {0}")]
    HashWithoutContent(Context, Guid),
    /// A reference that its target does not know.
    #[error("a reference of id {1} of context {0} is unknown to its target")]
    ReferenceUnknown(Context, SchemaId),
    /// A target that knows a reference which no schema has.
    #[error("a version is said to be referred to by id {1} of context {0}, but is not")]
    ReferenceWithoutSchema(Context, SchemaId),
    /// An association that its subject, or its topic's id, does not lead to. The topic's name.
    #[error("'{1}' or '{0}' does not know the other")]
    AssociationUnknown(Subject, String),
    /// A subject, or a topic's id, that leads to an association which is not there. The topic's name.
    #[error("nothing binds '{1}' to '{0}'")]
    AssociationMissing(Subject, String),
    /// A subject of which another version is said to be the newest than is.
    #[error("another version of '{0}' is said to be its newest than is")]
    LatestWrong(Subject),
    /// A subject that is said to stand for another than its configuration says.
    #[error("'{0}' is said to stand for another subject than its configuration says")]
    AliasWrong(Subject),
    /// A context whose figures are not what it holds.
    #[error("context {0} holds more or less than its figures say")]
    Miscounted(Context),
    /// A record of the audit log that is missing, or does not follow the one before it.
    #[error("record {0} of the audit log does not follow the one before it")]
    RecordUnlinked(u64),
    /// A row that belongs to a record of the audit log which is not there.
    #[error(
        "the audit log holds a name, an address or a checkpoint of record {0}, which is not there"
    )]
    RecordMissing(u64),
    /// An audit log whose last record is not the one that the store says.
    #[error("the audit log does not end with record {0}, as it should")]
    LogEndsWrong(u64),
}

/// Looks at a key, taken apart, and its value.
type EachRow<'a> = dyn FnMut(Parts<'_>, &[u8]) -> Result<(), Fault> + 'a;

impl View<'_> {
    /// Examines every row that follows from others.
    ///
    /// # Errors
    /// [`Fault`] when a row cannot be read at all.
    pub fn examine(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.examine_versions(report)?;
        self.examine_holders(report)?;
        self.examine_contents(report)?;
        self.examine_hashes(report)?;
        self.examine_referrers(report)?;
        self.examine_latest(report)?;
        self.examine_aliases(report)?;
        self.examine_associations(report)?;
        self.examine_counts(report)?;
        self.examine_audit(report)
    }

    pub(super) fn each(&self, kind: Kind, visit: &mut EachRow<'_>) -> Result<(), Fault> {
        self.scan(&Key::new(kind).bytes(), &mut |key, value| {
            visit(Parts::of(key), value)?;
            Ok(ControlFlow::Continue(()))
        })
    }

    fn examine_versions(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each(Kind::Version, &mut |mut key, _| {
            let subject = Subject::new(key.context()?, key.name()?);
            let version = key.version()?;
            let Some(stored) = self.version(&subject, version)? else {
                return Ok(());
            };
            if self.schema(&subject.context, stored.id)?.is_none() {
                report(Finding::VersionWithoutContent(subject.clone(), version));
            }
            let held = self.holder_row(&subject, stored.id)?;
            if !held.versions().contains(&version.get()) {
                report(Finding::VersionWithoutHolder(subject.clone(), version));
            }
            if self
                .last_id(&subject.context)?
                .is_none_or(|last| last < stored.id)
            {
                report(Finding::IdBeyondLast(subject.context, stored.id));
            }
            Ok(())
        })
    }

    fn examine_holders(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each(Kind::Holder, &mut |mut key, value| {
            let (context, id) = (key.context()?, key.id()?);
            let subject = Subject::new(context, key.name()?);
            let held = HolderRow::decode(value)?;
            let mut is_right = held.last().is_some();
            for number in held.versions() {
                let version = Version::new(i64::from(*number));
                let stored = version.map(|version| self.version(&subject, version));
                let stored = stored.transpose()?.flatten();
                is_right &= stored.is_some_and(|stored| stored.id == id);
            }
            if !is_right {
                report(Finding::HolderWithoutVersion(subject, id));
            }
            Ok(())
        })
    }

    fn examine_contents(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each(Kind::Body, &mut |mut key, value| {
            let (context, id) = (key.context()?, key.id()?);
            let mut body = BodyRow::decode(value)?;
            let first = body.first_holder.take();
            let guid = Guid::from_bytes(body.guid);
            let schema = body.into_schema()?;
            // An earlier Concord named no holder.
            let is_right = first.is_none() || first == self.first_holder_row(&context, id)?;
            if guid != schema.guid() || !is_right {
                report(Finding::ContentShownWrong(context.clone(), id));
            }
            if self.first_holder(&context, id)?.is_none() {
                report(Finding::ContentWithoutHolder(context.clone(), id));
            }
            if self.id_of(&context, schema.guid())?.is_none() {
                report(Finding::ContentWithoutHash(context.clone(), id));
            }
            for (target, version) in targets(&context, &schema) {
                if !self.has(&keys::referrer(&target, version, &context, id))? {
                    report(Finding::ReferenceUnknown(context.clone(), id));
                }
            }
            Ok(())
        })
    }

    fn examine_hashes(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each(Kind::Content, &mut |mut key, _| {
            let guid = key.guid()?;
            let context = key.context()?;
            let id = self.id_of(&context, guid)?;
            let schema = id
                .map(|id| self.schema(&context, id))
                .transpose()?
                .flatten();
            if schema.is_none_or(|schema| schema.guid() != guid) {
                report(Finding::HashWithoutContent(context, guid));
            }
            Ok(())
        })
    }

    fn examine_referrers(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each(Kind::Referrer, &mut |mut key, _| {
            let target = Subject::new(key.context()?, key.name()?);
            let version = key.version()?;
            let (context, id) = (key.context()?, key.id()?);
            let schema = self.schema(&context, id)?;
            let refers = schema.is_some_and(|schema| {
                targets(&context, &schema)
                    .any(|(other, number)| other == target && number == version)
            });
            if !refers {
                report(Finding::ReferenceWithoutSchema(context, id));
            }
            Ok(())
        })
    }

    fn examine_latest(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each_latest_by_versions(&mut |subject, latest| {
            if self.latest_row(subject)? != Some(latest) {
                report(Finding::LatestWrong(subject.clone()));
            }
            Ok(())
        })?;
        self.each(Kind::Latest, &mut |mut key, _| {
            let subject = Subject::new(key.context()?, key.name()?);
            if self.latest_by_versions(&subject)?.active().is_none() {
                report(Finding::LatestWrong(subject));
            }
            Ok(())
        })
    }

    fn examine_aliases(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each_configured_alias(&mut |subject, alias| {
            if self.alias_row(subject)?.as_deref() != Some(alias) {
                report(Finding::AliasWrong(subject.clone()));
            }
            Ok(())
        })?;
        for (subject, _) in self.aliases()? {
            let config = self.config(&Scope::Subject(subject.clone()))?;
            if config.is_none_or(|config| config.alias().is_none()) {
                report(Finding::AliasWrong(subject));
            }
        }
        Ok(())
    }

    fn examine_counts(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        let counted = self.counted_anew()?;
        for (context, counts) in &counted {
            if self.counts_of(context)? != *counts {
                report(Finding::Miscounted(context.clone()));
            }
        }
        for (context, _) in self.counts()? {
            if !counted.contains_key(&context) {
                report(Finding::Miscounted(context));
            }
        }
        Ok(())
    }

    fn examine_associations(&self, report: &mut dyn FnMut(Finding)) -> Result<(), Fault> {
        self.each(Kind::Association, &mut |mut key, value| {
            let key = key.association()?;
            let row: AssociationRow = decode(value)?;
            let ways = [
                keys::association_of_subject(&key),
                keys::association_of_resource(&key, &row.resource_id),
            ];
            for way in ways {
                if !self.has(&way)? {
                    report(Finding::AssociationUnknown(
                        key.subject.clone(),
                        key.name.clone(),
                    ));
                }
            }
            Ok(())
        })?;
        self.each(Kind::AssociationOfSubject, &mut |mut key, _| {
            let key = key.association_of_subject()?;
            if !self.has(&key.bytes())? {
                report(Finding::AssociationMissing(key.subject, key.name));
            }
            Ok(())
        })?;
        self.each(Kind::AssociationOfResource, &mut |mut key, _| {
            let id = key.name()?;
            let key = key.association()?;
            let row: Option<AssociationRow> = self.row(&key.bytes())?;
            if row.is_none_or(|row| row.resource_id != id) {
                report(Finding::AssociationMissing(key.subject, key.name));
            }
            Ok(())
        })
    }
}
