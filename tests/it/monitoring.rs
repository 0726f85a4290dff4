//! What an operator sees of a running server: figures, their page, their own listener, and `concord top`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;
use tests::binary::{self, checkout};
use tests::http::{Client, Request};
use tests::launch::{Launch, Server};
use tests::port::Port;

use crate::clients::toolchain::python;
use crate::deployment::output;

/// Registers, finds registered, is refused, and looks up: every kind of figure has something to count.
fn use_it(server: &Server) -> Result<()> {
    let mut client = server.client();
    let mut post = |subject: &str, format: &str, schema: &str| -> Result<u16> {
        let body = json!({"schema": schema, "schemaType": format}).to_string();
        let target = format!("/subjects/{subject}/versions");
        Ok(client
            .send(&Request::new("POST", &target, Some(&body)))?
            .status)
    };
    let record = r#"{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}"#;
    let other = r#"{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}"#;
    assert_eq!(post("a", "AVRO", record)?, 200);
    assert_eq!(post("a", "AVRO", record)?, 200);
    assert_eq!(post("a", "AVRO", other)?, 409);
    assert_eq!(post("b", "JSON", r#"{"type":"string"}"#)?, 200);
    assert_eq!(post("b", "JSON", "{")?, 422);
    assert_eq!(post(":.x:c", "PROTOBUF", "message M {}")?, 200);
    let missing = client.send(&Request::new("GET", "/schemas/ids/99", None))?;
    assert_eq!(missing.status, 404);
    Ok(())
}

/// A policy that has something to say to a registration.
fn find_something(server: &Server) -> Result<()> {
    let policy = "{apiVersion: governance/v1, kind: Policy, metadata: {name: a}, spec: {enforcement: {register: warn}, \
        rollout: [{from: 9999-01-01, register: enforce}], rules: [{use: DOC002, severity: warn}]}}";
    let record = r#"{"type":"record","name":"P","fields":[{"name":"a","type":"int"}]}"#;
    let bodies = [
        ("/subjects/o/versions", json!({"schema": record})),
        ("/governance/v1/apply", json!({"text": policy})),
        ("/subjects/p/versions", json!({"schema": record})),
    ];
    for (target, body) in bodies {
        let request = Request::new("POST", target, Some(&body.to_string()));
        let answer = server.client().send(&request)?;
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    // What stood before the documents is found behind all requests.
    let patience = Instant::now() + Duration::from_secs(30);
    while !figures(server.client())?.contains("concord_policy_violations{") {
        assert!(Instant::now() < patience, "what stands is not examined");
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn figures(mut client: Client) -> Result<String> {
    let mut request = Request::new("GET", "/metrics", None);
    request.set_header("Accept", Some("text/plain"));
    let answer = client.send(&request)?;
    assert_eq!(answer.status, 200);
    let media_type = "text/plain; version=0.0.4; charset=utf-8";
    assert_eq!(answer.header("content-type"), Some(media_type));
    Ok(answer.text())
}

/// Every figure that a server in use exports, with its kind.
pub(crate) fn exported() -> Result<BTreeMap<String, String>> {
    let launch = Launch::new()?.argument("--metrics-subjects=a");
    let server = launch.start()?;
    use_it(&server)?;
    find_something(&server)?;
    let text = figures(server.client())?;
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    types
        .map(|line| {
            let (name, kind) = line.split_once(' ').context("a kind")?;
            Ok((name.to_owned(), kind.to_owned()))
        })
        .collect()
}

#[test]
fn the_page_of_operations_lists_every_figure_and_no_other() -> Result<()> {
    let exported: BTreeSet<String> = exported()?.into_keys().collect();
    let page = fs::read_to_string(checkout().join("docs/operations.md"))?;
    let listed: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|row| row.split('`').next())
        .filter(|name| {
            let prefixes = ["concord_", "process_", "kafka_schema_registry_"];
            prefixes.iter().any(|prefix| name.starts_with(prefix))
        })
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = exported.difference(&listed).collect();
    let invented: Vec<_> = listed.difference(&exported).collect();
    assert!(
        missing.is_empty(),
        "docs/operations.md does not list {missing:?}"
    );
    assert!(
        invented.is_empty(),
        "the server does not export {invented:?}"
    );
    Ok(())
}

#[test]
fn prometheus_reads_every_figure_as_it_is_meant() -> Result<()> {
    let launch = Launch::new()?;
    let server = launch.start()?;
    use_it(&server)?;
    let text = figures(server.client())?;
    let path = launch.folder().join("figures");
    fs::write(&path, &text)?;
    let read = output(python("deploy", "exposition.py")?.arg(path))?;
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        // The library names a counter without its ending.
        let family = line.replace("_total counter", " counter");
        let found = read
            .lines()
            .find(|read| read.starts_with(&format!("{family} ")));
        let found = found.with_context(|| format!("{family} is not in\n{read}"))?;
        assert!(!found.ends_with(" 0"), "{found}");
    }
    Ok(())
}

#[test]
fn figures_count_what_was_done() -> Result<()> {
    let launch = Launch::new()?.argument("--metrics-contexts-max=1");
    let server = launch.start()?;
    use_it(&server)?;
    let text = figures(server.client())?;
    let versions = "/subjects/{subject}/versions";
    let refused =
        format!(r#"concord_refusals_total{{code="40901",method="POST",route="{versions}"}} 1"#);
    let expected = [
        r#"concord_ready 1"#,
        r#"concord_accepts_writes 1"#,
        r#"concord_changes_total{action="subject.register",outcome="done"} 3"#,
        r#"concord_changes_total{action="subject.register",outcome="already"} 1"#,
        r#"concord_changes_total{action="subject.register",outcome="refused"} 2"#,
        &refused,
        r#"concord_refusals_total{code="40403",method="GET",route="/schemas/ids/{id}"} 1"#,
        r#"concord_subjects{context="."} 2"#,
        r#"concord_subjects{context="other"} 1"#,
        r#"concord_versions{context=".",format="AVRO",state="active"} 1"#,
        r#"concord_versions{context="other",format="PROTOBUF",state="active"} 1"#,
        r#"concord_schemas{context=".",format="JSON"} 1"#,
        r#"concord_writes_waiting 0"#,
        r#"concord_write_batch_changes_count 3"#,
        r#"concord_write_sync_seconds_count 3"#,
        // The first version has none before it.
        r#"concord_compatibility_seconds_count{format="AVRO"} 1"#,
        r#"concord_limit{option="connections-max"} 16384"#,
        r#"kafka_schema_registry_registered_count 3"#,
        r#"kafka_schema_registry_schemas_created{schema_type="avro"} 1"#,
        r#"kafka_schema_registry_schemas_deleted{schema_type="avro"} 0"#,
    ];
    for line in expected {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    // How many connections are open at that instant is not for sure, but that there is one is.
    let connections = "\nkafka_schema_registry_jetty_metrics_connections_active ";
    assert!(
        text.contains(connections) && !text.contains(&format!("{connections}0")),
        "{text}"
    );
    // The names of subjects are in no figure.
    assert!(!text.contains("\"a\"") && !text.contains(":.x:"), "{text}");
    Ok(())
}

#[test]
fn a_registration_is_counted_whether_its_answer_was_kept_or_not() -> Result<()> {
    let launch = Launch::new()?;
    let server = launch.start()?;
    let mut client = server.client();
    let body = json!({"schema": "\"int\""}).to_string();
    for _ in 0..4 {
        let request = Request::new("POST", "/subjects/s/versions", Some(&body));
        assert_eq!(client.send(&request)?.status, 200);
    }
    let text = figures(server.client())?;
    for line in [
        "concord_answers_hits_total 2",
        r#"concord_changes_total{action="subject.register",outcome="done"} 1"#,
        r#"concord_changes_total{action="subject.register",outcome="already"} 3"#,
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line} is not in\n{text}"
        );
    }
    Ok(())
}

#[test]
fn subjects_have_figures_of_their_own_where_that_is_asked_for() -> Result<()> {
    let launch = Launch::new()?.argument("--metrics-subjects=orders-value, :.x:*");
    let server = launch.start()?;
    let mut client = server.client();
    let mut post = |target: &str, field: &str| -> Result<u16> {
        let fields = format!(r#"[{{"name":"a","type":"{field}"}}]"#);
        let schema = format!(r#"{{"type":"record","name":"R","fields":{fields}}}"#);
        let body = json!({"schema": schema}).to_string();
        Ok(client
            .send(&Request::new("POST", target, Some(&body)))?
            .status)
    };
    let mut register =
        |subject: &str, field: &str| post(&format!("/subjects/{subject}/versions"), field);
    // The first, one that is answered by the registry, one by a kept answer.
    for _ in 0..3 {
        assert_eq!(register("orders-value", "int")?, 200);
    }
    assert_eq!(register("orders-value", "string")?, 409);
    assert_eq!(register("orders-value", "no type")?, 422);
    assert_eq!(register(":.x:one", "int")?, 200);
    assert_eq!(register(":.x:two", "int")?, 200);
    assert_eq!(register("somebody-elses", "int")?, 200);
    let versions = "/compatibility/subjects/orders-value/versions";
    for field in ["int", "int", "string", "string", "string"] {
        assert_eq!(post(versions, field)?, 200);
    }
    assert_eq!(post(&format!("{versions}/latest"), "no type")?, 422);
    let text = figures(server.client())?;
    let found: BTreeSet<&str> = text
        .lines()
        .filter(|line| line.starts_with("concord_subject_") && !line.ends_with(" 0"))
        .collect();
    let expected = [
        r#"checks_total{outcome="compatible",subject="orders-value"} 2"#,
        r#"checks_total{outcome="incompatible",subject="orders-value"} 3"#,
        r#"checks_total{outcome="refused",subject="orders-value"} 1"#,
        r#"refusals_total{code="40901",subject="orders-value"} 1"#,
        r#"refusals_total{code="42201",subject="orders-value"} 2"#,
        r#"registrations_total{outcome="already",subject="orders-value"} 2"#,
        r#"registrations_total{outcome="done",subject=":.x:*"} 2"#,
        r#"registrations_total{outcome="done",subject="orders-value"} 1"#,
        r#"registrations_total{outcome="done",subject="other"} 1"#,
        r#"registrations_total{outcome="refused",subject="orders-value"} 2"#,
    ];
    let expected = expected.map(|line| format!("concord_subject_{line}"));
    let expected: BTreeSet<&str> = expected.iter().map(String::as_str).collect();
    assert_eq!(found, expected);
    assert!(!text.contains("somebody-elses"), "{text}");
    Ok(())
}

#[test]
fn a_checkpoint_that_the_anchor_does_not_take_is_seen() -> Result<()> {
    let launch = Launch::new()?;
    let (key, anchor) = (launch.folder().join("key"), launch.folder().join("anchor"));
    fs::write(
        &key,
        output(Command::new(binary::concord()?).args(["audit", "key"]))?,
    )?;
    let launch = launch
        .argument("--audit-key-file")
        .argument(key)
        .argument("--audit-anchor-file")
        .argument(&anchor);
    let server = launch.start()?;
    // Nothing can be appended to a folder.
    fs::create_dir(&anchor)?;
    let mut client = server.client();
    let mut checkpoint = || -> Result<()> {
        // There is one after a thousand records.
        for change in 0..1000 {
            let level = if change % 2 == 0 { "FULL" } else { "NONE" };
            let body = json!({"compatibility": level}).to_string();
            let answer = client.send(&Request::new("PUT", "/config/s", Some(&body)))?;
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        Ok(())
    };
    let wait_for = |line: &str| -> Result<()> {
        let patience = Instant::now() + Duration::from_secs(30);
        while !figures(server.client())?.contains(line) {
            assert!(Instant::now() < patience, "there is no {line}");
        }
        Ok(())
    };
    wait_for("concord_audit_checkpoints_unanchored 0\n")?;
    checkpoint()?;
    wait_for("concord_audit_checkpoints_unanchored 1\n")?;
    fs::remove_dir(&anchor)?;
    checkpoint()?;
    wait_for("concord_audit_checkpoints_unanchored 0\n")?;
    assert!(fs::read_to_string(&anchor)?.lines().count() >= 2);
    Ok(())
}

#[test]
fn what_is_past_a_limit_is_counted_and_others_are_answered() -> Result<()> {
    let launch = Launch::new()?
        .argument("--body-bytes-max=100")
        .argument("--header-bytes-max=8192");
    let server = launch.start()?;
    let long = "x".repeat(9000);
    let body = server
        .client()
        .send(&Request::new("POST", "/subjects/s", Some(&long)))?;
    assert_eq!(body.status, 413);
    let mut request = Request::new("GET", "/subjects", None);
    request.set_header("X-Long", Some(&long));
    assert_eq!(server.client().send(&request)?.status, 431);
    let mut garbage = TcpStream::connect(server.address())?;
    garbage.write_all(b"This is no HTTP.\r\n\r\n")?;
    let mut refused = String::new();
    garbage.read_to_string(&mut refused)?;
    assert!(refused.starts_with("HTTP/1.1 400 "), "{refused}");
    // An answer to a head that cannot be taken comes from the HTTP library: it is counted once its connection has ended.
    let wanted = [
        r#"concord_refusals_total{code="413",method="any",route="none"} 1"#,
        r#"concord_refusals_total{code="431",method="any",route="none"} 1"#,
        r#"concord_http_requests_total{method="any",route="none",status="431"} 1"#,
        r#"concord_refusals_total{code="400",method="any",route="none"} 1"#,
    ];
    let counted = |text: &str| {
        wanted
            .iter()
            .all(|line| text.lines().any(|found| found == *line))
    };
    let end = Instant::now() + Duration::from_secs(10);
    let mut text = figures(server.client())?;
    while !counted(&text) && Instant::now() < end {
        text = figures(server.client())?;
    }
    assert!(counted(&text), "{wanted:?} are not in\n{text}");
    Ok(())
}

#[test]
fn the_listener_for_metrics_shows_figures_and_health_and_no_schema() -> Result<()> {
    let port = Port::any()?;
    let address = port.address();
    let launch = Launch::new()?
        .argument("--metrics-listen")
        .argument(address.to_string());
    let server = launch.start()?;
    assert!(figures(Client::new(address))?.contains("concord_ready 1\n"));
    let mut client = Client::new(address);
    let mut get = |target: &str| client.send(&Request::new("GET", target, None));
    let live = get("/health/live")?;
    assert_eq!(
        (live.status, live.text()),
        (200, r#"{"status":"alive"}"#.to_owned())
    );
    assert_eq!(get("/health/ready")?.text(), r#"{"status":"ready"}"#);
    assert_eq!(get("/subjects")?.status, 404);
    assert_eq!(get("/")?.status, 404);
    let mut put = Request::new("PUT", "/metrics", Some("{}"));
    put.set_header("X-Request-Id", Some("a-watcher"));
    let put = client.send(&put)?;
    assert_eq!(put.status, 405);
    assert_eq!(put.header("x-request-id"), Some("a-watcher"));
    server.terminate()?;
    Ok(())
}

#[test]
fn top_paints_one_picture_of_a_server_and_says_when_there_is_none() -> Result<()> {
    let top = |url: &str| -> Result<_> {
        let mut command = Command::new(binary::concord()?);
        command.args(["top", "--once", "--interval-ms", "0", "--url", url]);
        Ok(command.output()?)
    };
    let launch = Launch::new()?;
    let server = launch.start()?;
    use_it(&server)?;
    let picture = top(&server.url())?;
    let text = String::from_utf8(picture.stdout)?;
    assert!(picture.status.success(), "{text}");
    for part in [
        "ready\n",
        "3 subjects   3 versions   3 schemas",
        "POST /subjects/{subject}/versions\n",
        "GET /schemas/ids/{id}\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    let url = server.url();
    server.terminate()?;
    let nothing = top(&url)?;
    assert_eq!(nothing.status.code(), Some(1));
    let said = String::from_utf8(nothing.stderr)?;
    assert!(said.contains("cannot reach"), "{said}");
    Ok(())
}
