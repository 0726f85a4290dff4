//! Requests with and without passwords, through the outermost service.

use axum::Extension;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::StatusCode;
use tempfile::TempDir;

use super::*;
use crate::app::tests::app;
use crate::exchange::Front;
use crate::exchange::tests::send;
use crate::router::router;

/// A cheap hash of `password`, from the test vectors of the reference implementation of Argon2.
const HASH: &str =
    "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

const SCHEMA: &str = r#"{"schema":"\"string\""}"#;

struct Guarded {
    front: Front,
    file: PathBuf,
    _directories: [TempDir; 2],
}

impl Guarded {
    fn start(names: &[&str], flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let file = folder.path().join("users");
        write(&file, names);
        let path = file.to_str().expect("a path in UTF-8");
        let (app, store) = app(&[&["--users-file", path], flags].concat());
        Self {
            front: {
                let who = |Extension(principal): Extension<Arc<Principal>>| async move {
                    principal.name.clone()
                };
                Front::new(Arc::clone(&app), router(&app).route("/who", get(who)))
            },
            file,
            _directories: [folder, store],
        }
    }

    async fn ask(&self, target: &str, sent: &[&str]) -> StatusCode {
        let headers: Vec<_> = sent.iter().map(|sent| ("authorization", *sent)).collect();
        send(&self.front, "GET", target, &headers, "")
            .await
            .status()
    }

    fn guard(&self) -> &Guard {
        self.front.app().gate.guard.as_ref().expect("a users file")
    }

    fn hashed(&self) -> u64 {
        let text = self.front.app().metrics.render(self.front.app());
        let text = text.expect("encodable");
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("concord_password_checks_total "));
        line.expect("the figure").parse().expect("a number")
    }
}

fn write(file: &std::path::Path, names: &[&str]) {
    let lines: String = names
        .iter()
        .map(|name| format!("{name}:{HASH}\n"))
        .collect();
    std::fs::write(file, lines).expect("a file");
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

#[tokio::test]
async fn only_who_knows_a_password_of_the_file_is_answered() {
    let guarded = Guarded::start(&["ada", "bob"], &[]);
    let right = basic("ada", "password");
    assert_eq!(guarded.ask("/subjects", &[&right]).await, StatusCode::OK);
    for wrong in [
        vec![],
        vec![basic("ada", "Password")],
        vec![basic("eve", "password")],
        vec!["Bearer x".to_owned()],
        vec![right.clone(), right.clone()],
    ] {
        let sent: Vec<_> = wrong.iter().map(String::as_str).collect();
        let status = guarded.ask("/subjects", &sent).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_scheme_and_tells_no_more() {
    let guarded = Guarded::start(&["ada"], &[]);
    let mut refusals = Vec::new();
    for sent in [basic("ada", "x"), basic("eve", "x")] {
        let headers = [("authorization", sent.as_str())];
        let refusal = send(&guarded.front, "POST", "/subjects/s", &headers, SCHEMA).await;
        assert_eq!(refusal.status(), StatusCode::UNAUTHORIZED);
        let challenge = &refusal.headers()["www-authenticate"];
        assert_eq!(challenge, r#"Basic realm="concord", charset="UTF-8""#);
        refusals.push(refusal.into_body());
    }
    assert_eq!(
        refusals[0],
        r#"{"error_code":401,"message":"Unauthorized"}"#
    );
    assert_eq!(refusals[0], refusals[1]);
}

#[tokio::test]
async fn health_is_for_everybody_and_metrics_only_if_the_settings_say_so() {
    let guarded = Guarded::start(&["ada"], &[]);
    assert_eq!(guarded.ask("/health/live", &[]).await, StatusCode::OK);
    assert_eq!(guarded.ask("/health/ready", &[]).await, StatusCode::OK);
    assert_eq!(guarded.ask("/metrics", &[]).await, StatusCode::UNAUTHORIZED);
    let open = Guarded::start(&["ada"], &["--metrics-without-password", "true"]);
    assert_eq!(open.ask("/metrics", &[]).await, StatusCode::OK);
    assert_eq!(open.ask("/subjects", &[]).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_answer_that_is_kept_is_kept_from_strangers() {
    let guarded = Guarded::start(&["ada"], &[]);
    let right = basic("ada", "password");
    for _ in 0..3 {
        assert_eq!(guarded.ask("/config", &[&right]).await, StatusCode::OK);
    }
    assert!(guarded.front.app().metrics.answers_kept.get() > 0);
    assert_eq!(guarded.ask("/config", &[]).await, StatusCode::UNAUTHORIZED);
    let wrong = basic("ada", "x");
    assert_eq!(
        guarded.ask("/config", &[&wrong]).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_password_is_hashed_once_however_often_it_is_sent_and_whether_right_or_wrong() {
    let guarded = Guarded::start(&["ada"], &[]);
    for sent in [basic("ada", "password"), basic("ada", "wrong")] {
        let before = guarded.hashed();
        for _ in 0..5 {
            guarded.ask("/mode", &[&sent]).await;
        }
        assert_eq!(guarded.hashed() - before, 1);
    }
    let forgetful = Guarded::start(&["ada"], &["--password-memory-ms", "0"]);
    for _ in 0..3 {
        forgetful.ask("/mode", &[&basic("ada", "password")]).await;
    }
    assert_eq!(forgetful.hashed(), 3);
}

#[tokio::test]
async fn users_who_leave_the_file_are_strangers_at_once_and_new_ones_come_in() {
    let guarded = Guarded::start(&["ada"], &[]);
    let (ada, bob) = (basic("ada", "password"), basic("bob", "password"));
    assert_eq!(guarded.ask("/config", &[&ada]).await, StatusCode::OK);
    assert_eq!(
        guarded.ask("/config", &[&bob]).await,
        StatusCode::UNAUTHORIZED
    );
    write(&guarded.file, &["bob"]);
    guarded.guard().reload_if_changed();
    assert_eq!(
        guarded.ask("/config", &[&ada]).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(guarded.ask("/config", &[&bob]).await, StatusCode::OK);
}

#[tokio::test]
async fn a_file_with_a_fault_changes_nothing() {
    let guarded = Guarded::start(&["ada"], &[]);
    std::fs::write(&guarded.file, format!("bob:{HASH}\neve\n")).expect("a file");
    guarded.guard().reload_if_changed();
    assert_eq!(
        guarded.ask("/config", &[&basic("ada", "password")]).await,
        StatusCode::OK
    );
    assert_eq!(
        guarded.ask("/config", &[&basic("bob", "password")]).await,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn while_somebody_guesses_others_are_let_in() {
    let guarded = Guarded::start(&["ada", "bob"], &["--password-checks-max", "1"]);
    let users = guarded.guard().users.load_full();
    // Somebody's guesses wait in the queue of `ada`, and strangers in theirs.
    let _guess = users.queue_of("ada").turn().await.expect("a turn");
    let _other = users.queue_of("eve").turn().await.expect("a turn");
    let right = basic("bob", "password");
    assert_eq!(guarded.ask("/config", &[&right]).await, StatusCode::OK);
}

#[tokio::test]
async fn the_name_that_was_proved_reaches_the_handler() {
    let guarded = Guarded::start(&["ada"], &[]);
    let headers = [("authorization", basic("ada", "password"))];
    let headers = headers
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    for _ in 0..2 {
        let answer = send(&guarded.front, "GET", "/who", &headers, "").await;
        assert_eq!(answer.body(), "ada");
    }
}
