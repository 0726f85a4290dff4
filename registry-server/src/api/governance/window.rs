//! A page of a long list: what comes after something, at most so much of it.

use crate::api::call::Call;
use crate::api::error::Refusal;

/// How many items a page has at most.
const PAGE_MAX: usize = 1000;

/// Which items are wanted.
pub(super) struct Window {
    pub(super) after: u64,
    pub(super) limit: usize,
}

impl Window {
    /// By the parameters `after` and `limit`; anything but a number is as unknown as a path.
    pub(super) fn of(call: &Call) -> Result<Self, Refusal> {
        let number = |name: &str| -> Result<Option<u64>, Refusal> {
            let sent = call.query.first(name).filter(|text| !text.is_empty());
            let number = sent.map(|text| text.parse().map_err(|_| Refusal::not_found()));
            number.transpose()
        };
        let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok());
        Ok(Self {
            after: number("after")?.unwrap_or_default(),
            limit: limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX),
        })
    }
}
