//! Key-encryption keys.

use registry_core::{KeyError, SubmittedKek};

use super::body::SentKekUpdate;
use super::{deletion, entities, kek_limits, kek_name};
use crate::api::call::{Answer, Call, Reply};
use crate::api::error::Refusal;
use crate::api::json;
use crate::api::parameters::Page;
use crate::app::App;

/// `GET /dek-registry/v1/keks`: with prefixes, the KEKs that wrap DEKs of such subjects.
pub fn list(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, kek_limits(app))?;
    let deleted = call.query.flag("deleted");
    let view = app.registry.view();
    let names = match call.query.first("subjectPrefix") {
        None => view.kek_names(deleted)?,
        Some(_) => {
            let prefixes: Vec<&str> = call.query.all("subjectPrefix").collect();
            view.kek_names_of_subjects(&prefixes, deleted)?
                .into_iter()
                .collect()
        }
    };
    let names = names.iter().map(|name| name.as_str());
    Ok(Reply::ok(json::texts(page.cut(names))))
}

/// `GET …/{kek}`.
pub fn show(app: &App, call: &Call) -> Answer {
    let name = kek_name(call)?;
    let stored = app
        .registry
        .view()
        .kek_named(&name, call.query.flag("deleted"))?;
    Ok(Reply::ok(entities::kek(&stored)))
}

/// `POST /dek-registry/v1/keks`.
pub fn create(app: &App, call: &Call) -> Answer {
    let submitted: SubmittedKek = call.body("createKek.request")?;
    let stored =
        app.registry
            .create_kek(&call.caller(), &submitted, call.query.flag("testSharing"))?;
    Ok(Reply::ok(entities::kek(&stored)))
}

/// `PUT …/{kek}`.
pub fn update(app: &App, call: &Call) -> Answer {
    let sent: SentKekUpdate = call.body("putKek.request")?;
    let name = kek_name(call)?;
    if sent.clears_shared {
        return Err(Refusal::from(KeyError::Invalid("shared")).not_on_record());
    }
    let stored = app.registry.update_kek(
        &call.caller(),
        &name,
        &sent.update,
        call.query.flag("testSharing"),
    )?;
    Ok(Reply::ok(entities::kek(&stored)))
}

/// `POST …/{kek}/test`.
pub fn test(app: &App, call: &Call) -> Answer {
    let stored = app.registry.test_kek(&kek_name(call)?)?;
    Ok(Reply::ok(entities::kek_record(&stored)))
}

/// `DELETE …/{kek}`.
pub fn delete(app: &App, call: &Call) -> Answer {
    app.registry
        .delete_kek(&call.caller(), &kek_name(call)?, deletion(call))?;
    Ok(Reply::no_content())
}

/// `POST …/{kek}/undelete`.
pub fn undelete(app: &App, call: &Call) -> Answer {
    app.registry
        .undelete_kek(&call.caller(), &kek_name(call)?)?;
    Ok(Reply::no_content())
}
