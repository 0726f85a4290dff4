//! Follows requests for those who asked for it: the access log, and traces.
//!
//! It stands around everything that answers, and when nobody asked it is one branch.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::{Body, Bytes};
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};
use hyper::service::Service;
use hyper::{Request, Response, StatusCode};
use tokio::net::TcpStream;
use tracing::{Instrument, Span};

use crate::access_log::{AccessLog, Line, seconds};
use crate::app::App;
use crate::exchange::pieces::Pieces;
use crate::exchange::{Exchange, Front};
use crate::request::id::{self, REQUEST_ID};
use crate::router::{Answered, Refused};
use crate::telemetry::traces::{self, Sampling};

/// The service of a connection.
#[derive(Clone)]
pub struct Watched {
    front: Front,
    /// `None` when nobody asked.
    watch: Option<Arc<Watch>>,
    peer: Option<SocketAddr>,
}

/// What was asked for.
pub struct Watch {
    access_log: Option<AccessLog>,
    /// `None` when no request is traced.
    traces: Option<Sampling>,
}

/// What is noted of a request before it is answered.
struct Asked {
    method: hyper::Method,
    target: String,
    user: Option<String>,
    user_agent: Option<HeaderValue>,
    trace_id: Option<String>,
    peer: Option<SocketAddr>,
    started: Instant,
}

impl Watched {
    /// This service, followed if anybody asked.
    #[must_use]
    pub fn new(front: Front, watch: Option<Arc<Watch>>) -> Self {
        let peer = None;
        Self { front, watch, peer }
    }

    /// The same for a connection of its own.
    #[must_use]
    pub fn for_connection(mut self, stream: &TcpStream) -> Self {
        self.front = self.front.for_connection(stream);
        if self.watch.is_some() {
            self.peer = stream.peer_addr().ok();
        }
        self
    }
}

impl From<Front> for Watched {
    fn from(front: Front) -> Self {
        Self::new(front, None)
    }
}

impl<B> Service<Request<B>> for Watched
where
    B: Body<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    type Response = Response<Pieces>;
    type Error = Infallible;
    type Future = Exchange;

    fn call(&self, request: Request<B>) -> Exchange {
        let Some(watch) = &self.watch else {
            return self.front.call(request);
        };
        let span = watch.traces.and_then(|traces| traces.span_of(&request));
        if span.is_none() && watch.access_log.is_none() {
            return self.front.call(request);
        }
        let asked = Asked::of(&request, self.peer);
        let span = span.unwrap_or_else(Span::none);
        let answering = span.in_scope(|| self.front.call(request));
        let watch = Arc::clone(watch);
        let following = async move {
            let answer = match answering.await {
                Ok(answer) => answer,
                Err(impossible) => match impossible {},
            };
            watch.note(&asked, &answer);
            answer
        };
        Exchange::Routed(Box::pin(following.instrument(span)))
    }
}

impl Watch {
    /// What these settings ask for, if anything.
    pub fn of(app: &App) -> std::io::Result<Option<Arc<Self>>> {
        let access_log = app.options.access_log.then(|| {
            let lost = app.metrics.access_log_lost.clone();
            AccessLog::start(app.options.access_log_every, lost)
        });
        let access_log = access_log.transpose()?;
        let traces = app.options.traces_endpoint.is_some().then_some(Sampling {
            percent: app.options.traces_percent,
        });
        let asked = access_log.is_some() || traces.is_some();
        Ok(asked.then(|| Arc::new(Self { access_log, traces })))
    }

    fn note<T: Body>(&self, asked: &Asked, answer: &Response<T>) {
        let route = answer.extensions().get::<Answered>();
        let route = route.map(|answered| answered.metrics.route());
        let span = Span::current();
        if !span.is_none() {
            traces::record_answer(&span, asked.method.as_str(), route, answer.status());
        }
        let Some(log) = &self.access_log else { return };
        if !log.wants(answer.status()) {
            return;
        }
        let error_code = answer.extensions().get::<Refused>();
        let error_code = error_code.map(|refused| refused.code);
        // A name that was not proved is nobody's.
        let user = asked.user.as_deref();
        let user = user.filter(|_| answer.status() != StatusCode::UNAUTHORIZED);
        log.note(Line {
            time: String::new(),
            request_id: answer.headers().get(REQUEST_ID).map(id::shown),
            trace_id: asked.trace_id.as_deref(),
            peer: asked.peer.map(|peer| peer.to_string()),
            user,
            method: asked.method.as_str(),
            target: &asked.target,
            route,
            status: answer.status().as_u16(),
            error_code,
            bytes: answer.body().size_hint().lower(),
            seconds: seconds(asked.started.elapsed()),
            user_agent: asked.user_agent.as_ref().map(id::shown),
        });
    }
}

impl Asked {
    fn of<B>(request: &Request<B>, peer: Option<SocketAddr>) -> Self {
        let headers = request.headers();
        Self {
            method: request.method().clone(),
            target: request.uri().to_string(),
            user: user(headers),
            user_agent: headers.get(USER_AGENT).cloned(),
            trace_id: traces::trace_id(headers),
            peer,
            started: Instant::now(),
        }
    }
}

fn text(value: Option<&HeaderValue>) -> Option<&str> {
    value.and_then(|value| value.to_str().ok())
}

/// The name in a Basic header. The password is looked at by nobody here.
fn user(headers: &HeaderMap) -> Option<String> {
    let (scheme, pair) = text(headers.get(AUTHORIZATION))?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(pair.trim()).ok()?).ok()?;
    let (name, _password) = pair.split_once(':')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_taken_from_a_basic_header_and_from_no_other() {
        let of = |value: &'static str| {
            let headers = [(AUTHORIZATION, HeaderValue::from_static(value))];
            user(&headers.into_iter().collect())
        };
        assert_eq!(of("Basic YWRhOnNlY3JldDpy").as_deref(), Some("ada"));
        assert_eq!(of("Bearer YWRhOnNlY3JldDpy"), None);
        assert_eq!(of("Basic ???"), None);
    }
}
