//! What a handler said, as an answer of HTTP; and what travels with an answer to where it is counted and kept.

use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, LINK, WARNING, WWW_AUTHENTICATE};
use hyper::{Response, StatusCode};

use crate::api::call::{Answer, Reply};
use crate::api::error::Refusal;
use crate::api::report;
use crate::metrics::RouteMetrics;

/// Where an answer is counted; travels with it through axum.
#[derive(Clone)]
pub(crate) struct Answered {
    pub(crate) metrics: Arc<RouteMetrics>,
    pub(crate) is_lookup: bool,
}

impl Answered {
    /// What this answer is counted as: one of the moment is none of a lookup.
    pub(crate) fn of<B>(mut self, response: &Response<B>) -> Self {
        self.is_lookup &= response.extensions().get::<OfTheMoment>().is_none();
        self
    }

    pub(crate) fn go_with<B>(self, response: &mut Response<B>) {
        response.extensions_mut().insert(self);
    }
}

/// Travels with an answer that the same question may not get again.
#[derive(Clone, Copy)]
struct OfTheMoment;

/// Travels with an answer that says no.
#[derive(Clone)]
pub(crate) struct Refused {
    /// The number of its reason.
    pub(crate) code: u32,
    /// What the log says, if the server is at fault.
    pub(crate) failure: Option<Arc<str>>,
}

/// What a handler said, as an answer.
pub(crate) fn concluded<B: From<Bytes> + From<String>>(
    done: Answer,
    headers: &HeaderMap,
    media_type: HeaderValue,
) -> Response<B> {
    match done {
        Ok(reply) => replied(reply, media_type),
        Err(refusal) => {
            let tells_all = accepts_unknown_members(headers);
            refused(&refusal.to(tells_all), Some(media_type))
        }
    }
}

/// True for a client that says that it can live with members which the protocol does not know.
fn accepts_unknown_members(headers: &HeaderMap) -> bool {
    let said = headers.get("confluent-accept-unknown-properties");
    said.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"true"))
}

pub(super) fn replied<B: From<Bytes>>(reply: Reply, media_type: HeaderValue) -> Response<B> {
    let negotiated = (!reply.body.is_empty()).then_some(media_type);
    let fixed = reply.media_type.map(HeaderValue::from_static);
    let mut response = Response::new(reply.body.into());
    *response.status_mut() = reply.status;
    if let Some(media_type) = fixed.or(negotiated) {
        response.headers_mut().insert(CONTENT_TYPE, media_type);
    }
    for warning in reply.warnings {
        response.headers_mut().append(WARNING, warning);
    }
    if reply.is_of_the_moment {
        response.extensions_mut().insert(OfTheMoment);
    }
    if let Some(tally) = reply.tally {
        response.extensions_mut().insert(tally);
    }
    if let Some(link) = reply.link {
        response.headers_mut().insert(LINK, link);
    }
    if let Some(entity_tag) = reply.entity_tag {
        response.headers_mut().insert(ETAG, entity_tag);
    }
    response
}

/// The answer to a refusal, given the negotiated type, if that was reached.
pub(crate) fn refused<B: From<String>>(
    refusal: &Refusal,
    media_type: Option<HeaderValue>,
) -> Response<B> {
    let mut response = Response::new(refusal.body().into());
    *response.status_mut() = refusal.status();
    response.extensions_mut().insert(Refused {
        code: refusal.code(),
        failure: refusal.failure().map(Arc::from),
    });
    response
        .headers_mut()
        .insert(CONTENT_TYPE, refusal.media_type(media_type));
    if let Some(report) = refusal.report().and_then(report::of_refusal) {
        response.headers_mut().insert(LINK, report);
    }
    if refusal.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static(r#"Basic realm="concord", charset="UTF-8""#);
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
