//! The audit log: a chain of records of everything that was changed, or was to be.
//!
//! A record goes into the same batch as the change that it tells of, so there is never one without the other. Each
//! is hashed together with the hash of the one before; from time to time the newest hash is signed in a
//! [`Checkpoint`], which is also kept outside, by [`Anchor`]s. Who rewrites history needs the key and every anchor.
//!
//! Names and addresses stand in records as salted hashes. The clear values and the salt are in a row of their own:
//! without it the record says nothing of the person, and the chain holds.
//!
//! The log is an option. Without it there are no rows of it and nothing is spent on it.

mod anchor;
pub(crate) mod chain;
mod change;
mod checkpoint;
mod entry;
mod key;
mod problem;
mod pruned;
mod record;
mod verify;

use crate::Error;

pub use anchor::Anchor;
pub(crate) use anchor::Anchors;
pub(crate) use change::digest;
pub(crate) use checkpoint::shown;
pub use checkpoint::{Checkpoint, CheckpointRole, SignedCheckpoint};
pub(crate) use entry::{Entry, Outcome};
pub use key::{MalformedKey, PublicKey, SigningKeys};
pub use problem::AuditProblem;
pub(crate) use pruned::PrunedRecords;
pub use record::{AuditLine, ClearNames};
pub(crate) use record::{GENESIS, chained};
pub use verify::{AuditReport, Verifier};

/// How the audit log is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditOptions {
    /// The name of this process among those of its cluster.
    pub node: String,
    /// What signs checkpoints.
    pub keys: SigningKeys,
    /// Where checkpoints are kept outside of the store.
    pub anchors: Vec<Anchor>,
    /// The settings that the process was started with. On record is what they hash to.
    pub settings: String,
    /// The protocol's numbers of refusals.
    pub error_codes: ErrorCodes,
}

/// Something that was asked for and refused before the registry looked at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusedAttempt<'a> {
    /// What was asked for, as `subject.register`.
    pub action: &'a str,
    /// Of what.
    pub resource: &'a str,
    /// The number that the client is told.
    pub code: u32,
    /// The text that it is told.
    pub reason: &'a str,
}

/// Gives a refusal the number that its client is told.
#[derive(Debug, Clone, Copy)]
pub struct ErrorCodes(pub fn(&Error) -> u32);

impl PartialEq for ErrorCodes {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl Eq for ErrorCodes {}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a string takes everything");
    }
    text
}

/// The reverse, for exactly so many bytes.
fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests;
