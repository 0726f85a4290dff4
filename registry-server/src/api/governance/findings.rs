//! What the policies in force find in what stands (`governance.md` sections 2.3 and 2.10).

use serde::Serialize;
use serde_json::{Value, json};

use super::reply;
use super::shapes::EvaluationShape;
use super::window::Window;
use crate::api::call::{Answer, Call};
use crate::api::parameters;
use crate::app::App;
use crate::governance::examination::Standing;
use crate::governance::findings::FindingLine;

/// What is found in one version now.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VersionShape<'a> {
    subject: String,
    version: u32,
    team: Option<&'a str>,
    #[serde(flatten)]
    evaluation: EvaluationShape<'a>,
}

/// A finding of the last examination.
#[derive(Serialize)]
struct StandingShape<'a> {
    subject: &'a str,
    version: u32,
    team: Option<&'a str>,
    #[serde(flatten)]
    finding: FindingLine<'a>,
}

/// `GET /governance/v1/subjects/{subject}/versions/{version}/findings`: found now, whenever the last examination was.
pub fn of_version(app: &App, call: &Call) -> Answer {
    let version = parameters::version(call)?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    let examined = app.registry.examine(&call.caller(), &subject, version)?;
    app.count_policies(examined.policies.as_deref());
    let revision = app.registry.view().policy_number()?.unwrap_or_default();
    reply(&VersionShape {
        subject: examined.subject.to_string(),
        version: examined.version.get(),
        team: examined.team.as_deref(),
        evaluation: EvaluationShape::new(examined.policies.as_deref(), revision),
    })
}

/// `GET /governance/v1/findings`: those of the last examination, by subject; `rule` and `team` choose among them.
pub fn all(app: &App, call: &Call) -> Answer {
    let window = Window::of(call)?;
    let Some(last) = app.examination.get() else {
        return reply(&json!({
            "policyRevision": 0, "examined": null, "subjects": 0, "findings": [], "leftOut": 0, "next": null,
        }));
    };
    let wanted = |name: &str| call.query.first(name).filter(|text| !text.is_empty());
    let (rule, team) = (wanted("rule"), wanted("team"));
    let is_wanted = |standing: &&Standing| {
        let of = standing.finding.rule;
        rule.is_none_or(|rule| [of.code, of.slug].contains(&rule))
            && team.is_none_or(|team| standing.team.as_deref() == Some(team))
    };
    let skipped = usize::try_from(window.after).unwrap_or(usize::MAX);
    let found: Vec<&Standing> = last
        .findings
        .iter()
        .filter(is_wanted)
        .skip(skipped)
        .take(window.limit + 1)
        .collect();
    let is_more = found.len() > window.limit;
    let next = is_more.then_some(skipped.saturating_add(window.limit));
    let shown: Vec<Value> = found
        .iter()
        .take(window.limit)
        .map(|found| shown(found))
        .collect();
    reply(&json!({
        "policyRevision": last.revision,
        "examined": last.began_ms,
        "subjects": last.subjects,
        "findings": shown,
        "leftOut": last.left_out,
        "next": next,
    }))
}

fn shown(standing: &Standing) -> Value {
    let shape = StandingShape {
        subject: &standing.subject,
        version: standing.version,
        team: standing.team.as_deref(),
        finding: FindingLine::new(&standing.finding),
    };
    // Texts and numbers: there is nothing in it that JSON could not say.
    serde_json::to_value(shape).unwrap_or_default()
}
