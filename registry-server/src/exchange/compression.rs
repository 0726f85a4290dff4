//! Compresses answers with gzip for those who ask for it (`protocol.md` section 1.1).

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Bytes;
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue};

/// Smaller bodies are sent as they are.
const BYTES_MIN: usize = 32;

/// True when the client names gzip and does not weigh it with zero.
pub(super) fn is_accepted(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','))
        .any(names_gzip)
}

fn names_gzip(element: &str) -> bool {
    let mut parts = element.split(';').map(str::trim);
    let is_gzip = parts
        .next()
        .is_some_and(|coding| coding.eq_ignore_ascii_case("gzip"));
    let weight = parts.find_map(|parameter| parameter.strip_prefix("q="));
    is_gzip && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
}

/// The body as it is sent, which the headers then say.
pub(super) fn compress(headers: &mut HeaderMap, body: Bytes) -> Bytes {
    if body.len() < BYTES_MIN {
        return body;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    match encoder.write_all(&body).and_then(|()| encoder.finish()) {
        Ok(compressed) => {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            compressed.into()
        }
        // Writing to memory does not fail; if it did, the plain body would be as good.
        Err(_) => body,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn accepted(value: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, value.parse().expect("a header value"));
        is_accepted(&headers)
    }

    #[test]
    fn gzip_is_used_when_it_is_named() {
        assert!(accepted("gzip"));
        assert!(accepted("deflate, GZIP;q=0.5, br"));
        assert!(!accepted("gzip;q=0"));
        assert!(!accepted("gzip; q=0.000"));
        assert!(!accepted("deflate, br, *"));
        assert!(!is_accepted(&HeaderMap::new()));
    }

    #[test]
    fn a_body_of_32_bytes_is_compressed_and_a_smaller_one_is_not() {
        let mut headers = HeaderMap::new();
        let small = Bytes::from_static(&[b'x'; 31]);
        assert_eq!(compress(&mut headers, small.clone()), small);
        assert!(headers.is_empty());

        let body = Bytes::from_static(&[b'x'; 32]);
        let compressed = compress(&mut headers, body.clone());
        assert_eq!(headers[CONTENT_ENCODING], "gzip");
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&compressed[..])
            .read_to_end(&mut plain)
            .expect("gzip");
        assert_eq!(plain, body);
    }
}
