//! The headers that an answer can depend on, picked out in one pass.

use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderValue,
};

use super::id::REQUEST_ID;

/// The value of each, where it was sent.
#[derive(Debug, Clone, Copy, Default)]
#[expect(missing_docs, reason = "the names are those of the headers")]
pub struct Picked<'r> {
    pub host: Option<&'r HeaderValue>,
    pub authorization: Option<&'r HeaderValue>,
    pub accept: Option<&'r HeaderValue>,
    pub accept_encoding: Option<&'r HeaderValue>,
    pub content_type: Option<&'r HeaderValue>,
    pub request_id: Option<&'r HeaderValue>,
}

impl<'r> Picked<'r> {
    /// `None` when one of them was sent twice: what that means is for the ordinary road to say.
    #[must_use]
    pub fn from(headers: &'r HeaderMap) -> Option<Self> {
        let mut picked = Self::default();
        for (name, value) in headers {
            let place = if name == HOST {
                &mut picked.host
            } else if name == AUTHORIZATION {
                &mut picked.authorization
            } else if name == ACCEPT {
                &mut picked.accept
            } else if name == ACCEPT_ENCODING {
                &mut picked.accept_encoding
            } else if name == CONTENT_TYPE {
                &mut picked.content_type
            } else if name == REQUEST_ID {
                &mut picked.request_id
            } else {
                continue;
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        Some(picked)
    }

    /// Those that choose the form of an answer, or say that of the request.
    #[must_use]
    pub const fn negotiated(&self) -> [Option<&'r HeaderValue>; 3] {
        [self.accept, self.accept_encoding, self.content_type]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_was_sent_twice_makes_the_request_irregular() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("a"));
        headers.insert(ACCEPT, HeaderValue::from_static("b"));
        headers.insert("x-other", HeaderValue::from_static("c"));
        headers.append("x-other", HeaderValue::from_static("d"));
        let picked = Picked::from(&headers).expect("regular");
        assert_eq!(
            (picked.host, picked.accept, picked.content_type),
            (headers.get(HOST), headers.get(ACCEPT), None)
        );
        headers.append(ACCEPT, HeaderValue::from_static("b"));
        assert!(Picked::from(&headers).is_none());
    }
}
