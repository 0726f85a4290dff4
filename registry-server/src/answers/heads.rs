//! The headers of answers: most have the same, but for the id, and share them.

use std::sync::{Arc, Mutex, PoisonError};

use hyper::header::{HeaderMap, HeaderName, HeaderValue};

use crate::request::id::REQUEST_ID;

/// The headers that were seen.
#[derive(Debug, Default)]
pub(super) struct Heads(Mutex<Vec<Arc<HeaderMap>>>);

impl Heads {
    /// Beyond so many different ones they are no longer looked for.
    const SHARED_MAX: usize = 64;

    /// These, with a slot at their end for the id of each request.
    pub(super) fn shared(&self, headers: &HeaderMap) -> Arc<HeaderMap> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = |known: &&Arc<HeaderMap>| without_id(known).eq(without_id(headers));
        if let Some(same) = known.iter().find(is_same) {
            return Arc::clone(same);
        }
        let slot = (REQUEST_ID, HeaderValue::from_static(""));
        let others = without_id(headers).map(|(name, value)| (name.clone(), value.clone()));
        let headers = Arc::new(others.chain([slot]).collect::<HeaderMap>());
        if known.len() < Self::SHARED_MAX {
            known.push(Arc::clone(&headers));
        }
        headers
    }
}

/// Those headers for a request of this id.
pub(super) fn with_id(shared: &HeaderMap, id: HeaderValue) -> HeaderMap {
    let mut headers = shared.clone();
    // By its place, which costs no search.
    if let Some(slot) = headers.values_mut().last() {
        *slot = id;
    }
    headers
}

fn without_id(headers: &HeaderMap) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
    headers.iter().filter(|(name, _)| *name != REQUEST_ID)
}
