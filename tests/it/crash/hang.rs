//! A disk that neither takes a write nor fails it: whoever watches must see that, and everybody else as little as possible.

use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::json;
use tests::binary;
use tests::http::{Client, Request, Response};

use super::shim::{Failure, Shim};

/// Asks again and again until the answer is as it should be.
fn wait_for(
    client: &mut Client,
    target: &str,
    wanted: impl Fn(&Response) -> bool,
) -> Result<Response> {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let mut request = Request::new("GET", target, None);
        request.set_header("Accept", Some("*/*"));
        let answer = client.send(&request)?;
        if wanted(&answer) {
            return Ok(answer);
        }
        let is_late = Instant::now() > patience;
        ensure!(!is_late, "{target} is still answered {}", answer.text());
    }
}

#[test]
fn while_the_disk_hangs_the_server_reads_and_is_not_ready() -> Result<()> {
    let mut shim = Shim::new()?;
    shim.launch = shim.launch.argument("--write-patience-ms=200");
    let server = shim.launch.start()?;
    let mut client = server.client();
    shim.inject(Failure::Hang)?;
    let body = json!({"schema": "\"int\""}).to_string();
    let head = "POST /subjects/s/versions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json";
    let mut writing = TcpStream::connect(server.address())?;
    write!(
        writing,
        "{head}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;

    let ready = wait_for(&mut client, "/health/ready", |answer| answer.status == 503)?;
    let reason = "the disk does not take a write: nothing is written until it does";
    assert_eq!(ready.json()["reasons"], json!([reason]));
    for target in ["/health/live", "/subjects"] {
        assert_eq!(
            client.send(&Request::new("GET", target, None))?.status,
            200,
            "{target}"
        );
    }
    let figures = wait_for(&mut client, "/metrics", |answer| answer.status == 200)?.text();
    let figure = |name: &str| -> Option<f64> {
        let line = figures.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|value| value.trim().parse().ok())
    };
    assert_eq!(figure("concord_ready "), Some(0.0));
    assert_eq!(figure("concord_writes_waiting "), Some(1.0));
    assert!(figure("concord_write_running_seconds ") > Some(0.2));

    let mut top = Command::new(binary::concord()?);
    top.args(["top", "--once", "--interval-ms=0", "--url", &server.url()]);
    let top = top.output()?;
    assert_eq!(top.status.code(), Some(1));
    let picture = String::from_utf8(top.stdout)?;
    assert!(
        picture.contains(&format!("NOT READY: {reason}\n")),
        "{picture}"
    );

    // The one who waits has waited long enough.
    drop(writing);
    let is_counted = |answer: &Response| answer.text().contains("concord_http_abandoned_total 1\n");
    wait_for(&mut client, "/metrics", is_counted)?;

    shim.repair()?;
    wait_for(&mut client, "/health/ready", |answer| answer.status == 200)?;
    let stopped = |answer: &Response| {
        let figures = answer.text();
        figures.contains("concord_write_running_seconds 0\n")
            && figures.contains("concord_writes_waiting 0\n")
    };
    wait_for(&mut client, "/metrics", stopped)?;
    let written = client.send(&Request::new("GET", "/subjects", None))?;
    assert_eq!(written.text(), r#"["s"]"#);
    server.terminate()?;
    Ok(())
}
