//! Finds the texts that a schema imports (`semantics.md` section 13).

use compat_rules::{Format, Import, References};

use crate::schema::SchemaReference;
use crate::subject::{Context, Subject};
use crate::submission::SubmittedReference;
use crate::view::{Latest, Stored};
use crate::{Error, Version};

use super::Judge;

/// Whether versions that are softly deleted may be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeletedTargets {
    /// They count as missing: for schemas about to be registered.
    Missing,
    /// They are found: for everything that is stored or only looked up.
    Found,
}

/// How many imports a schema may have in all, direct or not.
const IMPORTS_MAX: usize = 1000;

/// How long all imported texts may be together.
const IMPORTED_BYTES_MAX: usize = 32 << 20;

/// A reference list with concrete versions, and everything behind it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resolved {
    pub(crate) references: Vec<SchemaReference>,
    pub(crate) imports: References,
}

/// Why a reference list does not resolve: a reason for the client, or a real error.
pub(crate) enum Unresolved {
    Reason(String),
    Error(Error),
}

impl<E: Into<Error>> From<E> for Unresolved {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl Judge<'_> {
    /// Resolves a list as it was sent.
    pub(crate) fn resolve(
        &self,
        context: &Context,
        submitted: &[SubmittedReference],
        deleted: DeletedTargets,
    ) -> Result<Resolved, Unresolved> {
        let mut references = Vec::with_capacity(submitted.len());
        for reference in submitted {
            references.push(complete(reference)?);
        }
        self.resolve_complete(context, references, deleted)
    }

    /// Resolves the list of a stored schema. An empty name, which passes once, is lost in the reference's store and
    /// then missing: what has it cannot be understood again.
    pub(crate) fn resolve_stored(
        &self,
        context: &Context,
        references: &[SchemaReference],
    ) -> Result<Resolved, Unresolved> {
        let stored = references.iter().map(|reference| {
            let complete = SubmittedReference::from(reference);
            SubmittedReference {
                name: complete.name.filter(|name| !name.is_empty()),
                ..complete
            }
        });
        self.resolve(context, &stored.collect::<Vec<_>>(), DeletedTargets::Found)
    }

    /// Resolves a complete list.
    fn resolve_complete(
        &self,
        context: &Context,
        mut references: Vec<SchemaReference>,
        deleted: DeletedTargets,
    ) -> Result<Resolved, Unresolved> {
        // A schema that imports nothing has nothing to resolve.
        if references.is_empty() {
            return Ok(Resolved::default());
        }
        let span = tracing::debug_span!("resolve", references = references.len());
        let _resolving = span.entered();
        for reference in &mut references {
            self.settle_latest(context, reference)?;
        }
        let mut walk = Walk {
            judge: self,
            deleted,
            seen: Vec::new(),
            bytes: 0,
            imports: References::none(),
        };
        walk.visit(context, &references, true)?;
        Ok(Resolved {
            imports: walk.imports,
            references,
        })
    }

    /// Replaces -1 by the number of the latest version.
    fn settle_latest(
        &self,
        context: &Context,
        reference: &mut SchemaReference,
    ) -> Result<(), Unresolved> {
        if reference.version == -1 {
            let target = Subject::parse_in(context, &reference.subject);
            if let Latest::Active(latest) = self.view.latest(&target)? {
                reference.version = i32::try_from(latest.version.get()).unwrap_or(i32::MAX);
            }
        }
        Ok(())
    }

    /// The format of the schema that an entry of a resolved list stands for. None for a reference of a reference.
    pub(crate) fn format_of_import(
        &self,
        context: &Context,
        resolved: &Resolved,
        name: &str,
    ) -> Option<Format> {
        let mut list = resolved.references.iter();
        let reference = list.find(|reference| reference.name == name)?;
        let target = self
            .target(context, reference, DeletedTargets::Found)
            .ok()?;
        Some(target.schema.format)
    }

    fn target(
        &self,
        context: &Context,
        reference: &SchemaReference,
        deleted: DeletedTargets,
    ) -> Result<Stored, Unresolved> {
        let target = Subject::parse_in(context, &reference.subject);
        let missing = || {
            Unresolved::Reason(format!(
                "No schema reference found for subject \"{target}\" and version {}",
                reference.version
            ))
        };
        let version = Version::new(i64::from(reference.version)).ok_or_else(missing)?;
        let found = self.view.version(&target, version)?.ok_or_else(missing)?;
        if found.deleted && deleted == DeletedTargets::Missing {
            return Err(missing());
        }
        Ok(self.view.stored(&target, found)?)
    }
}

fn complete(reference: &SubmittedReference) -> Result<SchemaReference, Unresolved> {
    let SubmittedReference {
        name: Some(name),
        subject: Some(subject),
        version: Some(version),
    } = reference
    else {
        return Err(Unresolved::Reason(format!(
            "Invalid reference: {reference}"
        )));
    };
    Ok(SchemaReference {
        name: name.clone(),
        subject: subject.clone(),
        version: *version,
    })
}

struct Walk<'a, 'v> {
    judge: &'a Judge<'v>,
    deleted: DeletedTargets,
    seen: Vec<(String, i32)>,
    bytes: usize,
    imports: References,
}

impl Walk<'_, '_> {
    /// Depth first; a name that was met before is skipped, so cycles end. The depth is bounded by the number of
    /// imports.
    fn visit(
        &mut self,
        context: &Context,
        references: &[SchemaReference],
        direct: bool,
    ) -> Result<(), Unresolved> {
        for reference in references {
            if let Some((name, version)) =
                self.seen.iter().find(|(name, _)| *name == reference.name)
            {
                if self.judge.options.strict_reference_versions && *version != reference.version {
                    return Err(Unresolved::Reason(format!(
                        "Conflicting reference versions for \"{name}\": version {version} and version {}",
                        reference.version
                    )));
                }
                continue;
            }
            self.seen.push((reference.name.clone(), reference.version));
            if self.seen.len() > IMPORTS_MAX {
                return Err(Unresolved::Reason(format!(
                    "more than {IMPORTS_MAX} schemas are imported"
                )));
            }
            // Only the schema's own list is held to the rule about deleted targets: what is stored, stays.
            let deleted = if direct {
                self.deleted
            } else {
                DeletedTargets::Found
            };
            let target = self.judge.target(context, reference, deleted)?;
            self.bytes += target.schema.text.len();
            if self.bytes > IMPORTED_BYTES_MAX {
                return Err(Unresolved::Reason(format!(
                    "more than {IMPORTED_BYTES_MAX} bytes are imported"
                )));
            }
            self.visit(&target.subject.context, &target.schema.references, false)?;
            self.imports.add(Import {
                name: reference.name.clone(),
                text: target.schema.text,
                subject: target.subject.to_string(),
                version: target.version.version.get(),
                direct,
            });
        }
        Ok(())
    }
}
