//! The audit log: every attempt to change something is on record, and whoever tampers with the records is found out.
//! What is expected is `governance.md` section 5.4.

mod anchors;
mod earlier;
mod names;
mod parts;
mod pruning;
mod records;
mod tampering;
mod watching;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use registry_core::{
    Anchor, AuditOptions, AuditReport, Authentication, Caller, Error, ErrorCodes, Principal,
    PublicKey, RegisterOptions, Registry, RegistryOptions, SigningKeys, Subject, Submission,
    Timestamp, Verifier,
};
use serde_json::Value;
use tempfile::TempDir;

/// Seeds of keys for tests; nobody else should use them.
const KEY: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const NEXT_KEY: &str = "2222222222222222222222222222222222222222222222222222222222222222";

fn keys(text: &str) -> SigningKeys {
    SigningKeys::parse(text).expect("keys")
}

fn options(text: &str, anchors: Vec<Anchor>) -> RegistryOptions {
    RegistryOptions {
        audit: Some(AuditOptions {
            node: "node-1".to_owned(),
            keys: keys(text),
            anchors,
            settings: "{}".to_owned(),
            error_codes: ErrorCodes(|error| match error {
                Error::InvalidSchema(_) => 1,
                Error::SubjectNotFound(_) => 2,
                _ => 3,
            }),
        }),
        ..RegistryOptions::default()
    }
}

fn open(folder: &Path) -> Registry {
    Registry::open(folder, options(KEY, Vec::new())).expect("the folder is ours")
}

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

fn alice() -> Principal {
    Principal {
        name: "alice@acme.example".to_owned(),
        authentication: Authentication::Token,
        groups: vec!["payments-dev".to_owned()],
        roles: Vec::new(),
    }
}

fn caller(principal: &Principal) -> Caller<'_> {
    Caller {
        principal: Some(principal),
        request_id: "request-1",
        trace_id: "0af7651916cd43dd8448eb211c80319c",
        address: Some(IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3))),
        client: "curl/8",
        at: Timestamp::now(),
    }
}

fn register(registry: &Registry, subject: &str, text: &str) -> Result<u32, Error> {
    let submission = Submission {
        text: Some(text.to_owned()),
        ..Submission::default()
    };
    let registered = registry.register(
        &caller(&alice()),
        &Subject::parse(subject),
        &submission,
        RegisterOptions::default(),
    )?;
    Ok(registered.version.get())
}

/// The whole log as an export signed with the key.
fn export(registry: &Registry) -> Vec<String> {
    let mut lines = Vec::new();
    registry
        .export_audit(0, Some(&keys(KEY)), &mut |line| {
            lines.push(line.to_owned());
        })
        .expect("the store reads");
    lines
}

/// The log in parts of less than a record, each going to the next checkpoint, and where the one after it begins.
fn parts(registry: &Registry) -> Vec<(Vec<String>, Option<u64>)> {
    let mut parts = Vec::new();
    let mut after = Some(0);
    while let Some(record) = after {
        let part = registry.export_audit_part(&Caller::local(), record, 1);
        let part = part.expect("the store reads");
        parts.push((part.lines.lines().map(str::to_owned).collect(), part.next));
        after = part.next;
    }
    parts
}

fn verify(lines: &[String]) -> AuditReport {
    verify_with(lines, Some(keys(KEY).public()), &[])
}

fn verify_with(lines: &[String], key: Option<PublicKey>, anchors: &[String]) -> AuditReport {
    let mut verifier = Verifier::new(key);
    for anchor in anchors {
        verifier.anchor(anchor);
    }
    for line in lines {
        verifier.line(line);
    }
    verifier.finish()
}

/// The records of an export, in their order.
fn records(lines: &[String]) -> Vec<Value> {
    let lines = lines.iter().map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        line
    });
    lines
        .filter_map(|line| line.get("record").cloned())
        .collect()
}
