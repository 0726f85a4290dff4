//! From what a request names to what is stored: fallback between contexts, ids with a subject, guids
//! (`semantics.md` sections 8.3 to 8.5).

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::subject::{Context, Subject};
use crate::{Error, Guid, SchemaId, Version, VersionSpec};

use super::{Deleted, Latest, Stored, StoredJson, StoredVersion, View};

impl View<'_> {
    /// The version that a request names. A subject of the default context is looked for in the other contexts,
    /// too, when it is not found there.
    ///
    /// # Errors
    /// [`Error::SubjectNotFound`], [`Error::VersionNotFound`], or a fault.
    pub fn addressed(
        &self,
        subject: &Subject,
        spec: VersionSpec,
        deleted: bool,
    ) -> Result<Stored, Error> {
        let (subject, version) = self.address(subject, spec, deleted)?;
        Ok(self.stored(&subject, version)?)
    }

    /// Looks at the version of [`Self::addressed`] with its content as it is shown.
    ///
    /// # Errors
    /// As there.
    pub fn addressed_json<T>(
        &self,
        subject: &Subject,
        spec: VersionSpec,
        deleted: bool,
        look: impl FnOnce(StoredJson<'_>) -> T,
    ) -> Result<T, Error> {
        let (subject, version) = self.address(subject, spec, deleted)?;
        Ok(self.stored_json(&subject, version, look)?)
    }

    /// The subject that has the version that a request names.
    fn address<'s>(
        &self,
        subject: &'s Subject,
        spec: VersionSpec,
        deleted: bool,
    ) -> Result<(Cow<'s, Subject>, StoredVersion), Error> {
        let refusal = match self.addressed_here(subject, spec, deleted) {
            Err(refusal @ (Error::SubjectNotFound(_) | Error::VersionNotFound(_))) => refusal,
            answer => return Ok((Cow::Borrowed(subject), answer?)),
        };
        for elsewhere in self.namesakes(subject)? {
            match self.addressed_here(&elsewhere, spec, deleted) {
                Err(Error::SubjectNotFound(_) | Error::VersionNotFound(_)) => {}
                answer => return Ok((Cow::Owned(elsewhere), answer?)),
            }
        }
        Err(refusal)
    }

    fn addressed_here(
        &self,
        subject: &Subject,
        spec: VersionSpec,
        deleted: bool,
    ) -> Result<StoredVersion, Error> {
        let found = match spec {
            VersionSpec::Latest => self.latest(subject)?.active(),
            VersionSpec::Number(number) => self
                .version(subject, number)?
                .filter(|version| deleted || !version.deleted),
        };
        match found {
            Some(version) => Ok(version),
            None if self.is_visible(subject, deleted)? => Err(Error::VersionNotFound(spec)),
            None => Err(Error::SubjectNotFound(subject.to_string())),
        }
    }

    /// True when the subject has an active version, or with `deleted` any at all.
    ///
    /// # Errors
    /// A fault.
    pub fn is_visible(&self, subject: &Subject, deleted: bool) -> Result<bool, Error> {
        Ok(match self.latest(subject)? {
            Latest::Active(_) => true,
            Latest::Deleted => deleted,
            Latest::Missing => false,
        })
    }

    /// The subjects of the same name in the other contexts, for a subject of the default one.
    ///
    /// # Errors
    /// A fault.
    pub fn namesakes(&self, subject: &Subject) -> Result<Vec<Subject>, Error> {
        if !subject.context.is_default() || subject.name.is_empty() {
            return Ok(Vec::new());
        }
        let contexts = self.named_contexts()?;
        Ok(contexts
            .into_iter()
            .map(|context| Subject::new(context, subject.name.clone()))
            .collect())
    }

    /// The schema of an id, as the given subject holds it. A subject without a name stands for its whole context.
    ///
    /// # Errors
    /// A fault.
    pub fn by_id(&self, id: SchemaId, subject: &Subject) -> Result<Option<Stored>, Error> {
        if !subject.name.is_empty() {
            if let Some(stored) = self.held(subject, id)? {
                return Ok(Some(stored));
            }
            if !subject.context.is_default() {
                return Ok(None);
            }
            for elsewhere in self.namesakes(subject)? {
                if let Some(stored) = self.held(&elsewhere, id)? {
                    return Ok(Some(stored));
                }
            }
        }
        match self.first_holder(&subject.context, id)? {
            Some((holder, number)) => self.numbered(&holder, number),
            None => Ok(None),
        }
    }

    fn held(&self, subject: &Subject, id: SchemaId) -> Result<Option<Stored>, Error> {
        match self.held_version(subject, id)? {
            Some(number) => self.numbered(subject, number),
            None => Ok(None),
        }
    }

    fn numbered(&self, subject: &Subject, number: Version) -> Result<Option<Stored>, Error> {
        let Some(version) = self.version(subject, number)? else {
            return Ok(None);
        };
        Ok(Some(self.stored(subject, version)?))
    }

    /// Every subject that holds the content of an id, and the version there; found as [`Self::by_id`] finds the
    /// schema. `None` when there is no such schema.
    ///
    /// # Errors
    /// A fault.
    pub fn holders_of(
        &self,
        id: SchemaId,
        subject: &Subject,
        deleted: bool,
    ) -> Result<Option<Vec<(Subject, Version)>>, Error> {
        let Some(stored) = self.by_id(id, subject)? else {
            return Ok(None);
        };
        let context = &stored.subject.context;
        // A content that was imported under two ids answers for the one that came last.
        let id = self.id_of(context, stored.guid)?.unwrap_or(id);
        let mut holders = self.holders(context, id)?;
        if !deleted {
            let mut active = Vec::new();
            for (holder, number) in holders {
                if self
                    .version(&holder, number)?
                    .is_some_and(|version| !version.deleted)
                {
                    active.push((holder, number));
                }
            }
            holders = active;
        }
        Ok(Some(holders))
    }

    /// The first schema of a content: the default context is asked first, the others by name.
    ///
    /// # Errors
    /// A fault.
    pub fn by_guid(&self, guid: Guid) -> Result<Option<Stored>, Error> {
        let mut ids = self.ids_of(guid)?;
        ids.sort_by_key(|(context, _)| !context.is_default());
        match ids.first() {
            Some((context, id)) => self.by_id(*id, &Subject::new(context.clone(), "")),
            None => Ok(None),
        }
    }

    /// The highest version with metadata that has all these properties.
    ///
    /// # Errors
    /// [`Error::SubjectNotFound`], [`Error::SchemaNotFound`], or a fault.
    pub fn latest_with_metadata(
        &self,
        subject: &Subject,
        properties: &BTreeMap<String, String>,
        deleted: bool,
    ) -> Result<Stored, Error> {
        if !self.is_visible(subject, deleted)? {
            return Err(Error::SubjectNotFound(subject.to_string()));
        }
        for version in self
            .versions(subject)?
            .into_iter()
            .rev()
            .filter(|version| deleted || !version.deleted)
        {
            let stored = self.stored(subject, version)?;
            let fits = stored.schema.metadata.as_ref().is_some_and(|metadata| {
                properties
                    .iter()
                    .all(|(key, value)| metadata.properties.get(key) == Some(value))
            });
            if fits {
                return Ok(stored);
            }
        }
        Err(Error::SchemaNotFound)
    }

    /// The versions of a subject that a list shows, ascending.
    ///
    /// # Errors
    /// A fault.
    pub fn shown_versions(
        &self,
        subject: &Subject,
        deleted: Deleted,
    ) -> Result<Vec<StoredVersion>, Error> {
        let mut versions = self.versions(subject)?;
        versions.retain(|version| match deleted {
            Deleted::Without => !version.deleted,
            Deleted::With => true,
            Deleted::Only => version.deleted,
        });
        Ok(versions)
    }

    /// The schemas that refer to a version, by context and id; with `deleted` those of which nothing is active, too.
    ///
    /// # Errors
    /// A fault.
    pub fn referenced_by(
        &self,
        target: &Subject,
        version: Version,
        deleted: bool,
    ) -> Result<Vec<(Context, SchemaId)>, Error> {
        let mut referrers = Vec::new();
        for (context, id) in self.referrers(target, version)? {
            if deleted || self.is_active(&context, id)? {
                referrers.push((context, id));
            }
        }
        Ok(referrers)
    }

    /// The versions of a subject that the list of schemas shows: all, or only the highest.
    ///
    /// # Errors
    /// A fault.
    pub fn listed_versions(
        &self,
        subject: &Subject,
        deleted: Deleted,
        latest_only: bool,
    ) -> Result<Vec<StoredVersion>, Error> {
        let mut versions = self.shown_versions(subject, deleted)?;
        if latest_only {
            versions.drain(..versions.len().saturating_sub(1));
        }
        Ok(versions)
    }
}
