//! How far the server has verified its own audit log, and what came of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::text::{Kind, Page};

/// What the server knows of its audit log; nothing where none is kept.
#[derive(Debug, Default)]
pub struct AuditFigures {
    /// The last record that was verified.
    pub verified: AtomicU64,
    /// Something was wrong.
    pub is_broken: AtomicBool,
}

impl AuditFigures {
    pub(super) fn write(&self, page: &mut Page) {
        page.alone(
            "concord_audit_verified_record",
            "The record of the audit log up to which the server has verified it.",
            Kind::Gauge,
            self.verified.load(Ordering::Relaxed),
        );
        page.alone(
            "concord_audit_broken",
            "1 once the server found that its audit log is not sound.",
            Kind::Gauge,
            u8::from(self.is_broken.load(Ordering::Relaxed)),
        );
    }
}
