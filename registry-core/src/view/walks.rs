//! Walks over all versions: what derived rows say, found from the rows that they follow from.

use std::collections::BTreeMap;

use crate::SchemaId;
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::holder::HolderRow;
use crate::store::keys::Kind;
use crate::store::rows::{LatestRow, VersionRow};
use crate::subject::Subject;

use super::{StoredVersion, View};

/// Looks at a subject, an id, and the versions that have it.
pub(crate) type EachHolder<'a> =
    dyn FnMut(&Subject, SchemaId, &HolderRow) -> Result<(), Fault> + 'a;

impl View<'_> {
    /// Every subject with an active version, and what is to be kept of the highest one.
    pub(crate) fn each_latest_by_versions(
        &self,
        visit: &mut dyn FnMut(&Subject, LatestRow) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut newest: Option<(Subject, LatestRow)> = None;
        self.each(Kind::Version, &mut |mut key, value| {
            let subject = Subject::new(key.context()?, key.name()?);
            let (version, row) = (key.version()?.get(), decode::<VersionRow>(value)?);
            if row.deleted {
                return Ok(());
            }
            if let Some((other, latest)) = newest.take_if(|(other, _)| *other != subject) {
                visit(&other, latest)?;
            }
            newest = Some((subject, LatestRow { version, row }));
            Ok(())
        })?;
        newest.map_or(Ok(()), |(subject, latest)| visit(&subject, latest))
    }

    /// For every subject the ids that its versions have, and which versions those are, ascending.
    pub(crate) fn each_held_by_versions(&self, visit: &mut EachHolder<'_>) -> Result<(), Fault> {
        let mut held: Option<(Subject, BTreeMap<SchemaId, HolderRow>)> = None;
        let mut visit_all = |subject: &Subject, ids: &BTreeMap<SchemaId, HolderRow>| {
            ids.iter()
                .try_for_each(|(id, versions)| visit(subject, *id, versions))
        };
        self.each(Kind::Version, &mut |mut key, value| {
            let subject = Subject::new(key.context()?, key.name()?);
            let stored = StoredVersion::of(key.version()?, value)?;
            if let Some((other, ids)) = held.take_if(|(other, _)| *other != subject) {
                visit_all(&other, &ids)?;
            }
            let (_, ids) = held.get_or_insert_with(|| (subject, BTreeMap::new()));
            let versions = ids.entry(stored.id).or_default();
            versions.add(stored.version.get());
            Ok(())
        })?;
        held.map_or(Ok(()), |(subject, ids)| visit_all(&subject, &ids))
    }
}
