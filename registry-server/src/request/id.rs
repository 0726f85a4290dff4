//! The id of a request: the client's, or a fresh one (`protocol.md` section 1.7).

use std::borrow::Cow;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};

use super::random;

/// The header, in both directions.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request on its way to the handler.
#[derive(Debug, Clone)]
pub struct RequestId(pub HeaderValue);

/// The client's id if it sent exactly one that is not blank, else a new UUID.
#[must_use]
pub fn take_or_make(headers: &HeaderMap) -> HeaderValue {
    let mut values = headers.get_all(REQUEST_ID).iter();
    match (values.next(), values.next()) {
        (value, None) => echoed_or_fresh(value),
        _ => fresh(),
    }
}

/// The same where the header is known not to occur twice.
#[must_use]
pub fn echoed_or_fresh(sent: Option<&HeaderValue>) -> HeaderValue {
    match sent {
        Some(value) if !value.as_bytes().trim_ascii().is_empty() => value.clone(),
        _ => fresh(),
    }
}

/// As log lines show it: a client may send bytes that are no text.
pub(crate) fn shown(id: &HeaderValue) -> Cow<'_, str> {
    String::from_utf8_lossy(id.as_bytes())
}

/// A version 4 UUID.
fn fresh() -> HeaderValue {
    let bytes = (u128::from(random::number()) << 64 | u128::from(random::number())).to_be_bytes();
    let id = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let mut buffer = uuid::Uuid::encode_buffer();
    HeaderValue::from_str(id.as_hyphenated().encode_lower(&mut buffer)).expect("a UUID is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_for(values: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(REQUEST_ID, HeaderValue::from_static(value));
        }
        take_or_make(&headers).to_str().expect("ASCII").to_owned()
    }

    #[test]
    fn one_id_that_is_not_blank_is_echoed() {
        assert_eq!(id_for(&["abc-123"]), "abc-123");
    }

    #[test]
    fn otherwise_a_new_version_4_uuid_is_made_for_each_request() {
        let made = [id_for(&[]), id_for(&[" "]), id_for(&["a", "b"])];
        for id in &made {
            assert_eq!(
                uuid::Uuid::parse_str(id).expect("a UUID").get_version_num(),
                4
            );
        }
        assert!(made[0] != made[1] && made[1] != made[2]);
    }
}
