//! The yardstick: hyper alone, answering one recorded answer to every request, whatever it asks; or to each of many
//! targets its own.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::{TcpListener, TcpStream};

use crate::load;

/// What the file with the answer begins with when connections speak HTTP/2.
pub(crate) const HTTP2: &str = "HTTP/2\r\n";

/// What the file with the answer begins with when it goes on with the bodies of many: lines of target, blank and body.
pub(crate) const MANY: &str = "MANY\r\n";

#[derive(Clone)]
struct Recorded {
    headers: HeaderMap,
    body: Bytes,
    /// By target; empty where all get the same.
    bodies: Arc<HashMap<String, Bytes>>,
}

/// Serves until it is killed.
pub(crate) fn serve(address: &str, answer: &str) -> Result<()> {
    let address: SocketAddr = address.parse()?;
    let text = fs::read(answer).context("reading the answer")?;
    let is_http2 = text.starts_with(HTTP2.as_bytes());
    let recorded = Recorded::parse(&text)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(connection(stream, recorded.clone(), is_http2));
        }
    })
}

async fn connection(stream: TcpStream, recorded: Recorded, is_http2: bool) {
    let io = TokioIo::new(stream);
    let service = service_fn(move |request| answer(request, recorded.clone()));
    // A connection that breaks is of no interest here.
    if is_http2 {
        let builder = http2::Builder::new(TokioExecutor::new());
        drop(builder.serve_connection(io, service).await);
    } else {
        drop(http1::Builder::new().serve_connection(io, service).await);
    }
}

async fn answer(
    request: Request<Incoming>,
    recorded: Recorded,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    if !body.is_end_stream() {
        drop(body.collect().await);
    }
    let body = match recorded.bodies.is_empty() {
        true => recorded.body,
        false => recorded.bodies[head.uri.path()].clone(),
    };
    let mut response = Response::new(Full::new(body));
    *response.headers_mut() = recorded.headers;
    Ok(response)
}

impl Recorded {
    /// An answer as it was on the wire. What hyper writes by itself is left to it.
    fn parse(text: &[u8]) -> Result<Self> {
        let split = load::head_length(text).context("an answer has a head")?;
        let head = str::from_utf8(&text[..split])?;
        let mut headers = HeaderMap::new();
        for line in head.split("\r\n") {
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            if name != "content-length" && name != "date" {
                headers.insert(
                    HeaderName::from_bytes(name.as_bytes())?,
                    HeaderValue::from_str(value)?,
                );
            }
        }
        let mut body = &text[split..];
        let mut bodies = HashMap::new();
        if head.starts_with(MANY) {
            for line in str::from_utf8(body)?.lines() {
                let (target, body) = line.split_once(' ').context("a target")?;
                bodies.insert(target.to_owned(), Bytes::copy_from_slice(body.as_bytes()));
            }
            body = &[];
        }
        Ok(Self {
            headers,
            body: Bytes::copy_from_slice(body),
            bodies: Arc::new(bodies),
        })
    }
}
