//! Associations of topics with subjects (`protocol.md` section 7.10).

mod batch;

use registry_core::{
    Associated, AssociationFilter, AssociationRequest, Context, Error, Intent, Lifecycle,
    StoredAssociation, Subject,
};

use super::call::{Answer, Call, Reply};
use super::entities::association::{self, ShownAssociation};
use super::error::Refusal;
use super::json;
use super::parameters::{self, Page};
use super::report;
use super::schemas::schema_limits;
use crate::app::App;

pub use batch::{get, mutate};

/// What stands for any name, or any namespace, in a path.
const WILDCARD: &str = "-";

/// `GET /associations/subjects/{subject}`.
pub fn of_subject(app: &App, call: &Call) -> Answer {
    let query = ListQuery::of(app, call)?;
    let view = app.registry.view();
    let subject = parameters::subject(&view, call)?;
    Ok(query.answer(view.associations_of_subject(&subject)?))
}

/// `GET /associations/resources/{resourceNamespace}/{resourceName}`.
pub fn named(app: &App, call: &Call) -> Answer {
    let query = ListQuery::of(app, call)?;
    let wanted = |name| Some(call.parameter(name)).filter(|text| *text != WILDCARD);
    let view = app.registry.view();
    let found = view.associations_named(wanted("resourceName"), wanted("resourceNamespace"))?;
    Ok(query.answer(found))
}

/// `GET /associations/resources/{resourceId}`.
pub fn of_resource(app: &App, call: &Call) -> Answer {
    let query = ListQuery::of(app, call)?;
    let view = app.registry.view();
    Ok(query.answer(view.associations_of_resource(call.parameter("resourceId"))?))
}

/// `POST /associations`.
pub fn create(app: &App, call: &Call) -> Answer {
    let request: AssociationRequest = call.body("createAssociation.request")?;
    bind(app, call, &request, Intent::Create)
}

/// `PUT /associations/resources/{resourceId}`.
pub fn upsert(app: &App, call: &Call) -> Answer {
    let mut request: AssociationRequest = call.body("createOrUpdateAssociation.request")?;
    let id = call.parameter("resourceId");
    let sent = request
        .resource
        .id
        .as_deref()
        .filter(|sent| !sent.is_empty());
    if sent.is_some_and(|sent| sent != id) {
        return Err(Refusal::other_resource());
    }
    request.resource.id = Some(id.to_owned());
    bind(app, call, &request, Intent::Upsert)
}

/// `DELETE /associations/resources/{resourceId}`.
pub fn delete(app: &App, call: &Call) -> Answer {
    let filter = filter(call, Vec::new());
    let id = call.parameter("resourceId");
    let cascade = call.query.flag("cascadeLifecycle");
    let done = app.registry.dissociate(
        &call.caller(),
        id,
        &filter,
        cascade,
        call.query.flag("dryRun"),
    );
    for policies in done.iter().flatten() {
        app.count_policies(Some(policies));
    }
    let said = app.counting(done, |_| None)?;
    Ok(said.iter().fold(Reply::no_content(), |reply, policies| {
        reply.warning(Some(policies), || None)
    }))
}

fn bind(app: &App, call: &Call, request: &AssociationRequest, intent: Intent) -> Answer {
    let (context, dry_run) = (context(call), call.query.flag("dryRun"));
    let written = app
        .registry
        .associate(&call.caller(), request, intent, &context, dry_run);
    let written = count(app, written).map_err(Refusal::of_association)?;
    let reply = Reply::ok(json::object(|out| {
        association::response_members(&request.resource, &shown(&written), out);
    }));
    Ok(written.iter().fold(reply, |reply, associated| {
        let Some(schema) = &associated.schema else {
            return reply;
        };
        let report = || report::of_version(&associated.association.subject, schema.version);
        reply.warning(schema.policies.as_deref(), report)
    }))
}

/// Counts what policies said to the schemas that came along.
fn count(app: &App, done: Result<Vec<Associated>, Error>) -> Result<Vec<Associated>, Error> {
    for associated in done.iter().flatten() {
        let schema = associated.schema.as_ref();
        app.count_policies(schema.and_then(|schema| schema.policies.as_deref()));
    }
    app.counting(done, |_| None)
}

fn shown(written: &[Associated]) -> Vec<ShownAssociation<'_>> {
    written.iter().map(ShownAssociation::from).collect()
}

/// The context in which subjects are meant that name none.
fn context(call: &Call) -> Context {
    Subject::parse(call.query.first("context").unwrap_or_default()).context
}

fn filter(call: &Call, lifecycles: Vec<Lifecycle>) -> AssociationFilter {
    AssociationFilter {
        resource_type: call.query.first("resourceType").map(str::to_owned),
        types: call
            .query
            .all("associationType")
            .map(str::to_owned)
            .collect(),
        lifecycles,
    }
}

/// A lifecycle by its name; any other text is as unknown as a path.
fn lifecycle(name: &str) -> Result<Lifecycle, Refusal> {
    [Lifecycle::Strong, Lifecycle::Weak]
        .into_iter()
        .find(|known| known.as_str() == name)
        .ok_or_else(Refusal::not_found)
}

/// What a list shows.
struct ListQuery {
    filter: AssociationFilter,
    page: Page,
}

impl ListQuery {
    fn of(app: &App, call: &Call) -> Result<Self, Refusal> {
        let page = Page::of(call, schema_limits(app))?;
        let wanted = call
            .query
            .first("lifecycle")
            .filter(|name| !name.is_empty());
        let wanted = wanted.map(lifecycle).transpose()?;
        Ok(Self {
            filter: filter(call, wanted.into_iter().collect()),
            page,
        })
    }

    fn answer(&self, found: Vec<StoredAssociation>) -> Reply {
        let admitted = found
            .iter()
            .filter(|stored| self.filter.admits(&stored.association));
        Reply::ok(association::associations(self.page.cut(admitted)))
    }
}

/// Which schemas a list of schemas shows for the sake of their subjects' associations; it does not look at them
/// unless one of the three parameters is there.
pub(super) struct SchemaFilter {
    filter: AssociationFilter,
    /// Subjects that no such association leads to are shown, too.
    with_none: bool,
    /// Subjects that one leads to are shown.
    with_some: bool,
}

impl SchemaFilter {
    pub(super) fn of(call: &Call) -> Result<Option<Self>, Refusal> {
        let names = ["resourceType", "associationType", "lifecycle"];
        if names.iter().all(|name| call.query.first(name).is_none()) {
            return Ok(None);
        }
        let (mut with_none, mut lifecycles) = (false, Vec::new());
        for name in call.query.all("lifecycle") {
            match name {
                "" => {}
                "NONE" => with_none = true,
                name => lifecycles.push(lifecycle(name)?),
            }
        }
        Ok(Some(Self {
            with_some: !(with_none && lifecycles.is_empty()),
            with_none,
            filter: filter(call, lifecycles),
        }))
    }

    /// The associations to show with the schemas of a subject; `None` when those are not shown.
    pub(super) fn admitted(
        &self,
        mut associations: Vec<StoredAssociation>,
    ) -> Option<Vec<StoredAssociation>> {
        associations.retain(|stored| self.filter.admits_type(&stored.association));
        if associations.is_empty() {
            return self.with_none.then_some(associations);
        }
        associations.retain(|stored| self.filter.admits(&stored.association));
        (self.with_some && !associations.is_empty()).then_some(associations)
    }
}
