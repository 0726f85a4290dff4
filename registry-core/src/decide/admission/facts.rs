//! What policies may know of a subject, of its versions and of what a schema refers to.

use std::collections::BTreeSet;
use std::sync::Arc;

use compat_rules::policy::candidate::{
    EarlierVersion, MetadataFacts, ReferenceFacts, Role, SubjectFacts,
};
use compat_rules::{ParsedSchema, Strictness};

use crate::schema::{Metadata, Schema, SchemaReference};
use crate::settings::Config;
use crate::subject::{Context, Subject};
use crate::view::{Stored, StoredVersion};
use crate::{Error, Version};

use super::super::Judge;

/// How far a chain of references is followed; a longer one counts as so long.
const CHAIN_MAX: usize = 64;

impl Judge<'_> {
    pub(super) fn subject_facts(
        &self,
        subject: &Subject,
        versions: &[StoredVersion],
        config: &Config,
    ) -> Result<SubjectFacts, Error> {
        Ok(SubjectFacts {
            name: subject.name.clone(),
            context: subject.context.as_str().to_owned(),
            role: Role::of(&subject.name),
            is_new: versions.is_empty(),
            created: versions.first().map(|first| first.written.0),
            version_count: versions.iter().filter(|version| !version.deleted).count(),
            level: config.level.unwrap_or(self.options.level),
            compatibility_group: config.group.clone(),
            near_duplicates: Vec::new(),
        })
    }

    /// A version as policies look at it.
    pub(in crate::decide) fn earlier(
        &self,
        subject: &Subject,
        version: StoredVersion,
    ) -> Result<EarlierVersion, Error> {
        let stored = self.view.stored(subject, version)?;
        let (parsed, text) = self.as_it_came(&stored)?;
        let schema = &stored.schema;
        Ok(EarlierVersion {
            version: version.version.get(),
            schema: parsed.model(&text),
            metadata: metadata_of(schema),
            references: self.reference_facts(&subject.context, &schema.references)?,
            written: version.written.0,
            parsed,
        })
    }

    /// A stored schema as its author sent it, with its text: what is stored of Protobuf lacks the comments.
    pub(crate) fn as_it_came(
        &self,
        stored: &Stored,
    ) -> Result<(Arc<ParsedSchema>, Arc<str>), Error> {
        let (subject, schema) = (&stored.subject, &stored.schema);
        let parsed = self.parsed(stored)?;
        let admission = self.view.admission(subject, stored.version.version)?;
        if let Some(sent) = admission.and_then(|admission| admission.sent)
            && let Ok(resolved) = self.resolve_stored(&subject.context, &schema.references)
        {
            let imports = resolved.imports;
            let read = self
                .library
                .parsed(schema.format, &sent, imports, Strictness::Stored);
            if let Ok(read) = read
                && read.canonical() == parsed.canonical()
            {
                return Ok((read, sent));
            }
        }
        Ok((parsed, Arc::clone(&schema.text)))
    }

    /// The newest schema of a subject that is not deleted.
    pub(crate) fn latest_schema(
        &self,
        subject: &Subject,
        versions: &[StoredVersion],
    ) -> Result<Option<Schema>, Error> {
        let latest = versions.iter().rev().find(|version| !version.deleted);
        let latest = latest.map(|version| self.view.stored(subject, *version));
        Ok(latest.transpose()?.map(|stored| stored.schema))
    }

    /// What is known of each reference.
    pub(crate) fn reference_facts(
        &self,
        context: &Context,
        references: &[SchemaReference],
    ) -> Result<Vec<ReferenceFacts>, Error> {
        let facts = |reference: &SchemaReference| {
            let target = Subject::parse_in(context, &reference.subject);
            let version = Version::new(i64::from(reference.version));
            let version = match version {
                Some(version) => self.view.version(&target, version)?,
                None => None,
            };
            let schema = match version {
                Some(version) => Some(self.view.stored(&target, version)?.schema),
                None => None,
            };
            Ok(ReferenceFacts {
                name: reference.name.clone(),
                subject: reference.subject.clone(),
                version: i64::from(reference.version),
                depth: match &schema {
                    Some(schema) => 1 + self.chain(&target.context, schema)?,
                    None => 1,
                },
                properties: schema
                    .as_ref()
                    .map(|schema| metadata_of(schema).properties)
                    .unwrap_or_default(),
                is_deleted: version.is_none_or(|version| version.deleted),
            })
        };
        references.iter().map(facts).collect()
    }

    /// How long the longest chain of references behind a schema is, step by step, each target once in a step. What is
    /// stored refers only to what was there before, so there is no cycle. What is too much to be followed counts as the
    /// longest.
    fn chain(&self, context: &Context, schema: &Schema) -> Result<usize, Error> {
        const LOOKUPS_MAX: usize = 10_000;
        let mut left = LOOKUPS_MAX;
        let mut step = vec![(context.clone(), schema.references.clone())];
        for depth in 0..CHAIN_MAX {
            let targets: BTreeSet<(Subject, i32)> = step
                .iter()
                .flat_map(|(context, references)| {
                    references.iter().map(|reference| {
                        let target = Subject::parse_in(context, &reference.subject);
                        (target, reference.version)
                    })
                })
                .collect();
            if targets.is_empty() {
                return Ok(depth);
            }
            let Some(still_left) = left.checked_sub(targets.len()) else {
                break;
            };
            left = still_left;
            step.clear();
            for (target, version) in targets {
                if let Some(version) = Version::new(i64::from(version))
                    && let Some(version) = self.view.version(&target, version)?
                {
                    let references = self.view.stored(&target, version)?.schema.references;
                    step.push((target.context, references));
                }
            }
        }
        Ok(CHAIN_MAX)
    }
}

/// The metadata of a schema, and its rule set.
pub(crate) fn metadata_of(schema: &Schema) -> MetadataFacts {
    let rule_set = schema.rule_set.as_ref();
    MetadataFacts {
        rule_set: rule_set.map(|rule_set| format!("{rule_set:?}")),
        ..schema
            .metadata
            .as_ref()
            .map(metadata_facts)
            .unwrap_or_default()
    }
}

fn metadata_facts(metadata: &Metadata) -> MetadataFacts {
    MetadataFacts {
        properties: metadata.properties.clone(),
        tags: metadata
            .tags
            .iter()
            .map(|(path, tags)| (path.clone(), tags.iter().cloned().collect()))
            .collect(),
        sensitive: metadata.sensitive.iter().cloned().collect(),
        rule_set: None,
    }
}
