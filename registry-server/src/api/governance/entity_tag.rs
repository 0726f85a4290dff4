//! The revision in force as an entity tag: `ETag` where documents are read, `If-Match` where they are changed (RFC 9110,
//! sections 8.8.3 and 13.1.1).
//!
//! One tag stands for all documents, since they are changed together. `baseRevision` in a body says the same in the
//! words of this interface; where both are sent, both have to hold.

use hyper::header::HeaderValue;

use crate::api::call::{Call, Reply};

/// A reply that shows the revision in force, or a part of it.
pub(super) fn tagged(reply: Reply, in_force: Option<u64>) -> Reply {
    let tag = format!("\"{}\"", in_force.unwrap_or_default());
    Reply {
        entity_tag: HeaderValue::from_str(&tag).ok(),
        ..reply
    }
}

/// The revisions of which one has to be in force, by the tags that were sent; `None` where any may be.
pub(super) fn seen(call: &Call, base: Option<u64>) -> Option<Vec<u64>> {
    let sent = &call.origin.if_match;
    let texts: Vec<&str> = sent
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    if sent.is_empty() || texts == ["*"] {
        return None;
    }
    let tags = texts.iter().flat_map(|text| text.split(','));
    let revisions = tags.filter_map(revision);
    Some(
        revisions
            .filter(|revision| base.is_none_or(|base| base == *revision))
            .collect(),
    )
}

/// The revision of a tag. A weak one is never equal to what is changed, and of another form none is ever given.
fn revision(tag: &str) -> Option<u64> {
    let digits = tag.trim().strip_prefix('"')?.strip_suffix('"')?;
    let revision = digits.parse().ok()?;
    (digits == u64::to_string(&revision)).then_some(revision)
}
