//! Every limit is reached, refused in the protocol's words, and hinders nobody else.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;

use anyhow::{Result, ensure};
use serde_json::json;
use tests::http::{Client, Request};
use tests::launch::{Launch, Server};

/// More at a time than the narrowed limits let through.
const CROWD: usize = 32;

/// Rounds of a crowd before a limit counts as missing.
const ROUNDS: usize = 20;

fn with(flags: &[&str]) -> Result<(Launch, Server)> {
    let launch = flags
        .iter()
        .fold(Launch::new()?, |launch, flag| launch.argument(*flag));
    let server = launch.start()?;
    Ok((launch, server))
}

fn registration(number: usize) -> Request {
    let schema = format!(r#"{{"type":"enum","name":"E{number}","symbols":["A"]}}"#);
    let body = json!({ "schema": schema }).to_string();
    Request::new(
        "POST",
        &format!("/subjects/s{number}/versions"),
        Some(&body),
    )
}

/// Somebody else asks, and is answered.
fn others_are_served(client: &mut Client) -> Result<()> {
    let answer = client.send(&Request::new("GET", "/config", None))?;
    ensure!(
        answer.status == 200,
        "another client was answered {}",
        answer.status
    );
    Ok(())
}

/// The first line of what comes back for these bytes.
fn status_line(server: &Server, sent: &[u8]) -> Result<String> {
    let mut stream = TcpStream::connect(server.address())?;
    stream.write_all(sent)?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}

#[test]
fn a_body_that_is_too_large_is_refused_with_413() -> Result<()> {
    let (_launch, server) = with(&["--body-bytes-max", "1000"])?;
    let mut other = server.client();
    let body = json!({ "schema": "x".repeat(1000) }).to_string();
    let refused =
        server
            .client()
            .send(&Request::new("POST", "/subjects/s/versions", Some(&body)))?;
    assert_eq!(
        (refused.status, refused.json()["error_code"].as_i64()),
        (413, Some(413))
    );
    others_are_served(&mut other)
}

#[test]
fn a_head_that_is_too_large_is_refused_with_431() -> Result<()> {
    let (_launch, server) = with(&["--header-bytes-max", "8192"])?;
    let mut other = server.client();
    let head = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "x".repeat(9000)
    );
    let line = status_line(&server, head.as_bytes())?;
    assert!(line.starts_with("HTTP/1.1 431"), "{line}");
    others_are_served(&mut other)
}

#[test]
fn a_request_that_takes_too_long_is_answered_504() -> Result<()> {
    let (_launch, server) = with(&["--request-timeout-ms", "200"])?;
    let mut other = server.client();
    // The rest of the body never comes.
    let halfway = "POST /subjects/s/versions HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{";
    let line = status_line(&server, halfway.as_bytes())?;
    assert!(line.starts_with("HTTP/1.1 504"), "{line}");
    others_are_served(&mut other)
}

#[test]
fn a_connection_too_many_waits_until_another_is_closed() -> Result<()> {
    let (_launch, server) = with(&["--connections-max", "2"])?;
    let mut other = server.client();
    others_are_served(&mut other)?;
    let mut second = server.client();
    // The connection with which the start was waited for may still be open.
    others_are_served(&mut second)?;
    let mut third = TcpStream::connect(server.address())?;
    third.write_all(b"GET /config HTTP/1.1\r\nhost: x\r\n\r\n")?;
    third.set_nonblocking(true)?;
    for _ in 0..20 {
        others_are_served(&mut other)?;
        others_are_served(&mut second)?;
    }
    let early = third.read(&mut [0; 64]);
    assert!(early.is_err(), "a third connection was served: {early:?}");
    second.disconnect();
    third.set_nonblocking(false)?;
    let mut answer = [0; 12];
    third.read_exact(&mut answer)?;
    assert_eq!(&answer, b"HTTP/1.1 200");
    others_are_served(&mut other)
}

/// Lets crowds register until one of them is told to come again, while somebody else is served.
fn crowds_are_refused(server: &Server) -> Result<()> {
    for round in 0..ROUNDS {
        let start = Barrier::new(CROWD);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let crowd: Vec<_> = (0..CROWD)
                .map(|member| {
                    let start = &start;
                    scope.spawn(move || {
                        let mut client = server.client();
                        start.wait();
                        let sent = client.send_once(&registration(round * CROWD + member));
                        others_are_served(&mut client)?;
                        Ok(sent?.status)
                    })
                })
                .collect();
            let statuses = crowd
                .into_iter()
                .map(|member| member.join().expect("no panic"));
            statuses.collect::<Result<_>>()
        })?;
        let odd: Vec<_> = statuses
            .iter()
            .filter(|status| ![200, 503].contains(status))
            .collect();
        ensure!(odd.is_empty(), "some were answered {odd:?}");
        ensure!(statuses.contains(&200), "nobody got through");
        if statuses.contains(&503) {
            let told = server.output().contains("a request failed");
            ensure!(!told, "the log grows with a crowd");
            return Ok(());
        }
    }
    anyhow::bail!("{ROUNDS} crowds of {CROWD} were all let in")
}

#[test]
fn evaluations_beyond_their_queue_are_refused_with_503() -> Result<()> {
    let flags = ["--evaluations-max", "1", "--evaluation-queue-max", "0"];
    let (_launch, server) = with(&flags)?;
    crowds_are_refused(&server)?;
    let mut metrics = Request::new("GET", "/metrics", None);
    metrics.set_header("Accept", Some("text/plain"));
    let text = server.client().send(&metrics)?.text();
    let refused = text
        .lines()
        .find_map(|line| line.strip_prefix("concord_evaluations_refused_total "));
    assert!(refused.is_some_and(|count| count != "0"), "{refused:?}");
    Ok(())
}

#[test]
fn changes_beyond_the_queue_of_the_writer_are_refused_with_503() -> Result<()> {
    let (_launch, server) = with(&["--write-queue-max", "1"])?;
    crowds_are_refused(&server)
}
