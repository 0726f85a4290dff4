//! One look at `/metrics`: plain HTTP/1.1, a connection for each look.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, HOST};
use hyper::{Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::scrape::Scrape;

/// A page of figures is far below this.
const PAGE_BYTES_MAX: usize = 16 << 20;

/// Time for one look.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server, and how to ask it.
pub(super) struct Target {
    host: String,
    port: u16,
    path: String,
    authorization: Option<String>,
}

impl Target {
    pub(super) fn new(url: &str, authorization: Option<String>) -> anyhow::Result<Self> {
        let uri: Uri = url.parse().with_context(|| format!("{url} is no URL"))?;
        ensure!(
            uri.scheme_str() == Some("http"),
            "{url} does not begin with http://"
        );
        let host = uri.host().with_context(|| format!("{url} has no host"))?;
        Ok(Self {
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(80),
            path: format!("{}/metrics", uri.path().trim_end_matches('/')),
            authorization,
        })
    }

    /// The figures as they are now.
    pub(super) async fn look(&self) -> anyhow::Result<Scrape> {
        let text = tokio::time::timeout(PATIENCE, self.fetch()).await;
        Ok(Scrape::read(&text.context("no answer in time")??))
    }

    async fn fetch(&self) -> anyhow::Result<String> {
        let host = self.host.trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, self.port)).await;
        let stream = stream.with_context(|| format!("cannot reach {}:{}", self.host, self.port))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let serving = tokio::spawn(connection);
        let mut request = Request::get(&self.path)
            .header(HOST, format!("{}:{}", self.host, self.port))
            .header(ACCEPT, "text/plain");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let answer = sender
            .send_request(request.body(Empty::<Bytes>::new())?)
            .await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), PAGE_BYTES_MAX)
            .collect()
            .await;
        serving.abort();
        match status {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => bail!("the server asks who this is: give --user"),
            other => bail!("the server answered {other}"),
        }
        let body = body.map_err(|error| anyhow::anyhow!("the answer broke off: {error}"))?;
        Ok(String::from_utf8_lossy(&body.to_bytes()).into_owned())
    }
}
