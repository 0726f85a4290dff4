//! The audit log: read, verified and handed out (`governance.md` section 5.4).
//!
//! Where no log is kept there are no records. Addresses are in none of these answers; the name of a principal is, where
//! records are shown one by one and it was not erased.

use std::ops::ControlFlow;

use registry_core::{AuditLine, PublicKey, SignedCheckpoint, Verifier, hex};
use serde::Deserialize;
use serde_json::{Value, json};

use super::window::Window;
use super::{body, reply};
use crate::api::call::{Answer, Call, Reply};
use crate::api::error::Refusal;
use crate::api::report;
use crate::app::App;

/// About how much of the log is handed out at once.
const PART_BYTES_MAX: usize = 32 << 20;

/// What is asked of a verification.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct SentVerification {
    /// Lines of anchored checkpoints.
    anchors: Vec<String>,
    /// The public key that signed first.
    key: Option<String>,
}

/// `GET /governance/v1/audit`: the records, ascending; `after` and `limit` cut a page.
pub fn records(app: &App, call: &Call) -> Answer {
    let page = Window::of(call)?;
    let mut records = Vec::new();
    let mut next = None;
    let mut last = page.after;
    app.registry
        .view()
        .audit_lines(page.after, &mut |line, _checkpoint| {
            if records.len() == page.limit {
                next = Some(last);
                return ControlFlow::Break(());
            }
            last = line.sequence;
            records.push(shown(&line));
            ControlFlow::Continue(())
        })?;
    reply(&json!({"records": records, "next": next}))
}

/// `GET /governance/v1/audit/checkpoints`: as they are signed and anchored, ascending, and the one that stands in the place
/// of what was removed.
pub fn checkpoints(app: &App, call: &Call) -> Answer {
    let page = Window::of(call)?;
    let view = app.registry.view();
    let mut found = view.checkpoints_from(page.after, page.limit + 1)?;
    let next = (found.len() > page.limit).then(|| found[page.limit - 1].checkpoint.sequence);
    found.truncate(page.limit);
    let lines: Vec<Value> = found.iter().map(line).collect();
    let start = view.audit_start()?;
    let start = start.as_ref().map(line);
    reply(&json!({"start": start, "checkpoints": lines, "next": next}))
}

/// `POST /governance/v1/audit/verify`: goes through the whole log as it lies in the store.
pub fn verify(app: &App, call: &Call) -> Answer {
    let sent: SentVerification = match call.body.is_empty() {
        true => SentVerification::default(),
        false => body(call, "verify.request")?,
    };
    let key = sent.key.as_deref().map(PublicKey::parse).transpose();
    let key = key.map_err(|bad| Refusal::bad_request(bad.to_string()))?;
    let mut verifier = Verifier::new(key);
    for line in &sent.anchors {
        verifier.anchor(line);
    }
    let report = app.registry.verify_audit(verifier)?;
    let problems = report.problems.iter().map(ToString::to_string);
    reply(&json!({
        "sound": report.is_sound(),
        "start": report.start,
        "first": report.first,
        "last": report.last,
        "records": report.records,
        "checkpoints": report.checkpoints,
        "unsigned": report.unsigned,
        "keys": report.keys,
        "firstBad": report.first_bad,
        "problems": problems.collect::<Vec<_>>(),
        "moreProblems": report.more_problems,
    }))
}

/// `POST /governance/v1/audit/export`: lines as `concord audit export` writes them. What does not fit into one answer
/// goes on where the `Link` header says.
pub fn export(app: &App, call: &Call) -> Answer {
    let after = Window::of(call)?.after;
    let part = app
        .registry
        .export_audit_part(&call.caller(), after, PART_BYTES_MAX)?;
    let mut answer = Reply::ok(part.lines).as_lines();
    answer.link = part.next.and_then(report::of_next_export);
    Ok(answer)
}

fn shown(line: &AuditLine) -> Value {
    let clear = line.clear.as_ref();
    json!({
        "hash": hex(&line.hash),
        "previous": hex(&line.previous),
        "principal": clear.and_then(|clear| clear.principal.as_deref()),
        "record": parsed(&line.record),
    })
}

fn line(checkpoint: &SignedCheckpoint) -> Value {
    parsed(&checkpoint.line)
}

/// What is kept is canonical JSON; what is not any more is shown as a text, and verifying says what is wrong.
fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}
