//! What a handler is given, and what it gives back.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Bytes;
use compat_rules::policy::warnings;
use hyper::StatusCode;
use hyper::header::HeaderValue;
use registry_core::{Caller, PolicyEvaluation, Principal, Timestamp};

use super::body::{self, FromBody};
use super::error::Refusal;
use super::negotiation;
use crate::metrics::subjects::Tally;
use crate::request::query::Query;

/// A request that has found its handler.
pub struct Call<'r> {
    /// Where it came from.
    pub origin: Origin,
    /// The values of the path's parameters, decoded, by name.
    pub parameters: Vec<(Cow<'r, str>, Cow<'r, str>)>,
    /// The query, with the context of the path folded in.
    pub query: Query,
    /// The body, unread.
    pub body: Bytes,
}

/// Where a request came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Who asks, if that had to be proved.
    pub principal: Option<Arc<Principal>>,
    /// The id of the request, given or made.
    pub request_id: Option<HeaderValue>,
    /// What the client calls itself.
    pub client: Option<HeaderValue>,
    /// Where the request came from, where anybody wants to know.
    pub address: Option<IpAddr>,
    /// The values of `If-Match`: what the client saw of what it wants to change.
    pub if_match: Vec<HeaderValue>,
    /// The trace that the client names, where anybody wants to know.
    pub trace_id: Option<String>,
}

/// A good answer, before it has a media type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// JSON, or the raw text of a schema.
    pub body: Bytes,
    /// What the body is, where that is not for the client to choose.
    pub media_type: Option<&'static str>,
    /// Values of `Warning` headers: what policies say to something that was accepted.
    pub warnings: Vec<HeaderValue>,
    /// Value of the `Link` header: where it is told at length, or goes on.
    pub link: Option<HeaderValue>,
    /// Value of the `ETag` header: which state of something that changes this is.
    pub entity_tag: Option<HeaderValue>,
    /// It depends on the time, or on who asks, and is not kept.
    pub is_of_the_moment: bool,
    /// What is counted again when it is kept and given again.
    pub tally: Option<Tally>,
}

/// How many warnings one answer has, however many schemas it is about.
const WARNINGS_MAX: usize = 10;

/// What every handler returns.
pub type Answer = Result<Reply, Refusal>;

impl Reply {
    /// 200 with a body.
    #[must_use]
    pub fn ok(body: impl Into<Bytes>) -> Self {
        Self::of(StatusCode::OK, body.into())
    }

    /// The same, lines of JSON.
    #[must_use]
    pub const fn as_lines(mut self) -> Self {
        self.media_type = Some(negotiation::JSON_LINES);
        self
    }

    /// The same, with what policies say to it, and where they say it at length.
    #[must_use]
    pub fn warning(
        mut self,
        policies: Option<&PolicyEvaluation>,
        report: impl FnOnce() -> Option<HeaderValue>,
    ) -> Self {
        let said = policies
            .map(|policies| warnings(&policies.evaluation))
            .unwrap_or_default();
        let room = WARNINGS_MAX.saturating_sub(self.warnings.len());
        let said = said.iter().take(room);
        self.warnings
            .extend(said.filter_map(|value| HeaderValue::from_str(value).ok()));
        if !self.warnings.is_empty() {
            self.link = self.link.or_else(report);
        }
        self
    }

    /// The same, not to be kept: the next one may get another.
    #[must_use]
    pub const fn of_the_moment(mut self) -> Self {
        self.is_of_the_moment = true;
        self
    }

    /// The same, counted again whenever it is given again.
    #[must_use]
    pub const fn counted_as(mut self, tally: Option<Tally>) -> Self {
        self.tally = tally;
        self
    }

    /// 204.
    #[must_use]
    pub const fn no_content() -> Self {
        Self::of(StatusCode::NO_CONTENT, Bytes::new())
    }

    /// 207 with a body.
    #[must_use]
    pub fn multi_status(body: impl Into<Bytes>) -> Self {
        Self::of(StatusCode::MULTI_STATUS, body.into())
    }

    /// Nothing but that.
    const fn of(status: StatusCode, body: Bytes) -> Self {
        Self {
            status,
            body,
            media_type: None,
            warnings: Vec::new(),
            link: None,
            entity_tag: None,
            is_of_the_moment: false,
            tally: None,
        }
    }
}

impl Call<'_> {
    /// True when the answer needs a schema to be parsed: another form of its text, or its tags.
    #[must_use]
    pub fn asks_for_parsing(&self) -> bool {
        let asks = |name| {
            self.query
                .first(name)
                .is_some_and(|value| !value.is_empty())
        };
        asks("format") || asks("findTags")
    }

    /// Who asks, now: for calls that may change something.
    #[must_use]
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            principal: self.origin.principal.as_deref(),
            request_id: text(self.origin.request_id.as_ref()),
            trace_id: self.origin.trace_id.as_deref().unwrap_or_default(),
            address: self.origin.address,
            client: text(self.origin.client.as_ref()),
            at: Timestamp::now(),
        }
    }

    /// A parameter of the path.
    #[must_use]
    pub fn parameter(&self, name: &str) -> &str {
        let found = self
            .parameters
            .iter()
            .find(|(parameter, _)| parameter == name);
        found.map_or("", |(_, value)| value)
    }

    /// A parameter of the path that is a number; anything else is as unknown as the path.
    pub fn number(&self, name: &str) -> Result<i32, Refusal> {
        self.parameter(name)
            .parse()
            .map_err(|_| Refusal::not_found())
    }

    /// A number in the query.
    pub fn query_number(&self, name: &str) -> Result<Option<i32>, Refusal> {
        self.query.int(name).map_err(|_| Refusal::not_found())
    }

    /// The body of a call without a query, if it is there, can be read, and is short enough to be read at once.
    #[must_use]
    pub fn short_body<T: FromBody>(&self) -> Option<T> {
        const BYTES_MAX: usize = 64 << 10;
        let is_short = self.body.len() <= BYTES_MAX && self.query.is_empty();
        is_short.then(|| self.body("body").ok()).flatten()
    }

    /// The body, which must be there; `name` is what the reference calls it.
    pub fn body<T: FromBody>(&self, name: &str) -> Result<T, Refusal> {
        body::required(&self.body, name)
    }
}

/// A header as text; what is no text counts as not sent.
fn text(value: Option<&HeaderValue>) -> &str {
    value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
