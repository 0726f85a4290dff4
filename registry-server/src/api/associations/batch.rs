//! Associations of many topics in one request; what is wrong with one does not stop the others.

use registry_core::{AssociationMutation, Latest, SentResource, Stored, StoredAssociation, View};

use super::super::body::{AssociationQuery, Batch};
use super::super::call::{Answer, Call, Reply};
use super::super::entities::Shown;
use super::super::entities::association::{ShownAssociation, response_members};
use super::super::error::Refusal;
use super::super::json::{self, Object, write_object};
use super::{context, count, shown};
use crate::app::App;
use crate::request::id;

/// How many elements a batch may have.
const REQUESTS_MAX: usize = 1000;

/// `POST /associations:batchGet`.
pub fn get(app: &App, call: &Call) -> Answer {
    let batch = elements::<AssociationQuery>(call, "getAssociations.request")?;
    let with_schemas = call.query.flag("includeSchemas");
    let view = app.registry.view();
    let results = batch.iter().map(|query| found(&view, query, with_schemas));
    Ok(answer(call, results, |found, out| found.members(out)))
}

/// `POST /associations:batchMutate`.
pub fn mutate(app: &App, call: &Call) -> Answer {
    let batch = elements::<AssociationMutation>(call, "mutateAssociations.request")?;
    let (context, dry_run) = (context(call), call.query.flag("dryRun"));
    let results = batch.iter().map(|mutation| {
        let written = app
            .registry
            .mutate_associations(&call.caller(), mutation, &context, dry_run);
        count(app, written)
            .map(|written| (&mutation.resource, written))
            .map_err(Refusal::in_association_batch)
    });
    Ok(answer(call, results, |(resource, written), out| {
        response_members(resource, &shown(written), out);
    }))
}

fn elements<T>(call: &Call, name: &str) -> Result<Vec<T>, Refusal>
where
    Batch<T>: super::super::body::FromBody,
{
    let Batch(requests) = call.body(name)?;
    if requests.is_empty() {
        return Err(Refusal::invalid_association(
            "requests",
            "cannot be null or empty",
        ));
    }
    if requests.len() > REQUESTS_MAX {
        let detail = format!("exceeds max length of {REQUESTS_MAX}");
        return Err(Refusal::invalid_association("requests", detail));
    }
    Ok(requests)
}

fn answer<T>(
    call: &Call,
    results: impl Iterator<Item = Result<T, Refusal>>,
    mut members: impl FnMut(&T, &mut Object<'_>),
) -> Reply {
    // The answer as a whole says yes, so this is not logged with the request.
    let results = results.inspect(|result| {
        if let Some(cause) = result.as_ref().err().and_then(Refusal::failure) {
            let request_id = call.origin.request_id.as_ref().map(id::shown);
            let request_id = request_id.as_deref();
            tracing::error!(request_id, cause, "an element of a batch failed");
        }
    });
    Reply::multi_status(json::object(|out| {
        out.array("results", results, |out, result| {
            write_object(out, |out| match &result {
                Ok(done) => out.object("result", |out| members(done, out)),
                Err(refusal) => out.object("error", |out| refusal.members(out)),
            });
        });
    }))
}

/// What is known of a topic, which is named as in the request.
struct Found<'q> {
    resource: &'q SentResource,
    associations: Vec<(StoredAssociation, Option<Stored>)>,
}

impl Found<'_> {
    fn members(&self, out: &mut Object<'_>) {
        let shown: Vec<ShownAssociation<'_>> = self
            .associations
            .iter()
            .map(|(stored, schema)| ShownAssociation {
                association: &stored.association,
                schema: schema.as_ref().map(Shown::stored),
            })
            .collect();
        response_members(self.resource, &shown, out);
    }
}

fn found<'q>(
    view: &View<'_>,
    query: &'q AssociationQuery,
    with_schemas: bool,
) -> Result<Found<'q>, Refusal> {
    let resource = &query.resource;
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (id, name) = (given(&resource.id), given(&resource.name));
    let namespace = given(&resource.namespace);
    if id.is_none() && name.is_none() {
        let detail = "either resourceId or resourceName must be specified";
        return Err(Refusal::unreadable_association("resourceId", detail));
    }
    if name.is_some() && namespace.is_none() {
        let detail = "resourceNamespace is required when resourceName is specified";
        return Err(Refusal::unreadable_association("resourceNamespace", detail));
    }
    let mut stored = match id {
        Some(id) => view.associations_of_resource(&id)?,
        None => view.associations_named(name.as_deref(), namespace.as_deref())?,
    };
    stored.retain(|stored| query.filter.admits(&stored.association));
    let mut associations = Vec::new();
    for stored in stored {
        let schema = match with_schemas {
            true => latest(view, &stored)?,
            false => None,
        };
        associations.push((stored, schema));
    }
    Ok(Found {
        resource,
        associations,
    })
}

fn latest(view: &View<'_>, stored: &StoredAssociation) -> Result<Option<Stored>, Refusal> {
    let subject = &stored.association.subject;
    match view.latest(subject)? {
        Latest::Active(version) => Ok(Some(view.stored(subject, version)?)),
        Latest::Deleted | Latest::Missing => Ok(None),
    }
}
