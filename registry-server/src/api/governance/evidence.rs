//! Evidence: under which rules a version was let in, and why a schema was turned away (`governance.md` section 1).

use compat_rules::policy::ChangeClass;
use registry_core::{Judged, RecordedFinding, Source, VersionSpec, hex};
use serde_json::{Value, json};

use super::reply;
use crate::api::call::{Answer, Call};
use crate::api::error::Refusal;
use crate::api::parameters;
use crate::app::App;
use crate::governance::digest_text;
use crate::governance::findings::page_of;

/// `GET /governance/v1/subjects/{subject}/versions/{version}/admission`; versions that were registered while no
/// documents were in force have none.
pub fn admission(app: &App, call: &Call) -> Answer {
    let view = app.registry.view();
    let subject = parameters::subject(&view, call)?;
    let version = match parameters::version(call)? {
        VersionSpec::Number(version) => version,
        latest @ VersionSpec::Latest => view.addressed(&subject, latest, false)?.version.version,
    };
    let Some(admission) = view.admission(&subject, version)? else {
        // A version that is there has none, if it is older than the documents.
        view.addressed(&subject, VersionSpec::Number(version), true)?;
        return Err(Refusal::missing(format!(
            "Version {version} of '{subject}' has no record of its admission: no documents were in force"
        )));
    };
    let class = app.registry.change_class(&subject, version)?;
    let mut shown = shown(&admission.source, &admission.judged);
    shown["subject"] = subject.to_string().into();
    shown["version"] = version.get().into();
    shown["evaluator"] = admission.evaluator.into();
    shown["changeClass"] = class.map(word).into();
    reply(&shown)
}

/// `GET /governance/v1/reports/{report}`: the report that the message of a refusal names; kept for 90 days.
pub fn report(app: &App, call: &Call) -> Answer {
    let name = call.parameter("report");
    let missing = || {
        Refusal::missing(format!(
            "Report '{name}' not found: reports are kept for 90 days"
        ))
    };
    let report = name.parse().map_err(|()| missing())?;
    let refusal = app.registry.view().refusal(report)?.ok_or_else(missing)?;
    let mut shown = shown(&refusal.source, &refusal.judged);
    shown["subject"] = refusal.subject.into();
    shown["format"] = (!refusal.format.is_empty())
        .then_some(refusal.format)
        .into();
    shown["incompatible"] = refusal.incompatible.into();
    reply(&shown)
}

const fn word(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::Text => "text",
        ChangeClass::Addition => "addition",
        ChangeClass::Breaking => "breaking",
    }
}

fn shown(source: &Source, judged: &Judged) -> Value {
    json!({
        "at": source.at_ms,
        "principal": source.principal,
        "authentication": source.authentication,
        "requestId": source.request,
        "client": source.client,
        "policyRevision": judged.revision,
        "policyDigest": digest_text(&hex(&judged.digest)),
        "compatibilityLevel": judged.level,
        "forced": judged.is_forced,
        "findings": judged.findings.iter().map(finding).collect::<Vec<_>>(),
        "findingsLeftOut": judged.findings_left_out,
    })
}

fn finding(finding: &RecordedFinding) -> Value {
    json!({
        "code": finding.code,
        "severity": finding.severity,
        "disposition": finding.disposition,
        "path": finding.path,
        "pointer": finding.pointer,
        "line": finding.place.map(|(line, _)| line),
        "column": finding.place.map(|(_, column)| column),
        "message": finding.message,
        "hint": finding.hint,
        "fingerprint": hex(&finding.fingerprint),
        "policy": finding.policy,
        "policyLocked": finding.is_locked,
        "docs": page_of(&finding.code),
    })
}
