//! The audit log of a server that is killed: it is sound at every death, and every version that is there is on record.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::binary;
use tests::http::{Client, Request};
use tests::launch::Launch;

/// How many versions are asked for at a time.
const PAGE: usize = 500;

/// A version: subject, number, id.
type Registered = (String, String, String);

/// How to start a server that keeps a log.
pub(super) fn with_audit_log() -> Result<Launch> {
    let launch = Launch::new()?;
    let (key, anchor) = (launch.folder().join("key"), launch.folder().join("anchor"));
    fs::write(&key, concord(&["audit", "key"])?)?;
    let launch = launch.argument("--audit-key-file").argument(key);
    Ok(launch.argument("--audit-anchor-file").argument(anchor))
}

/// Verifies the log in the store of a server that has died.
pub(super) fn verify(launch: &Launch) -> Result<String> {
    let data = launch.data();
    let data = data.to_str().context("a path that is text")?;
    let anchor = launch.folder().join("anchor");
    let mut arguments = vec!["audit", "verify", "--data-dir", data];
    let anchor = anchor.to_str().context("a path that is text")?;
    if fs::exists(anchor)? {
        arguments.extend(["--anchors", anchor]);
    }
    concord(&arguments)
}

/// Every version that the server holds, deleted ones included.
pub(super) fn versions(client: &mut Client) -> Result<BTreeSet<Registered>> {
    let mut versions = BTreeSet::new();
    for offset in (0..).step_by(PAGE) {
        let path = format!("/schemas?subjectPrefix=:*:&deleted=true&offset={offset}&limit={PAGE}");
        let answer = client.send(&Request::new("GET", &path, None))?;
        let page: Vec<Value> = serde_json::from_slice(&answer.body)?;
        for held in &page {
            let subject = held["subject"].as_str().unwrap_or_default();
            versions.insert((
                subject.to_owned(),
                held["version"].to_string(),
                held["id"].to_string(),
            ));
        }
        if page.len() < PAGE {
            break;
        }
    }
    ensure!(!versions.is_empty(), "the server holds nothing");
    Ok(versions)
}

/// Every registration that is on record.
pub(super) fn recorded(launch: &Launch) -> Result<BTreeSet<Registered>> {
    let data = launch.data();
    let data = data.to_str().context("a path that is text")?;
    let lines = concord(&["audit", "export", "--data-dir", data])?;
    let mut recorded = BTreeSet::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line)?;
        let changes = line["record"]["changes"].as_array().into_iter().flatten();
        for change in changes.filter(|change| change["kind"] == "registered") {
            let [subject, version, id] = ["subject", "version", "id"]
                .map(|name| change[name].as_str().unwrap_or_default().to_owned());
            recorded.insert((subject, version, id));
        }
    }
    Ok(recorded)
}

fn concord(arguments: &[&str]) -> Result<String> {
    let run = Command::new(binary::concord()?).args(arguments).output()?;
    let output = String::from_utf8_lossy(&run.stdout).into_owned();
    let errors = String::from_utf8_lossy(&run.stderr);
    ensure!(
        run.status.success(),
        "concord {arguments:?} ended with {}:\n{output}{errors}",
        run.status
    );
    Ok(output)
}
