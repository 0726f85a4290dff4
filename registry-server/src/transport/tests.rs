//! Real connections to a real listener.

use std::time::Instant;

use axum::Router;
use axum::routing::get;
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::app::tests::app;
use crate::exchange::Front;
use crate::router::router;

/// A listener on a free port, served until it is told to stop.
struct Served {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
    app: Arc<App>,
    _directory: TempDir,
}

fn serve(flags: &[&str], extra: Router) -> Served {
    let flags: Vec<&str> = ["--listen", "127.0.0.1:0"]
        .iter()
        .chain(flags)
        .copied()
        .collect();
    let (app, directory) = app(&flags);
    let transport = Transport::bind(Arc::clone(&app)).expect("a free port");
    let address = transport.address().expect("bound");
    let front = Front::new(Arc::clone(&app), router(&app).merge(extra));
    let (stop, stopped) = oneshot::channel();
    let running = tokio::spawn(transport.run(front, async {
        let _ = stopped.await;
    }));
    Served {
        address,
        stop,
        running,
        app,
        _directory: directory,
    }
}

impl Served {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("accepted")
    }

    /// Everything that comes back after sending `text`, until the server closes.
    async fn exchange(&self, text: &str) -> String {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        // A server that closes with unread input resets the connection after its answer.
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Reads up to the end of an answer whose body is `{}`.
async fn read_answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n{}") {
        let mut buffer = [0; 1024];
        let read = stream.read(&mut buffer).await.expect("an answer");
        assert!(
            read > 0,
            "closed after {}",
            String::from_utf8_lossy(&answer)
        );
        answer.extend_from_slice(&buffer[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn pipelined_requests_are_all_answered_even_before_a_bad_one() {
    let served = serve(&[], Router::new());
    let root = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let answers = served
        .exchange(&format!("{root}{root}nonsense\r\n\r\n"))
        .await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
    assert_eq!(
        answers.matches("HTTP/1.1 400 Bad Request").count(),
        1,
        "{answers}"
    );
}

#[tokio::test]
async fn http_2_is_spoken_on_the_same_port_and_idle_connections_of_it_end_with_the_server() {
    let served = serve(&[], Router::new());
    let stream = TokioIo::new(served.connect().await);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream)
            .await
            .expect("HTTP/2");
    let connection = tokio::spawn(connection);
    let request =
        hyper::Request::get(format!("http://{}/", served.address)).body(Empty::<Bytes>::new());
    let answer = sender
        .send_request(request.expect("valid"))
        .await
        .expect("an answer");
    assert_eq!(answer.version(), hyper::Version::HTTP_2);
    let body = answer.into_body().collect().await.expect("a body");
    assert_eq!(body.to_bytes(), "{}");

    served.stop.send(()).expect("still running");
    let ended = tokio::time::timeout(Duration::from_secs(20), connection).await;
    let ended = ended.expect("it is told in time").expect("no panic");
    ended.expect("the server has said that it ends");
    served.running.await.expect("no panic");
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_answered_431() {
    let served = serve(&["--header-bytes-max", "1000"], Router::new());
    let long = "x".repeat(1000);
    let answer = served
        .exchange(&format!(
            "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {long}\r\n\r\n"
        ))
        .await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_answered_413_whether_its_length_is_declared_or_not() {
    let served = serve(&["--body-bytes-max", "10"], Router::new());
    let declared = served
        .exchange("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{")
        .await;
    assert!(declared.starts_with("HTTP/1.1 413 "), "{declared}");
    assert!(
        declared.ends_with("Request body is too large: 1000000>10\"}"),
        "{declared}"
    );
    let chunked = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"a\":\"bcd\"}\r\n0\r\n\r\n";
    let unknown = served.exchange(chunked).await;
    assert!(unknown.starts_with("HTTP/1.1 413 "), "{unknown}");
    // The server is there for others.
    let other = served.exchange("GET / HTTP/1.0\r\n\r\n").await;
    assert!(other.starts_with("HTTP/1.0 200 OK"), "{other}");
}

#[tokio::test]
async fn connections_that_say_nothing_or_stop_halfway_are_closed() {
    let served = serve(&["--idle-timeout-ms", "100"], Router::new());
    for start in ["", "P", "PR", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let begun = Instant::now();
        let answer = served.exchange(start).await;
        assert!(!answer.contains("200 OK"), "{start:?}: {answer}");
        assert!(
            begun.elapsed() >= Duration::from_millis(90),
            "{start:?} was closed at once"
        );
    }
}

#[tokio::test]
async fn a_request_may_take_longer_than_a_connection_may_be_silent() {
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "{}"
    };
    let served = serve(
        &["--idle-timeout-ms", "50"],
        Router::new().route("/slow", get(slow)),
    );
    let mut stream = served.connect().await;
    stream
        .write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    let answer = read_answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.expect("closed");
    assert!(rest.is_empty());
}

#[tokio::test]
async fn a_peer_that_does_not_read_its_answer_is_let_go() {
    /// More than the buffers of the sockets take.
    const LARGE: usize = 64 << 20;
    let served = serve(
        &["--idle-timeout-ms", "100"],
        Router::new().route("/large", get(|| async { "x".repeat(LARGE) })),
    );
    let mut deaf = served.connect().await;
    deaf.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    while served.app.metrics.connections.get() == 0 {
        tokio::task::yield_now().await;
    }
    let let_go = async {
        while served.app.metrics.connections.get() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let patience = Duration::from_secs(20);
    assert!(
        tokio::time::timeout(patience, let_go).await.is_ok(),
        "the connection is still held"
    );
}

#[tokio::test]
async fn further_connections_wait_for_a_place() {
    let served = serve(&["--connections-max", "1"], Router::new());
    let mut first = served.connect().await;
    first
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    read_answer(&mut first).await;
    assert_eq!(served.app.metrics.connections.get(), 1);

    let mut second = served.connect().await;
    second
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    let waited = tokio::time::timeout(Duration::from_millis(100), read_answer(&mut second)).await;
    assert!(
        waited.is_err(),
        "the second connection was served beside the first"
    );
    drop(first);
    read_answer(&mut second).await;
}

#[tokio::test]
async fn a_running_request_is_finished_before_the_end_and_idle_connections_are_not_waited_for() {
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, release) = (Arc::clone(&begun), Arc::clone(&release));
        move || async move {
            begun.notify_one();
            release.notified().await;
            "{}"
        }
    };
    let served = serve(&[], Router::new().route("/slow", get(slow)));
    let mut silent = served.connect().await;
    let mut idle = served.connect().await;
    idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    read_answer(&mut idle).await;
    let mut busy = served.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    begun.notified().await;

    served.stop.send(()).expect("still running");
    for stream in [&mut silent, &mut idle] {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.expect("closed");
        assert!(rest.is_empty());
    }
    assert!(
        TcpStream::connect(served.address).await.is_err(),
        "the listener is gone"
    );
    assert!(!served.running.is_finished());

    release.notify_one();
    let answer = read_answer(&mut busy).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    served.running.await.expect("no panic");
}

#[tokio::test]
async fn the_end_does_not_wait_for_ever() {
    let begun = Arc::new(Notify::new());
    let endless = {
        let begun = Arc::clone(&begun);
        move || async move {
            begun.notify_one();
            std::future::pending::<&'static str>().await
        }
    };
    let served = serve(
        &["--shutdown-timeout-ms", "50"],
        Router::new().route("/endless", get(endless)),
    );
    let mut stream = served.connect().await;
    stream
        .write_all(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    begun.notified().await;
    served.stop.send(()).expect("still running");
    served.running.await.expect("no panic");
}
