//! One connection: which version of HTTP it speaks, and then that.
//!
//! The version is found by looking at the first bytes, under a time limit; hyper's own way of guessing has none.
//! HTTP/2 without TLS needs prior knowledge: an upgrade from HTTP/1.1 is not offered.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;

use crate::exchange::pieces::PIECE_BYTES_MAX;
use crate::metrics::RouteMetrics;
use crate::options::Options;
use crate::watch::Watched;

use super::pulse::{Felt, Pulse};
use super::socket::Socket;

/// What an HTTP/2 connection starts with; no method of HTTP/1 does.
const PREFACE: &[u8] = b"PRI";

/// Pause between two looks at a connection that has sent one or two bytes.
const PEEK_PAUSE: Duration = Duration::from_millis(20);

/// Time to answer a ping on an HTTP/2 connection that has been silent.
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Requests at a time on one HTTP/2 connection.
const STREAMS_MAX: u32 = 250;

/// How connections are served.
#[derive(Clone)]
pub(super) struct Connections {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
    front: Watched,
    /// Where heads that are malformed or too large are counted: hyper refuses them, and no service sees them.
    unrouted: RouteMetrics,
    idle_timeout: Duration,
}

#[derive(Debug, PartialEq, Eq)]
enum Version {
    Http1,
    Http2,
}

impl Connections {
    pub(super) fn new(options: &Options, front: Watched, unrouted: RouteMetrics) -> Self {
        let idle_timeout = Duration::from_millis(options.idle_timeout_ms);
        let mut http1 = http1::Builder::new();
        http1
            // Silence is watched by `pulse.rs`.
            .header_read_timeout(None)
            .max_header_size(options.header_bytes_max)
            // What it reads at a time, and keeps of what is to be sent: each piece of an answer leaves by itself.
            .max_buf_size(options.header_bytes_max.max(PIECE_BYTES_MAX));
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(options.header_bytes_max).unwrap_or(u32::MAX))
            .max_concurrent_streams(STREAMS_MAX)
            .keep_alive_interval(idle_timeout)
            .keep_alive_timeout(PING_TIMEOUT);
        Self {
            http1,
            http2,
            front,
            unrouted,
            idle_timeout,
        }
    }

    /// Serves one connection to its end, and holds something until then.
    pub(super) fn serve<H: Send + 'static>(
        &self,
        stream: TcpStream,
        pulse: Arc<Pulse>,
        held: H,
    ) -> impl Future<Output = ()> + use<H> {
        let Self {
            http1,
            http2,
            front,
            unrouted,
            idle_timeout,
        } = self.clone();
        async move {
            let _held = held;
            let version = tokio::select! {
                version = version(&stream, idle_timeout) => version,
                () = pulse.ending.told() => return,
            };
            let Some(version) = version else {
                return;
            };
            // Answers are written whole; waiting for more to send would only delay them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(cause = %error, "a connection has no TCP_NODELAY");
            }
            let front = front.for_connection(&stream);
            let io = TokioIo::new(Socket::new(stream, Arc::clone(&pulse)));
            let served = match version {
                Version::Http1 => {
                    let front = Felt::new(front, Arc::clone(&pulse));
                    let connection = pin!(http1.serve_connection(io, front));
                    let finish = http1::Connection::graceful_shutdown;
                    pulse.ending.heed(connection, finish).await
                }
                Version::Http2 => {
                    // Pings tell whether its peer is there.
                    pulse.is_watched_elsewhere();
                    let connection = pin!(http2.serve_connection(io, front));
                    let finish = http2::Connection::graceful_shutdown;
                    pulse.ending.heed(connection, finish).await
                }
            };
            if let Err(error) = served {
                if let Some(status) = refused(&error) {
                    unrouted.observe(status, Duration::ZERO);
                    unrouted.refused(status.as_u16().into());
                }
                tracing::debug!(cause = %error, "a connection ended early");
            }
        }
    }
}

/// The status with which hyper has answered a head that no service sees.
fn refused(error: &hyper::Error) -> Option<StatusCode> {
    let malformed = error.is_parse().then_some(StatusCode::BAD_REQUEST);
    match error.is_parse_too_large() {
        true => Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        false => malformed,
    }
}

/// The version that the first bytes tell; `None` when the peer sends nothing in time, or goes away.
async fn version(stream: &TcpStream, patience: Duration) -> Option<Version> {
    let told = async {
        let mut start = [0; PREFACE.len()];
        loop {
            match stream.peek(&mut start).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read if start[..read] != PREFACE[..read] => return Ok(Version::Http1),
                read if read == PREFACE.len() => return Ok(Version::Http2),
                _ => tokio::time::sleep(PEEK_PAUSE).await,
            }
        }
    };
    let told: Result<io::Result<Version>, _> = tokio::time::timeout(patience, told).await;
    told.ok()?.ok()
}
