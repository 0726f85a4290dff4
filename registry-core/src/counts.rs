//! How much is registered: figures that are kept beside the rows, so that nobody ever has to count a store.
//!
//! They are derived rows, one for each context, changed in the batch that changes what they count (`apply/counts.rs`).

use compat_rules::Format;
use serde::{Deserialize, Serialize};

/// What a context holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Subjects with a version that is not deleted.
    pub subjects: u64,
    /// Versions that are not deleted.
    pub versions: ByFormat,
    /// Versions that are softly deleted.
    pub deleted_versions: ByFormat,
    /// Contents: what has an id of its own.
    pub schemas: ByFormat,
}

/// A number for each format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the formats")]
pub struct ByFormat {
    pub avro: u64,
    pub json: u64,
    pub protobuf: u64,
}

impl ByFormat {
    /// The number of a format.
    #[must_use]
    pub const fn of(&self, format: Format) -> u64 {
        match format {
            Format::Avro => self.avro,
            Format::Json => self.json,
            Format::Protobuf => self.protobuf,
        }
    }

    pub(crate) fn add(&mut self, format: Format) {
        let number = self.slot(format);
        *number = number.saturating_add(1);
    }

    /// A figure that was too low already is wrong, but no reason to refuse a write: `concord doctor` tells.
    pub(crate) fn take(&mut self, format: Format) {
        let number = self.slot(format);
        *number = number.saturating_sub(1);
    }

    const fn slot(&mut self, format: Format) -> &mut u64 {
        match format {
            Format::Avro => &mut self.avro,
            Format::Json => &mut self.json,
            Format::Protobuf => &mut self.protobuf,
        }
    }
}

impl std::ops::AddAssign for ByFormat {
    fn add_assign(&mut self, other: Self) {
        self.avro += other.avro;
        self.json += other.json;
        self.protobuf += other.protobuf;
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.subjects += other.subjects;
        self.versions += other.versions;
        self.deleted_versions += other.deleted_versions;
        self.schemas += other.schemas;
    }
}
