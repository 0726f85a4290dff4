//! The values behind the keys that are not domain types of their own.

use serde::{Deserialize, Serialize};

use crate::{SchemaId, Timestamp};

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

impl VersionRow {
    pub(crate) fn new(id: SchemaId, deleted: bool, at: Timestamp) -> Self {
        Self {
            id: id.get(),
            deleted,
            written_ms: at.0,
        }
    }
}
