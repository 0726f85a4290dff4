//! Following single requests: the access log, ids of requests in errors, and spans at a collector.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::Result;
use serde_json::{Value, json};
use tests::http::Request;
use tests::launch::Launch;

/// The lines of the access log among everything that a server wrote.
fn access_lines(output: &str) -> Vec<Value> {
    let lines = output.lines().map(serde_json::from_str::<Value>);
    lines
        .filter_map(Result::ok)
        .filter(|line| line["target"].is_string() && line["bytes"].is_u64())
        .collect()
}

fn registration(subject: &str, schema: &Value) -> Request {
    let target = format!("/subjects/{subject}/versions");
    Request::new("POST", &target, Some(&schema.to_string()))
}

#[test]
fn the_access_log_has_a_line_for_each_answer() -> Result<()> {
    let launch = Launch::new()?.argument("--access-log");
    let server = launch.start()?;
    let mut client = server.client();
    let mut request = registration("s", &json!({"schema": "\"int\""}));
    request.set_header("X-Request-Id", Some("my-id"));
    request.set_header("User-Agent", Some("a test"));
    let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    request.set_header("traceparent", Some(parent));
    let answer = client.send(&request)?;
    assert_eq!(answer.status, 200);
    let missing = client.send(&Request::new("GET", "/schemas/ids/7?subject=x", None))?;
    assert_eq!(missing.status, 404);

    let lines = access_lines(&server.terminate()?.output);
    // The harness asks whether the server lives until it answers.
    let lines: Vec<_> = lines
        .iter()
        .filter(|line| line["target"] != "/health/live")
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    let registered = lines[0];
    assert_eq!(registered["request_id"], "my-id");
    assert_eq!(registered["trace_id"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(registered["method"], "POST");
    assert_eq!(registered["target"], "/subjects/s/versions");
    assert_eq!(registered["route"], "/subjects/{subject}/versions");
    assert_eq!(registered["status"], 200);
    assert_eq!(registered["bytes"], answer.body.len());
    assert_eq!(registered["user_agent"], "a test");
    let peer = registered["peer"].as_str().unwrap_or_default();
    assert!(peer.parse::<SocketAddr>().is_ok(), "{peer}");
    assert!(registered["seconds"].is_f64(), "{registered}");
    let refused = lines[1];
    assert_eq!(refused["target"], "/schemas/ids/7?subject=x");
    assert_eq!(
        (&refused["status"], &refused["error_code"]),
        (&json!(404), &json!(40403))
    );
    assert_eq!(
        refused["request_id"],
        missing.header("x-request-id").unwrap_or_default()
    );
    Ok(())
}

#[test]
fn the_access_log_is_off_by_default_and_notes_every_nth_good_answer_if_asked() -> Result<()> {
    let lines = |launch: Launch| -> Result<Vec<Value>> {
        let server = launch.start()?;
        let mut client = server.client();
        for target in ["/subjects", "/subjects", "/subjects", "/schemas/ids/7"] {
            client.send(&Request::new("GET", target, None))?;
        }
        Ok(access_lines(&server.terminate()?.output))
    };
    assert!(lines(Launch::new()?)?.is_empty());
    let sampled = Launch::new()?
        .argument("--access-log")
        .argument("--access-log-every=1000");
    // The first answer, which is one to the harness, and the refusal.
    let sampled = lines(sampled)?;
    let targets: Vec<_> = sampled.iter().map(|line| &line["target"]).collect();
    assert_eq!(targets, [&json!("/health/live"), &json!("/schemas/ids/7")]);
    Ok(())
}

#[test]
fn a_request_that_fails_is_logged_with_its_id() -> Result<()> {
    let launch = Launch::new()?.argument("--request-timeout-ms=300");
    let server = launch.start()?;
    // Of the body only a part comes.
    let mut stream = TcpStream::connect(server.address())?;
    stream.write_all(
        b"POST /subjects/s HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n\
          X-Request-Id: slow-one\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{",
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    assert!(answer.starts_with("HTTP/1.1 504 "), "{answer}");
    let output = server.terminate()?.output;
    let lines = output.lines().map(serde_json::from_str::<Value>);
    let failed = lines
        .filter_map(Result::ok)
        .find(|line| line["message"] == "a request failed");
    let failed = failed.unwrap_or_else(|| panic!("no such line in\n{output}"));
    assert_eq!(failed["request_id"], "slow-one");
    assert_eq!(
        (&failed["status"], &failed["path"]),
        (&json!(504), &json!("/subjects/s"))
    );
    Ok(())
}

/// A collector: takes every parcel of spans and keeps its bytes.
fn collector() -> Result<(SocketAddr, Arc<Mutex<Vec<u8>>>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let parcels = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&parcels);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let kept = Arc::clone(&kept);
            thread::spawn(move || receive(stream, &kept));
        }
    });
    Ok((address, parcels))
}

/// Requests of one connection, as far as they are HTTP/1.1 with a length.
fn receive(mut stream: TcpStream, kept: &Mutex<Vec<u8>>) {
    let mut read = Vec::new();
    let mut part = [0; 4096];
    loop {
        let head = read.windows(4).position(|end| end == b"\r\n\r\n");
        let length = head.and_then(|end| {
            let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
            assert!(head.starts_with("post /v1/traces "), "{head}");
            assert!(
                head.contains("content-type: application/x-protobuf"),
                "{head}"
            );
            let (_, rest) = head.split_once("content-length: ")?;
            let length: usize = rest.lines().next()?.trim().parse().ok()?;
            Some((end + 4, end + 4 + length))
        });
        match length {
            Some((start, end)) if read.len() >= end => {
                let mut kept = kept.lock().expect("no test panicked");
                kept.extend_from_slice(&read[start..end]);
                read.drain(..end);
                drop(kept);
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                if stream.write_all(answer).is_err() {
                    return;
                }
            }
            _ => match stream.read(&mut part) {
                Ok(0) | Err(_) => return,
                Ok(length) => read.extend_from_slice(&part[..length]),
            },
        }
    }
}

/// True when the bytes of a protobuf message hold a field of this number with these bytes.
fn has_field(message: &[u8], number: u8, value: &[u8]) -> bool {
    /// The wire type of everything that has a length.
    const LENGTH: u8 = 2;
    let length = u8::try_from(value.len()).expect("a short value");
    let field = [&[number << 3 | LENGTH, length], value].concat();
    message.windows(field.len()).any(|part| part == field)
}

#[test]
fn spans_of_a_registration_reach_the_collector_in_the_trace_of_the_client() -> Result<()> {
    // opentelemetry/proto/trace/v1/trace.proto, message Span.
    const TRACE_ID: u8 = 1;
    const PARENT_SPAN_ID: u8 = 4;
    const NAME: u8 = 5;
    let (address, parcels) = collector()?;
    let launch = Launch::new()?
        .argument("--traces-endpoint")
        .argument(format!("http://{address}/v1/traces"))
        .argument("--traces-percent=0");
    let server = launch.start()?;
    let mut client = server.client();
    let first = json!({"schema": r#"{"type":"record","name":"R","fields":[]}"#});
    client.send(&registration("base", &first))?;
    let before = json!({"schema": r#"{"type":"record","name":"S","fields":[]}"#});
    client.send(&registration("next", &before))?;
    let field = r#"{"name":"r","type":["null","R"],"default":null}"#;
    let next = json!({
        "schema": format!(r#"{{"type":"record","name":"S","fields":[{field}]}}"#),
        "references": [{"name": "R", "subject": "base", "version": 1}],
    });
    let mut request = registration("next", &next);
    request.set_header(
        "traceparent",
        Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    );
    let answer = client.send(&request)?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    server.terminate()?;

    let spans = parcels.lock().expect("no test panicked").clone();
    let trace = u128::to_be_bytes(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
    let parent = u64::to_be_bytes(0xb7ad_6b71_6920_3331);
    assert!(has_field(&spans, TRACE_ID, &trace));
    assert!(has_field(&spans, PARENT_SPAN_ID, &parent));
    for name in ["resolve", "parse", "compare", "write"] {
        assert!(has_field(&spans, NAME, name.as_bytes()), "no span {name}");
    }
    // Only this request: of those whose client has not decided, none is traced.
    let ids = spans
        .windows(18)
        .filter(|part| part[..2] == [TRACE_ID << 3 | 2, 16]);
    // Names of attributes may be as long as ids, but are text.
    let others = ids.filter(|part| part[2..] != trace && !part[2..].is_ascii());
    assert_eq!(others.count(), 0);
    Ok(())
}
