//! What a new version takes over from the one before it, and from the configuration (steps 5 and 7).

use std::sync::Arc;

use compat_rules::TagEdit;

use crate::schema::Metadata;
use crate::submission::{SubmittedReference, WantedVersion};
use crate::view::Stored;
use crate::{Error, Version};

use super::super::candidate::{Content, Reading};
use super::super::equivalence::VERSION_PROPERTY;
use super::Registration;

impl Registration<'_> {
    /// The content that is to be registered.
    pub(super) fn content(&self, next: Version) -> Result<Content, Error> {
        let sent = self.submission.content()?;
        let edited = self.submission.tags != TagEdit::default();
        let sent = match sent {
            Some(content) if edited => Some(self.tagged(content, &self.submission.tags)?),
            None if edited || self.mode.is_import() => return Err(empty_schema()),
            sent => sent,
        };
        if self.mode.is_import() {
            return sent.ok_or_else(empty_schema);
        }
        let latest = self.latest()?;
        let mut content = match (sent, &latest) {
            (Some(content), _) => content,
            (None, Some(latest)) => self.with_text_of(latest),
            (None, None) => return Err(empty_schema()),
        };
        if let (true, Some(latest)) = (self.submission.propagate_tags, &latest) {
            let tags = self.judge.parsed(latest)?.tags();
            content = self.tagged(
                content,
                &TagEdit {
                    add: tags,
                    remove: Vec::new(),
                },
            )?;
        }
        content = content.completed(&self.config, latest.as_ref().map(|latest| &latest.schema));
        Ok(self.stamped(content, next))
    }

    fn latest(&self) -> Result<Option<Stored>, Error> {
        let active = self.versions.iter().rev().find(|version| !version.deleted);
        Ok(active
            .map(|version| self.judge.view.stored(self.subject, *version))
            .transpose()?)
    }

    fn with_text_of(&self, latest: &Stored) -> Content {
        Content {
            format: latest.schema.format,
            text: Arc::clone(&latest.schema.text),
            references: latest
                .schema
                .references
                .iter()
                .map(SubmittedReference::from)
                .collect(),
            metadata: self.submission.metadata.clone(),
            rule_set: self.submission.rule_set.clone(),
        }
    }

    fn tagged(&self, content: Content, edit: &TagEdit) -> Result<Content, Error> {
        let parsed = self
            .judge
            .candidate(self.subject, &content, Reading::stored(false))?
            .parsed;
        let tagged = parsed
            .with_tags(edit)
            .map_err(|invalid| Error::InvalidSchema(invalid.reason().to_owned()))?;
        Ok(Content {
            text: Arc::from(tagged.canonical()),
            ..content
        })
    }

    /// With the number of the version in the metadata, where it is wanted or was there before.
    fn stamped(&self, mut content: Content, next: Version) -> Content {
        let present = content
            .metadata
            .as_ref()
            .is_some_and(|metadata| metadata.properties.contains_key(VERSION_PROPERTY));
        if self.wanted != WantedVersion::Any || present {
            let metadata = content.metadata.get_or_insert_with(Metadata::default);
            metadata
                .properties
                .insert(VERSION_PROPERTY.to_owned(), next.to_string());
        }
        content
    }
}

fn empty_schema() -> Error {
    Error::InvalidSchema("Empty schema".to_owned())
}
