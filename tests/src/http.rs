//! A small HTTP/1.1 client that sends a request byte for byte as it is given.
//!
//! Ordinary clients normalise the request target and add headers of their own; the tests are about
//! exactly those things. It knows no TLS and no redirects, and of codings only gzip.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use flate2::read::GzDecoder;

/// The protocol's own media type, which requests carry unless they say otherwise.
pub const MEDIA_TYPE: &str = "application/vnd.schemaregistry.v1+json";

/// How long one read or write may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is sent: the target is not encoded, the headers are not completed, but for `Host` and `Content-Length`.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST`, or whatever a test wants to try.
    pub method: String,
    /// Path and query, as they go on the wire.
    pub target: String,
    /// Header lines in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// A request with the protocol's usual headers, and with a body if one is given.
    #[must_use]
    pub fn new(method: &str, target: &str, body: Option<&str>) -> Self {
        let mut headers = vec![("Accept".to_owned(), MEDIA_TYPE.to_owned())];
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), MEDIA_TYPE.to_owned()));
        }
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers,
            body: body.map(|text| text.as_bytes().to_owned()),
        }
    }

    /// Replaces a header, or leaves it out when the value is `None`.
    pub fn set_header(&mut self, name: &str, value: Option<&str>) {
        self.headers
            .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    fn bytes(&self, host: SocketAddr) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let with_length = matches!(self.method.as_str(), "POST" | "PUT" | "PATCH");
        let mut own = vec![("Host", host.to_string())];
        if with_length || self.body.is_some() {
            own.push((
                "Content-Length",
                self.body.as_ref().map_or(0, Vec::len).to_string(),
            ));
        }
        for (name, value) in own {
            if !self
                .headers
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name))
            {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default());
        bytes
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header lines in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The body, without its transfer coding.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text; what is not UTF-8 shows as replacement characters.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; `Null` when it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// One keep-alive connection, opened when it is needed.
#[derive(Debug)]
pub struct Client {
    server: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client that has not connected yet.
    #[must_use]
    pub fn new(server: SocketAddr) -> Self {
        Self {
            server,
            connection: None,
        }
    }

    /// Sends a request; once more if the server had closed the idle connection.
    pub fn send(&mut self, request: &Request) -> io::Result<Response> {
        let reused = self.connection.is_some();
        match self.send_once(request) {
            Err(error) if reused && is_disconnect(&error) => self.send_once(request),
            other => other,
        }
    }

    /// Sends a request exactly once: for those that must not be repeated when the answer is lost.
    pub fn send_once(&mut self, request: &Request) -> io::Result<Response> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.server)?,
        };
        connection
            .get_mut()
            .write_all(&request.bytes(self.server))?;
        let (response, keep) = read_response(&mut connection, request.method == "HEAD")?;
        if keep {
            self.connection = Some(connection);
        }
        Ok(response)
    }

    /// Forgets the connection, so that the next request opens one.
    pub fn disconnect(&mut self) {
        self.connection = None;
    }
}

fn connect(server: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(BufReader::new(stream))
}

fn is_disconnect(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

/// The answer, and whether the connection stays open after it.
fn read_response(from: &mut impl BufRead, to_head: bool) -> io::Result<(Response, bool)> {
    let (status, headers) = read_head(from)?;
    let mut response = Response {
        status,
        headers,
        body: Vec::new(),
    };
    let value = |name: &str| response.header(name).map(str::to_ascii_lowercase);
    let mut keep = value("Connection").is_none_or(|connection| connection != "close");
    if to_head || matches!(status, 204 | 304) {
        return Ok((response, keep));
    }
    if value("Transfer-Encoding").is_some_and(|coding| coding == "chunked") {
        response.body = read_chunks(from)?;
    } else if let Some(length) = value("Content-Length") {
        let length = length
            .parse()
            .map_err(|_| malformed("a Content-Length that is no number"))?;
        response.body = read_exactly(from, length)?;
    } else {
        from.read_to_end(&mut response.body)?;
        keep = false;
    }
    decode(&mut response)?;
    Ok((response, keep))
}

/// Takes the coding off the body; the header stays for a test to look at.
fn decode(response: &mut Response) -> io::Result<()> {
    match response.header("Content-Encoding") {
        _ if response.body.is_empty() => Ok(()),
        None | Some("identity") => Ok(()),
        Some("gzip") => {
            let mut text = Vec::new();
            GzDecoder::new(response.body.as_slice()).read_to_end(&mut text)?;
            response.body = text;
            Ok(())
        }
        Some(other) => Err(malformed(&format!("the body came as {other}"))),
    }
}

fn read_head(from: &mut impl BufRead) -> io::Result<(u16, Vec<(String, String)>)> {
    let line = read_line(from)?;
    let status = line
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3)?.parse().ok());
    let status = status.ok_or_else(|| malformed(&format!("no status line: {line:?}")))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(from)?;
        if line.is_empty() {
            return Ok((status, headers));
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| malformed(&format!("no header: {line:?}")))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = Vec::new();
    from.read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Err(io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "the connection ended before the answer did",
        ));
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}

fn read_exactly(from: &mut impl BufRead, length: usize) -> io::Result<Vec<u8>> {
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(body)
}

fn read_chunks(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = read_line(from)?;
        let size = line.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| malformed("a chunk without its size"))?;
        body.extend(read_exactly(from, size)?);
        // The line end after the chunk, or the empty trailer after the last one.
        read_line(from)?;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
