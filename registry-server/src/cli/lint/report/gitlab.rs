//! The code quality report of GitLab: a JSON array of what its documentation asks for, and no more.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Entry, Level, Report};

/// What matters most first.
pub(super) fn gitlab(report: &Report) -> String {
    let entries: Vec<Value> = report.entries().iter().map(entry).collect();
    format!("{:#}\n", Value::from(entries))
}

fn entry(entry: &Entry<'_>) -> Value {
    json!({
        "description": entry.message_with_hint(),
        "check_name": entry.name(),
        "fingerprint": fingerprint(entry),
        "severity": match entry.level {
            Level::Invalid => "blocker",
            Level::Error => "critical",
            Level::Warning => "minor",
            Level::DryRun | Level::Preexisting => "info",
        },
        "location": {
            "path": entry.file.path,
            // GitLab demands a line; what is about the whole file begins with it.
            "lines": {"begin": entry.region.map_or(1, |region| region.start.line)},
        },
    })
}

/// Stable whatever the lines and the wording. The path is a part of it: two files may be meant for one subject, and
/// GitLab shows one of two entries with the same fingerprint.
fn fingerprint(entry: &Entry<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(entry.file.path.as_bytes());
    hash.update([0]);
    match entry.finding {
        Some(finding) => hash.update(finding.fingerprint.as_bytes()),
        None => hash.update(entry.code().as_bytes()),
    }
    let bytes: [u8; 32] = hash.finalize().into();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
