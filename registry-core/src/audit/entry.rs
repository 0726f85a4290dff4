//! What is known of a wish before it is committed: everything in its record but for number, time and changes.
//!
//! It is put together on the thread of the request, so that the writer has little to do.

use std::time::Instant;

use crate::caller::Caller;
use crate::deed::Deed;
use crate::store::Fault;

use super::record::{ClearNames, salted};

/// How long texts of clients may be in a record, in bytes.
const TEXT_BYTES_MAX: usize = 1000;

/// What became of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    Refused { code: u32, reason: String },
}

/// A record to be.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(super) action: String,
    pub(super) resource: String,
    pub(super) outcome: Outcome,
    pub(super) started: Instant,
    pub(super) authentication: &'static str,
    pub(super) groups: Vec<String>,
    pub(super) client: String,
    pub(super) request: String,
    pub(super) trace: String,
    /// The name of the principal, hashed.
    pub(super) name: Option<String>,
    /// The address, hashed.
    pub(super) address: Option<String>,
    pub(super) clear: Option<ClearNames>,
    pub(super) policy_revision: Option<u64>,
}

impl Entry {
    /// What a caller wishes, since when, and what comes of it.
    pub(crate) fn new(
        caller: &Caller<'_>,
        deed: Deed<'_>,
        started: Instant,
        outcome: Outcome,
    ) -> Result<Self, Fault> {
        let clear = clear(caller)?;
        let hashed = |value: Option<&String>| {
            let clear = clear.as_ref()?;
            Some(salted(&clear.salt, value?))
        };
        let name = hashed(clear.as_ref().and_then(|clear| clear.principal.as_ref()));
        let address = hashed(clear.as_ref().and_then(|clear| clear.address.as_ref()));
        let principal = caller.principal;
        Ok(Self {
            action: cut(deed.action).to_owned(),
            resource: cut(&deed.resource.to_string()).to_owned(),
            outcome,
            started,
            authentication: principal.map_or("", |principal| principal.authentication.as_str()),
            groups: principal.map_or_else(Vec::new, |principal| principal.groups.clone()),
            client: cut(caller.client).to_owned(),
            request: cut(caller.request_id).to_owned(),
            trace: cut(caller.trace_id).to_owned(),
            name,
            address,
            clear,
            policy_revision: None,
        })
    }

    /// The same, under these documents.
    pub(crate) const fn under(mut self, policy_revision: Option<u64>) -> Self {
        self.policy_revision = policy_revision;
        self
    }
}

impl Outcome {
    pub(crate) fn refused(code: u32, reason: &str) -> Self {
        let reason = cut(reason).to_owned();
        Self::Refused { code, reason }
    }
}

/// What is known of the person, with the salt for its hashes.
fn clear(caller: &Caller<'_>) -> Result<Option<ClearNames>, Fault> {
    if caller.principal.is_none() && caller.address.is_none() {
        return Ok(None);
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt)
        .map_err(|_| Fault::damaged("making an audit record", "the system gives no randomness"))?;
    Ok(Some(ClearNames {
        salt,
        principal: caller.principal.map(|principal| principal.name.clone()),
        address: caller.address.map(|address| address.to_string()),
    }))
}

/// The start of a text.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(TEXT_BYTES_MAX)]
}
