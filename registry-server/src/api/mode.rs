//! Modes of the top level, of contexts and of subjects (`protocol.md` section 7.7).

use registry_core::{Error, Mode, Scope, Update};

use super::body::SentMode;
use super::call::{Answer, Call, Reply};
use super::error::Refusal;
use super::json;
use super::parameters;
use crate::app::App;

/// `GET /mode`.
pub fn show_top_level(app: &App, call: &Call) -> Answer {
    show_scope(app, call, &Scope::top_level())
}

/// `GET /mode/{scope}`.
pub fn show(app: &App, call: &Call) -> Answer {
    show_scope(app, call, &parameters::scope(call))
}

/// `PUT /mode`.
pub fn put_top_level(app: &App, call: &Call) -> Answer {
    put_scope(app, call, "updateTopLevelMode.request", &Scope::top_level())
}

/// `PUT /mode/{scope}`.
pub fn put(app: &App, call: &Call) -> Answer {
    put_scope(app, call, "updateMode.request", &parameters::scope(call))
}

/// `DELETE /mode`.
pub fn delete_top_level(app: &App, call: &Call) -> Answer {
    delete_scope(app, call, &Scope::top_level())
}

/// `DELETE /mode/{scope}`.
pub fn delete(app: &App, call: &Call) -> Answer {
    delete_scope(app, call, &parameters::scope(call))
}

fn show_scope(app: &App, call: &Call, scope: &Scope) -> Answer {
    let mode = app.registry.ask(|view| {
        if call.query.flag("defaultToGlobal") {
            return Ok(view.mode_in_force(scope)?);
        }
        match view.mode(scope)? {
            Some(mode) => Ok(mode),
            None if scope.always_answers() => Ok(Mode::ReadWrite),
            None => Err(Refusal::from(Error::ModeNotFound(scope.subject()))),
        }
    })?;
    Ok(shown(Some(mode)))
}

fn put_scope(app: &App, call: &Call, name: &str, scope: &Scope) -> Answer {
    let sent: SentMode = call.body(name)?;
    let mode = match &sent.mode {
        // A request without a mode sets none: the reference breaks on it.
        Update::Keep => Some(""),
        Update::Clear => None,
        Update::Set(mode) => Some(mode.as_str()),
    };
    app.registry
        .put_mode(&call.caller(), scope, mode, call.query.flag("force"))?;
    // The answer repeats what was sent, in its spelling.
    Ok(Reply::ok(json::object(|out| match mode {
        Some(mode) => out.text("mode", mode),
        None => out.null("mode"),
    })))
}

fn delete_scope(app: &App, call: &Call, scope: &Scope) -> Answer {
    let old = app
        .registry
        .delete_mode(&call.caller(), scope, call.query.flag("recursive"))?;
    Ok(shown(old))
}

fn shown(mode: Option<Mode>) -> Reply {
    Reply::ok(json::object(|out| {
        out.text_if_any("mode", mode.map(Mode::as_str))
    }))
}
