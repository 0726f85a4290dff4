//! One JSON text for programs. Fields are only ever added to format 1.

use serde_json::{Value, json};

use super::{Entry, Report};
use crate::governance::findings::FindingLine;

/// Findings in the order of the files.
pub(super) fn json(report: &Report) -> String {
    let entries = || report.files.iter().flat_map(|file| file.entries());
    let findings: Vec<Value> = entries().filter_map(|entry| finding(&entry)).collect();
    let invalid: Vec<Value> = entries()
        .filter(|entry| entry.finding.is_none())
        .map(|entry| {
            with_place(
                json!({"file": entry.file.file, "message": entry.message}),
                &entry,
            )
        })
        .collect();
    let told = json!({
        "format": 1,
        "tool": {"name": "concord", "version": env!("CARGO_PKG_VERSION")},
        "digest": report.digest,
        "summary": {
            "files": report.files.len(),
            "invalid": report.invalid(),
            "findings": report.counts(),
        },
        "findings": findings,
        "invalid": invalid,
    });
    format!("{told:#}\n")
}

fn finding(entry: &Entry<'_>) -> Option<Value> {
    let line = serde_json::to_value(FindingLine::new(entry.finding?));
    let mut line = line.expect("a finding is texts and numbers");
    line["file"] = Value::from(entry.file.file.as_str());
    line["subject"] = Value::from(entry.file.subject.as_str());
    Some(with_place(line, entry))
}

/// With both ends of the region; the end is the character behind it.
fn with_place(mut line: Value, entry: &Entry<'_>) -> Value {
    if let Some(region) = entry.region {
        line["line"] = Value::from(region.start.line);
        line["column"] = Value::from(region.start.column);
        line["endLine"] = Value::from(region.start.line);
        line["endColumn"] = Value::from(region.end_column);
    }
    line
}
