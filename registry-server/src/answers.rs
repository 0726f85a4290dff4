//! Whole answers, kept for one revision: the hot path of lookups.
//!
//! The answer of a lookup is a function of its request and of what the registry holds. So it is kept under
//! everything of the request that it may depend on, and given again while the registry is at the revision at which
//! it was made. There is no other invalidation to get wrong.
//!
//! Which routes are lookups is said in `router.rs`. What every request needs, whether its answer is kept or not,
//! is done in `exchange.rs`.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, Uri};
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, OptionsBuilder, Weighter};
use registry_core::Revision;

use crate::exchange::pieces::Pieces;
use crate::metrics::RouteMetrics;
use crate::metrics::subjects::Tally;
use crate::request::id::REQUEST_ID;
use crate::request::picked::Picked;

/// The answers that are kept, within their memory.
pub struct Answers {
    /// `None` when none are to be kept.
    kept: Option<Cache<Key, Arc<Kept>, ByBytes>>,
    heads: Heads,
}

/// Everything of a request that its answer may depend on.
///
/// Bodies are compared in full: no two requests are ever taken for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Question<'r> {
    method: &'r Method,
    target: &'r [u8],
    accept: Option<&'r [u8]>,
    accept_encoding: Option<&'r [u8]>,
    content_type: Option<&'r [u8]>,
    body: &'r [u8],
}

/// A question that outlives its request.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    method: Method,
    /// Target and headers, one behind the other.
    texts: Bytes,
    target_bytes: usize,
    /// Of each header; `None` for one that was not sent.
    header_bytes: [Option<usize>; 3],
    body: Bytes,
}

/// An answer of status 200, and the revision for which it is right.
pub(crate) struct Kept {
    revision: Revision,
    headers: Arc<HeaderMap>,
    body: Bytes,
    /// Where it is counted.
    pub(crate) metrics: Arc<RouteMetrics>,
    /// What else is counted each time that it is given.
    pub(crate) tally: Option<Tally>,
}

impl Answers {
    /// Room for so many bytes of questions and answers; 0 keeps none.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        /// A part of the cache has a lock of its own, and holds no answer that is larger than the part.
        const PART_BYTES: usize = 4 << 20;
        const PARTS_MAX: usize = 16;
        const ENTRY_BYTES_ESTIMATED: usize = 2 << 10;
        let options = OptionsBuilder::new()
            .shards((bytes_max / PART_BYTES).clamp(1, PARTS_MAX))
            .estimated_items_capacity((bytes_max / ENTRY_BYTES_ESTIMATED).max(1))
            .weight_capacity(u64::try_from(bytes_max).unwrap_or(u64::MAX))
            .build()
            .expect("all required options are given");
        let cache =
            || Cache::with_options(options, ByBytes, Default::default(), Default::default());
        Self {
            kept: (bytes_max > 0).then(cache),
            heads: Heads::default(),
        }
    }

    /// The answer to a question at a revision, if it is kept.
    pub(crate) fn find(&self, question: &Question<'_>, revision: Revision) -> Option<Arc<Kept>> {
        let kept = self.kept.as_ref()?.get(question)?;
        (kept.revision == revision).then_some(kept)
    }

    /// Keeps an answer.
    ///
    /// # Correctness
    /// The registry must have been at this revision from before the request was looked at until its answer was
    /// there; then every view that went into the answer was of it.
    pub(crate) fn keep(
        &self,
        key: Key,
        revision: Revision,
        answer: &Response<Bytes>,
        metrics: Arc<RouteMetrics>,
        tally: Option<Tally>,
    ) {
        let Some(cache) = &self.kept else { return };
        // In one place, which is looked at as a whole; nothing may hold on to a larger buffer of a connection.
        let mut all = Bytes::from([&key.texts[..], &key.body, answer.body()].concat());
        let key = Key {
            texts: all.split_to(key.texts.len()),
            body: all.split_to(key.body.len()),
            ..key
        };
        let kept = Kept {
            revision,
            headers: self.heads.shared(answer.headers()),
            body: all,
            metrics,
            tally,
        };
        cache.insert(key, Arc::new(kept));
    }

    /// True when nothing is kept at all.
    pub(crate) const fn is_off(&self) -> bool {
        self.kept.is_none()
    }

    /// The memory that is in use.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.kept.as_ref().map_or(0, Cache::weight)
    }
}

impl<'r> Question<'r> {
    /// The question of a request; `None` for methods that change something.
    pub(crate) fn of(
        method: &'r Method,
        target: &'r Uri,
        headers: &Picked<'r>,
        body: &'r [u8],
    ) -> Option<Self> {
        if !matches!(*method, Method::GET | Method::POST | Method::HEAD) {
            return None;
        }
        Some(Self {
            method,
            target: target.path_and_query()?.as_str().as_bytes(),
            accept: headers.accept.map(HeaderValue::as_bytes),
            accept_encoding: headers.accept_encoding.map(HeaderValue::as_bytes),
            content_type: headers.content_type.map(HeaderValue::as_bytes),
            body,
        })
    }

    /// The same without its request; `body` is the body of the question.
    pub(crate) fn to_key(self, body: Bytes) -> Key {
        let headers = [self.accept, self.accept_encoding, self.content_type];
        let mut texts = Vec::with_capacity(256);
        texts.extend_from_slice(self.target);
        for header in headers.into_iter().flatten() {
            texts.extend_from_slice(header);
        }
        Key {
            method: self.method.clone(),
            texts: texts.into(),
            target_bytes: self.target.len(),
            header_bytes: headers.map(|header| header.map(<[u8]>::len)),
            body,
        }
    }
}

impl Key {
    fn question(&self) -> Question<'_> {
        let (target, mut rest) = self.texts.split_at(self.target_bytes);
        let [accept, accept_encoding, content_type] = self.header_bytes.map(|bytes| {
            let (header, after) = rest.split_at(bytes?);
            rest = after;
            Some(header)
        });
        Question {
            method: &self.method,
            target,
            accept,
            accept_encoding,
            content_type,
            body: &self.body,
        }
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.question().hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.question() == other.question()
    }
}

impl Eq for Key {}

impl Equivalent<Key> for Question<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self == key.question()
    }
}

impl Kept {
    /// The answer, to a request of this id.
    pub(crate) fn answer(&self, id: HeaderValue) -> Response<Pieces> {
        let mut response = Response::new(Pieces::from(self.body.clone()));
        let mut headers = HeaderMap::clone(&self.headers);
        // By its place, which costs no search.
        if let Some(slot) = headers.values_mut().last() {
            *slot = id;
        }
        *response.headers_mut() = headers;
        response
    }
}

/// The headers of answers: most have the same, but for the id, and share them.
#[derive(Debug, Default)]
struct Heads(Mutex<Vec<Arc<HeaderMap>>>);

impl Heads {
    /// Beyond so many different ones they are no longer looked for.
    const SHARED_MAX: usize = 64;

    /// These, with a slot at their end for the id of each request.
    fn shared(&self, headers: &HeaderMap) -> Arc<HeaderMap> {
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

fn without_id(headers: &HeaderMap) -> impl Iterator<Item = (&HeaderName, &HeaderValue)> {
    headers.iter().filter(|(name, _)| *name != REQUEST_ID)
}

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Kept>> for ByBytes {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        /// The structures around the texts, with what the allocator adds.
        const ENTRY_BYTES: usize = 384;
        const HEADER_BYTES: usize = 96;
        let headers: usize = match Arc::strong_count(&kept.headers) {
            // Not shared.
            1 => kept
                .headers
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len() + HEADER_BYTES)
                .sum(),
            _ => 0,
        };
        let bytes = key.texts.len() + key.body.len() + headers + kept.body.len() + ENTRY_BYTES;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests;
