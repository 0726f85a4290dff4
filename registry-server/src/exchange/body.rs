//! Reads the body of a request, within its limit.

use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body, Bytes};

use crate::api::error::Refusal;

/// The whole body. One that is declared too long is refused unread.
pub(super) async fn read<B>(body: B, bytes_max: usize) -> Result<Bytes, Refusal>
where
    B: Body<Data = Bytes, Error: Into<axum::BoxError>>,
{
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    if let Some(length) = body.size_hint().exact().filter(|length| *length > limit) {
        return Err(Refusal::body_too_large(length, bytes_max));
    }
    match Limited::new(body, bytes_max).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(Refusal::body_too_large(limit.saturating_add(1), bytes_max))
        }
        Err(_interrupted) => Err(Refusal::body_interrupted()),
    }
}
