//! Lookups that are answered in the call itself: those that need a few reads and nothing to wait for.
//!
//! They go to the same handlers as through the router, with what most requests do not need left out: no query, no
//! escapes, no context in front of the path. A request that is not as plain as that takes the ordinary road, and so
//! does one that would be refused before it reaches its handler.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hyper::Response;
use hyper::body::Bytes;
use hyper::http::request::Parts;

use crate::api::call::{Call, Origin};
use crate::api::negotiation;
use crate::app::App;
use crate::request::query::Query;
use crate::request::target;
use crate::router::{Answered, Handler, concluded, gets};

/// The lookups that can be answered so.
pub(crate) struct Here {
    /// All paths, so that none is taken for another; `None` for what takes the ordinary road.
    routes: matchit::Router<Option<(Handler, Answered)>>,
}

impl Here {
    /// Those of the router's table.
    pub(crate) fn new(app: &App) -> Self {
        let mut routes = matchit::Router::new();
        for (path, handler) in gets() {
            let answered = || Answered {
                metrics: Arc::new(app.metrics.route(path, "GET")),
                is_lookup: true,
            };
            routes
                .insert(path, handler.map(|handler| (handler, answered())))
                .expect("the router has the same paths");
        }
        Self { routes }
    }

    /// The answer to a `GET` without a body, if it is as plain as that.
    pub(crate) fn answer(&self, app: &App, head: &Parts) -> Option<(Response<Bytes>, Answered)> {
        let path = head.uri.path();
        if head.uri.query().is_some() || !target::is_plain(path) {
            return None;
        }
        let found = self.routes.at(path).ok()?;
        let (handler, answered) = found.value.as_ref()?;
        let media_type = negotiation::agree(&head.headers).ok()?;
        let parameters = found
            .params
            .iter()
            .map(|(name, value)| (Cow::Borrowed(name), Cow::Borrowed(value)));
        let call = Call {
            // What is only looked at has no use for it.
            origin: Origin::default(),
            parameters: parameters.collect(),
            query: Query::default(),
            body: Bytes::new(),
        };
        // A panic is left to the ordinary road, which knows how to answer it.
        let done = catch_unwind(AssertUnwindSafe(|| handler(app, &call))).ok()?;
        let response = concluded(done, &head.headers, media_type);
        let answered = answered.clone().of(&response);
        Some((response, answered))
    }
}

#[cfg(test)]
mod tests;
