//! Who asks for a change. Whoever answers requests fills it in; the registry believes it.

use std::net::IpAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Timestamp;

/// Who asks for a change, from where, and at which moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller<'a> {
    /// Who it is, if that was proved.
    pub principal: Option<&'a Principal>,
    /// The id of the request, by which logs and records find each other.
    pub request_id: &'a str,
    /// The id of the trace that the client names, by which the traces of others find it.
    pub trace_id: &'a str,
    /// Where the request came from.
    pub address: Option<IpAddr>,
    /// What the client calls itself.
    pub client: &'a str,
    /// The one clock value of every decision that this request brings about.
    pub at: Timestamp,
}

/// Somebody who has proved who they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Principal {
    /// The name.
    pub name: String,
    /// How it was proved.
    pub authentication: Authentication,
    /// The groups it belongs to.
    pub groups: Vec<String>,
    /// What it may do, by name.
    pub roles: Vec<String>,
}

/// How a principal proved its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Authentication {
    /// By a certificate.
    Certificate,
    /// By a signed token.
    Token,
    /// By a name and a password.
    #[default]
    Password,
}

impl Caller<'static> {
    /// Somebody at this machine, now: for tools that work on the store themselves.
    #[must_use]
    pub fn local() -> Self {
        Self {
            principal: None,
            request_id: "",
            trace_id: "",
            address: None,
            client: "",
            at: Timestamp::now(),
        }
    }
}

impl Authentication {
    /// Its name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Token => "token",
            Self::Password => "password",
        }
    }
}

impl Timestamp {
    /// What the clock of this machine says.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
