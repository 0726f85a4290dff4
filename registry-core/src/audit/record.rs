//! One record: its canonical text, its hash, and the line in which it is exported.
//!
//! The text is canonical JSON (RFC 8785) of an object whose values are texts, lists and objects: fields in the order of
//! their names, no spaces. Numbers are texts, because the standard rounds large ones.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::change::Change;
use super::hex;

/// What precedes the hash of the chain so far, so that such a hash is never one of something else.
const DOMAIN: &[u8] = b"concord-audit-record-v1\0";

/// The hash that the first record follows.
pub(crate) const GENESIS: [u8; 32] = [0; 32];

/// A record. The order of the fields is that of their names in JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record<'a> {
    pub(super) action: &'a str,
    /// What the changed rows hash to, before and after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) changes: Vec<Change>,
    /// In microseconds.
    pub(super) duration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error_code: Option<String>,
    pub(super) node: &'a str,
    /// How many changes are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) omitted: Option<String>,
    pub(super) outcome: &'static str,
    /// The number of the bundle of policies in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policy_revision: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) principal: Option<RecordedPrincipal<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'a str>,
    pub(super) resource: &'a str,
    pub(super) sequence: String,
    pub(super) source: RecordedSource<'a>,
    pub(super) time: String,
}

#[derive(Debug, Serialize)]
pub(super) struct RecordedPrincipal<'a> {
    pub(super) authentication: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) groups: &'a [String],
    /// A salted hash.
    pub(super) name: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct RecordedSource<'a> {
    /// A salted hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) client: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) request: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) trace: &'a str,
}

/// A record as it is kept and exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number, from 1.
    pub sequence: u64,
    /// Its canonical text.
    pub record: String,
    /// The hash of the record before it.
    pub previous: [u8; 32],
    /// Its hash.
    pub hash: [u8; 32],
    /// Whom it is about, unless that was erased.
    pub clear: Option<ClearNames>,
}

/// The clear values of what stands hashed in a record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClearNames {
    pub(crate) salt: [u8; 16],
    /// The name of the principal.
    pub principal: Option<String>,
    /// The address that the request came from.
    pub address: Option<String>,
}

impl AuditLine {
    /// The line of an export: an object of hash, previous hash and record. Names in the clear are not in it.
    #[must_use]
    pub fn text(&self) -> String {
        let Self {
            record,
            previous,
            hash,
            ..
        } = self;
        format!(
            r#"{{"hash":"{}","previous":"{}","record":{record}}}"#,
            hex(hash),
            hex(previous)
        )
    }
}

/// The hash of a record that follows another.
pub(crate) fn chained(previous: &[u8; 32], record: &str) -> [u8; 32] {
    let hash = Sha256::new()
        .chain_update(DOMAIN)
        .chain_update(previous)
        .chain_update(record);
    hash.finalize().into()
}

/// How a name or an address stands in a record.
pub(super) fn salted(salt: &[u8; 16], value: &str) -> String {
    let hash = Sha256::new()
        .chain_update(b"concord-audit-name-v1\0")
        .chain_update(salt)
        .chain_update(value);
    hex(&hash.finalize())
}
