//! The short road beside the ordinary one: nobody may be able to tell which was taken.

use std::sync::Arc;

use axum::Router;
use hyper::StatusCode;
use hyper::body::Bytes;
use hyper::{HeaderMap, Response};
use tempfile::TempDir;

use crate::api::error::Refusal;
use crate::app::App;
use crate::app::tests::app;
use crate::exchange::Front;
use crate::exchange::tests::send;
use crate::request::id::REQUEST_ID;
use crate::router::router;

/// Two servers over one store: one has the whole router, and one has only what is answered in the call itself.
struct Roads {
    ordinary: Front,
    short: Front,
    _directory: TempDir,
}

impl Roads {
    /// With schemas of every format, of two contexts, with what else an answer can show, and with deleted ones.
    async fn filled() -> Self {
        let (app, directory) = app(&["--answers-bytes-max", "0"]);
        let roads = Self {
            ordinary: Front::new(Arc::clone(&app), router(&app)),
            short: Front::new(app, Router::new()),
            _directory: directory,
        };
        let avro = r#"{"schema":"{\"type\":\"record\",\"name\":\"R\",\"doc\":\"ü😀\\\\\",\"fields\":[]}"}"#;
        let referring = r#"{"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; import \"d.proto\"; message M { D d = 1; }",
            "references":[{"name":"d.proto","subject":"d","version":1}]}"#;
        let described = r#"{"schemaType":"JSON","schema":"{\"type\":\"object\"}","metadata":{"properties":{"owner \"x\"":"y"}},
            "ruleSet":{"domainRules":[{"name":"r","kind":"CONDITION","mode":"WRITE","type":"CEL","expr":"true"}]}}"#;
        let imported = r#"{"schemaType":"PROTOBUF","schema":"syntax = \"proto3\"; message D {}"}"#;
        for (method, target, body) in [
            ("POST", "/subjects/d/versions", imported),
            ("POST", "/subjects/a/versions", avro),
            ("POST", "/subjects/b/versions", avro),
            ("POST", "/subjects/p/versions", referring),
            ("POST", "/subjects/j/versions", described),
            ("POST", "/subjects/:.c:j/versions", described),
            ("PUT", "/config/a", r#"{"compatibility":"FULL"}"#),
            ("PUT", "/config/alias", r#"{"alias":"j"}"#),
            ("DELETE", "/subjects/a/versions/1", ""),
        ] {
            let media_type = [("content-type", "application/json")];
            let done = send(&roads.ordinary, method, target, &media_type, body).await;
            assert_eq!(done.status(), StatusCode::OK, "{target}: {:?}", done.body());
        }
        roads
    }
}

fn comparable(answer: Response<Bytes>) -> (StatusCode, HeaderMap, Bytes) {
    let (mut head, body) = answer.into_parts();
    head.headers
        .remove(REQUEST_ID)
        .expect("every answer has an id");
    (head.status, head.headers, body)
}

#[tokio::test]
async fn a_plain_lookup_is_answered_as_through_the_router() {
    let roads = Roads::filled().await;
    for target in [
        "/schemas/ids/1",
        "/schemas/ids/2",
        "/schemas/ids/3",
        "/schemas/ids/4",
        "/schemas/ids/99",
        "/schemas/ids/x",
        "/schemas/ids/2/schema",
        "/schemas/types",
        "/subjects/a/versions",
        "/subjects/a/versions/1",
        "/subjects/b/versions/latest",
        "/subjects/alias/versions/latest",
        "/subjects/nobody/versions/1",
        "/subjects/b/versions/0",
        "/config",
        "/config/a",
        "/config/b",
        "/mode",
        "/mode/a",
    ] {
        for headers in [
            &[][..],
            &[("accept", "application/json")][..],
            &[("accept-encoding", "gzip")][..],
            &[("confluent-accept-unknown-properties", "true")][..],
        ] {
            let short = send(&roads.short, "GET", target, headers, "").await;
            // A query that means nothing is enough to be sent by the ordinary road.
            let asked = format!("{target}?x=1");
            let ordinary = send(&roads.ordinary, "GET", &asked, headers, "").await;
            assert_eq!(
                comparable(short),
                comparable(ordinary),
                "{target} {headers:?}"
            );
        }
    }
}

#[tokio::test]
async fn what_is_not_plain_is_left_to_the_router() {
    let roads = Roads::filled().await;
    for (method, target, headers) in [
        ("HEAD", "/schemas/ids/1", &[][..]),
        ("GET", "/schemas/ids/1/", &[]),
        ("GET", "/schemas/ids/1?subject=a", &[]),
        ("GET", "/subjects/%61/versions/1", &[]),
        ("GET", "/subjects/:.c:j/versions/1", &[]),
        ("GET", "/contexts/.c/subjects/j/versions/1", &[]),
        ("GET", "/subjects", &[]),
        ("GET", "/schemas/ids/1", &[("accept", "text/html")]),
    ] {
        let answer = send(&roads.short, method, target, headers, "").await;
        // axum's own, of a router without routes.
        let is_axums = answer.status() == StatusCode::NOT_FOUND && answer.body().is_empty();
        assert!(is_axums, "{method} {target}: {answer:?}");
    }
}

#[tokio::test]
async fn a_schema_that_is_known_is_found_while_no_other_can_be_evaluated() {
    let (app, _directory) = app(&[
        "--answers-bytes-max=0",
        "--evaluations-max=1",
        "--evaluation-queue-max=0",
    ]);
    let front = Front::new(Arc::clone(&app), router(&app));
    let post = async |target: &str, body: &str| {
        let media_type = [("content-type", "application/json")];
        send(&front, "POST", target, &media_type, body).await
    };
    let (known, new) = (r#"{"schema":"\"int\""}"#, r#"{"schema":"\"long\""}"#);
    let asked = ["/subjects/s/versions", "/subjects/s"];
    post(asked[0], known).await;
    // A query that means nothing is enough to be evaluated.
    let before = [
        post("/subjects/s/versions?x=1", known).await,
        post("/subjects/s?x=1", known).await,
    ];

    let (release, gate) = std::sync::mpsc::channel::<()>();
    let busy = Arc::clone(&app);
    let running = tokio::spawn(async move {
        let waits = move |_: &App| gate.recv().map_err(Refusal::internal);
        busy.evaluate(waits).await
    });
    while app.metrics.evaluations.get() == 0 {
        tokio::task::yield_now().await;
    }
    for (target, before) in asked.iter().zip(before) {
        let found = post(target, known).await;
        assert_eq!(comparable(found), comparable(before), "{target}");
        let refused = post(target, new).await;
        assert_eq!(refused.status(), Refusal::busy().status(), "{target}");
        let with_query = format!("{target}?normalize=true");
        assert_eq!(post(&with_query, known).await.status(), refused.status());
    }
    release.send(()).expect("it waits");
    assert_eq!(running.await.expect("no panic"), Ok(()));
}
