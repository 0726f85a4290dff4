//! Every route on one page.
//!
//! axum matches paths and methods; around it stand two things that it does not do. Before it, `exchange.rs` gives
//! every spelling of a path one canonical form. Behind it, [`answer`] does what each route needs, in the order in
//! which the reference refuses: path, method, type of the body, type of the answer, then the handler. The table is
//! data, so that metrics, documents and tests can go through it.

mod answered;

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawPathParams, Request};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue, IF_MATCH, USER_AGENT};
use hyper::http::request::Parts;

use registry_core::Principal;

use crate::api::call::{Answer, Call, Origin, Reply};
use crate::api::dek_registry::{deks, keks};
use crate::api::error::Refusal;
use crate::api::governance::{audit, documents, evidence, findings, rules, subjects as governed};
use crate::api::negotiation::JSON;
use crate::api::{
    associations, compatibility, config, contexts, docs, health, listing, metadata, mode,
    negotiation, root, schemas, subjects,
};
use crate::app::App;
use crate::metrics;
use crate::request::id::RequestId;
use crate::request::query::Query;
use crate::telemetry::{panics, traces};
use answered::replied;
pub(crate) use answered::{Answered, Refused, concluded, refused};

/// One row of the table.
pub struct Route {
    /// The method.
    pub method: Verb,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// True when a good answer follows from the request and from what is registered, and from nothing else: then it
    /// may be kept, unless it changed something.
    pub is_lookup: bool,
    run: Run,
}

/// The methods of the protocol. `HEAD` goes wherever `GET` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

/// What answers a call of the protocol.
pub(crate) type Handler = fn(&App, &Call<'_>) -> Answer;

/// How a handler is run.
#[derive(Clone, Copy)]
enum Run {
    /// At once, on the thread that serves the connection: a few reads at most.
    Here(Handler),
    /// Where it may block, in turn with others.
    Evaluated(Handler),
    /// At once by the first, where that can; else as [`Self::Evaluated`] by the second.
    Tried(fn(&App, &Call<'_>) -> Option<Answer>, Handler),
    /// Outside the protocol and its errors, of one media type.
    Operation(&'static str, fn(&App) -> Reply),
    /// As [`Self::Operation`], in Prometheus' format.
    Metrics,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

/// The table.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    lookup(Verb::Get,   "/",                                                   Run::Here(root::show)),
    route(Verb::Post,   "/",                                                   Run::Here(root::accept)),

    lookup(Verb::Get,   "/subjects",                                           Run::Evaluated(subjects::list)),
    lookup(Verb::Post,  "/subjects/{subject}",                                 Run::Tried(subjects::look_up_known, subjects::look_up)),
    route(Verb::Delete, "/subjects/{subject}",                                 Run::Evaluated(subjects::delete)),
    lookup(Verb::Get,   "/subjects/{subject}/metadata",                        Run::Evaluated(subjects::latest_with_metadata)),
    lookup(Verb::Get,   "/subjects/{subject}/versions",                        Run::Here(subjects::versions)),
    lookup(Verb::Post,  "/subjects/{subject}/versions",                        Run::Tried(subjects::register_known, subjects::register)),
    lookup(Verb::Get,   "/subjects/{subject}/versions/{version}",              Run::Here(subjects::version)),
    route(Verb::Delete, "/subjects/{subject}/versions/{version}",              Run::Evaluated(subjects::delete_version)),
    lookup(Verb::Get,   "/subjects/{subject}/versions/{version}/schema",       Run::Here(subjects::text)),
    route(Verb::Post,   "/subjects/{subject}/versions/{version}/tags",         Run::Evaluated(subjects::edit_tags)),
    lookup(Verb::Get,   "/subjects/{subject}/versions/{version}/referencedby", Run::Evaluated(subjects::referenced_by)),

    lookup(Verb::Get,   "/schemas",                                            Run::Evaluated(listing::list)),
    lookup(Verb::Get,   "/schemas/types",                                      Run::Here(schemas::types)),
    lookup(Verb::Get,   "/schemas/ids/{id}",                                   Run::Here(schemas::by_id)),
    lookup(Verb::Get,   "/schemas/ids/{id}/schema",                            Run::Here(schemas::text_by_id)),
    lookup(Verb::Get,   "/schemas/ids/{id}/subjects",                          Run::Evaluated(schemas::subjects_by_id)),
    lookup(Verb::Get,   "/schemas/ids/{id}/versions",                          Run::Evaluated(schemas::versions_by_id)),
    lookup(Verb::Get,   "/schemas/guids/{guid}",                               Run::Here(schemas::by_guid)),
    lookup(Verb::Get,   "/schemas/guids/{guid}/ids",                           Run::Here(schemas::ids_by_guid)),

    lookup(Verb::Post,  "/compatibility/subjects/{subject}/versions",           Run::Evaluated(compatibility::check)),
    lookup(Verb::Post,  "/compatibility/subjects/{subject}/versions/{version}", Run::Evaluated(compatibility::check_version)),

    lookup(Verb::Get,   "/config",                                             Run::Here(config::show_top_level)),
    route(Verb::Put,    "/config",                                             Run::Evaluated(config::put_top_level)),
    route(Verb::Delete, "/config",                                             Run::Evaluated(config::delete_top_level)),
    lookup(Verb::Get,   "/config/{scope}",                                     Run::Here(config::show)),
    route(Verb::Put,    "/config/{scope}",                                     Run::Evaluated(config::put)),
    route(Verb::Delete, "/config/{scope}",                                     Run::Evaluated(config::delete)),

    lookup(Verb::Get,   "/mode",                                               Run::Here(mode::show_top_level)),
    route(Verb::Put,    "/mode",                                               Run::Evaluated(mode::put_top_level)),
    route(Verb::Delete, "/mode",                                               Run::Evaluated(mode::delete_top_level)),
    lookup(Verb::Get,   "/mode/{scope}",                                       Run::Here(mode::show)),
    route(Verb::Put,    "/mode/{scope}",                                       Run::Evaluated(mode::put)),
    route(Verb::Delete, "/mode/{scope}",                                       Run::Evaluated(mode::delete)),

    lookup(Verb::Get,   "/contexts",                                           Run::Evaluated(contexts::list)),
    route(Verb::Delete, "/contexts/{context}",                                 Run::Evaluated(contexts::delete)),

    route(Verb::Post,   "/associations",                                       Run::Evaluated(associations::create)),
    lookup(Verb::Get,   "/associations/subjects/{subject}",                    Run::Evaluated(associations::of_subject)),
    lookup(Verb::Get,   "/associations/resources/{resourceId}",                Run::Evaluated(associations::of_resource)),
    route(Verb::Put,    "/associations/resources/{resourceId}",                Run::Evaluated(associations::upsert)),
    route(Verb::Delete, "/associations/resources/{resourceId}",                Run::Evaluated(associations::delete)),
    lookup(Verb::Get,   "/associations/resources/{resourceNamespace}/{resourceName}", Run::Evaluated(associations::named)),
    route(Verb::Post,   "/associations:batchGet",                              Run::Evaluated(associations::get)),
    route(Verb::Post,   "/associations:batchMutate",                           Run::Evaluated(associations::mutate)),

    // Never kept: the keys themselves may be in these answers.
    route(Verb::Get,    "/dek-registry/v1/keks",                                                             Run::Evaluated(keks::list)),
    route(Verb::Post,   "/dek-registry/v1/keks",                                                             Run::Evaluated(keks::create)),
    route(Verb::Get,    "/dek-registry/v1/keks/{kek}",                                                       Run::Here(keks::show)),
    route(Verb::Put,    "/dek-registry/v1/keks/{kek}",                                                       Run::Evaluated(keks::update)),
    route(Verb::Delete, "/dek-registry/v1/keks/{kek}",                                                       Run::Evaluated(keks::delete)),
    route(Verb::Post,   "/dek-registry/v1/keks/{kek}/test",                                                  Run::Evaluated(keks::test)),
    route(Verb::Post,   "/dek-registry/v1/keks/{kek}/undelete",                                              Run::Evaluated(keks::undelete)),
    route(Verb::Get,    "/dek-registry/v1/keks/{kek}/deks",                                                  Run::Evaluated(deks::subjects)),
    route(Verb::Post,   "/dek-registry/v1/keks/{kek}/deks",                                                  Run::Evaluated(deks::create_by_body)),
    route(Verb::Get,    "/dek-registry/v1/keks/{kek}/deks/{subject}",                                        Run::Evaluated(deks::first)),
    route(Verb::Post,   "/dek-registry/v1/keks/{kek}/deks/{subject}",                                        Run::Evaluated(deks::create)),
    route(Verb::Delete, "/dek-registry/v1/keks/{kek}/deks/{subject}",                                        Run::Evaluated(deks::delete)),
    route(Verb::Post,   "/dek-registry/v1/keks/{kek}/deks/{subject}/undelete",                               Run::Evaluated(deks::undelete)),
    route(Verb::Get,    "/dek-registry/v1/keks/{kek}/deks/{subject}/versions",                               Run::Evaluated(deks::versions)),
    route(Verb::Get,    "/dek-registry/v1/keks/{kek}/deks/{subject}/versions/{version}",                     Run::Evaluated(deks::version)),
    route(Verb::Delete, "/dek-registry/v1/keks/{kek}/deks/{subject}/versions/{version}",                     Run::Evaluated(deks::delete_version)),
    route(Verb::Post,   "/dek-registry/v1/keks/{kek}/deks/{subject}/versions/{version}/undelete",            Run::Evaluated(deks::undelete_version)),

    lookup(Verb::Get,   "/governance/v1/rules",                                Run::Here(rules::list)),
    lookup(Verb::Get,   "/governance/v1/rules/{rule}",                         Run::Here(rules::show)),
    lookup(Verb::Get,   "/governance/v1/schemas/policy.json",                  Run::Here(documents::schema)),
    lookup(Verb::Get,   "/governance/v1/policies",                             Run::Evaluated(documents::in_force)),
    lookup(Verb::Get,   "/governance/v1/policies/{policy}",                    Run::Evaluated(documents::one_in_force)),
    lookup(Verb::Get,   "/governance/v1/revisions",                            Run::Evaluated(documents::revisions)),
    lookup(Verb::Get,   "/governance/v1/revisions/{revision}",                 Run::Evaluated(documents::revision)),
    lookup(Verb::Get,   "/governance/v1/revisions/{revision}/diff/{other}",    Run::Evaluated(documents::difference)),
    route(Verb::Post,   "/governance/v1/validate",                             Run::Evaluated(documents::validate)),
    route(Verb::Post,   "/governance/v1/apply",                                Run::Evaluated(documents::apply)),
    route(Verb::Post,   "/governance/v1/rollback",                             Run::Evaluated(documents::roll_back)),
    route(Verb::Get,    "/governance/v1/reports/{report}",                     Run::Evaluated(evidence::report)),
    route(Verb::Get,    "/governance/v1/subjects/{subject}/versions/{version}/admission", Run::Evaluated(evidence::admission)),
    route(Verb::Get,    "/governance/v1/audit",                                Run::Evaluated(audit::records)),
    route(Verb::Get,    "/governance/v1/audit/checkpoints",                    Run::Evaluated(audit::checkpoints)),
    route(Verb::Post,   "/governance/v1/audit/verify",                         Run::Evaluated(audit::verify)),
    route(Verb::Post,   "/governance/v1/audit/export",                         Run::Evaluated(audit::export)),
    // What is in force depends on the date, and on who asks.
    route(Verb::Get,    "/governance/v1/subjects/{subject}/policy",            Run::Evaluated(governed::explain)),
    route(Verb::Get,    "/governance/v1/subjects/{subject}/versions/{version}/findings", Run::Evaluated(findings::of_version)),
    route(Verb::Get,    "/governance/v1/findings",                             Run::Evaluated(findings::all)),
    route(Verb::Post,   "/governance/v1/evaluate",                             Run::Evaluated(governed::evaluate)),
    route(Verb::Get,    "/governance/v1/openapi.json",                         Run::Operation(JSON, docs::document)),

    lookup(Verb::Get,   "/v1/metadata/id",                                     Run::Here(metadata::id)),
    lookup(Verb::Get,   "/v1/metadata/version",                                Run::Here(metadata::version)),
    lookup(Verb::Get,   "/v1/metadata/deployment",                             Run::Here(metadata::deployment)),

    route(Verb::Get,    "/health/live",                                        Run::Operation(JSON, health::live)),
    route(Verb::Get,    "/health/ready",                                       Run::Operation(JSON, health::ready)),
    route(Verb::Get,    "/metrics",                                            Run::Metrics),

    route(Verb::Get,    "/openapi.json",                                       Run::Operation(JSON, docs::document)),
    route(Verb::Get,    "/docs",                                               Run::Operation(HTML, docs::page)),
    route(Verb::Get,    "/docs/style.css",                                     Run::Operation(CSS, docs::style)),
];

const fn route(method: Verb, path: &'static str, run: Run) -> Route {
    Route {
        method,
        path,
        is_lookup: false,
        run,
    }
}

const fn lookup(method: Verb, path: &'static str, run: Run) -> Route {
    Route {
        is_lookup: true,
        ..route(method, path, run)
    }
}

impl Verb {
    /// The method's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

impl Route {
    /// Requests with a body that only ask.
    const ASKING: [&'static str; 9] = [
        "/",
        "/subjects/{subject}",
        "/compatibility/subjects/{subject}/versions",
        "/compatibility/subjects/{subject}/versions/{version}",
        "/associations:batchGet",
        "/governance/v1/validate",
        "/governance/v1/evaluate",
        "/governance/v1/audit/verify",
        "/governance/v1/audit/export",
    ];

    /// True if it may change something, so that a refusal is a refused attempt.
    fn may_change(&self) -> bool {
        match self.method {
            Verb::Get => false,
            Verb::Post => !Self::ASKING.contains(&self.path),
            Verb::Put | Verb::Delete => true,
        }
    }

    /// Such as `PUT /config/{scope}`.
    fn name(&self) -> String {
        format!("{} {}", self.method.as_str(), self.path)
    }
}

/// Travels with a request: the address of its peer.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The table, ready to answer.
pub fn router(app: &Arc<App>) -> Router {
    let mut router = Router::new();
    let is_offered = |route: &&Route| {
        app.options.associations_enable || !route.path.starts_with("/associations")
    };
    for route in ROUTES.iter().filter(is_offered) {
        let app = Arc::clone(app);
        let metrics = Arc::new(app.metrics.route(route.path, route.method.as_str()));
        let handler = move |parameters: RawPathParams, request: Request| {
            let app = Arc::clone(&app);
            let answered = Answered {
                metrics: Arc::clone(&metrics),
                is_lookup: route.is_lookup,
            };
            async move {
                let mut response = answer(&app, route, &parameters, request).await;
                answered.of(&response).go_with(&mut response);
                response
            }
        };
        router = router.route(route.path, on(route.method.filter(), handler));
    }
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(other_method)
}

async fn answer(
    app: &Arc<App>,
    route: &'static Route,
    parameters: &RawPathParams,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let handler = match route.run {
        Run::Operation(media_type, operation) => {
            return replied(operation(app), HeaderValue::from_static(media_type));
        }
        Run::Metrics => return figures(app, &head.headers),
        Run::Here(handler) | Run::Evaluated(handler) | Run::Tried(_, handler) => handler,
    };
    let media_type = match negotiation::agree(&head.headers) {
        Ok(media_type) => media_type,
        Err(refusal) => return refused(&refusal, negotiation::answer_type(&head.headers).ok()),
    };
    // The exchange has read the body already: nothing is waited for here.
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return refused(&Refusal::body_interrupted(), Some(media_type));
    };
    let call = call(app, &head, parameters, body);
    let at_once = match route.run {
        Run::Here(handler) if !call.asks_for_parsing() => Some(handler(app, &call)),
        Run::Tried(attempt, _) => attempt(app, &call),
        _ => None,
    };
    let done = match at_once {
        Some(done) => done,
        None => evaluated(app, route, handler, call).await,
    };
    concluded(done, &head.headers, media_type)
}

/// What the handler of a request is given.
fn call(app: &App, head: &Parts, parameters: &RawPathParams, body: Bytes) -> Call<'static> {
    let parameters = parameters
        .iter()
        .map(|(name, value)| (Cow::Owned(name.to_owned()), Cow::Owned(value.to_owned())))
        .collect();
    let origin = Origin {
        principal: head.extensions.get::<Arc<Principal>>().cloned(),
        request_id: head.extensions.get::<RequestId>().map(|id| id.0.clone()),
        client: head.headers.get(USER_AGENT).cloned(),
        address: head.extensions.get::<Peer>().map(|peer| peer.0),
        if_match: head.headers.get_all(IF_MATCH).iter().cloned().collect(),
        trace_id: match app.keeps_audit_log() {
            true => traces::trace_id(&head.headers),
            false => None,
        },
    };
    Call {
        origin,
        parameters,
        query: head.extensions.get::<Query>().cloned().unwrap_or_default(),
        body,
    }
}

/// Runs a handler where it may block.
async fn evaluated(
    app: &Arc<App>,
    route: &'static Route,
    handler: Handler,
    call: Call<'static>,
) -> Answer {
    let handle = move |app: &App| {
        let id = call.origin.request_id.as_ref();
        panics::naming(id, || handler(app, &call)).map_err(|refusal| match route.may_change() {
            true => app.put_on_record(&call, &route.name(), refusal),
            false => refusal,
        })
    };
    app.evaluate(handle).await
}

/// Every path that has a `GET`; with its handler if that is a lookup that is run here.
pub(crate) fn gets() -> impl Iterator<Item = (&'static str, Option<Handler>)> {
    let gets = ROUTES.iter().filter(|route| route.method == Verb::Get);
    gets.map(|route| match route.run {
        Run::Here(handler) if route.is_lookup => (route.path, Some(handler)),
        _ => (route.path, None),
    })
}

/// No row of the table.
async fn unknown_path() -> Response {
    refused(&Refusal::not_found(), None)
}

/// A known path, but none of its methods. axum adds the `Allow` header.
async fn other_method(method: Method, headers: HeaderMap) -> Response {
    if method == Method::OPTIONS {
        // An empty answer, but of a type, as in the reference.
        let media_type = negotiation::answer_type(&headers);
        let preferred = HeaderValue::from_static(negotiation::PREFERRED);
        let mut response = Response::default();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, media_type.unwrap_or(preferred));
        return response;
    }
    refused(&Refusal::method_not_allowed(), None)
}

/// The figures, for those who read their format. Whoever accepts the registry's types only asks the registry,
/// which has no such path.
fn figures(app: &App, headers: &HeaderMap) -> Response {
    if !negotiation::admits(headers, "text", "plain") {
        return refused(&Refusal::not_found(), None);
    }
    match app.metrics.render(app) {
        Ok(text) => replied(Reply::ok(text), HeaderValue::from_static(metrics::FORMAT)),
        Err(error) => refused(&Refusal::internal(error), None),
    }
}
