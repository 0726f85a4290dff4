//! Versions, ids and contents.

use std::ops::ControlFlow;

use crate::schema::Schema;
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::VersionRow;
use crate::subject::{Context, Subject};
use crate::{Guid, SchemaId, Timestamp, Version};

use super::View;

/// A version of a subject, without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredVersion {
    /// Its number.
    pub version: Version,
    /// The id of its content.
    pub id: SchemaId,
    /// Softly deleted.
    pub deleted: bool,
    /// When it was registered, or deleted.
    pub written: Timestamp,
}

/// A version with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The subject that holds it.
    pub subject: Subject,
    /// Which version.
    pub version: StoredVersion,
    /// The content.
    pub schema: Schema,
}

/// The newest version of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Latest {
    /// It has an active version.
    Active(StoredVersion),
    /// All its versions are softly deleted.
    Deleted,
    /// It has none at all.
    Missing,
}

impl StoredVersion {
    fn of(version: Version, value: &[u8]) -> Result<Self, Fault> {
        let row: VersionRow = decode(value)?;
        let id = SchemaId::new(i64::from(row.id))
            .ok_or_else(|| Fault::damaged("reading a version", "no id"))?;
        Ok(Self {
            version,
            id,
            deleted: row.deleted,
            written: Timestamp(row.written_ms),
        })
    }
}

impl View<'_> {
    /// All versions of a subject, softly deleted ones included, ascending.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read, here and in every other question.
    pub fn versions(&self, subject: &Subject) -> Result<Vec<StoredVersion>, Fault> {
        let prefix = Key::new(Kind::Version).subject(subject).bytes();
        let mut versions = Vec::new();
        self.scan(&prefix, &mut |key, value| {
            versions.push(StoredVersion::of(
                Parts::after(&prefix, key).version()?,
                value,
            )?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(versions)
    }

    /// The active versions of a subject, ascending.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn active_versions(&self, subject: &Subject) -> Result<Vec<StoredVersion>, Fault> {
        let mut versions = self.versions(subject)?;
        versions.retain(|version| !version.deleted);
        Ok(versions)
    }

    /// One version of a subject, softly deleted or not.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn version(
        &self,
        subject: &Subject,
        version: Version,
    ) -> Result<Option<StoredVersion>, Fault> {
        let value = self.get(&keys::version(subject, version))?;
        value
            .map(|value| StoredVersion::of(version, &value))
            .transpose()
    }

    /// The highest active version of a subject.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn latest(&self, subject: &Subject) -> Result<Latest, Fault> {
        let prefix = Key::new(Kind::Version).subject(subject).bytes();
        let mut latest = Latest::Missing;
        self.scan_back(&prefix, &mut |key, value| {
            let version = StoredVersion::of(Parts::after(&prefix, key).version()?, value)?;
            if version.deleted {
                latest = Latest::Deleted;
                return Ok(ControlFlow::Continue(()));
            }
            latest = Latest::Active(version);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(latest)
    }

    /// The content of an id.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn schema(&self, context: &Context, id: SchemaId) -> Result<Option<Schema>, Fault> {
        self.get(&keys::body(context, id))?
            .map(|value| decode(&value))
            .transpose()
    }

    /// The content of a version that is known to exist.
    ///
    /// # Errors
    /// As [`Self::versions`]; also when the content is missing, which only damage can bring about.
    pub fn stored(&self, subject: &Subject, version: StoredVersion) -> Result<Stored, Fault> {
        let schema = self.schema(&subject.context, version.id)?.ok_or_else(|| {
            Fault::damaged(
                "reading a schema",
                format!("{subject} has no content for its id"),
            )
        })?;
        Ok(Stored {
            subject: subject.clone(),
            version,
            schema,
        })
    }

    /// The subjects that hold an id in a context, and the version in each, by name.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn holders(
        &self,
        context: &Context,
        id: SchemaId,
    ) -> Result<Vec<(Subject, Version)>, Fault> {
        let prefix = keys::holders(context, id);
        let mut holders = Vec::new();
        self.scan(&prefix, &mut |key, value| {
            let name = Parts::after(&prefix, key).name()?;
            holders.push((Subject::new(context.clone(), name), decode_version(value)?));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(holders)
    }

    /// The first holder of an id in a context, by name.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn first_holder(
        &self,
        context: &Context,
        id: SchemaId,
    ) -> Result<Option<(Subject, Version)>, Fault> {
        let prefix = keys::holders(context, id);
        let mut first = None;
        self.scan(&prefix, &mut |key, value| {
            let name = Parts::after(&prefix, key).name()?;
            first = Some((Subject::new(context.clone(), name), decode_version(value)?));
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// The version of a subject that holds an id.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn held_version(&self, subject: &Subject, id: SchemaId) -> Result<Option<Version>, Fault> {
        self.get(&keys::holder(subject, id))?
            .map(|value| decode_version(&value))
            .transpose()
    }

    /// The id of a content in a context.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn id_of(&self, context: &Context, guid: Guid) -> Result<Option<SchemaId>, Fault> {
        self.get(&keys::content(guid, context))?
            .map(|value| decode_id(&value))
            .transpose()
    }

    /// Every context that has a content, and its id there; by the name of the context.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn ids_of(&self, guid: Guid) -> Result<Vec<(Context, SchemaId)>, Fault> {
        let prefix = keys::contents(guid);
        let mut ids = Vec::new();
        self.scan(&prefix, &mut |key, value| {
            ids.push((Parts::after(&prefix, key).context()?, decode_id(value)?));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(ids)
    }

    /// The highest id ever given out in a context.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn last_id(&self, context: &Context) -> Result<Option<SchemaId>, Fault> {
        self.get(&keys::last_id(context))?
            .map(|value| decode_id(&value))
            .transpose()
    }
}

fn decode_version(value: &[u8]) -> Result<Version, Fault> {
    let number: u32 = decode(value)?;
    Version::new(i64::from(number))
        .ok_or_else(|| Fault::damaged("reading a version number", "out of range"))
}

fn decode_id(value: &[u8]) -> Result<SchemaId, Fault> {
    let number: u32 = decode(value)?;
    SchemaId::new(i64::from(number)).ok_or_else(|| Fault::damaged("reading an id", "out of range"))
}
