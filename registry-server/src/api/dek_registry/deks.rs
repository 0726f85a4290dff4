//! Data-encryption keys.

use registry_core::{DekSeries, Subject, Version, VersionSpec};

use super::body::SentDek;
use super::{deletion, entities, kek_name, series, subject, subject_limits, version_limits};
use crate::api::call::{Answer, Call, Reply};
use crate::api::json;
use crate::api::parameters::{self, Page};
use crate::app::App;

/// `GET …/{kek}/deks`: the subjects.
pub fn subjects(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, subject_limits(app))?;
    let kek = kek_name(call)?;
    let deleted = call.query.flag("deleted");
    let view = app.registry.view();
    view.kek_named(&kek, deleted)?;
    let mut subjects: Vec<String> = view
        .dek_subjects(&kek, deleted)?
        .iter()
        .map(Subject::to_string)
        .collect();
    subjects.sort_unstable_by(|one, other| parameters::text_order(one, other));
    Ok(Reply::ok(json::texts(page.cut(subjects))))
}

/// `GET …/deks/{subject}`: version 1, whatever others there are.
pub fn first(app: &App, call: &Call) -> Answer {
    served(app, call, VersionSpec::Number(Version::FIRST))
}

/// `GET …/deks/{subject}/versions`.
pub fn versions(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, version_limits(app))?;
    let view = app.registry.view();
    let series = series(&view, call)?;
    let deleted = call.query.flag("deleted");
    view.kek_named(&series.kek, deleted)?;
    let versions = view
        .deks(&series)?
        .into_iter()
        .filter(|stored| deleted || !stored.dek.deleted)
        .map(|stored| stored.version.get());
    Ok(Reply::ok(json::ints(page.cut(versions))))
}

/// `GET …/deks/{subject}/versions/{version}`.
pub fn version(app: &App, call: &Call) -> Answer {
    served(app, call, parameters::version(call)?)
}

fn served(app: &App, call: &Call, spec: VersionSpec) -> Answer {
    let series = series(&app.registry.view(), call)?;
    let served = app
        .registry
        .dek(&series, spec, call.query.flag("deleted"))?;
    Ok(Reply::ok(entities::dek(&served)))
}

/// `POST …/{kek}/deks`: the older path, with the subject in the body. It is taken as it is, without an alias.
pub fn create_by_body(app: &App, call: &Call) -> Answer {
    let sent: SentDek = call.body("createDek.request")?;
    let subject = Subject::parse(sent.subject.as_deref().unwrap_or_default());
    create_for(app, call, subject, &sent)
}

/// `POST …/deks/{subject}`.
pub fn create(app: &App, call: &Call) -> Answer {
    let sent: SentDek = call.body("createDek.request")?;
    let subject = subject(&app.registry.view(), call)?;
    create_for(app, call, subject, &sent)
}

fn create_for(app: &App, call: &Call, subject: Subject, sent: &SentDek) -> Answer {
    let series = DekSeries::new(kek_name(call)?, subject, sent.dek.algorithm)?;
    let served = app.registry.create_dek(
        &call.caller(),
        &series,
        &sent.dek,
        call.query.flag("rewrap"),
    )?;
    Ok(Reply::ok(entities::dek(&served)))
}

/// `DELETE …/deks/{subject}`: every version of one algorithm.
pub fn delete(app: &App, call: &Call) -> Answer {
    let series = series(&app.registry.view(), call)?;
    app.registry
        .delete_deks(&call.caller(), &series, deletion(call))?;
    Ok(Reply::no_content())
}

/// `DELETE …/deks/{subject}/versions/{version}`.
pub fn delete_version(app: &App, call: &Call) -> Answer {
    let spec = parameters::version(call)?;
    let series = series(&app.registry.view(), call)?;
    app.registry
        .delete_dek(&call.caller(), &series, spec, deletion(call))?;
    Ok(Reply::no_content())
}

/// `POST …/deks/{subject}/undelete`: every version of one algorithm.
pub fn undelete(app: &App, call: &Call) -> Answer {
    let series = series(&app.registry.view(), call)?;
    app.registry.undelete_deks(&call.caller(), &series)?;
    Ok(Reply::no_content())
}

/// `POST …/deks/{subject}/versions/{version}/undelete`.
pub fn undelete_version(app: &App, call: &Call) -> Answer {
    let spec = parameters::version(call)?;
    let series = series(&app.registry.view(), call)?;
    app.registry.undelete_dek(&call.caller(), &series, spec)?;
    Ok(Reply::no_content())
}
