//! Configuration of the top level, of contexts and of subjects (`protocol.md` section 7.6).

use compat_rules::{CompatibilityPolicy, Level};
use registry_core::{Config, ConfigUpdate, Error, Scope, Update};

use super::body::SentConfig;
use super::call::{Answer, Call, Reply};
use super::entities::{self, ConfigShape};
use super::error::Refusal;
use super::parameters;
use crate::app::App;

/// `GET /config`.
pub fn show_top_level(app: &App, call: &Call) -> Answer {
    show_scope(app, call, &Scope::top_level())
}

/// `GET /config/{scope}`.
pub fn show(app: &App, call: &Call) -> Answer {
    show_scope(app, call, &parameters::scope(call))
}

/// `PUT /config`.
pub fn put_top_level(app: &App, call: &Call) -> Answer {
    put_scope(
        app,
        call,
        "updateTopLevelConfig.request",
        &Scope::top_level(),
    )
}

/// `PUT /config/{scope}`.
pub fn put(app: &App, call: &Call) -> Answer {
    put_scope(
        app,
        call,
        "updateSubjectLevelConfig.request",
        &parameters::scope(call),
    )
}

/// `DELETE /config`.
pub fn delete_top_level(app: &App, call: &Call) -> Answer {
    delete_scope(app, call, &Scope::top_level())
}

/// `DELETE /config/{scope}`.
pub fn delete(app: &App, call: &Call) -> Answer {
    delete_scope(app, call, &parameters::scope(call))
}

fn show_scope(app: &App, call: &Call, scope: &Scope) -> Answer {
    let config = app.registry.ask(|view| {
        if call.query.flag("defaultToGlobal") {
            return Ok(view.config_in_force(scope)?);
        }
        match view.config(scope)? {
            Some(config) => Ok(config),
            None if scope.always_answers() => Ok(Config::default()),
            None => Err(Refusal::from(Error::ConfigNotFound(scope.subject()))),
        }
    })?;
    Ok(read(app, &config))
}

fn put_scope(app: &App, call: &Call, name: &str, scope: &Scope) -> Answer {
    let update = update(call.body(name)?)?;
    let done = app.registry.put_config(&call.caller(), scope, update);
    let done = app.counting(done, |done| done.policies.as_deref())?;
    let reply = Reply::ok(entities::config(&done.answer, ConfigShape::Written));
    Ok(reply.warning(done.policies.as_deref(), || None))
}

fn delete_scope(app: &App, call: &Call, scope: &Scope) -> Answer {
    let done = app.registry.delete_config(&call.caller(), scope);
    let done = app.counting(done, |done| done.policies.as_deref())?;
    Ok(read(app, &done.answer).warning(done.policies.as_deref(), || None))
}

fn read(app: &App, config: &Config) -> Reply {
    let default = app.options.compatibility_level;
    Reply::ok(entities::config(config, ConfigShape::Read { default }))
}

/// A level that is none is refused; a policy that is none counts as not set.
fn update(sent: SentConfig) -> Result<ConfigUpdate, Refusal> {
    let level = match sent.level {
        Update::Keep => Update::Keep,
        Update::Clear => Update::Clear,
        Update::Set(text) => Update::Set(
            text.parse::<Level>()
                .map_err(|unknown| Refusal::invalid_level(&unknown))?,
        ),
    };
    let policy = match sent.policy {
        Update::Keep => Update::Keep,
        Update::Clear => Update::Clear,
        Update::Set(text) => text
            .parse::<CompatibilityPolicy>()
            .map_or(Update::Clear, Update::Set),
    };
    Ok(ConfigUpdate {
        level,
        policy,
        ..sent.update
    })
}
