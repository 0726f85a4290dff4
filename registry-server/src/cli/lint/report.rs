//! What `concord lint` prints: for people as a compiler would, for programs as one JSON text.

use compat_rules::policy::{Bundle, Disposition, Finding, Severity};
use serde_json::{Value, json};

use super::Linted;
use crate::cli::output::counted;
use crate::governance::digest_text;
use crate::governance::findings::{CountLine, FindingLine};

/// Findings with their line of the file, files in the order in which they were given.
pub(super) fn text(linted: &[Linted]) -> String {
    let mut out = String::new();
    for file in linted {
        match &file.found {
            Ok(evaluation) => {
                for finding in &evaluation.findings {
                    write_finding(&mut out, file, finding);
                }
            }
            Err(reason) => {
                let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
                out.push_str(&format!("error: {reason}\n  --> {}\n\n", file.file));
            }
        }
    }
    let counts = counts(linted);
    let told = format!(
        "{}, {}, {} preexisting in {}\n",
        counted(counts.enforced, "error"),
        counted(counts.warned, "warning"),
        counts.preexisting,
        counted(linted.len(), "file")
    );
    out.push_str(&told);
    out
}

fn write_finding(out: &mut String, file: &Linted, finding: &Finding) {
    let word = match (finding.disposition, finding.severity) {
        (Disposition::Enforced, _) => "error",
        (Disposition::Preexisting, _) => "preexisting",
        (Disposition::DryRun, Severity::Error) => "error (dry run)",
        (Disposition::DryRun, _) => "warning (dry run)",
        _ => "warning",
    };
    let head = format!("{word}[{}]: {}\n", finding.rule.code, finding.message);
    out.push_str(&head);
    match finding.place {
        Some(place) => {
            out.push_str(&format!("  --> {}:{place}\n", file.file));
            let lines = usize::try_from(place.line - 1).map(|index| file.text.lines().nth(index));
            if let Ok(Some(line)) = lines {
                let number = place.line.to_string();
                let margin = " ".repeat(number.len());
                let shown: String = line.chars().take(160).collect();
                out.push_str(&format!("{margin} |\n{number} | {shown}\n{margin} |\n"));
            }
        }
        None => out.push_str(&format!("  --> {}\n", file.file)),
    }
    let locked = if finding.policy_is_locked {
        ", locked"
    } else {
        ""
    };
    out.push_str(&format!("   = subject: {}\n", file.subject));
    out.push_str(&format!("   = policy:  {}{locked}\n", finding.policy));
    out.push_str(&format!("   = help:    {}\n", finding.hint));
    out.push_str(&format!(
        "   = docs:    concord rule show {}\n\n",
        finding.rule.code
    ));
}

/// Everything as one JSON text. Fields are only ever added to format 1.
pub(super) fn json(linted: &[Linted], bundle: &Bundle) -> String {
    let mut findings: Vec<Value> = Vec::new();
    let mut invalid: Vec<Value> = Vec::new();
    for file in linted {
        match &file.found {
            Ok(evaluation) => findings.extend(evaluation.findings.iter().map(|finding| {
                let line = serde_json::to_value(FindingLine::new(finding));
                let mut line = line.expect("a finding is texts and numbers");
                line["file"] = Value::from(file.file.as_str());
                line["subject"] = Value::from(file.subject.as_str());
                line
            })),
            Err(reason) => invalid.push(json!({"file": file.file, "message": reason})),
        }
    }
    let report = json!({
        "format": 1,
        "tool": {"name": "concord", "version": env!("CARGO_PKG_VERSION")},
        "digest": digest_text(bundle),
        "summary": {"files": linted.len(), "invalid": invalid.len(), "findings": counts(linted)},
        "findings": findings,
        "invalid": invalid,
    });
    format!("{report:#}\n")
}

fn counts(linted: &[Linted]) -> CountLine {
    let mut counts = CountLine::default();
    for evaluation in linted.iter().flat_map(|file| &file.found) {
        counts.add(&evaluation.counts);
    }
    counts
}
