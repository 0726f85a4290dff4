//! A listener for those who watch the server and for nobody else: figures and health, never the registry.
//!
//! It has its own few connections, so it answers while the other listener is full, and asks nobody who he is: bind it
//! where only the watchers are.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::api::call::Reply;
use crate::api::{health, negotiation};
use crate::app::App;
use crate::metrics;
use crate::request::id;

/// Connections at a time. A watcher needs one.
const CONNECTIONS_MAX: usize = 32;

/// Time for the head of a request, and between two.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pause after a failure to accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A bound listener.
pub struct Monitoring {
    listener: TcpListener,
    app: Arc<App>,
}

impl Monitoring {
    /// Binds an address.
    pub async fn bind(app: Arc<App>, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { listener, app })
    }

    /// Answers for as long as it is polled.
    pub async fn run(self) {
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let mut http1 = http1::Builder::new();
        http1.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return;
            };
            let stream = match self.listener.accept().await {
                Ok((stream, _peer)) => stream,
                Err(error) => {
                    tracing::warn!(cause = %error, "a connection for metrics could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            };
            let app = Arc::clone(&self.app);
            let service = service_fn(move |request: Request<Incoming>| {
                let answer = answer(&app, &request);
                async move { Ok::<_, Infallible>(answer) }
            });
            let serving = http1.serve_connection(TokioIo::new(stream), service);
            tokio::spawn(async move {
                let _held = place;
                if let Err(error) = serving.await {
                    tracing::debug!(cause = %error, "a connection for metrics ended early");
                }
            });
        }
    }
}

fn answer<B>(app: &App, request: &Request<B>) -> Response<Full<Bytes>> {
    let id = id::take_or_make(request.headers());
    let (reply, media_type) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => match app.metrics.render(app) {
            Ok(text) => (Reply::ok(text), metrics::FORMAT),
            Err(error) => {
                tracing::error!(request_id = %id::shown(&id), cause = %error, "the metrics could not be written");
                (status(StatusCode::INTERNAL_SERVER_ERROR), negotiation::JSON)
            }
        },
        (&Method::GET, "/health/live") => (health::live(app), negotiation::JSON),
        (&Method::GET, "/health/ready") => (health::ready(app), negotiation::JSON),
        (_, "/metrics" | "/health/live" | "/health/ready") => {
            (status(StatusCode::METHOD_NOT_ALLOWED), negotiation::JSON)
        }
        _ => (status(StatusCode::NOT_FOUND), negotiation::JSON),
    };
    let mut response = Response::new(Full::new(reply.body));
    *response.status_mut() = reply.status;
    let media_type = HeaderValue::from_static(media_type);
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response.headers_mut().insert(id::REQUEST_ID, id);
    response
}

fn status(status: StatusCode) -> Reply {
    let reason = status.canonical_reason().unwrap_or_default();
    Reply {
        status,
        ..Reply::ok(format!(r#"{{"error":"{reason}"}}"#))
    }
}
