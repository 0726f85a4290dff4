//! Contexts (`protocol.md` section 7.8). The context in front of a path is taken off before a route is looked for.

use registry_core::Subject;

use super::call::{Answer, Call, Reply};
use super::json;
use super::parameters::{Page, PageLimits};
use crate::app::App;

/// `GET /contexts`.
pub fn list(app: &App, call: &Call) -> Answer {
    let limits = PageLimits {
        default: app.options.context_search_default_limit,
        max: app.options.context_search_max_limit,
    };
    let page = Page::of(call, limits)?;
    let prefix = call.query.first("contextPrefix").unwrap_or_default();
    let contexts = app.registry.view().contexts()?;
    let shown = contexts
        .into_iter()
        .filter(|context| context.as_str().starts_with(prefix));
    Ok(Reply::ok(json::texts(
        page.cut(shown).map(|context| context.to_string()),
    )))
}

/// `DELETE /contexts/{context}`; the path comes with the context as `:.name:`.
pub fn delete(app: &App, call: &Call) -> Answer {
    let Subject { context, .. } = Subject::parse(call.parameter("context"));
    app.registry.delete_context(&call.caller(), &context)?;
    Ok(Reply::no_content())
}
