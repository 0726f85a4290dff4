//! Following single requests: the access log, ids of requests in errors, and spans at a collector.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::http::Request;
use tests::launch::Launch;
use tests::port::Port;

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
fn the_access_log_names_the_route_of_an_answer_that_was_kept() -> Result<()> {
    let launch = Launch::new()?.argument("--access-log");
    let server = launch.start()?;
    let mut client = server.client();
    let schema = json!({"schema": "\"int\""});
    client.send(&registration("s", &schema))?;
    // Without a body and with one: the first time the answer is made, then it is there.
    for _ in 0..2 {
        client.send(&Request::new("GET", "/schemas/ids/1", None))?;
        client.send(&registration("s", &schema))?;
    }
    let mut figures = Request::new("GET", "/metrics", None);
    figures.set_header("Accept", Some("text/plain"));
    let figures = client.send(&figures)?.text();
    let hits = figures.contains("\nconcord_answers_hits_total 2\n");
    assert!(hits, "two answers were to be kept ones:\n{figures}");

    let lines = access_lines(&server.terminate()?.output);
    let routes_of = |target: &str| -> Vec<Value> {
        let lines = lines.iter().filter(|line| line["target"] == target);
        lines.map(|line| line["route"].clone()).collect()
    };
    assert_eq!(routes_of("/schemas/ids/1"), ["/schemas/ids/{id}"; 2]);
    let versions = routes_of("/subjects/s/versions");
    assert_eq!(versions, ["/subjects/{subject}/versions"; 3]);
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
    let failed = lines_saying(&output, "a request failed");
    let [failed] = &failed[..] else {
        panic!("not one such line in\n{output}");
    };
    assert_eq!(failed["request_id"], "slow-one");
    assert_eq!(failed["cause"], "Request timed out");
    assert_eq!(
        (&failed["status"], &failed["path"]),
        (&json!(504), &json!("/subjects/s"))
    );
    Ok(())
}

/// The lines of the log that say this.
fn lines_saying(output: &str, message: &str) -> Vec<Value> {
    let lines = output.lines().map(serde_json::from_str::<Value>);
    lines
        .filter_map(Result::ok)
        .filter(|line| line["message"] == message)
        .collect()
}

/// Overwrites what a store has in files, but for their ends, by which it finds its way in them.
fn ruin(data: &Path) -> Result<()> {
    /// Index and footer.
    const END_BYTES: u64 = 64 << 10;
    let mut ruined = 0;
    for entry in fs::read_dir(data.join("rows"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "sst") {
            let bytes = fs::metadata(&path)?.len().saturating_sub(END_BYTES);
            let mut file = OpenOptions::new().write(true).open(&path)?;
            file.write_all(&vec![0; usize::try_from(bytes)?])?;
            ruined += bytes;
        }
    }
    ensure!(ruined > 0, "there is no file large enough");
    Ok(())
}

#[test]
fn a_fault_of_the_store_is_logged_with_the_request_that_met_it() -> Result<()> {
    let launch = Launch::new()?;
    let server = launch.start()?;
    let mut client = server.client();
    for number in 0..50 {
        let symbols: Vec<String> = (0..1000).map(|s| format!("S{}", s * number)).collect();
        let symbols: BTreeSet<&String> = symbols.iter().collect();
        let schema = json!({"type": "enum", "name": format!("E{number}"), "symbols": symbols});
        let body = json!({"schema": schema.to_string()});
        let answer = client.send(&registration(&format!("s{number}"), &body))?;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    server.terminate()?;
    // The start writes what is in the log to files.
    let server = launch.start()?;
    ruin(&launch.data())?;
    let mut client = server.client();
    let mut failed = Vec::new();
    for id in 1..=50 {
        let answer = client.send(&Request::new("GET", &format!("/schemas/ids/{id}"), None))?;
        if answer.status == 500 {
            assert_eq!(answer.json()["error_code"], 50001);
            assert!(!answer.text().to_lowercase().contains("corruption"));
            failed.push(answer.header("x-request-id").unwrap_or_default().to_owned());
        }
    }
    assert!(!failed.is_empty(), "every schema could still be read");
    let output = server.terminate()?.output;
    let lines = lines_saying(&output, "a request failed");
    assert_eq!(lines.len(), failed.len(), "{output}");
    for (line, id) in lines.iter().zip(failed) {
        assert_eq!(line["request_id"], id, "{output}");
        assert_eq!(line["code"], 50001, "{line}");
        let cause = line["cause"].as_str().unwrap_or_default();
        assert!(cause.to_lowercase().contains("corruption"), "{line}");
    }
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
fn an_address_for_spans_that_cannot_be_reached_is_refused_at_the_start() -> Result<()> {
    for address in ["https://127.0.0.1:4318/v1/traces", "127.0.0.1:4318"] {
        let launch = Launch::new()?
            .argument("--traces-endpoint")
            .argument(address);
        let ended = launch.start_in_vain()?;
        assert_eq!(ended.status.code(), Some(1), "{}", ended.output);
        let said = format!("`{address}` is not an address that begins with http://");
        assert!(ended.output.contains(&said), "{}", ended.output);
        assert!(ended.output.contains("traces-endpoint"), "{}", ended.output);
    }
    Ok(())
}

#[test]
fn spans_that_no_collector_takes_are_counted() -> Result<()> {
    let nobody = Port::any()?;
    let launch = Launch::new()?
        .argument("--traces-endpoint")
        .argument(format!("http://{}/v1/traces", nobody.address()));
    let server = launch.start()?;
    let mut client = server.client();
    let mut request = Request::new("GET", "/metrics", None);
    request.set_header("Accept", Some("text/plain"));
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let page = client.send(&request)?.text();
        let line = page
            .lines()
            .find_map(|line| line.strip_prefix("concord_trace_spans_lost_total "));
        let lost: u64 = line.context("no such figure")?.parse()?;
        if lost > 0 {
            break;
        }
        assert!(Instant::now() < patience, "no span was lost");
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
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
