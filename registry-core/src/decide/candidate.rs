//! From what was sent to a schema that is understood (`semantics.md` section 3, step 8).

use std::sync::Arc;

use compat_rules::{Format, InvalidSchema, ParsedSchema, Strictness};

use crate::rule_set::RuleSet;
use crate::schema::{Metadata, Schema, SchemaReference};
use crate::settings::{Config, Mode};
use crate::subject::{Context, Scope, Subject};
use crate::submission::{Submission, SubmittedReference};
use crate::view::Stored;
use crate::{Error, Guid, RegistryOptions};

use super::Judge;
use super::refusal::NoCandidate;
use super::resolve::{DeletedTargets, Resolved, Unresolved};

/// A schema that was understood: its content in canonical form, and its meaning.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) schema: Schema,
    pub(crate) parsed: Arc<ParsedSchema>,
    /// Its references in the order in which they were sent, and the texts behind them.
    pub(crate) resolved: Resolved,
}

/// The text of a submission with everything that gives it its meaning.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) format: Format,
    pub(crate) text: Arc<str>,
    pub(crate) references: Vec<SubmittedReference>,
    pub(crate) metadata: Option<Metadata>,
    pub(crate) rule_set: Option<RuleSet>,
}

/// How a content is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    pub(crate) strictness: Strictness,
    pub(crate) normalize: bool,
    pub(crate) validation: Validation,
}

/// How far the content is checked beyond parsing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Validation {
    /// Not at all.
    Nothing,
    /// What has to be right in every mode.
    Imported,
    /// As a whole; with or without the names of fields is the setting `validateFields`.
    New { fields: bool },
}

impl Reading {
    /// For lookups and for everything stored.
    pub(crate) const fn stored(normalize: bool) -> Self {
        Self {
            strictness: Strictness::Stored,
            normalize,
            validation: Validation::Nothing,
        }
    }

    /// For what an import brings in.
    pub(crate) const fn imported() -> Self {
        Self {
            validation: Validation::Imported,
            ..Self::stored(false)
        }
    }

    /// For schemas that are about to be registered, and for those that are only checked.
    pub(crate) fn new_schema(normalize: bool, config: &Config, options: &RegistryOptions) -> Self {
        let strict = config
            .validate_new_schemas
            .unwrap_or(options.validate_new_schemas);
        Self {
            strictness: if strict {
                Strictness::New
            } else {
                Strictness::Stored
            },
            normalize,
            validation: Validation::New {
                fields: config.validate_fields.unwrap_or(options.validate_fields),
            },
        }
    }

    const fn deleted_targets(self) -> DeletedTargets {
        match self.strictness {
            Strictness::New => DeletedTargets::Missing,
            Strictness::Stored => DeletedTargets::Found,
        }
    }
}

impl Submission {
    /// The format that it names.
    pub(crate) fn format(&self) -> Result<Format, Error> {
        match self.schema_type.as_deref() {
            None | Some("") => Ok(Format::Avro),
            Some(name) => name
                .parse()
                .map_err(|unknown| Error::InvalidSchema(format!("{unknown}"))),
        }
    }

    /// The text, unless it is blank.
    pub(crate) fn text(&self) -> Option<&str> {
        self.text.as_deref().filter(|text| !text.trim().is_empty())
    }

    /// What it says, unless the text is blank.
    pub(crate) fn content(&self) -> Result<Option<Content>, Error> {
        let format = self.format()?;
        Ok(self.text().map(|text| Content {
            format,
            text: Arc::from(text),
            references: self.references.clone(),
            metadata: self.metadata.clone(),
            rule_set: self.rule_set.clone(),
        }))
    }
}

impl Content {
    /// What is stored of it, once its text is understood and its references have versions.
    pub(crate) fn as_stored(
        &self,
        parsed: &ParsedSchema,
        references: Vec<SchemaReference>,
    ) -> Schema {
        Schema {
            format: self.format,
            text: Arc::from(parsed.canonical()),
            references,
            metadata: self.metadata.clone(),
            rule_set: self.rule_set.clone(),
        }
    }

    /// The hash of what was sent; a reference that lacks something is hashed without it.
    pub(crate) fn guid(&self) -> Guid {
        let references = self.references.iter().map(|reference| SchemaReference {
            name: reference.name.clone().unwrap_or_default(),
            subject: reference.subject.clone().unwrap_or_default(),
            version: reference.version.unwrap_or_default(),
        });
        let schema = Schema {
            format: self.format,
            text: Arc::clone(&self.text),
            references: references.collect(),
            metadata: self.metadata.clone(),
            rule_set: self.rule_set.clone(),
        };
        schema.guid()
    }
}

impl From<&Schema> for Content {
    fn from(schema: &Schema) -> Self {
        Self {
            format: schema.format,
            text: Arc::clone(&schema.text),
            references: schema
                .references
                .iter()
                .map(SubmittedReference::from)
                .collect(),
            metadata: schema.metadata.clone(),
            rule_set: schema.rule_set.clone(),
        }
    }
}

impl From<&SchemaReference> for SubmittedReference {
    fn from(reference: &SchemaReference) -> Self {
        let SchemaReference {
            name,
            subject,
            version,
        } = reference.clone();
        Self {
            name: Some(name),
            subject: Some(subject),
            version: Some(version),
        }
    }
}

impl Judge<'_> {
    /// Understands a content, or says why not.
    pub(crate) fn candidate(
        &self,
        subject: &Subject,
        content: &Content,
        reading: Reading,
    ) -> Result<Candidate, NoCandidate> {
        let format = content.format;
        let resolved = self
            .resolve(
                &subject.context,
                &content.references,
                reading.deleted_targets(),
            )
            .map_err(|unresolved| refused(format, unresolved))?;
        let mut references = resolved.references.clone();
        let imports = resolved.imports.clone();
        let mut parsed = self
            .library
            .parsed(format, &content.text, imports, reading.strictness)
            .map_err(|invalid| NoCandidate::Unreadable {
                format,
                invalid: self.with_type_of_import(subject, format, &resolved, invalid),
            })?;
        let valid = match reading.validation {
            Validation::Nothing => Ok(()),
            Validation::Imported => parsed.validate_import(),
            Validation::New { fields } => parsed.validate(fields),
        };
        valid.map_err(|invalid| {
            NoCandidate::BadContent(self.with_type_of_import(subject, format, &resolved, invalid))
        })?;
        if reading.normalize {
            parsed = Arc::new(parsed.normalized().map_err(NoCandidate::BadContent)?);
            references = normalized(references);
        }
        Ok(Candidate {
            schema: content.as_stored(&parsed, references),
            parsed,
            resolved,
        })
    }

    /// Lays a fault in a referenced schema at its format, if that is another than the referrer's: the parser took its
    /// text for one of the referrer's format, and its own words help nobody.
    fn with_type_of_import(
        &self,
        subject: &Subject,
        format: Format,
        resolved: &Resolved,
        invalid: InvalidSchema,
    ) -> InvalidSchema {
        let imported = invalid
            .import()
            .and_then(|name| self.format_of_import(&subject.context, resolved, name));
        match imported {
            Some(other) if other != format => {
                invalid.because(format!("this is a schema of type {other}"))
            }
            _ => invalid,
        }
    }

    /// The meaning of the text as it was sent, of a content that was understood: places and comments are those of its
    /// author.
    pub(crate) fn as_sent(
        &self,
        content: &Content,
        candidate: &Candidate,
    ) -> Result<Arc<ParsedSchema>, NoCandidate> {
        let imports = candidate.resolved.imports.clone();
        self.library
            .parsed(content.format, &content.text, imports, Strictness::Stored)
            .map_err(|invalid| NoCandidate::Unreadable {
                format: content.format,
                invalid,
            })
    }

    /// The meaning of a stored version.
    pub(crate) fn parsed(&self, stored: &Stored) -> Result<Arc<ParsedSchema>, Error> {
        self.parsed_in(&stored.subject.context, &stored.schema)
    }

    /// The meaning of a schema that is stored in a context.
    pub(crate) fn parsed_in(
        &self,
        context: &Context,
        schema: &Schema,
    ) -> Result<Arc<ParsedSchema>, Error> {
        let Schema {
            format,
            text,
            references,
            ..
        } = schema;
        let resolved = self
            .resolve_stored(context, references)
            .map_err(|unresolved| refused(*format, unresolved))?;
        self.library
            .parsed(*format, text, resolved.imports, Strictness::Stored)
            .map_err(|invalid| {
                NoCandidate::Unreadable {
                    format: *format,
                    invalid,
                }
                .into()
            })
    }

    /// The configuration in force for a subject.
    pub(crate) fn config(&self, subject: &Subject) -> Result<Config, Error> {
        Ok(self.view.config_in_force(&Scope::of(subject.clone()))?)
    }

    /// The mode in force for a subject.
    pub(crate) fn mode(&self, subject: &Subject) -> Result<Mode, Error> {
        Ok(self.view.mode_in_force(&Scope::of(subject.clone()))?)
    }
}

/// The normal form of a reference list: sorted by subject and version, without repetitions.
fn normalized(mut references: Vec<SchemaReference>) -> Vec<SchemaReference> {
    references
        .sort_by(|one, other| (&one.subject, one.version).cmp(&(&other.subject, other.version)));
    references.dedup();
    references
}

fn refused(format: Format, unresolved: Unresolved) -> NoCandidate {
    match unresolved {
        Unresolved::Reason(reason) => NoCandidate::Unreadable {
            format,
            invalid: InvalidSchema::new(reason),
        },
        Unresolved::Error(error) => NoCandidate::Error(error),
    }
}
