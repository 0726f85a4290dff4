//! Which media type an answer has, and which a body may have (`protocol.md` section 1.2).
//!
//! The rules are those of the reference's framework, with its oddities: a weight of zero is not honoured,
//! parameters of the chosen type come back, and `*` alone means anything.

use hyper::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};

use super::error::Refusal;

mod syntax;

use syntax::{Range, ranges, single};

/// What is answered when the client does not mind.
pub const PREFERRED: &str = "application/vnd.schemaregistry.v1+json";
/// JSON without a registry's name.
pub const JSON: &str = "application/json";

/// An object of JSON in each line.
pub const JSON_LINES: &str = "application/x-ndjson";

/// All that can be produced, in full.
pub const MEDIA_TYPES: [&str; 3] = [PREFERRED, "application/vnd.schemaregistry+json", JSON];

/// What can be produced, best first, all of type `application`, with the server's own weights.
const PRODUCED: [(&str, u16); 3] = [
    ("vnd.schemaregistry.v1+json", 1000),
    ("vnd.schemaregistry+json", 900),
    ("json", 500),
];

/// What is read besides the types that are produced.
const BYTES: &str = "octet-stream";

/// What a route of the protocol asks of the headers, in the reference's order: a body that can be read, an answer
/// that can be written.
pub fn agree(headers: &HeaderMap) -> Result<HeaderValue, Refusal> {
    check_content_type(headers)?;
    answer_type(headers)
}

/// True when the client accepts this type, among others perhaps.
#[must_use]
pub fn admits(headers: &HeaderMap, kind: &str, subkind: &str) -> bool {
    let accepted: Option<Vec<&str>> = headers
        .get_all(ACCEPT)
        .iter()
        .map(|field| field.to_str().ok())
        .collect();
    let Some(accepted) = accepted.map(|fields| fields.join(",")) else {
        return false;
    };
    accepted.trim().is_empty()
        || ranges(&accepted).is_some_and(|ranges| {
            ranges
                .iter()
                .any(|range| range.matches(kind, subkind).is_some())
        })
}

/// The type of the answer, from the request's `Accept`.
pub fn answer_type(headers: &HeaderMap) -> Result<HeaderValue, Refusal> {
    let mut fields = headers.get_all(ACCEPT).iter();
    let preferred = HeaderValue::from_static(PREFERRED);
    let accept = match (fields.next(), fields.next()) {
        (None, _) => return Ok(preferred),
        // What almost every client sends; nothing to weigh.
        (Some(only), None) if only == PREFERRED || only == "*/*" => return Ok(preferred),
        (Some(only), None) => text(only)?.to_owned(),
        (Some(_), Some(_)) => {
            let all: Vec<&str> = headers
                .get_all(ACCEPT)
                .iter()
                .map(text)
                .collect::<Result<_, _>>()?;
            all.join(",")
        }
    };
    if accept.trim().is_empty() {
        return Ok(preferred);
    }
    let ranges = ranges(&accept).ok_or_else(Refusal::bad_header)?;
    best(&ranges).ok_or_else(Refusal::not_acceptable)
}

/// Refuses a body of a type that is not read; every method may carry a type, and each is looked at.
pub fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(field) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    if field == PREFERRED || field == JSON {
        return Ok(());
    }
    let range = single(text(field)?).ok_or_else(Refusal::bad_header)?;
    let is_read = range.kind == "application"
        && (range.subkind == BYTES
            || PRODUCED
                .iter()
                .any(|(subkind, _)| *subkind == range.subkind));
    if is_read {
        Ok(())
    } else {
        Err(Refusal::unsupported_media_type())
    }
}

/// The best match: the client's weight counts first, then the server's, then how exactly the client named it.
fn best(ranges: &[Range<'_>]) -> Option<HeaderValue> {
    let mut found: Option<((u16, u16, u8), HeaderValue)> = None;
    for range in ranges {
        for (subkind, weight) in PRODUCED {
            let Some(exactness) = range.matches("application", subkind) else {
                continue;
            };
            let rank = (range.quality, weight, exactness);
            if found.as_ref().is_none_or(|(best, _)| rank > *best) {
                found = Some((rank, chosen(range, subkind, exactness)?));
            }
        }
    }
    found.map(|(_, value)| value)
}

/// The type as it is answered: with the client's parameters where it named the type in full.
fn chosen(range: &Range<'_>, subkind: &str, exactness: u8) -> Option<HeaderValue> {
    let mut value = format!("application/{subkind}");
    if exactness == Range::EXACT {
        for (name, parameter) in range.parameters.iter().filter(|(name, _)| name != "q") {
            value.push(';');
            value.push_str(name);
            value.push('=');
            value.push_str(parameter);
        }
    }
    HeaderValue::from_str(&value).ok()
}

fn text(field: &HeaderValue) -> Result<&str, Refusal> {
    field.to_str().map_err(|_| Refusal::bad_header())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: hyper::header::HeaderName, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name.clone(), value.parse().expect("a header value"));
        }
        headers
    }

    fn answered(accept: &[&str]) -> Result<String, u32> {
        answer_type(&with(ACCEPT, accept))
            .map(|value| value.to_str().expect("ASCII").to_owned())
            .map_err(|refusal| refusal.code())
    }

    #[test]
    fn the_answer_follows_the_weights_of_client_and_server() {
        const V1: &str = PREFERRED;
        const UNVERSIONED: &str = "application/vnd.schemaregistry+json";
        for (accept, expected) in [
            (V1, V1),
            (UNVERSIONED, UNVERSIONED),
            (JSON, JSON),
            ("*/*", V1),
            ("*", V1),
            ("", V1),
            ("application/*", V1),
            ("application", V1),
            ("application/json, */*", V1),
            (
                "application/json;q=0.5, application/vnd.schemaregistry.v1+json",
                V1,
            ),
            (
                "application/vnd.schemaregistry.v1+json;q=0.1, application/json",
                JSON,
            ),
            (
                "application/vnd.schemaregistry+json, application/json",
                UNVERSIONED,
            ),
            ("text/html, application/json", JSON),
            ("text/html, */*;q=0.1", V1),
            ("APPLICATION/JSON", JSON),
            (
                "application/json; charset=utf-8",
                "application/json;charset=utf-8",
            ),
            ("application/json;q=0", JSON),
            ("*/*;q=0", V1),
        ] {
            assert_eq!(answered(&[accept]), Ok(expected.to_owned()), "{accept}");
        }
        assert_eq!(answered(&[]), Ok(V1.to_owned()));
        assert_eq!(answered(&["text/html", JSON]), Ok(JSON.to_owned()));
    }

    #[test]
    fn what_cannot_be_produced_is_not_acceptable_and_what_cannot_be_read_is_bad() {
        for accept in ["text/html", "nonsense", "application/xml", "text/*"] {
            assert_eq!(answered(&[accept]), Err(406), "{accept}");
        }
        for accept in [
            "application/json;q=2",
            "application/json;q=x",
            "application/json;charset",
            "/json",
            "a b",
        ] {
            assert_eq!(answered(&[accept]), Err(400), "{accept}");
        }
    }

    fn read(content_type: &str) -> Result<(), u32> {
        check_content_type(&with(CONTENT_TYPE, &[content_type])).map_err(|refusal| refusal.code())
    }

    #[test]
    fn four_types_are_read_whatever_their_parameters() {
        for content_type in [
            PREFERRED,
            "application/vnd.schemaregistry+json",
            JSON,
            "application/octet-stream",
            "application/json; charset=latin1",
            "Application/Json",
        ] {
            assert_eq!(read(content_type), Ok(()), "{content_type}");
        }
        assert_eq!(check_content_type(&HeaderMap::new()), Ok(()));
    }

    #[test]
    fn other_types_and_wildcards_are_not_read() {
        for content_type in [
            "text/plain",
            "text/json",
            "application/xml",
            "application/vnd.schemaregistry.v2+json",
            "application/vnd.kafka.json.v2+json",
            "application/*",
            "*/*",
        ] {
            assert_eq!(read(content_type), Err(415), "{content_type}");
        }
        for content_type in ["nonsense", ""] {
            assert_eq!(read(content_type), Err(400), "{content_type:?}");
        }
    }
}
