//! Requests through the outermost service, without sockets.

use std::io::Read;

use axum::routing::get;
use http_body_util::Full;
use hyper::StatusCode;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE};

use tempfile::TempDir;

use super::*;
use crate::app::tests::app;
use crate::router::router;

impl Front {
    pub(crate) fn app(&self) -> &App {
        &self.inner.app
    }
}

/// The service over a store of its own.
struct Tested {
    front: Front,
    _directory: TempDir,
}

impl std::ops::Deref for Tested {
    type Target = Front;

    fn deref(&self) -> &Front {
        &self.front
    }
}

fn front(flags: &[&str]) -> Tested {
    let (app, directory) = app(flags);
    let router = router(&app)
        .route("/panics", get(|| async { panic!("a bug") as &'static str }))
        .route("/hangs", get(std::future::pending::<&'static str>));
    Tested {
        front: Front::new(app, router),
        _directory: directory,
    }
}

pub(crate) async fn send(
    front: &Front,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Bytes> {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in [("host", "test")].iter().chain(headers) {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::new(Bytes::from(body.to_owned())))
        .expect("a valid request");
    let answer = front
        .call(request)
        .await
        .unwrap_or_else(|impossible| match impossible {});
    let (head, body) = answer.into_parts();
    let body = body
        .collect()
        .await
        .map(Collected::to_bytes)
        .expect("a body in memory");
    Response::from_parts(head, body)
}

async fn get_from(front: &Front, target: &str) -> Response<Bytes> {
    send(front, "GET", target, &[], "").await
}

fn header<'r>(response: &'r Response<Bytes>, name: &str) -> Option<&'r str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().expect("ASCII"))
}

#[tokio::test]
async fn an_unknown_path_and_another_method_are_refused_in_the_protocols_envelope() {
    let front = front(&[]);
    let unknown = get_from(&front, "/nothing").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        unknown.body(),
        r#"{"error_code":404,"message":"HTTP 404 Not Found"}"#
    );
    assert_eq!(
        header(&unknown, "content-type"),
        Some("application/vnd.schemaregistry.v1+json")
    );

    let wrong = send(&front, "DELETE", "/", &[], "").await;
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        wrong.body(),
        r#"{"error_code":405,"message":"HTTP 405 Method Not Allowed"}"#
    );
    assert_eq!(header(&wrong, "allow"), Some("GET,HEAD,POST"));
}

#[tokio::test]
async fn options_lists_the_methods_of_a_path() {
    let answer = send(&front(&[]), "OPTIONS", "/", &[], "").await;
    assert_eq!((answer.status(), answer.body().len()), (StatusCode::OK, 0));
    assert_eq!(header(&answer, "allow"), Some("GET,HEAD,POST,OPTIONS"));
    assert_eq!(
        send(&front(&[]), "OPTIONS", "/nothing", &[], "")
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let front = front(&[]);
    let full = get_from(&front, "/v1/metadata/id").await;
    let head = send(&front, "HEAD", "/v1/metadata/id", &[], "").await;
    assert_eq!(head.body().len(), 0);
    assert_eq!(
        head.headers()[CONTENT_LENGTH],
        full.body().len().to_string()
    );
    assert_eq!(head.headers()[CONTENT_TYPE], full.headers()[CONTENT_TYPE]);
    assert_eq!(
        send(&front, "HEAD", "/nothing", &[], "").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_path_is_known_in_every_spelling() {
    let front = front(&[]);
    for target in [
        "/v1/metadata/id/",
        "/%76%31/metadata/id",
        "/v1;x=1/metadata/id",
        "/contexts/.c/v1/metadata/id",
        "/v1/metadata/id?x=%zz",
    ] {
        assert_eq!(
            get_from(&front, target).await.status(),
            StatusCode::OK,
            "{target}"
        );
    }
    for target in [
        "//v1/metadata/id",
        "/v1/metadata/%2e",
        "/v1/../../id",
        "/v1/%zz",
        "/a|b",
        "/contexts/a:b/subjects",
    ] {
        assert_eq!(
            get_from(&front, target).await.status(),
            StatusCode::BAD_REQUEST,
            "{target}"
        );
    }
}

#[tokio::test]
async fn refusals_come_in_the_order_path_method_content_type_accept_body() {
    let front = front(&[]);
    let bad = [("content-type", "text/plain"), ("accept", "text/html")];
    for (method, target, headers, expected) in [
        ("POST", "/nothing", &bad[..], 404),
        ("PUT", "/", &bad[..], 405),
        ("POST", "/", &bad[..], 415),
        ("POST", "/", &bad[1..], 406),
        ("POST", "/", &[][..], 400),
    ] {
        let answer = send(&front, method, target, headers, "junk").await;
        assert_eq!(
            answer.status().as_u16(),
            expected,
            "{method} {target} {headers:?}"
        );
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_accept_it() {
    let accepts = [("accept-encoding", "gzip")];
    let plain = get_from(&front(&[]), "/v1/metadata/id").await;
    let packed = send(&front(&[]), "GET", "/v1/metadata/id", &accepts, "").await;
    assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
    assert_eq!(packed.headers().get(CONTENT_LENGTH), None);
    let mut unpacked = String::new();
    flate2::read::GzDecoder::new(&packed.body()[..])
        .read_to_string(&mut unpacked)
        .expect("gzip");
    assert_eq!(unpacked.as_bytes(), plain.body());

    let off = send(
        &front(&["--compression-enable", "false"]),
        "GET",
        "/v1/metadata/id",
        &accepts,
        "",
    )
    .await;
    assert_eq!(off.body(), plain.body());
    for answer in [&plain, &packed, &off] {
        assert_eq!(header(answer, "vary"), Some("Accept-Encoding"));
    }
}

#[tokio::test]
async fn every_answer_carries_the_request_id_and_the_configured_headers() {
    let front = front(&[
        "--response-headers",
        "set X-Frame-Options: DENY, add Cache-Control: no-store",
    ]);
    for target in ["/", "/nothing", "//", "/panics"] {
        let answer = send(&front, "GET", target, &[("x-request-id", "abc-1")], "").await;
        assert_eq!(header(&answer, "x-request-id"), Some("abc-1"), "{target}");
        assert_eq!(header(&answer, "x-frame-options"), Some("DENY"), "{target}");
        assert_eq!(
            header(&answer, "cache-control"),
            Some("no-store"),
            "{target}"
        );
    }
}

#[tokio::test]
async fn a_panicking_handler_answers_500_and_a_hanging_one_504() {
    let front = front(&["--request-timeout-ms", "20"]);
    let panicked = get_from(&front, "/panics").await;
    assert_eq!(panicked.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(
        panicked.body(),
        r#"{"error_code":500,"message":"Internal Server Error"}"#
    );
    assert_eq!(
        get_from(&front, "/hangs").await.status(),
        StatusCode::GATEWAY_TIMEOUT
    );
    assert_eq!(get_from(&front, "/").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let front = front(&["--body-bytes-max", "10"]);
    assert_eq!(
        send(&front, "POST", "/", &[], r#"{"a":"bc"}"#)
            .await
            .status(),
        StatusCode::OK
    );
    let refused = send(&front, "POST", "/", &[], r#"{"a":"bcd"}"#).await;
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        refused.body(),
        r#"{"error_code":413,"message":"Request body is too large: 11>10"}"#
    );
}

#[tokio::test]
async fn metrics_are_for_those_who_accept_their_format() {
    let front = front(&[]);
    get_from(&front, "/v1/metadata/id").await;
    for accept in [
        "*/*",
        "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    ] {
        let figures = send(&front, "GET", "/metrics", &[("accept", accept)], "").await;
        let text = String::from_utf8_lossy(figures.body()).into_owned();
        assert!(text.contains(r#"concord_http_requests_total{method="GET",route="/v1/metadata/id",status="200"} 1"#), "{text}");
    }
    let registry_only = [("accept", "application/vnd.schemaregistry.v1+json")];
    assert_eq!(
        send(&front, "GET", "/metrics", &registry_only, "")
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_server_is_ready_until_it_stops() {
    let front = front(&[]);
    assert_eq!(
        get_from(&front, "/health/live").await.status(),
        StatusCode::OK
    );
    assert_eq!(
        get_from(&front, "/health/ready").await.body(),
        r#"{"status":"ready"}"#
    );
    front.inner.app.stop();
    let stopping = get_from(&front, "/health/ready").await;
    assert_eq!(stopping.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        stopping.body(),
        r#"{"status":"not ready","reasons":["the server is shutting down"]}"#
    );
}

#[tokio::test]
async fn a_request_of_http_1_1_names_one_host() {
    let front = front(&[]);
    for (hosts, expected) in [(0, 400), (1, 200), (2, 400)] {
        let mut request = Request::builder().uri("/");
        for _ in 0..hosts {
            request = request.header(HOST, "test");
        }
        let request = request
            .body(Full::new(Bytes::new()))
            .expect("a valid request");
        let answer = front
            .call(request)
            .await
            .unwrap_or_else(|impossible| match impossible {});
        assert_eq!(answer.status().as_u16(), expected, "{hosts} hosts");
    }
}
