//! The values behind the keys that are not domain types of their own.

use serde::{Deserialize, Serialize};

use crate::{Dek, Kek, SchemaId, Timestamp};

/// The value of a key-encryption key's row.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct KekRow {
    pub(crate) kek: Kek,
    /// When this row was written, in milliseconds since 1970.
    pub(crate) written_ms: i64,
}

/// The value of a data-encryption key's row.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DekRow {
    pub(crate) dek: Dek,
    /// When this row was written, in milliseconds since 1970.
    pub(crate) written_ms: i64,
}

/// The value of an audit record's row.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AuditRow {
    /// Its canonical text.
    pub(crate) record: String,
    /// The hash of the record before it.
    pub(crate) previous: [u8; 32],
    pub(crate) hash: [u8; 32],
}

/// How the audit log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AuditHeadRow {
    /// The last record.
    pub(crate) sequence: u64,
    pub(crate) hash: [u8; 32],
    /// The store's revision once this row was written. Another one at start means that there were changes without
    /// records.
    pub(crate) revision: u64,
}

/// The value of an association's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AssociationRow {
    /// The id of the topic.
    pub(crate) resource_id: String,
    /// The topic owns the subject.
    pub(crate) is_strong: bool,
    /// It cannot be changed.
    pub(crate) frozen: bool,
    /// The id of the association itself.
    pub(crate) guid: [u8; 16],
    /// When the topic was first bound to the subject, in milliseconds since 1970.
    pub(crate) created_ms: i64,
    /// When this row was written.
    pub(crate) updated_ms: i64,
}

/// The value of a version's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct VersionRow {
    /// The id that names the content.
    pub(crate) id: u32,
    /// Softly deleted.
    pub(crate) deleted: bool,
    /// When this row was written, in milliseconds since 1970; a soft deletion writes it again.
    pub(crate) written_ms: i64,
}

/// The value of the row of a subject's highest active version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LatestRow {
    pub(crate) version: u32,
    /// What the version's own row says.
    pub(crate) row: VersionRow,
}

impl VersionRow {
    pub(crate) fn new(id: SchemaId, deleted: bool, at: Timestamp) -> Self {
        Self {
            id: id.get(),
            deleted,
            written_ms: at.0,
        }
    }
}
