//! The name and the password in an `Authorization` header of the Basic scheme (RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::header::HeaderValue;
use zeroize::Zeroizing;

/// What somebody says who they are; the password is wiped from memory afterwards.
pub(super) struct Credentials {
    pub(super) name: String,
    pub(super) password: Zeroizing<Vec<u8>>,
}

impl Credentials {
    /// `None` for another scheme, and for what is not of this one.
    pub(super) fn read(sent: &HeaderValue) -> Option<Self> {
        let (scheme, encoded) = sent.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
        let colon = decoded.iter().position(|byte| *byte == b':')?;
        Some(Self {
            name: str::from_utf8(&decoded[..colon]).ok()?.to_owned(),
            password: Zeroizing::new(decoded[colon + 1..].to_vec()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Option<(String, Vec<u8>)> {
        let credentials = Credentials::read(&HeaderValue::from_static(text))?;
        Some((credentials.name, credentials.password.to_vec()))
    }

    #[test]
    fn the_examples_of_the_rfc_are_read() {
        // RFC 7617, sections 2 and 2.1.
        assert_eq!(
            read("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            Some(("Aladdin".to_owned(), b"open sesame".to_vec()))
        );
        assert_eq!(
            read("basic dGVzdDoxMjPCow=="),
            Some(("test".to_owned(), "123£".into()))
        );
    }

    #[test]
    fn a_password_may_hold_colons_and_be_empty() {
        assert_eq!(
            read("Basic YTpiOmM="),
            Some(("a".to_owned(), b"b:c".to_vec()))
        );
        assert_eq!(read("Basic YTo="), Some(("a".to_owned(), Vec::new())));
    }

    #[test]
    fn anything_else_is_nobody() {
        for text in ["Basic", "Basic !!", "Basic YQ==", "Bearer YTpi", ""] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
