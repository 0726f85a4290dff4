//! A key and what is now true of it: the shape in which changes are committed.
//!
//! The granularity is that of the reference's topic (`kafka-log.md`), so that one `apply` serves a live write, an
//! import and a replay.

use crate::association::Association;
use crate::audit::PrunedRecords;
use crate::evidence::{Admission, RefusalRecord, ReportId};
use crate::policy::PolicyRevision;
use crate::schema::Schema;
use crate::settings::{Config, Mode};
use crate::subject::{Context, Scope, Subject};
use crate::{Dek, DekSeries, DekVersion, Kek, KekName, SchemaId, Version};

/// Something that is now true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    /// A version has this content and this id; it is active.
    Registered {
        subject: Subject,
        version: Version,
        id: SchemaId,
        schema: Schema,
    },
    /// A version is softly deleted.
    SoftDeleted { subject: Subject, version: Version },
    /// A version is gone.
    Removed { subject: Subject, version: Version },
    /// A scope has this configuration, or none.
    Config {
        scope: Scope,
        config: Option<Config>,
    },
    /// A scope has this mode, or none.
    Mode { scope: Scope, mode: Option<Mode> },
    /// A context exists, or does not any more.
    Context { context: Context, exists: bool },
    /// A topic is bound to a subject.
    Bound(Association),
    /// It is not, any more.
    Unbound(Association),
    /// Whom a record of the audit log is about is not known any more.
    NamesErased { record: u64 },
    /// Records of the audit log up to a checkpoint are not kept any longer.
    AuditPruned(Box<PrunedRecords>),
    /// A version was let in under these rules.
    Admitted {
        subject: Subject,
        version: Version,
        admission: Box<Admission>,
    },
    /// Something was turned away.
    Refused {
        report: ReportId,
        refusal: Box<RefusalRecord>,
    },
    /// A name stands for this key-encryption key, or for none.
    Kek { name: KekName, kek: Option<Kek> },
    /// A version of a series is this data-encryption key, or none.
    Dek {
        series: DekSeries,
        version: DekVersion,
        dek: Option<Dek>,
    },
    /// These governance documents are in force.
    Policies(PolicyRevision),
}

impl Fact {
    /// False for what only tells who asked for what: no answer that may be kept depends on it.
    pub(crate) const fn changes_answers(&self) -> bool {
        !matches!(
            self,
            Self::NamesErased { .. } | Self::AuditPruned(_) | Self::Refused { .. }
        )
    }
}
