//! What the documents in force say about a subject, and would say about a schema.

use registry_core::{RegisterOptions, Submission};

use super::reply;
use super::shapes::EvaluationShape;
use crate::api::call::{Answer, Call};
use crate::api::error::Refusal;
use crate::api::parameters;
use crate::app::App;
use crate::governance::explanation::Explanation;

/// `GET /governance/v1/subjects/{subject}/policy`: the rules in force, each with its origin.
pub fn explain(app: &App, call: &Call) -> Answer {
    let subject = parameters::subject(&app.registry.view(), call)?;
    let found = app.registry.effective_policies(&call.caller(), &subject)?;
    let found = found.unwrap_or_default();
    let (subject, team) = (subject.to_string(), found.team.as_deref());
    reply(&Explanation::new(&subject, team, &found.effective))
}

/// `POST /governance/v1/evaluate?subject=S`: the body is that of a registration; nothing is registered.
pub fn evaluate(app: &App, call: &Call) -> Answer {
    let submission: Submission = call.body("evaluate.request")?;
    let name = call.query.first("subject").filter(|name| !name.is_empty());
    name.ok_or_else(|| Refusal::bad_request("the parameter subject is missing"))?;
    let subject = parameters::subject_of_query(&app.registry.view(), call)?;
    let options = RegisterOptions {
        normalize: call.query.flag("normalize"),
        ..RegisterOptions::default()
    };
    let policies = app
        .registry
        .evaluate(&call.caller(), &subject, &submission, options)?;
    app.count_policies(policies.as_deref());
    let revision = app.registry.view().policy_number()?.unwrap_or_default();
    reply(&EvaluationShape::new(policies.as_deref(), revision))
}
