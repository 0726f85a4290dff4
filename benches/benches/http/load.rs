//! The load generator: blocking sockets and as few system calls as possible, so that it outruns any server.
//!
//! A batch is written to all connections before the first answer is read. While the server works on one connection
//! the next request is there already, so it never waits for the generator.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::process::{AUTHORIZATION, Server};

/// Connections of a load.
pub(crate) const CONNECTIONS: usize = 32;

/// A connection and what was read from it beyond the last answer.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// What a server did under load.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    /// Requests answered.
    pub(crate) answers: u32,
    /// Processor time of the server.
    pub(crate) processor: Duration,
    /// Time that passed.
    pub(crate) wall: Duration,
}

/// A `GET`.
pub(crate) fn get(target: &str) -> Vec<u8> {
    format!(
        "GET {target} HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\n\
         accept: application/vnd.schemaregistry.v1+json\r\nauthorization: {AUTHORIZATION}\r\n\r\n"
    )
    .into_bytes()
}

/// A request with a body.
pub(crate) fn send(method: &str, target: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {target} HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\n\
         accept: application/vnd.schemaregistry.v1+json\r\nauthorization: {AUTHORIZATION}\r\n\
         content-type: application/vnd.schemaregistry.v1+json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The registration of a small schema that is new, under a subject of its own.
pub(crate) fn registration(number: u64) -> Vec<u8> {
    let text = format!(r#"{{"type":"enum","name":"E{number}","symbols":["A"]}}"#);
    let body = serde_json::json!({ "schema": text }).to_string();
    send("POST", &format!("/subjects/new-{number}/versions"), &body)
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 64 << 10],
            filled: 0,
        })
    }

    pub(crate) fn write(&mut self, request: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(request)?)
    }

    /// Waits for an answer of 200.
    pub(crate) fn read(&mut self) -> Result<()> {
        while !self.take()? {
            self.fill()?;
        }
        Ok(())
    }

    /// One read of the socket.
    fn fill(&mut self) -> Result<()> {
        let read = self.stream.read(&mut self.buffer[self.filled..])?;
        ensure!(read > 0, "the server closed a connection");
        self.filled += read;
        Ok(())
    }

    /// Reads what is there of a socket that does not block; false when that is nothing.
    pub(crate) fn is_readable(&mut self) -> Result<bool> {
        match self.stream.read(&mut self.buffer[self.filled..]) {
            Ok(read) => {
                ensure!(read > 0, "the server closed a connection");
                self.filled += read;
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes one answer of 200 off what was read, if it is there.
    pub(crate) fn take(&mut self) -> Result<bool> {
        let read = &self.buffer[..self.filled];
        let Some(length) = answer_length(read)? else {
            return Ok(false);
        };
        if read.len() < length {
            return Ok(false);
        }
        ensure!(
            read.starts_with(b"HTTP/1.1 200"),
            "the answer was\n{}",
            String::from_utf8_lossy(&read[..length])
        );
        self.buffer.copy_within(length..self.filled, 0);
        self.filled -= length;
        Ok(true)
    }

    /// The bytes of the answer to a request.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>> {
        self.write(request)?;
        loop {
            let read = &self.buffer[..self.filled];
            if let Some(length) = answer_length(read)?
                && read.len() >= length
            {
                let answer = read[..length].to_vec();
                self.filled = 0;
                return Ok(answer);
            }
            self.fill()?;
        }
    }
}

/// Bytes of the head of an answer, if it is there as a whole.
pub(crate) fn head_length(answer: &[u8]) -> Option<usize> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    Some(end? + 4)
}

fn answer_length(read: &[u8]) -> Result<Option<usize>> {
    const LENGTH: &[u8] = b"content-length: ";
    let Some(body) = head_length(read) else {
        return Ok(None);
    };
    let head = &read[..body];
    let start = head
        .windows(LENGTH.len())
        .position(|part| part == LENGTH)
        .context("every answer says its length")?;
    let digits = head[start + LENGTH.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    Ok(Some(body + length))
}

/// Load for so long, `depth` requests at a time on each connection.
pub(crate) fn press(
    server: &mut Server,
    connections: &mut [Connection],
    requests: &mut dyn FnMut() -> Vec<u8>,
    depth: u32,
    time: Duration,
) -> Result<Work> {
    let before = server.processor_time()?;
    let started = Instant::now();
    let mut answers = 0;
    while started.elapsed() < time {
        for connection in &mut *connections {
            let together: Vec<u8> = (0..depth).flat_map(|_| requests()).collect();
            connection.write(&together)?;
        }
        for connection in &mut *connections {
            for _ in 0..depth {
                connection.read()?;
                answers += 1;
            }
        }
    }
    Ok(Work {
        answers,
        wall: started.elapsed(),
        processor: server.processor_time()? - before,
    })
}

/// So many connections.
pub(crate) fn connect(server: &Server, count: usize) -> Result<Vec<Connection>> {
    (0..count)
        .map(|_| Connection::open(server.address))
        .collect()
}

impl Work {
    /// Processor time per answer, in microseconds.
    pub(crate) fn cost(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / f64::from(self.answers)
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.answers) / self.wall.as_secs_f64()
    }
}

/// The middle one.
pub(crate) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
