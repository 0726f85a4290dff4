//! The harness itself: a comparison that overlooks a difference would make every other test silent.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use anyhow::Result;
use serde_json::json;
use socket2::{Domain, Protocol, Socket, Type};
use tests::agreement::differences;
use tests::conversation::{Recorded, Scenario};
use tests::http::{Client, Request, Response};
use tests::placeholder::same_text;
use tests::port::Port;

const TYPE: &str = "application/vnd.schemaregistry.v1+json";

fn recorded(fields: serde_json::Value) -> Recorded {
    let mut response = json!({"status": 200, "content_type": TYPE, "body": ""});
    for (name, value) in fields.as_object().into_iter().flatten() {
        response[name] = value.clone();
    }
    let step = json!({"request": {"method": "GET", "path": "/"}, "response": response});
    let scenario = json!({"name": "a/b", "about": "", "steps": [step]});
    let mut scenario: Scenario =
        serde_json::from_value(scenario).expect("the scenario is well-formed");
    scenario.steps.remove(0).response
}

fn answer(status: u16, content_type: Option<&str>, body: &str) -> Response {
    let headers = content_type.map(|value| ("content-type".to_owned(), value.to_owned()));
    Response {
        status,
        headers: headers.into_iter().collect(),
        body: body.as_bytes().to_owned(),
    }
}

fn required(recorded: &Recorded, answer: &Response) -> Vec<String> {
    differences(recorded, answer).required
}

#[test]
fn a_placeholder_stands_for_its_kind_only() {
    assert!(same_text(r#"{"ts":<ts>}"#, r#"{"ts":1700000000000}"#));
    assert!(!same_text(r#"{"ts":<ts>}"#, r#"{"ts":170000000000}"#));
    assert!(!same_text(r#"{"ts":<ts>}"#, r#"{"ts":17000000000000}"#));
    assert!(same_text("<uuid>", "095d71cf-1255-6b9d-5e33-0ad575b3df5d"));
    assert!(!same_text("<uuid>", "095D71CF-1255-6B9D-5E33-0AD575B3DF5D"));
    assert!(same_text("<n>0,<n>", "100,7"));
    assert!(!same_text("<n>", ""));
    assert!(same_text(r#"["<text>","<text>"]"#, r#"["ü",""]"#));
    assert!(!same_text(r#"["<text>"]"#, r#"["a","b"]"#));
    assert!(!same_text("abc", "abd"));
}

#[test]
fn the_body_of_a_success_must_agree_byte_for_byte() {
    let recorded = recorded(json!({"body": r#"{"id":1}"#}));
    assert!(required(&recorded, &answer(200, Some(TYPE), r#"{"id":1}"#)).is_empty());
    assert_eq!(
        required(&recorded, &answer(200, Some(TYPE), r#"{"id": 1}"#)),
        ["body"]
    );
    assert_eq!(
        required(&recorded, &answer(200, Some("text/plain"), r#"{"id":1}"#)),
        ["content type"]
    );
    assert_eq!(
        required(&recorded, &answer(201, Some(TYPE), r#"{"id":1}"#)),
        ["status"]
    );
}

#[test]
fn only_an_unordered_body_may_come_in_another_order() {
    let body = r#"["JSON","AVRO"]"#;
    let other = answer(200, Some(TYPE), r#"["AVRO","JSON"]"#);
    assert_eq!(required(&recorded(json!({"body": body})), &other), ["body"]);
    assert!(required(&recorded(json!({"body": body, "unordered": true})), &other).is_empty());
    let less = answer(200, Some(TYPE), r#"["AVRO"]"#);
    assert_eq!(
        required(&recorded(json!({"body": body, "unordered": true})), &less),
        ["body"]
    );
}

#[test]
fn a_refusal_must_have_the_code_but_not_the_message() {
    let recorded =
        recorded(json!({"status": 404, "body": r#"{"error_code":40401,"message":"a"}"#}));
    let other_message = differences(
        &recorded,
        &answer(404, Some(TYPE), r#"{"error_code":40401,"message":"b"}"#),
    );
    assert!(other_message.required.is_empty());
    assert_eq!(other_message.counted, ["message"]);
    let other_code = answer(404, Some(TYPE), r#"{"error_code":40402,"message":"a"}"#);
    assert_eq!(required(&recorded, &other_code), ["error code"]);
}

#[test]
fn a_refusal_without_a_type_may_get_one() {
    let recorded = recorded(
        json!({"status": 404, "content_type": null, "body": r#"{"error_code":404,"message":"a"}"#}),
    );
    assert!(
        required(
            &recorded,
            &answer(404, Some(TYPE), r#"{"error_code":404,"message":"a"}"#)
        )
        .is_empty()
    );
}

#[test]
fn recorded_headers_must_agree() {
    let recorded = recorded(json!({"headers": {"Allow": "GET,POST", "X-Frame-Options": null}}));
    let mut got = answer(200, Some(TYPE), "");
    assert_eq!(required(&recorded, &got), ["header Allow"]);
    got.headers
        .push(("allow".to_owned(), "POST, GET".to_owned()));
    assert!(required(&recorded, &got).is_empty());
    got.headers
        .push(("x-frame-options".to_owned(), "DENY".to_owned()));
    assert_eq!(required(&recorded, &got), ["header X-Frame-Options"]);
}

#[test]
fn nothing_is_required_where_the_reference_slips() {
    let recorded = recorded(json!({"status": 500, "body": r#"{"error_code":500}"#, "quirk": true}));
    let found = differences(&recorded, &answer(200, Some(TYPE), "{}"));
    assert!(found.required.is_empty());
    assert!(!found.counted.is_empty());
}

#[test]
fn a_request_goes_on_the_wire_as_it_is_recorded() -> Result<()> {
    let body = r#"{ "b": 1.0, "a": "x \" { }", "b": 1e3 }"#;
    let step = format!(
        r#"{{"request": {{"method": "POST", "path": "/a%2Fb//|?x=<", "body": {body}, "headers": {{"Accept": null, "X-Y": "z"}}}},
            "response": {{"status": 200, "content_type": null, "body": ""}}}}"#
    );
    let scenario = format!(r#"{{"name": "a/b", "about": "", "steps": [{step}]}}"#);
    let scenario: Scenario = serde_json::from_str(&scenario)?;
    let (address, server) = canned("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
    let answer = Client::new(address).send(&scenario.steps[0].request.to_request())?;
    assert_eq!(answer.text(), "{}");
    let sent = server.join().expect("the canned server ends")?;
    let expected = format!(
        "POST /a%2Fb//|?x=< HTTP/1.1\r\nHost: {address}\r\nContent-Length: 32\r\nContent-Type: {TYPE}\r\nX-Y: z\r\n\r\n\
         {{\"b\":1.0,\"a\":\"x \\\" {{ }}\",\"b\":1e3}}"
    );
    assert_eq!(sent, expected);
    Ok(())
}

#[test]
fn a_chunked_answer_is_put_together() -> Result<()> {
    let (address, _server) = canned(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
    )?;
    let answer = Client::new(address).send(&Request::new("GET", "/", None))?;
    assert_eq!(answer.text(), "abcde");
    Ok(())
}

#[test]
fn an_answer_that_is_cut_short_is_an_error() -> Result<()> {
    let (address, _server) = canned("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")?;
    assert!(
        Client::new(address)
            .send(&Request::new("GET", "/", None))
            .is_err()
    );
    Ok(())
}

#[test]
fn a_port_is_for_the_server_that_is_told_of_it() -> Result<()> {
    let port = Port::any()?;
    let other = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    assert!(other.bind(&port.address().into()).is_err());
    // Takes addresses over that nobody listens on, as a server does.
    TcpListener::bind(port.address())?;
    Ok(())
}

/// Answers one request with a fixed text, closes, and tells what it was sent.
fn canned(answer: &'static str) -> Result<(SocketAddr, JoinHandle<std::io::Result<String>>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept()?;
        let mut sent = vec![0; 4096];
        let length = connection.read(&mut sent)?;
        connection.write_all(answer.as_bytes())?;
        sent.truncate(length);
        Ok(String::from_utf8_lossy(&sent).into_owned())
    });
    Ok((address, server))
}
