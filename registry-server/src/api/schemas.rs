//! Schemas by id and by guid, and the list of all (`protocol.md` section 7.4).

use std::borrow::Cow;

use compat_rules::Format;
use registry_core::{Context, Error, Guid, SchemaId, Stored, Subject};

use super::call::{Answer, Call, Reply};
use super::entities::{Shown, Text};
use super::error::Refusal;
use super::json::{self, write_object};
use super::parameters::{self, Page, PageLimits};
use super::subjects::{qualify_references, subject_limits, version_limits};
use crate::app::App;

/// `GET /schemas/types`.
pub fn types(_: &App, _: &Call) -> Answer {
    Ok(Reply::ok(json::texts(Format::ALL.map(Format::as_str))))
}

/// `GET /schemas/ids/{id}`.
pub fn by_id(app: &App, call: &Call) -> Answer {
    if call.query.is_empty() {
        return by_id_alone(app, call);
    }
    let stored = stored_by_id(app, call)?;
    let mut shown = with_tags(app, call, &stored)?;
    qualify_references(call, &stored, &mut shown);
    let max_id = if call.query.flag("fetchMaxId") {
        app.registry.view().last_id(&stored.subject.context)?
    } else {
        None
    };
    Ok(Reply::ok(shown.schema_string(max_id)))
}

/// The same for who asks for nothing else, as almost everybody does: one read.
fn by_id_alone(app: &App, call: &Call) -> Answer {
    let number = call.number("id")?;
    let shown = match SchemaId::new(number.into()) {
        Some(id) => app
            .registry
            .first_json(&Context::default_context(), id, |stored| {
                Shown::stored_json(&stored).schema_string(None)
            })?,
        None => None,
    };
    let shown = shown.ok_or_else(|| Error::NoSuchSchema(number.to_string()))?;
    Ok(Reply::ok(shown))
}

/// `GET /schemas/ids/{id}/schema`.
pub fn text_by_id(app: &App, call: &Call) -> Answer {
    let stored = stored_by_id(app, call)?;
    Ok(Reply::ok(text_of(app, call, &stored)?.into_owned()))
}

/// `GET /schemas/ids/{id}/subjects`.
pub fn subjects_by_id(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, subject_limits(app))?;
    let holders = holders(app, call)?;
    Ok(Reply::ok(json::texts(
        page.cut(holders).map(|(subject, _)| subject.to_string()),
    )))
}

/// `GET /schemas/ids/{id}/versions`.
pub fn versions_by_id(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, version_limits(app))?;
    let holders = holders(app, call)?;
    Ok(Reply::ok(json::array(
        page.cut(holders),
        |out, (subject, version)| {
            write_object(out, |out| {
                out.text("subject", &subject.to_string());
                out.int("version", version.get().into());
            });
        },
    )))
}

/// `GET /schemas/guids/{guid}`.
pub fn by_guid(app: &App, call: &Call) -> Answer {
    let text = call.parameter("guid");
    let guid: Option<Guid> = text.parse().ok();
    let stored = guid
        .map(|guid| app.registry.view().by_guid(guid))
        .transpose()?
        .flatten();
    let stored = stored.ok_or_else(|| Error::NoSuchSchema(text.to_owned()))?;
    let shown = Shown {
        holder: None,
        ..with_text(app, call, &stored)?
    };
    Ok(Reply::ok(shown.schema_string(None)))
}

/// `GET /schemas/guids/{guid}/ids`.
pub fn ids_by_guid(app: &App, call: &Call) -> Answer {
    let guid: Option<Guid> = call.parameter("guid").parse().ok();
    let mut ids = guid
        .map(|guid| app.registry.view().ids_of(guid))
        .transpose()?
        .unwrap_or_default();
    ids.sort();
    Ok(Reply::ok(json::array(ids, |out, (context, id)| {
        write_object(out, |out| {
            out.text("context", context.as_str());
            out.int("id", id.get().into());
        });
    })))
}

fn stored_by_id(app: &App, call: &Call) -> Result<Stored, Refusal> {
    let number = call.number("id")?;
    let view = app.registry.view();
    let subject = parameters::subject_of_query(&view, call)?;
    let stored = match SchemaId::new(number.into()) {
        Some(id) => view.by_id(id, &subject)?,
        None => None,
    };
    stored.ok_or_else(|| Error::NoSuchSchema(number.to_string()).into())
}

fn holders(app: &App, call: &Call) -> Result<Vec<(Subject, registry_core::Version)>, Refusal> {
    let number = call.number("id")?;
    let view = app.registry.view();
    let subject = parameters::subject_of_query(&view, call)?;
    let id = SchemaId::new(number.into()).ok_or(Error::SchemaNotFound)?;
    let holders = view.holders_of(id, &subject, call.query.flag("deleted"))?;
    holders.ok_or_else(|| Error::SchemaNotFound.into())
}

/// The text of a version, in the form that is asked for.
pub(super) fn text_of<'s>(
    app: &App,
    call: &Call,
    stored: &'s Stored,
) -> Result<Cow<'s, str>, Refusal> {
    let Stored {
        subject, schema, ..
    } = stored;
    let form = parameters::form(call, schema.format);
    Ok(app.registry.render(&subject.context, schema, form)?)
}

/// A stored version, its text in the form that the request asks for.
pub(super) fn with_text<'s>(
    app: &App,
    call: &Call,
    stored: &'s Stored,
) -> Result<Shown<'s>, Refusal> {
    Ok(Shown {
        text: Text::Plain(text_of(app, call, stored)?),
        ..Shown::stored(stored)
    })
}

/// The same with the inline tags that `findTags` asks for; `*` asks for all.
pub(super) fn with_tags<'s>(
    app: &App,
    call: &Call,
    stored: &'s Stored,
) -> Result<Shown<'s>, Refusal> {
    let mut shown = with_text(app, call, stored)?;
    let wanted: Vec<&str> = call
        .query
        .all("findTags")
        .filter(|tag| !tag.is_empty())
        .collect();
    if !wanted.is_empty() {
        shown.tags = app.registry.tags(stored)?;
        let is_wanted = |tag: &String| wanted.contains(&"*") || wanted.contains(&tag.as_str());
        shown
            .tags
            .retain(|tagged| tagged.tags.iter().any(is_wanted));
    }
    Ok(shown)
}

pub(super) fn schema_limits(app: &App) -> PageLimits {
    PageLimits {
        default: app.options.schema_search_default_limit,
        max: app.options.schema_search_max_limit,
    }
}
