//! Governance around the judgement: documents in files, and what is in force told to people and programs.
//!
//! What documents mean is decided in `compat_rules::policy`; the command line and the server ask here, so that both
//! read the same files and say the same.

pub mod examination;
pub mod explanation;
pub mod findings;
pub mod folder;
pub mod watch;

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use compat_rules::policy::{Bundle, DocumentFault};
use registry_core::hex;

/// The digest of documents as it is shown everywhere, given its hexadecimal digits, which are all that is kept of it.
#[must_use]
pub fn digest_text(digits: &str) -> String {
    format!("sha256:{digits}")
}

/// The digest of a bundle as it is shown.
#[must_use]
pub fn digest_of(bundle: &Bundle) -> String {
    digest_text(&hex(&bundle.digest()))
}

/// One fault per line.
#[must_use]
pub fn fault_lines(faults: &[DocumentFault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// Milliseconds since 1970: the one clock value of a decision.
///
/// # Errors
/// When the clock of the machine is far from any date.
pub fn now() -> anyhow::Result<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let since = since.context("the clock is before 1970")?;
    i64::try_from(since.as_millis()).context("the clock is far ahead")
}
