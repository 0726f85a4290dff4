//! A fact as a record tells of it.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::association::Association;
use crate::fact::Fact;
use crate::store::keys::{self, AssociationKey, Kind};
use crate::store::{Fault, Rows};
use crate::{DekSeries, Subject, Version};

use super::hex;

/// What became true of what. The order of the fields is that of their names.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Change {
    /// The guid of a schema's content.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    kind: &'static str,
    /// What is not a subject, by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

impl Change {
    pub(super) fn of(fact: &Fact) -> Self {
        let of_subject = |kind, subject: &Subject| Self {
            kind,
            subject: Some(subject.to_string()),
            ..Self::default()
        };
        let of_name = Self::of_name;
        match fact {
            Fact::Registered {
                subject,
                version,
                id,
                schema,
            } => Self {
                content: Some(schema.guid().to_string()),
                id: Some(id.to_string()),
                ..Self::of_version("registered", subject, *version)
            },
            Fact::SoftDeleted { subject, version } => {
                Self::of_version("deleted", subject, *version)
            }
            Fact::Removed { subject, version } => Self::of_version("erased", subject, *version),
            Fact::Config { scope, config } => of_subject(
                either(config.is_some(), "config", "config-removed"),
                &scope.subject(),
            ),
            Fact::Mode { scope, mode } => Self {
                name: mode.map(|mode| mode.as_str().to_owned()),
                ..of_subject(
                    either(mode.is_some(), "mode", "mode-removed"),
                    &scope.subject(),
                )
            },
            Fact::Context { context, exists } => of_name(
                either(*exists, "context", "context-removed"),
                context.to_string(),
            ),
            Fact::Bound(association) => Self::of_association("bound", association),
            Fact::Unbound(association) => Self::of_association("unbound", association),
            Fact::Policies(revision) => Self {
                content: Some(revision.digest.clone()),
                ..of_name("policies", revision.number.to_string())
            },
            Fact::Admitted {
                subject, version, ..
            } => Self::of_version("admitted", subject, *version),
            Fact::Refused { report, .. } => of_name("refused", report.to_string()),
            Fact::NamesErased { record } => of_name("names-erased", record.to_string()),
            Fact::AuditPruned(pruned) => of_name("records-removed", pruned.to_string()),
            Fact::Kek { name, kek } => {
                of_name(either(kek.is_some(), "kek", "kek-erased"), name.to_string())
            }
            Fact::Dek {
                series,
                version,
                dek,
            } => Self {
                version: Some(version.get().to_string()),
                ..Self::of_series(either(dek.is_some(), "dek", "dek-erased"), series)
            },
        }
    }

    fn of_name(kind: &'static str, name: String) -> Self {
        Self {
            kind,
            name: Some(name),
            ..Self::default()
        }
    }

    fn of_series(kind: &'static str, series: &DekSeries) -> Self {
        Self {
            kind,
            name: Some(format!("{}/{}", series.kek, series.algorithm)),
            subject: Some(series.subject.to_string()),
            ..Self::default()
        }
    }

    fn of_version(kind: &'static str, subject: &Subject, version: Version) -> Self {
        Self {
            kind,
            subject: Some(subject.to_string()),
            version: Some(version.to_string()),
            ..Self::default()
        }
    }

    fn of_association(kind: &'static str, association: &Association) -> Self {
        Self {
            kind,
            name: Some(association.resource.id.clone()),
            subject: Some(association.subject.to_string()),
            ..Self::default()
        }
    }
}

/// The kind of a change of something that is there after it, or is not.
const fn either(exists: bool, there: &'static str, gone: &'static str) -> &'static str {
    if exists { there } else { gone }
}

/// The primary rows of a fact.
fn rows(fact: &Fact) -> Vec<Vec<u8>> {
    match fact {
        Fact::Registered {
            subject,
            version,
            id,
            ..
        } => vec![
            keys::version(subject, *version),
            keys::body(&subject.context, *id),
        ],
        Fact::SoftDeleted { subject, version } | Fact::Removed { subject, version } => {
            vec![keys::version(subject, *version)]
        }
        Fact::Config { scope, .. } => vec![keys::setting(Kind::Config, scope)],
        Fact::Mode { scope, .. } => vec![keys::setting(Kind::Mode, scope)],
        Fact::Context { context, .. } => vec![keys::context(context)],
        Fact::Bound(association) | Fact::Unbound(association) => {
            vec![AssociationKey::from(association).bytes()]
        }
        Fact::Admitted {
            subject, version, ..
        } => vec![keys::admission(subject, *version)],
        Fact::Refused { report, .. } => vec![keys::refusal(*report)],
        // What is erased must not be guessed from what it hashed to.
        Fact::NamesErased { .. } => Vec::new(),
        Fact::AuditPruned(_) => vec![keys::audit_start()],
        Fact::Kek { name, .. } => vec![keys::kek(name)],
        Fact::Dek {
            series, version, ..
        } => vec![keys::dek(series, *version)],
        Fact::Policies(revision) => {
            vec![keys::policy_revision(revision.number), keys::policy_head()]
        }
    }
}

/// What the primary rows of facts hash to as they are now; `None` if there are none.
pub(crate) fn digest(facts: &[&Fact], store: &impl Rows) -> Result<Option<String>, Fault> {
    if facts.is_empty() {
        return Ok(None);
    }
    let mut digest = Sha256::new();
    for key in facts.iter().flat_map(|fact| rows(fact)) {
        digest.update((key.len() as u64).to_be_bytes());
        digest.update(&key);
        let found = store.read(&key, |value| {
            digest.update((value.len() as u64).to_be_bytes());
            digest.update(value);
            Ok(())
        })?;
        if found.is_none() {
            digest.update(u64::MAX.to_be_bytes());
        }
    }
    Ok(Some(hex(&digest.finalize())))
}
