//! Checks without registering (`protocol.md` section 7.5).

use compat_rules::policy::violations;
use registry_core::{Checked, Error, Subject, Submission};

use super::call::{Answer, Call, Reply};
use super::entities;
use super::parameters;
use crate::app::App;

/// `POST /compatibility/subjects/{subject}/versions`: against all versions that the level names.
pub fn check(app: &App, call: &Call) -> Answer {
    let submission: Submission = call.body("testCompatibilityForSubject.request")?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    let normalize = call.query.flag("normalize");
    let checked = app
        .registry
        .check(&call.caller(), &subject, &submission, normalize);
    answer(app, call, &subject, checked)
}

/// `POST /compatibility/subjects/{subject}/versions/{version}`: against one.
pub fn check_version(app: &App, call: &Call) -> Answer {
    let submission: Submission = call.body("testCompatibilityBySubjectName.request")?;
    let version = parameters::version(call)?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    let normalize = call.query.flag("normalize");
    let checked =
        app.registry
            .check_against(&call.caller(), &subject, version, &submission, normalize);
    answer(app, call, &subject, checked)
}

/// Who asks for messages gets an invalid schema as one, and what the policies would refuse, never their warnings: there
/// are clients that take any message for a no.
fn answer(app: &App, call: &Call, subject: &Subject, checked: Result<Checked, Error>) -> Answer {
    let is_verbose = call.query.flag("verbose");
    let refused = checked.as_ref().err();
    let refused = refused.map(|refusal| app.count_check(subject, Err(refusal)));
    let Checked {
        mut messages,
        policies,
    } = match checked {
        Err(Error::InvalidSchema(message)) if is_verbose => Checked {
            messages: vec![message],
            policies: None,
        },
        checked => checked?,
    };
    app.count_policies(policies.as_deref());
    if let Some(policies) = &policies {
        messages.extend(violations(&policies.evaluation));
    }
    let shown = is_verbose.then_some(messages.as_slice());
    let is_compatible = messages.is_empty();
    let tally = refused.unwrap_or_else(|| app.count_check(subject, Ok(is_compatible)));
    let reply = Reply::ok(entities::compatibility(is_compatible, shown)).counted_as(tally);
    // Policies look at the clock and at who asks, which nothing that is kept knows of.
    Ok(match policies {
        Some(_) => reply.of_the_moment(),
        None => reply,
    })
}
