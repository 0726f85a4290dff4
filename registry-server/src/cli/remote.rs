//! A running server, asked by a command: plain HTTP/1.1, a connection for each question.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// No answer that a command asks for is longer.
const ANSWER_BYTES_MAX: usize = 64 << 20;

/// Time for one question.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a server is, and who asks: the same arguments for every command that asks one.
#[derive(clap::Args)]
pub(super) struct ServerAddress {
    /// The server.
    #[arg(
        long,
        env = "CONCORD_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8081"
    )]
    pub(super) url: String,

    /// Name for Basic authentication.
    #[arg(long, env = "CONCORD_USER", value_name = "NAME")]
    user: Option<String>,

    /// File whose first line is the password of that name.
    #[arg(
        long,
        env = "CONCORD_PASSWORD_FILE",
        value_name = "FILE",
        requires = "user"
    )]
    password_file: Option<PathBuf>,
}

impl ServerAddress {
    /// The server, ready to be asked.
    pub(super) fn remote(&self) -> anyhow::Result<Remote> {
        let authorization = basic(self.user.as_deref(), self.password_file.as_deref())?;
        Remote::new(&self.url, authorization)
    }
}

/// A server, and how to ask it.
pub(super) struct Remote {
    host: String,
    port: u16,
    base: String,
    authorization: Option<String>,
}

impl Remote {
    fn new(url: &str, authorization: Option<String>) -> anyhow::Result<Self> {
        let uri: Uri = url.parse().with_context(|| format!("{url} is no URL"))?;
        ensure!(
            uri.scheme_str() == Some("http"),
            "{url} does not begin with http://"
        );
        let host = uri.host().with_context(|| format!("{url} has no host"))?;
        Ok(Self {
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(80),
            base: uri.path().trim_end_matches('/').to_owned(),
            authorization,
        })
    }

    /// Asks with a body of JSON, or with none, and gives status and text of the answer.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        accept: &str,
        body: Option<String>,
    ) -> anyhow::Result<(StatusCode, String)> {
        let asking = self.send(method, path, accept, body);
        let answer = tokio::time::timeout(PATIENCE, asking).await;
        answer.context("no answer in time")?
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        accept: &str,
        body: Option<String>,
    ) -> anyhow::Result<(StatusCode, String)> {
        let host = self.host.trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, self.port)).await;
        let stream = stream.with_context(|| format!("cannot reach {}:{}", self.host, self.port))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let serving = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(HOST, format!("{}:{}", self.host, self.port))
            .header(ACCEPT, accept);
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let body = Full::<Bytes>::from(body.unwrap_or_default());
        let answer = sender.send_request(request.body(body)?).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX)
            .collect()
            .await;
        serving.abort();
        ensure!(
            status != StatusCode::UNAUTHORIZED,
            "the server asks who this is: give --user"
        );
        let body = body.map_err(|error| anyhow::anyhow!("the answer broke off: {error}"))?;
        let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        Ok((status, text))
    }
}

/// The header of Basic authentication; the password is the first line of the file.
fn basic(user: Option<&str>, password_file: Option<&Path>) -> anyhow::Result<Option<String>> {
    let Some(user) = user else {
        return Ok(None);
    };
    let password = match password_file {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the password from {}", path.display()))?,
        None => String::new(),
    };
    let password = password.lines().next().unwrap_or_default();
    let pair = STANDARD.encode(format!("{user}:{password}"));
    Ok(Some(format!("Basic {pair}")))
}
