//! Subjects and their versions (`protocol.md` sections 7.2, 7.3).

use std::collections::BTreeMap;

use registry_core::{
    Deleted, Deletion, Error, FoundSchema, RegisterOptions, Registered, SchemaReference, Stored,
    Subject, SubjectFilter, Submission, TagChange,
};

use super::call::{Answer, Call, Reply};
use super::entities::{Shown, Text};
use super::error::Refusal;
use super::json;
use super::logical;
use super::parameters::{self, Page, PageLimits};
use super::report;
use super::schemas::{schema_limits, text_of, with_tags, with_text};
use crate::app::App;

/// `GET /subjects`.
pub fn list(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, subject_limits(app))?;
    let filter = SubjectFilter::parse(call.query.first("subjectPrefix").unwrap_or(":*:"));
    let deleted = parameters::deleted(call);
    let mut names: Vec<String> = app
        .registry
        .view()
        .subjects(&filter)?
        .into_iter()
        .filter(|state| state.is_shown(deleted))
        .map(|state| state.subject.to_string())
        .collect();
    // The list is ordered as text, which is not the order of contexts and names.
    names.sort_unstable_by(|one, other| parameters::text_order(one, other));
    Ok(Reply::ok(json::texts(page.cut(names))))
}

/// `POST /subjects/{subject}`: finds the version that holds a schema.
pub fn look_up(app: &App, call: &Call) -> Answer {
    let submission: Submission = call.body("lookUpSchemaUnderSubject.request")?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    let (normalize, deleted) = (call.query.flag("normalize"), call.query.flag("deleted"));
    let found = app
        .registry
        .lookup(&subject, &submission, normalize, deleted)?;
    found_schema(app, call, found)
}

/// The same, at once, for a client that asks for nothing unusual about a schema that was asked about lately.
pub fn look_up_known(app: &App, call: &Call) -> Option<Answer> {
    let submission: Submission = call.short_body()?;
    let subject = parameters::subject(&app.registry.view(), call).ok()?;
    let found = app.registry.lookup_known(&subject, &submission)?;
    Some(found_schema(app, call, found))
}

fn found_schema(app: &App, call: &Call, found: FoundSchema) -> Answer {
    let FoundSchema { stored, by_hash } = found;
    let mut shown = with_text(app, call, &stored)?;
    if by_hash {
        shown.written = None;
    }
    Ok(Reply::ok(shown.schema()))
}

/// `GET /subjects/{subject}/metadata`: the latest version that has these properties.
pub fn latest_with_metadata(app: &App, call: &Call) -> Answer {
    let view = app.registry.view();
    let subject = parameters::subject(&view, call)?;
    let pairs = call.query.all("key").zip(call.query.all("value"));
    let properties: BTreeMap<String, String> = pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let stored = view.latest_with_metadata(&subject, &properties, call.query.flag("deleted"))?;
    Ok(Reply::ok(with_text(app, call, &stored)?.schema()))
}

/// `DELETE /subjects/{subject}`.
pub fn delete(app: &App, call: &Call) -> Answer {
    let subject = parameters::subject(&app.registry.view(), call)?;
    let done = app
        .registry
        .delete_subject(&call.caller(), &subject, deletion(call));
    let done = app.counting(done, |done| done.policies.as_deref())?;
    let numbers = done.answer.into_iter().map(|version| version.get());
    Ok(Reply::ok(json::ints(numbers)).warning(done.policies.as_deref(), || None))
}

/// `GET /subjects/{subject}/versions`.
pub fn versions(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, version_limits(app))?;
    let view = app.registry.view();
    let subject = parameters::subject(&view, call)?;
    let deleted = parameters::deleted(call);
    if !view.is_visible(&subject, deleted != Deleted::Without)? {
        return Err(Error::SubjectNotFound(subject.to_string()).into());
    }
    let as_negative = call.query.flag("deletedAsNegative");
    let shown = view.shown_versions(&subject, if as_negative { Deleted::With } else { deleted })?;
    let numbers = shown.into_iter().map(|version| {
        let number = i64::from(version.version.get());
        if as_negative && version.deleted {
            -number
        } else {
            number
        }
    });
    Ok(Reply::ok(json::ints(page.cut(numbers))))
}

/// `POST /subjects/{subject}/versions`.
pub fn register(app: &App, call: &Call) -> Answer {
    let submission: Submission = call.body("register.request")?;
    logical::refuse_text(call, &submission)?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    let options = RegisterOptions {
        normalize: call.query.flag("normalize"),
        force: call.query.flag("force"),
    };
    let registered = app
        .registry
        .register(&call.caller(), &subject, &submission, options);
    registered_schema(app, call, &subject, registered)
}

/// The same, at once, for a client that asks for nothing unusual, and whose schema is registered already.
pub fn register_known(app: &App, call: &Call) -> Option<Answer> {
    let submission: Submission = call.short_body()?;
    logical::refuse_text(call, &submission).ok()?;
    let subject = parameters::subject(&app.registry.view(), call).ok()?;
    let registered = app.registry.registered_already(&subject, &submission)?;
    Some(registered_schema(app, call, &subject, Ok(registered)))
}

fn registered_schema(
    app: &App,
    call: &Call,
    subject: &Subject,
    registered: Result<Registered, Error>,
) -> Answer {
    let tally = app.count_registration(subject, registered.as_ref());
    let registered = app.counting(registered, |done| done.policies.as_deref())?;
    let form = parameters::form(call, registered.schema.format);
    let text = app
        .registry
        .render(&subject.context, &registered.schema, form)?;
    let shown = Shown::registered_under(subject, &registered);
    let text = Text::Plain(text);
    let reply = Reply::ok(Shown { text, ..shown }.registered()).counted_as(tally);
    Ok(warned(reply, subject, &registered))
}

/// `POST /subjects/{subject}/versions/{version}/tags`: a new version with other tags, metadata or rules.
pub fn edit_tags(app: &App, call: &Call) -> Answer {
    let change: TagChange = call.body("addTags.request")?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    if !subject.may_be_registered() {
        return Err(Refusal::from(Error::InvalidSubject(subject)).not_on_record());
    }
    let version = parameters::version(call)?;
    let registered = app
        .registry
        .edit_tags(&call.caller(), &subject, version, &change);
    let registered = app.counting(registered, |done| done.policies.as_deref())?;
    let reply = Reply::ok(Shown::registered_under(&subject, &registered).registered());
    Ok(warned(reply, &subject, &registered))
}

/// The answer to a registration, with what policies say to it.
fn warned(reply: Reply, subject: &Subject, registered: &Registered) -> Reply {
    let report = || report::of_version(subject, registered.version);
    reply.warning(registered.policies.as_deref(), report)
}

/// `GET /subjects/{subject}/versions/{version}`.
pub fn version(app: &App, call: &Call) -> Answer {
    if call.query.is_empty() {
        return version_alone(app, call);
    }
    let stored = addressed(app, call, call.query.flag("deleted"))?;
    logical::refuse_form(call)?;
    let mut shown = with_tags(app, call, &stored)?;
    qualify_references(call, &stored, &mut shown);
    Ok(Reply::ok(shown.schema()))
}

/// The same for who asks for nothing else, as almost everybody does: two reads.
fn version_alone(app: &App, call: &Call) -> Answer {
    let version = parameters::version(call)?;
    app.registry.ask(|view| {
        let subject = parameters::subject(view, call)?;
        let shown = view.addressed_json(&subject, version, false, |stored| {
            Shown::stored_json(&stored).schema()
        })?;
        Ok(Reply::ok(shown))
    })
}

/// `GET /subjects/{subject}/versions/{version}/schema`.
pub fn text(app: &App, call: &Call) -> Answer {
    let stored = addressed(app, call, call.query.flag("deleted"))?;
    Ok(Reply::ok(text_of(app, call, &stored)?.into_owned()))
}

/// `GET /subjects/{subject}/versions/{version}/referencedby`.
pub fn referenced_by(app: &App, call: &Call) -> Answer {
    let page = Page::of(call, schema_limits(app))?;
    // What is referred to may be softly deleted itself.
    let target = addressed(app, call, true)?;
    let deleted = call.query.flag("deleted");
    let referrers =
        app.registry
            .view()
            .referenced_by(&target.subject, target.version.version, deleted)?;
    Ok(Reply::ok(json::ints(
        page.cut(referrers).map(|(_, id)| id.get()),
    )))
}

/// `DELETE /subjects/{subject}/versions/{version}`.
pub fn delete_version(app: &App, call: &Call) -> Answer {
    let version = parameters::version(call)?;
    let subject = parameters::subject(&app.registry.view(), call)?;
    let done = app
        .registry
        .delete_version(&call.caller(), &subject, version, deletion(call));
    let done = app.counting(done, |done| done.policies.as_deref())?;
    Ok(Reply::ok(done.answer.to_string()).warning(done.policies.as_deref(), || None))
}

fn addressed(app: &App, call: &Call, deleted: bool) -> Result<Stored, Refusal> {
    let version = parameters::version(call)?;
    let view = app.registry.view();
    let subject = parameters::subject(&view, call)?;
    Ok(view.addressed(&subject, version, deleted)?)
}

fn deletion(call: &Call) -> Deletion {
    if call.query.flag("permanent") {
        Deletion::Permanent
    } else {
        Deletion::Soft
    }
}

/// With `referenceFormat=qualified` the references of a schema outside the default context name their context.
pub(super) fn qualify_references(call: &Call, stored: &Stored, shown: &mut Shown<'_>) {
    if call.query.first("referenceFormat") != Some("qualified") {
        return;
    }
    let qualified = |reference: &SchemaReference| SchemaReference {
        subject: Subject::parse_in(&stored.subject.context, &reference.subject).to_string(),
        ..reference.clone()
    };
    shown.references = stored.schema.references.iter().map(qualified).collect();
}

pub(super) fn subject_limits(app: &App) -> PageLimits {
    PageLimits {
        default: app.options.subject_search_default_limit,
        max: app.options.subject_search_max_limit,
    }
}

pub(super) fn version_limits(app: &App) -> PageLimits {
    PageLimits {
        default: app.options.subject_version_search_default_limit,
        max: app.options.subject_version_search_max_limit,
    }
}
