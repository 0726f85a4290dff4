//! Whole answers, kept for one revision: the hot path of lookups.
//!
//! The answer of a lookup is a function of its request and of what the registry holds. So it is kept under
//! everything of the request that it may depend on, and given again while the registry is at the revision at which
//! it was made. There is no other invalidation to get wrong.
//!
//! Which routes are lookups is said in `router.rs`. What every request needs, whether its answer is kept or not,
//! is done in `exchange.rs`.

mod heads;
mod question;

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderValue};
use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use registry_core::Revision;
use triomphe::ThinArc;

use crate::metrics::RouteMetrics;
use crate::metrics::subjects::Tally;
use heads::Heads;
use question::Layout;
pub(crate) use question::Question;

/// The answers that are kept, within their memory.
pub struct Answers {
    /// `None` when none are to be kept. They are found by the hash of their question, and each has its question with it:
    /// of two with the same hash, one is kept.
    kept: Option<Cache<u64, Kept, ByBytes>>,
    hasher: DefaultHashBuilder,
    heads: Heads,
}

/// An answer of status 200. It is one piece of memory, so that one that was not asked for lately is found in one place.
///
/// The bytes are its question and, behind that, its body.
#[derive(Debug, Clone)]
pub struct Kept(ThinArc<About, u8>);

/// What is known of an answer.
#[derive(Debug)]
pub(crate) struct About {
    /// For which it is right.
    revision: Revision,
    layout: Layout,
    headers: Arc<HeaderMap>,
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
            hasher: DefaultHashBuilder::default(),
            heads: Heads::default(),
        }
    }

    /// The answer to a question at a revision, if it is kept.
    pub(crate) fn find(&self, question: &Question<'_>, revision: Revision) -> Option<Kept> {
        let kept = self.kept.as_ref()?;
        let kept = kept.get(&self.hasher.hash_one(question))?;
        let about = kept.about();
        let is_right =
            about.revision == revision && about.layout.question(kept.bytes()) == *question;
        is_right.then_some(kept)
    }

    /// Keeps an answer.
    ///
    /// # Correctness
    /// The registry must have been at this revision from before the request was looked at until its answer was
    /// there; then every view that went into the answer was of it.
    pub(crate) fn keep(
        &self,
        question: &Question<'_>,
        revision: Revision,
        answer: &Response<Bytes>,
        metrics: Arc<RouteMetrics>,
        tally: Option<Tally>,
    ) {
        let (Some(cache), Some(layout)) = (&self.kept, question.layout()) else {
            return;
        };
        let about = About {
            revision,
            layout,
            headers: self.heads.shared(answer.headers()),
            metrics,
            tally,
        };
        // Copied, so that nothing holds on to a larger buffer of a connection.
        let bytes: Vec<&[u8]> = question.parts().chain([&answer.body()[..]]).collect();
        let kept = Kept(ThinArc::from_header_and_slice(about, &bytes.concat()));
        cache.insert(self.hasher.hash_one(question), kept);
    }

    /// The memory that is in use.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.kept.as_ref().map_or(0, Cache::weight)
    }
}

impl Kept {
    pub(crate) fn about(&self) -> &About {
        &self.0.header.header
    }

    /// Its question and, behind that, its body.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0.slice
    }

    /// Where in those the body lies.
    pub(crate) fn body(&self) -> Range<usize> {
        self.about().layout.length()..self.bytes().len()
    }

    /// The headers of the answer, to a request of this id.
    pub(crate) fn headers(&self, id: HeaderValue) -> HeaderMap {
        heads::with_id(&self.about().headers, id)
    }
}

#[derive(Debug, Clone)]
struct ByBytes;

impl Weighter<u64, Kept> for ByBytes {
    fn weight(&self, _hash: &u64, kept: &Kept) -> u64 {
        /// The structures around the bytes, with what the allocator adds.
        const ENTRY_BYTES: usize = 256;
        const HEADER_BYTES: usize = 96;
        let headers = &kept.about().headers;
        let headers: usize = match Arc::strong_count(headers) {
            // Not shared.
            1 => headers
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len() + HEADER_BYTES)
                .sum(),
            _ => 0,
        };
        let bytes = headers + kept.bytes().len() + ENTRY_BYTES;
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests;
