//! One request and its answer: everything around the router, in this order.
//!
//! Host, target and context are judged at once; then who asks has to be known (`auth.rs`); then the body is read,
//! within its limit; then the router answers; then the answer gets its headers and its coding. The whole has a time, and a panic in it is an answer of 500.
//!
//! An answer that is kept (`answers.rs`) needs none of that. This is the outermost service on purpose: such an
//! answer is returned from [`Service::call`] without a task or a box, and where there is a body, as soon as that has
//! been read. Sockets are in `transport.rs`.

mod body;
mod caught;
mod compression;
pub(crate) mod pieces;

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body as AxumBody;
use http_body_util::{BodyExt, Collected};
use hyper::body::{Body, Bytes};
use hyper::header::{ALLOW, CONTENT_LENGTH, HOST, HeaderMap, HeaderValue, VARY};
use hyper::http::request::Parts;
use hyper::service::Service;
use hyper::{Method, Request, Response, StatusCode, Uri, Version};
use prometheus::IntCounter;
use registry_core::Revision;
use tokio::net::TcpStream;
use tower::ServiceExt;

use crate::answers::{Kept, Question};
use crate::api::error::Refusal;
use crate::app::App;
use crate::auth::{Admitted, LastSent};
use crate::here::Here;
use crate::metrics::subjects::Tally;
use crate::request::context;
use crate::request::id::{self, RequestId};
use crate::request::picked::Picked;
use crate::request::query::Query;
use crate::request::target::Target;
use crate::router::{Answered, Peer, Refused, refused};
use caught::Caught;
use pieces::Pieces;

type Answer = Response<Pieces>;

/// The service of every connection.
#[derive(Clone)]
pub struct Front {
    inner: Arc<Inner>,
    /// Where requests come from, where anybody wants to know.
    peer: Option<IpAddr>,
    last_sent: Arc<LastSent>,
}

struct Inner {
    app: Arc<App>,
    router: Router,
    here: Here,
    request_timeout: Duration,
    /// The access log or traces ask for the route of every answer.
    is_followed: bool,
}

/// An answer, or the way to it.
pub enum Exchange {
    /// Known at once.
    Ready(Ready<Result<Answer, Infallible>>),
    /// Goes through the router.
    Routed(Pin<Box<dyn Future<Output = Answer> + Send>>),
}

impl Future for Exchange {
    type Output = Result<Answer, Infallible>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Ready(answer) => Pin::new(answer).poll(task),
            Self::Routed(answer) => answer.as_mut().poll(task).map(Ok),
        }
    }
}

impl<B> Service<Request<B>> for Front
where
    B: Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    type Response = Answer;
    type Error = Infallible;
    type Future = Exchange;

    fn call(&self, request: Request<B>) -> Exchange {
        let started = Instant::now();
        let (head, body) = request.into_parts();
        let picked = Picked::from(&head.headers);
        let admitted = picked
            .as_ref()
            .and_then(|picked| self.recognise(picked, started));
        if body.is_end_stream()
            && let Some(admitted) = &admitted
            && let Some(picked) = picked
            && let Some(answer) = self.inner.at_once(&head, &picked, admitted, started)
        {
            return Exchange::Ready(ready(Ok(answer)));
        }
        let outline = Outline {
            peer: self.peer,
            ..Outline::of(&head, id::take_or_make(&head.headers), admitted, started)
        };
        match resolve(head) {
            Ok(head) => Exchange::Routed(Box::pin(
                Arc::clone(&self.inner).respond(head, body, outline),
            )),
            Err(refusal) => Exchange::Ready(ready(Ok(self.inner.refuse(&refusal, &outline)))),
        }
    }
}

impl Front {
    /// A service that answers from this router.
    #[must_use]
    pub fn new(app: Arc<App>, router: Router) -> Self {
        let request_timeout = Duration::from_millis(app.options.request_timeout_ms);
        Self {
            inner: Arc::new(Inner {
                is_followed: app.options.access_log || app.options.traces_endpoint.is_some(),
                here: Here::new(&app),
                app,
                router,
                request_timeout,
            }),
            peer: None,
            last_sent: Arc::default(),
        }
    }

    /// The same for a connection of its own. Only the audit log asks for its peer.
    #[must_use]
    pub fn for_connection(mut self, stream: &TcpStream) -> Self {
        self.last_sent = Arc::default();
        if self.inner.app.keeps_audit_log() {
            self.peer = stream.peer_addr().ok().map(|peer| peer.ip().to_canonical());
        }
        self
    }

    fn recognise(&self, picked: &Picked<'_>, now: Instant) -> Option<Admitted> {
        let gate = &self.inner.app.gate;
        gate.recognise(picked.authorization, &self.last_sent, now)
    }
}

/// What is still needed of a request when its answer is there.
struct Outline {
    id: HeaderValue,
    method: Method,
    /// As it was sent.
    target: Uri,
    started: Instant,
    accepts_gzip: bool,
    /// `None` while it is not known.
    admitted: Option<Admitted>,
    peer: Option<IpAddr>,
}

impl Outline {
    fn of(head: &Parts, id: HeaderValue, admitted: Option<Admitted>, started: Instant) -> Self {
        Self {
            id,
            method: head.method.clone(),
            target: head.uri.clone(),
            started,
            accepts_gzip: compression::is_accepted(&head.headers),
            admitted,
            peer: None,
        }
    }
}

impl Inner {
    /// The answer to a request without a body, from somebody who may have it, if it is kept, or is a matter of a few
    /// reads, and the request asks for nothing unusual.
    fn at_once(
        &self,
        head: &Parts,
        picked: &Picked<'_>,
        admitted: &Admitted,
        started: Instant,
    ) -> Option<Answer> {
        if picked.host.is_none() && needs_host(head) {
            return None;
        }
        let question = Question::of(&head.method, &head.uri, picked.negotiated(), &[])?;
        let revision = self.app.registry.revision();
        if let Some(kept) = self.app.answers.find(&question, revision) {
            return Some(self.give(kept, id::echoed_or_fresh(picked.request_id), started));
        }
        if head.method != Method::GET {
            return None;
        }
        let id = id::echoed_or_fresh(picked.request_id);
        let outline = Outline::of(head, id, Some(admitted.clone()), started);
        let (mut response, answered) = self.here.answer(&self.app, head)?;
        if self.is_followed {
            answered.clone().go_with(&mut response);
        }
        let question = || Some(question);
        Some(self.conclude(response, Some(answered), &outline, revision, question))
    }

    fn give(&self, kept: Kept, id: HeaderValue, started: Instant) -> Answer {
        let about = kept.about();
        about.metrics.observe(StatusCode::OK, started.elapsed());
        if let Some(tally) = about.tally {
            self.app.count_again(tally);
        }
        self.app.metrics.answers_kept.inc();
        let followed = self.is_followed.then(|| Answered {
            metrics: Arc::clone(&about.metrics),
            is_lookup: true,
        });
        let headers = kept.headers(id);
        let mut answer = Response::new(Pieces::from(kept));
        *answer.headers_mut() = headers;
        if let Some(answered) = followed {
            answered.go_with(&mut answer);
        }
        answer
    }

    async fn respond<B>(self: Arc<Self>, head: Parts, body: B, outline: Outline) -> Answer
    where
        B: Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
    {
        let answering = pin!(self.answer(head, body, &outline));
        let abandoned = Abandoned(&self.app.metrics.abandoned);
        let done = tokio::time::timeout(self.request_timeout, Caught::new(answering)).await;
        abandoned.answered();
        match done {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => {
                let cause = format_args!("a handler panicked: {panic}");
                self.refuse(&Refusal::internal(cause), &outline)
            }
            Err(_elapsed) => self.refuse(&Refusal::timed_out(), &outline),
        }
    }

    async fn answer<B>(&self, mut head: Parts, body: B, outline: &Outline) -> Answer
    where
        B: Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
    {
        // Before the body: nobody unknown makes the server hold one.
        let admitted = match &outline.admitted {
            Some(admitted) => admitted.clone(),
            None => match self.app.gate.admit(&head).await {
                Ok(admitted) => admitted,
                Err(refusal) => {
                    if refusal.status() == StatusCode::UNAUTHORIZED {
                        self.app.note_failure(outline.peer);
                    }
                    return self.refuse(&refusal, outline);
                }
            },
        };
        let body = match body::read(body, self.app.options.body_bytes_max).await {
            Ok(body) => body,
            Err(refusal) => return self.refuse(&refusal, outline),
        };
        let negotiated = Picked::from(&head.headers)
            .map(|picked| picked.negotiated().map(Option::<&HeaderValue>::cloned));
        let sent = body.clone();
        let question = || {
            let negotiated = negotiated.as_ref()?.each_ref().map(Option::as_ref);
            Question::of(&outline.method, &outline.target, negotiated, &sent)
        };
        let revision = self.app.registry.revision();
        if !body.is_empty()
            && let Some(question) = question()
            && let Some(kept) = self.app.answers.find(&question, revision)
        {
            return self.give(kept, outline.id.clone(), outline.started);
        }
        head.extensions.insert(RequestId(outline.id.clone()));
        if let Some(peer) = outline.peer {
            head.extensions.insert(Peer(peer));
        }
        if let Admitted::Somebody(principal) = admitted {
            head.extensions.insert(principal);
        }
        let response = self.route(head, body).await;
        let answered = response.extensions().get().cloned();
        self.conclude(response, answered, outline, revision, question)
    }

    /// Finishes an answer, and keeps it if that is right.
    fn conclude<'q>(
        &self,
        response: Response<Bytes>,
        answered: Option<Answered>,
        outline: &Outline,
        revision: Revision,
        question: impl FnOnce() -> Option<Question<'q>>,
    ) -> Answer {
        let tally = response.extensions().get::<Tally>().copied();
        let response = self.finish(response, answered.as_ref(), outline);
        if let Some(Answered {
            metrics,
            is_lookup: true,
        }) = answered
        {
            self.app.metrics.answers_made.inc();
            if response.status() == StatusCode::OK
                && self.app.registry.revision() == revision
                && let Some(question) = question()
            {
                let answers = &self.app.answers;
                answers.keep(&question, revision, &response, metrics, tally);
            }
        }
        response.map(Pieces::from)
    }

    async fn route(&self, head: Parts, body: Bytes) -> Response<Bytes> {
        let request = Request::from_parts(head, AxumBody::from(body));
        let response = match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(impossible) => match impossible {},
        };
        let (head, body) = response.into_parts();
        // Every handler gives its whole body at once, so this neither waits nor fails.
        let body = body
            .collect()
            .await
            .map(Collected::to_bytes)
            .unwrap_or_default();
        Response::from_parts(head, body)
    }

    fn refuse(&self, refusal: &Refusal, outline: &Outline) -> Answer {
        self.finish(refused(refusal, None), None, outline)
            .map(Pieces::from)
    }

    /// Gives an answer the headers that every answer has, and counts it.
    fn finish(
        &self,
        response: Response<Bytes>,
        answered: Option<&Answered>,
        outline: &Outline,
    ) -> Response<Bytes> {
        let (mut head, mut body) = response.into_parts();
        if outline.method == Method::OPTIONS {
            allow_options(&mut head.headers);
        }
        // axum knew the length before compression; hyper writes the true one.
        head.headers.remove(CONTENT_LENGTH);
        head.headers
            .insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        if outline.accepts_gzip && self.app.options.compression_enable {
            body = compression::compress(&mut head.headers, body);
        }
        if outline.method == Method::HEAD {
            head.headers.insert(CONTENT_LENGTH, body.len().into());
            body = Bytes::new();
        }
        self.app.options.response_headers.apply(&mut head.headers);
        // Last, so that it is each request's own whatever the operator adds.
        head.headers.insert(id::REQUEST_ID, outline.id.clone());
        let metrics = answered.map_or(&self.app.metrics.unrouted, |answered| &answered.metrics);
        metrics.observe(head.status, outline.started.elapsed());
        if let Some(Refused { code, failure }) = head.extensions.get() {
            metrics.refused(*code);
            if let Some(cause) = failure {
                tracing::error!(request_id = %id::shown(&outline.id), method = %outline.method, path = outline.target.path(), status = head.status.as_u16(), code, %cause, "a request failed");
            }
        }
        Response::from_parts(head, body)
    }
}

/// Counts a request that is dropped on the way to its answer: its client has gone.
struct Abandoned<'a>(&'a IntCounter);

impl Abandoned<'_> {
    /// There is an answer.
    fn answered(self) {
        std::mem::forget(self);
    }
}

impl Drop for Abandoned<'_> {
    fn drop(&mut self) {
        self.0.inc();
    }
}

/// The request as the router knows it: canonical path, context folded into it, query read, `HEAD` as `GET`.
fn resolve(mut head: Parts) -> Result<Parts, Refusal> {
    check_host(&head)?;
    let mut target =
        Target::parse(head.uri.path()).map_err(|bad| Refusal::bad_request(bad.to_string()))?;
    let mut query = Query::parse(head.uri.query());
    context::fold(&mut target, &mut query, &head.method)
        .map_err(|bad| Refusal::bad_request(bad.to_string()))?;
    let path = target.canonical_path();
    head.uri =
        Uri::try_from(path).map_err(|_| Refusal::bad_request("the request target is no path"))?;
    head.extensions.insert(query);
    if head.method == Method::HEAD {
        head.method = Method::GET;
    }
    Ok(head)
}

/// HTTP/1.1 demands one `Host`, unless the target names the host itself; hyper does not look.
fn check_host(head: &Parts) -> Result<(), Refusal> {
    if !needs_host(head) {
        return Ok(());
    }
    let mut hosts = head.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), None) => Ok(()),
        (None, _) => Err(Refusal::bad_request("the Host header is missing")),
        (Some(_), Some(_)) => Err(Refusal::bad_request("there is more than one Host header")),
    }
}

fn needs_host(head: &Parts) -> bool {
    head.version == Version::HTTP_11 && head.uri.authority().is_none()
}

/// axum knows nothing of `OPTIONS` when it lists the methods of a path.
fn allow_options(headers: &mut HeaderMap) {
    let Some(methods) = headers.get(ALLOW).and_then(|methods| methods.to_str().ok()) else {
        return;
    };
    if let Ok(methods) = HeaderValue::from_str(&format!("{methods},OPTIONS")) {
        headers.insert(ALLOW, methods);
    }
}

#[cfg(test)]
pub(crate) mod tests;
