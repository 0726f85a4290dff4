//! Checks without registering (`protocol.md` section 7.5).

use registry_core::{Error, Submission};

use super::call::{Answer, Call, Reply};
use super::entities;
use super::parameters;
use crate::app::App;

/// `POST /compatibility/subjects/{subject}/versions`: against all versions that the level names.
pub fn check(app: &App, call: &Call) -> Answer {
    let submission: Submission = call.body("testCompatibilityForSubject.request")?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    answer(
        call,
        app.registry
            .check(&subject, &submission, call.query.flag("normalize")),
    )
}

/// `POST /compatibility/subjects/{subject}/versions/{version}`: against one.
pub fn check_version(app: &App, call: &Call) -> Answer {
    let submission: Submission = call.body("testCompatibilityBySubjectName.request")?;
    let version = parameters::version(call)?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    answer(
        call,
        app.registry
            .check_against(&subject, version, &submission, call.query.flag("normalize")),
    )
}

/// Who asks for messages gets an invalid schema as one.
fn answer(call: &Call, checked: Result<Vec<String>, Error>) -> Answer {
    let is_verbose = call.query.flag("verbose");
    let messages = match checked {
        Err(Error::InvalidSchema(message)) if is_verbose => vec![message],
        checked => checked?,
    };
    let shown = is_verbose.then_some(messages.as_slice());
    Ok(Reply::ok(entities::compatibility(
        messages.is_empty(),
        shown,
    )))
}
