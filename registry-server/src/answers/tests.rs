//! Kept answers beside answers that are made each time: nobody may be able to tell which is which.

use std::sync::atomic::{AtomicI64, Ordering};

use http_body_util::BodyExt;
use hyper::header::CONTENT_LENGTH;
use hyper::{Method, Uri};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::app::App;
use crate::app::tests::{app, app_over};
use crate::exchange::Front;
use crate::exchange::pieces::{PIECE_BYTES_MAX, Pieces};
use crate::exchange::tests::send;
use crate::request::id::REQUEST_ID;
use crate::router::router;

/// Room for one answer, not for two.
const ONE_ANSWER: &str = "800";

/// Three servers over one store, which differ in what they keep.
struct Servers {
    keeps_none: Front,
    keeps_all: Front,
    keeps_one: Front,
    _directory: TempDir,
}

impl Servers {
    fn start() -> Self {
        Self::over(app(&["--answers-bytes-max", "0"]))
    }

    /// With an audit log, into which every refused change writes.
    fn with_audit_log() -> Self {
        let keys = TempDir::new().expect("a folder");
        let key = keys.path().join("audit.key");
        std::fs::write(&key, "11".repeat(32)).expect("a file");
        let key = key.to_str().expect("a path of text");
        Self::over(app(&["--answers-bytes-max", "0", "--audit-key-file", key]))
    }

    fn over((none, directory): (Arc<App>, TempDir)) -> Self {
        let front = |app| Front::new(Arc::clone(&app), router(&app));
        let keeping = |bytes| front(app_over(&none, &["--answers-bytes-max", bytes]));
        Self {
            keeps_all: keeping("8388608"),
            keeps_one: keeping(ONE_ANSWER),
            keeps_none: front(none),
            _directory: directory,
        }
    }

    fn all(&self) -> [&Front; 3] {
        [&self.keeps_none, &self.keeps_all, &self.keeps_one]
    }
}

#[derive(Debug, Clone)]
struct Asked {
    method: &'static str,
    target: String,
    headers: Vec<(&'static str, &'static str)>,
    body: String,
}

#[derive(Debug, Clone)]
enum Step {
    /// Goes to one of the servers; the others learn of it by the revision only.
    Change(Asked, usize),
    /// Goes to all, and twice.
    Question(Asked),
}

const SUBJECTS: [&str; 3] = ["a", "b", ":.c:a"];

/// Each reads the ones before it, the last none.
const SCHEMAS: [&str; 4] = [
    r#"{"type":"record","name":"R","fields":[]}"#,
    r#"{"type":"record","name":"R","fields":[{"name":"x","type":"int","default":0}]}"#,
    r#"{"type":"record","name":"R","fields":[{"name":"x","type":"long","default":0}]}"#,
    r#""string""#,
];

fn submission(schema: &str) -> String {
    serde_json::json!({ "schema": schema }).to_string()
}

fn changes() -> impl Strategy<Value = Asked> {
    let subject = prop::sample::select(&SUBJECTS[..]);
    let change = prop::sample::select(vec![
        ("DELETE", "/subjects/{}", ""),
        ("DELETE", "/subjects/{}?permanent=true", ""),
        ("DELETE", "/subjects/{}/versions/latest", ""),
        ("DELETE", "/subjects/{}/versions/1", ""),
        ("DELETE", "/subjects/{}/versions/1?permanent=true", ""),
        ("PUT", "/config", r#"{"compatibility":"NONE"}"#),
        ("PUT", "/config", r#"{"compatibility":"BACKWARD"}"#),
        ("PUT", "/config/{}", r#"{"compatibility":"FULL"}"#),
        ("DELETE", "/config/{}", ""),
        ("PUT", "/mode/{}", r#"{"mode":"READONLY"}"#),
        ("DELETE", "/mode/{}", ""),
    ]);
    (subject, change).prop_map(|(subject, (method, target, body))| Asked {
        method,
        target: target.replace("{}", subject),
        headers: Vec::new(),
        body: body.to_owned(),
    })
}

fn questions() -> impl Strategy<Value = Asked> {
    let subject = prop::sample::select(&SUBJECTS[..]);
    let with_body = prop::sample::select(vec![
        "/subjects/{}/versions",
        "/subjects/{}/versions?normalize=true",
        "/subjects/{}",
        "/compatibility/subjects/{}/versions",
        "/compatibility/subjects/{}/versions/latest?verbose=true",
    ]);
    let without = prop::sample::select(vec![
        "/subjects",
        "/subjects?deleted=true",
        "/subjects/{}/versions",
        "/subjects/{}/versions/latest",
        "/subjects/{}/versions/1",
        "/subjects/{}/versions/1?deleted=true",
        "/subjects/{}/versions/2/schema",
        "/schemas",
        "/schemas/ids/1",
        "/schemas/ids/2?subject={}",
        "/schemas/ids/1/versions",
        "/config",
        "/config/{}?defaultToGlobal=true",
        "/mode/{}?defaultToGlobal=true",
        "/contexts",
        "/contexts/.c/subjects",
        "/nothing",
    ]);
    let posted = (with_body, prop::sample::select(&SCHEMAS[..]))
        .prop_map(|(target, schema)| ("POST", target, submission(schema)));
    let read = (
        prop::sample::select(vec!["GET", "GET", "HEAD", "OPTIONS"]),
        without,
    )
        .prop_map(|(method, target)| (method, target, String::new()));
    (subject, prop_oneof![1 => posted, 2 => read], headers()).prop_map(
        |(subject, (method, target, body), headers)| Asked {
            method,
            target: target.replace("{}", subject),
            headers,
            body,
        },
    )
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let some = |name, values: &[&'static str]| {
        prop::option::weighted(0.5, prop::sample::select(values.to_vec()))
            .prop_map(move |value| value.map(|value| (name, value)))
    };
    (
        some(
            "accept",
            &[
                "application/json",
                "*/*",
                "application/vnd.schemaregistry.v1+json",
                "text/html",
            ],
        ),
        some("accept", &["application/vnd.schemaregistry+json"]),
        some("accept-encoding", &["gzip", "identity", "gzip;q=0"]),
        some("x-request-id", &["mine", " "]),
    )
        .prop_map(|(accept, again, encoding, id)| {
            [accept, again, encoding, id]
                .into_iter()
                .flatten()
                .collect()
        })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        1 => (changes(), 0..3_usize).prop_map(|(asked, server)| Step::Change(asked, server)),
        3 => questions().prop_map(Step::Question),
    ];
    prop::collection::vec(step, 1..60)
}

async fn ask(front: &Front, asked: &Asked) -> Response<Bytes> {
    send(
        front,
        asked.method,
        &asked.target,
        &asked.headers,
        &asked.body,
    )
    .await
}

/// The answer as it is compared; ids that the server makes differ.
fn compared(asked: &Asked, answer: &Response<Bytes>) -> (u16, HeaderMap, Bytes) {
    let mut headers = answer.headers().clone();
    let id = headers.remove(REQUEST_ID).expect("every answer has an id");
    let sent = asked
        .headers
        .iter()
        .find(|(name, _)| *name == "x-request-id");
    match sent {
        Some((_, "mine")) => assert_eq!(id, "mine"),
        _ => assert_eq!(id.len(), 36),
    }
    (answer.status().as_u16(), headers, answer.body().clone())
}

async fn run(servers: &Servers, steps: &[Step]) {
    for (index, step) in steps.iter().enumerate() {
        match step {
            Step::Change(asked, server) => {
                ask(servers.all()[*server], asked).await;
            }
            Step::Question(asked) => {
                let expected = compared(asked, &ask(&servers.keeps_none, asked).await);
                for _ in 0..2 {
                    for front in [&servers.keeps_all, &servers.keeps_one] {
                        let answer = compared(asked, &ask(front, asked).await);
                        assert_eq!(answer, expected, "step {index}: {asked:?}");
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whether_answers_are_kept_cannot_be_told_from_any_sequence_of_changes_and_questions(
        steps in steps(),
        is_audited in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("threads");
        let servers = match is_audited {
            true => Servers::with_audit_log(),
            false => Servers::start(),
        };
        runtime.block_on(run(&servers, &steps));
    }
}

fn get(target: &str) -> Asked {
    Asked {
        method: "GET",
        target: target.to_owned(),
        headers: Vec::new(),
        body: String::new(),
    }
}

fn post(target: &str, schema: &str) -> Asked {
    Asked {
        method: "POST",
        body: submission(schema),
        ..get(target)
    }
}

#[tokio::test]
async fn lookups_are_kept_until_something_changes_and_changes_never_are() {
    let servers = Servers::start();
    let front = &servers.keeps_all;
    let hits = async |asked: &Asked| {
        let before = front.app().metrics.answers_kept.get();
        assert_eq!(ask(front, asked).await.status(), 200, "{asked:?}");
        front.app().metrics.answers_kept.get() - before
    };
    let register = post("/subjects/a/versions", SCHEMAS[0]);
    let lookups = [
        get("/schemas/ids/1"),
        get("/subjects/a/versions/latest"),
        get("/subjects"),
        get("/config"),
        post("/subjects/a", SCHEMAS[0]),
        post("/compatibility/subjects/a/versions", SCHEMAS[1]),
    ];
    // The first writes, the second finds, the third is kept.
    assert_eq!(
        [
            hits(&register).await,
            hits(&register).await,
            hits(&register).await
        ],
        [0, 0, 1]
    );
    for asked in &lookups {
        assert_eq!([hits(asked).await, hits(asked).await], [0, 1], "{asked:?}");
    }
    assert_eq!(hits(&post("/subjects/b/versions", SCHEMAS[0])).await, 0);
    for asked in lookups.iter().chain([&register]) {
        assert_eq!([hits(asked).await, hits(asked).await], [0, 1], "{asked:?}");
    }
    for asked in [get("/health/ready"), get("/metrics")] {
        assert_eq!(
            [hits(&asked).await, hits(&asked).await],
            [0, 0],
            "{asked:?}"
        );
    }
}

#[tokio::test]
async fn answers_outlast_the_record_of_a_change_that_was_refused() {
    let servers = Servers::with_audit_log();
    let front = &servers.keeps_all;
    ask(front, &post("/subjects/a/versions", SCHEMAS[0])).await;
    let lookup = get("/schemas/ids/1");
    for _ in 0..2 {
        assert_eq!(ask(front, &lookup).await.status(), 200);
    }
    let before = front.app().metrics.answers_kept.get();
    let refused = ask(front, &post("/subjects/a/versions", "{")).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(ask(front, &lookup).await.status(), 200);
    assert_eq!(front.app().metrics.answers_kept.get() - before, 1);
    ask(front, &post("/subjects/b/versions", SCHEMAS[0])).await;
    assert_eq!(ask(front, &lookup).await.status(), 200);
    assert_eq!(
        front.app().metrics.answers_kept.get() - before,
        1,
        "a change"
    );
}

#[tokio::test]
async fn requests_that_differ_in_what_an_answer_depends_on_have_answers_of_their_own() {
    let servers = Servers::start();
    let front = &servers.keeps_all;
    ask(front, &post("/subjects/a/versions", SCHEMAS[0])).await;
    let plain = ask(front, &get("/subjects/a/versions/1")).await;
    assert_eq!(
        ask(front, &get("/subjects/a/versions/1")).await.body(),
        plain.body()
    );
    let with = |name, value| Asked {
        headers: vec![(name, value)],
        ..get("/subjects/a/versions/1")
    };
    let json = ask(front, &with("accept", "application/json")).await;
    assert_eq!(json.headers()["content-type"], "application/json");
    let packed = ask(front, &with("accept-encoding", "gzip")).await;
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let unreadable = ask(front, &with("content-type", "text/plain")).await;
    assert_eq!(unreadable.status(), 415);
    let head = Asked {
        method: "HEAD",
        ..get("/subjects/a/versions/1")
    };
    for _ in 0..2 {
        let answer = ask(front, &head).await;
        assert_eq!(answer.body().len(), 0);
        assert_eq!(
            answer.headers()[CONTENT_LENGTH],
            plain.body().len().to_string()
        );
    }
}

#[tokio::test]
async fn what_is_kept_stays_within_its_memory() {
    let servers = Servers::start();
    for subject in 0..40 {
        ask(
            &servers.keeps_one,
            &post(&format!("/subjects/s{subject}/versions"), SCHEMAS[0]),
        )
        .await;
    }
    for subject in 0..40 {
        let asked = get(&format!("/subjects/s{subject}/versions/1"));
        ask(&servers.keeps_one, &asked).await;
        ask(&servers.keeps_all, &asked).await;
    }
    let one = servers.keeps_one.app().answers.bytes();
    assert!(
        one > 0 && one <= ONE_ANSWER.parse().expect("a number"),
        "{one}"
    );
    assert!(servers.keeps_all.app().answers.bytes() > 40 * 300);
    assert_eq!(servers.keeps_none.app().answers.bytes(), 0);
}

#[tokio::test]
async fn an_answer_is_not_given_to_another_question_of_the_same_hash() {
    let (app, _directory) = app(&[]);
    let (answers, revision) = (Answers::new(1 << 20), app.registry.revision());
    let targets = ["/a", "/b"].map(Uri::from_static);
    let [one, other] = targets
        .each_ref()
        .map(|target| Question::of(&Method::GET, target, [None; 3], b"").expect("it asks"));
    let metrics = Arc::new(app.metrics.unrouted.clone());
    let answer = Response::new(Bytes::from_static(b"{}"));
    answers.keep(&one, revision, &answer, metrics, None);
    let kept = answers.find(&one, revision).expect("it is kept");
    let cache = answers.kept.as_ref().expect("there is room");
    cache.insert(answers.hasher.hash_one(other), kept);
    assert!(answers.find(&other, revision).is_none());
}

#[tokio::test]
async fn a_long_answer_is_handed_over_as_a_whole_when_it_is_kept() {
    let (app, _directory) = app(&[]);
    let (answers, revision) = (Answers::new(1 << 20), app.registry.revision());
    let target = Uri::from_static("/a");
    let question = Question::of(&Method::GET, &target, [None; 3], b"").expect("it asks");
    let body: Bytes = (0..3 * PIECE_BYTES_MAX)
        .map(|at| (at % 251) as u8)
        .collect();
    let metrics = Arc::new(app.metrics.unrouted.clone());
    answers.keep(
        &question,
        revision,
        &Response::new(body.clone()),
        metrics,
        None,
    );
    let kept = answers.find(&question, revision).expect("it is kept");
    let given = Pieces::from(kept);
    assert!(given.collect().await.expect("it is in memory").to_bytes() == body);
}

/// The newest version that an answer shows: of a list its last, else the member.
fn newest(body: &[u8]) -> i64 {
    let answer: serde_json::Value = serde_json::from_slice(body).expect("JSON");
    let newest = match &answer {
        serde_json::Value::Array(versions) => versions.last(),
        other => other.get("version"),
    };
    newest
        .and_then(serde_json::Value::as_i64)
        .expect("a version")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_sees_an_older_state_than_was_acknowledged_to_a_writer_or_shown_to_a_reader() {
    const VERSIONS: i64 = 80;
    let servers = Servers::start();
    let none = r#"{"compatibility":"NONE"}"#;
    send(&servers.keeps_all, "PUT", "/config", &[], none).await;
    let known = Arc::new(AtomicI64::new(0));
    let record = |number: i64| {
        let schema = format!(r#"{{"type":"enum","name":"E{number}","symbols":["A"]}}"#);
        post("/subjects/s/versions", &schema)
    };
    ask(&servers.keeps_all, &record(1)).await;
    let mut readers = Vec::new();
    for target in [
        "/subjects/s/versions/latest",
        "/subjects/s/versions/latest?deleted=true",
        "/subjects/s/versions",
        "/subjects/s/versions?deleted=true",
    ] {
        let (front, known) = (servers.keeps_all.clone(), Arc::clone(&known));
        readers.push(tokio::spawn(async move {
            while known.load(Ordering::SeqCst) < VERSIONS {
                let floor = known.load(Ordering::SeqCst);
                let seen = newest(ask(&front, &get(target)).await.body());
                assert!(
                    seen >= floor,
                    "{target} shows {seen} when {floor} was known"
                );
                known.fetch_max(seen, Ordering::SeqCst);
                tokio::task::yield_now().await;
            }
        }));
    }
    for number in 2..=VERSIONS {
        assert_eq!(ask(&servers.keeps_all, &record(number)).await.status(), 200);
        known.fetch_max(number, Ordering::SeqCst);
    }
    for reader in readers {
        reader.await.expect("no reader saw an older state");
    }
    assert!(servers.keeps_all.app().metrics.answers_kept.get() > 0);
}
