//! Versions, ids and contents.

use std::borrow::Cow;
use std::ops::ControlFlow;

use compat_rules::Format;

use crate::rule_set::RuleSet;
use crate::schema::{Metadata, Schema, SchemaReference};
use crate::store::Fault;
use crate::store::body::{BodyRow, FirstHolder};
use crate::store::codec::decode;
use crate::store::holder::HolderRow;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::{LatestRow, VersionRow};
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
    /// The hash of the content.
    pub guid: Guid,
    /// The content.
    pub schema: Schema,
}

/// A version with its content as answers show it: nothing is parsed, hashed, escaped or copied for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredJson<'r> {
    /// The subject that holds it.
    pub subject: Cow<'r, Subject>,
    /// Which version.
    pub version: StoredVersion,
    /// The hash of the content.
    pub guid: Guid,
    /// The format of the text.
    pub format: Format,
    /// The canonical text as it stands between the quotation marks of a JSON string.
    pub text: Cow<'r, str>,
    /// What the text imports.
    pub references: Vec<SchemaReference>,
    /// Metadata.
    pub metadata: Option<Metadata>,
    /// Rules for clients.
    pub rule_set: Option<RuleSet>,
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

impl Latest {
    /// The version, if it is an active one.
    #[must_use]
    pub const fn active(self) -> Option<StoredVersion> {
        match self {
            Self::Active(version) => Some(version),
            Self::Deleted | Self::Missing => None,
        }
    }
}

impl StoredVersion {
    pub(crate) fn as_latest_row(&self) -> LatestRow {
        LatestRow {
            version: self.version.get(),
            row: VersionRow::new(self.id, self.deleted, self.written),
        }
    }

    pub(super) fn of(version: Version, value: &[u8]) -> Result<Self, Fault> {
        Self::of_row(version, decode(value)?)
    }

    fn of_row(version: Version, row: VersionRow) -> Result<Self, Fault> {
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

impl<'r> StoredJson<'r> {
    fn new(subject: Cow<'r, Subject>, version: StoredVersion, body: BodyRow<'r>) -> Self {
        Self {
            subject,
            version,
            guid: Guid::from_bytes(body.guid),
            format: body.format,
            text: body.text,
            references: body.references,
            metadata: body.metadata,
            rule_set: body.rule_set,
        }
    }

    pub(crate) fn of_holder(
        context: &Context,
        first: FirstHolder<'_>,
        body: BodyRow<'r>,
    ) -> Result<Self, Fault> {
        let subject = Cow::Owned(Subject::new(context.clone(), first.subject));
        let version = StoredVersion::of_row(number(first.version)?, first.row)?;
        Ok(Self::new(subject, version, body))
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
        self.read(&keys::version(subject, version), |value| {
            StoredVersion::of(version, value)
        })
    }

    /// The highest active version of a subject.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn latest(&self, subject: &Subject) -> Result<Latest, Fault> {
        match self.latest_row(subject)? {
            Some(latest) => {
                let version = number(latest.version)?;
                StoredVersion::of_row(version, latest.row).map(Latest::Active)
            }
            None => self.latest_by_versions(subject),
        }
    }

    /// What is kept of the highest active version of a subject.
    pub(crate) fn latest_row(&self, subject: &Subject) -> Result<Option<LatestRow>, Fault> {
        self.row(&keys::latest(subject))
    }

    /// The highest active version as the rows of all versions say.
    pub(crate) fn latest_by_versions(&self, subject: &Subject) -> Result<Latest, Fault> {
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
        self.body(context, id, |body| body.into_schema())
    }

    /// Looks at the row of a content where it lies.
    pub(crate) fn body<T>(
        &self,
        context: &Context,
        id: SchemaId,
        how: impl FnOnce(BodyRow<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        self.read(&keys::body(context, id), |value| {
            how(BodyRow::decode(value)?)
        })
    }

    /// Looks at a version that is known to exist, with its content as it is shown.
    ///
    /// # Errors
    /// As [`Self::stored`].
    pub fn stored_json<T>(
        &self,
        subject: &Subject,
        version: StoredVersion,
        look: impl FnOnce(StoredJson<'_>) -> T,
    ) -> Result<T, Fault> {
        let seen = self.body(&subject.context, version.id, |body| {
            let subject = Cow::Borrowed(subject);
            Ok(look(StoredJson::new(subject, version, body)))
        })?;
        seen.ok_or_else(|| no_content(subject))
    }

    /// Looks at the first holder of an id in a context, by name, with the content as it is shown; for rows that do not
    /// name it.
    pub(crate) fn first_json<T>(
        &self,
        context: &Context,
        id: SchemaId,
        look: impl FnOnce(StoredJson<'_>) -> T,
    ) -> Result<Option<T>, Fault> {
        let Some(first) = self.first_holder_row(context, id)? else {
            return Ok(None);
        };
        self.body(context, id, |body| {
            Ok(look(StoredJson::of_holder(context, first, body)?))
        })
    }

    /// What the row of a content says about its first holder.
    pub(crate) fn first_holder_row(
        &self,
        context: &Context,
        id: SchemaId,
    ) -> Result<Option<FirstHolder<'static>>, Fault> {
        let Some((subject, version)) = self.first_holder(context, id)? else {
            return Ok(None);
        };
        let row = self.row(&keys::version(&subject, version))?;
        Ok(row.map(|row| FirstHolder {
            subject: subject.name.into(),
            version: version.get(),
            row,
        }))
    }

    /// The content of a version that is known to exist.
    ///
    /// # Errors
    /// As [`Self::versions`]; also when the content is missing, which only damage can bring about.
    pub fn stored(&self, subject: &Subject, version: StoredVersion) -> Result<Stored, Fault> {
        let stored = self.body(&subject.context, version.id, |body| {
            Ok(Stored {
                subject: subject.clone(),
                version,
                guid: Guid::from_bytes(body.guid),
                schema: body.into_schema()?,
            })
        })?;
        stored.ok_or_else(|| no_content(subject))
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
            if let Some(version) = newest(value)? {
                holders.push((Subject::new(context.clone(), name), version));
            }
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
            first = newest(value)?.map(|version| (Subject::new(context.clone(), name), version));
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// The version of a subject that holds an id; the one that came last, where an import brought several.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn held_version(&self, subject: &Subject, id: SchemaId) -> Result<Option<Version>, Fault> {
        Ok(self.read(&keys::holder(subject, id), newest)?.flatten())
    }

    /// All versions of a subject that hold an id.
    pub(crate) fn holder_row(&self, subject: &Subject, id: SchemaId) -> Result<HolderRow, Fault> {
        let row = self.read(&keys::holder(subject, id), HolderRow::decode)?;
        Ok(row.unwrap_or_default())
    }

    /// The id of a content in a context.
    ///
    /// # Errors
    /// As [`Self::versions`].
    pub fn id_of(&self, context: &Context, guid: Guid) -> Result<Option<SchemaId>, Fault> {
        self.read(&keys::content(guid, context), decode_id)
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
        self.read(&keys::last_id(context), decode_id)
    }
}

fn no_content(subject: &Subject) -> Fault {
    Fault::damaged(
        "reading a schema",
        format!("{subject} has no content for its id"),
    )
}

/// The version of a holder's row that came last.
fn newest(value: &[u8]) -> Result<Option<Version>, Fault> {
    HolderRow::decode(value)?.last().map(number).transpose()
}

fn number(number: u32) -> Result<Version, Fault> {
    Version::new(i64::from(number))
        .ok_or_else(|| Fault::damaged("reading a version number", "out of range"))
}

fn decode_id(value: &[u8]) -> Result<SchemaId, Fault> {
    let number: u32 = decode(value)?;
    SchemaId::new(i64::from(number)).ok_or_else(|| Fault::damaged("reading an id", "out of range"))
}
