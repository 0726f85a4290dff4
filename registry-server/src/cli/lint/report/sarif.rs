//! SARIF 2.1.0: one run, every rule that was asked, a result for each finding.

use std::collections::BTreeMap;

use compat_rules::policy::rule::{Category, PolicyRule};
use compat_rules::policy::{Severity, rule_page};
use serde_json::{Value, json};

use crate::cli::output::percent_encoded;

use super::{Entry, Level, NO_SCHEMA, Report};

/// Results that code scanning takes of one run.
const RESULTS_MAX: usize = 25_000;

/// What matters most first, since what is too much is left out.
pub(super) fn sarif(report: &Report) -> String {
    let rules = rules(report);
    let index: BTreeMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(index, rule)| (rule.0, index))
        .collect();
    let entries = report.entries();
    let results: Vec<Value> = entries
        .iter()
        .take(RESULTS_MAX)
        .map(|entry| result(entry, index[entry.code()]))
        .collect();
    let descriptors: Vec<Value> = rules.into_iter().map(|(_, rule)| rule).collect();
    let run = json!({
        "tool": {"driver": {
            "name": "concord",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": descriptors,
        }},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation(report, results.len())],
        "results": results,
        "properties": {"digest": report.digest},
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    format!("{log:#}\n")
}

/// Every rule that was asked of any file, by code; and what stands for files that are no schema, if there are.
fn rules(report: &Report) -> Vec<(&'static str, Value)> {
    let mut asked: BTreeMap<&str, (&PolicyRule, Severity)> = BTreeMap::new();
    for tried in report.files.iter().flat_map(|file| &file.found) {
        for rule in &tried.rules {
            let kept = asked
                .entry(rule.rule.code)
                .or_insert((rule.rule, rule.severity));
            kept.1 = kept.1.max(rule.severity);
        }
    }
    let mut rules: Vec<_> = asked
        .into_values()
        .map(|(rule, severity)| (rule.code, descriptor(rule, severity)))
        .collect();
    if report.invalid() > 0 {
        let text = "The file is a schema of its format.";
        let descriptor = json!({
            "id": NO_SCHEMA,
            "name": "not-a-schema",
            "shortDescription": {"text": text},
            "defaultConfiguration": {"level": "error"},
        });
        rules.push((NO_SCHEMA, descriptor));
    }
    rules
}

fn descriptor(rule: &PolicyRule, severity: Severity) -> Value {
    let level = match severity {
        Severity::Error => "error",
        _ => "warning",
    };
    let category = match rule.category {
        Category::Technical => "technical",
        Category::Security => "security",
    };
    let help = format!(
        "Instead: {}. See `concord rule show {}`.",
        rule.hint, rule.code
    );
    json!({
        "id": rule.code,
        "name": rule.slug,
        "shortDescription": {"text": rule.title},
        "help": {"text": help, "markdown": rule_page(rule)},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [rule.family(), category]},
    })
}

fn result(entry: &Entry<'_>, rule_index: usize) -> Value {
    let mut place = json!({"artifactLocation": artifact(&entry.file.path)});
    if let Some(region) = entry.region {
        place["region"] = json!({
            "startLine": region.start.line,
            "startColumn": region.start.column,
            "endLine": region.start.line,
            "endColumn": region.end_column,
        });
    }
    let mut result = json!({
        "ruleId": entry.code(),
        "ruleIndex": rule_index,
        "level": match entry.level {
            Level::Invalid | Level::Error => "error",
            Level::Warning => "warning",
            Level::DryRun => "note",
            Level::Preexisting => "warning",
        },
        "message": {"text": entry.message_with_hint()},
        "locations": [{"physicalLocation": place}],
    });
    if let Some(finding) = entry.finding {
        let subject = &entry.file.subject;
        result["locations"][0]["logicalLocations"] = match finding.path.as_str() {
            "" => json!([{"name": subject, "kind": "resource"}]),
            path => json!([
                {"name": subject, "kind": "resource"},
                {"name": path, "fullyQualifiedName": format!("{subject}/{path}"), "kind": "member"},
            ]),
        };
        let fingerprint = finding.fingerprint.to_string();
        result["partialFingerprints"] = json!({"registryFinding/v1": fingerprint});
        result["properties"] = json!({
            "policy": finding.policy,
            "policyLocked": finding.policy_is_locked,
            "disposition": finding.disposition,
        });
    }
    if entry.level == Level::Preexisting {
        result["suppressions"] = json!([{
            "kind": "external",
            "status": "accepted",
            "justification": "The version before had it as well, and the policy holds it against nobody.",
        }]);
    }
    result
}

/// From the root of the repository; a file outside of it by its whole path.
fn artifact(path: &str) -> Value {
    match path.strip_prefix('/') {
        Some(_) => json!({"uri": format!("file://{}", percent_encoded(path, b"/"))}),
        None => json!({"uri": percent_encoded(path, b"/"), "uriBaseId": "%SRCROOT%"}),
    }
}

/// How the command ended, and what is not among the results.
fn invocation(report: &Report, results: usize) -> Value {
    let counts = report.counts();
    let all = counts.enforced + counts.warned + counts.dryrun + counts.preexisting;
    let left_out = (all + report.invalid()).saturating_sub(results);
    let mut invocation = json!({
        "executionSuccessful": report.invalid() == 0,
        "exitCode": report.exit_code,
    });
    if left_out > 0 {
        let text =
            format!("{left_out} more were found and are left out; what is told is the worst.");
        invocation["toolExecutionNotifications"] =
            json!([{"level": "note", "message": {"text": text}}]);
    }
    invocation
}
