//! The audit log over HTTP: what is in it, and that an export is what the command verifies (`governance.md` section 5.4).

mod retention;

use std::path::Path;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tests::binary;
use tests::launch::Server;

use super::*;

/// A server that keeps an audit log.
fn audited() -> Result<(Launch, Server)> {
    let launch = Launch::new()?;
    let key = launch.folder().join("audit.key");
    let made = Command::new(binary::concord()?)
        .args(["audit", "key"])
        .output()?;
    ensure!(made.status.success(), "no key was made");
    fs::write(&key, made.stdout)?;
    let launch = launch.argument("--audit-key-file").argument(&key);
    let server = launch.start()?;
    Ok((launch, server))
}

fn command(arguments: &[&str], file: &Path) -> Result<(bool, String)> {
    let output = Command::new(binary::concord()?)
        .args(arguments)
        .arg(file)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((output.status.success(), text))
}

fn records(client: &mut Client) -> Result<Vec<Value>> {
    let page = get(client, "/governance/v1/audit")?.json();
    ensure!(page["next"].is_null(), "{page}");
    Ok(page["records"].as_array().cloned().unwrap_or_default())
}

#[test]
fn every_refused_attempt_to_change_something_is_on_record_wherever_it_was_refused() -> Result<()> {
    let (_launch, server) = audited()?;
    let mut client = server.client();
    let mut refused = Vec::new();
    for (method, target, body) in [
        ("POST", VERSIONS, r#"{"schema":"{"}"#),
        ("POST", VERSIONS, "no JSON"),
        ("PUT", "/config/s", r#"{"compatibility":"SOMETIMES"}"#),
        ("DELETE", "/subjects/s/versions/x", ""),
        (
            "POST",
            "/governance/v1/apply",
            r#"{"text":"kind: Nonsense"}"#,
        ),
    ] {
        let answer = client.send(&Request::new(method, target, Some(body)))?;
        ensure!(answer.status >= 400, "{method} {target}: {}", answer.text());
        refused.push(answer.json()["error_code"].to_string());
    }
    // Asking changes nothing, whatever is answered.
    for (method, target, body) in [
        ("GET", "/subjects/nobody/versions", ""),
        ("POST", "/compatibility/subjects/s/versions", "no JSON"),
        ("POST", "/governance/v1/validate", "no JSON"),
    ] {
        let answer = client.send(&Request::new(method, target, Some(body)))?;
        ensure!(answer.status >= 400, "{method} {target}");
    }
    let found: Vec<(String, String)> = records(&mut client)?
        .iter()
        .filter(|line| line["record"]["outcome"] == "refused")
        .map(|line| {
            let text = |name: &str| line["record"][name].as_str().unwrap_or_default().to_owned();
            (text("action"), text("errorCode"))
        })
        .collect();
    let actions = [
        "subject.register",
        "POST /subjects/{subject}/versions",
        "PUT /config/{scope}",
        "DELETE /subjects/{subject}/versions/{version}",
        "POST /governance/v1/apply",
    ];
    let expected: Vec<(String, String)> = actions
        .map(str::to_owned)
        .into_iter()
        .zip(refused)
        .collect();
    ensure!(found == expected, "{found:#?}");
    Ok(())
}

#[test]
fn a_record_names_the_trace_that_the_client_names_and_no_other() -> Result<()> {
    let (_launch, server) = audited()?;
    let mut client = server.client();
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (text, parent) in [
        ("{", Some(format!("00-{id}-00f067aa0ba902b7-01"))),
        ("no JSON", Some(format!("00-{id}-00f067aa0ba902b7-00"))),
        ("no JSON", Some("00-nonsense-01".to_owned())),
        ("no JSON", None),
    ] {
        let body = match text {
            "{" => json!({"schema": text}).to_string(),
            _ => text.to_owned(),
        };
        let mut request = Request::new("POST", VERSIONS, Some(&body));
        request.set_header("traceparent", parent.as_deref());
        ensure!(client.send(&request)?.status >= 400, "{text}");
    }
    let traces: Vec<Value> = records(&mut client)?
        .iter()
        .filter(|line| line["record"]["outcome"] == "refused")
        .map(|line| line["record"]["source"]["trace"].clone())
        .collect();
    ensure!(
        traces == [json!(id), json!(id), Value::Null, Value::Null],
        "{traces:?}"
    );
    Ok(())
}

#[test]
fn the_server_verifies_its_own_log_and_says_how_far_it_is() -> Result<()> {
    let (_launch, server) = audited()?;
    let mut client = server.client();
    for _ in 0..3 {
        ensure!(post(&mut client, VERSIONS, &json!({"schema": "{"}))?.status == 422);
    }
    let mut request = Request::new("GET", "/metrics", None);
    request.set_header("Accept", Some("text/plain"));
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let page = client.send(&request)?.text();
        let figures: Vec<&str> = page
            .lines()
            .filter(|line| line.starts_with("concord_audit_"))
            .collect();
        ensure!(figures.contains(&"concord_audit_broken 0"), "{figures:?}");
        // The opening and three refusals.
        if figures.contains(&"concord_audit_verified_record 4") {
            return Ok(());
        }
        ensure!(Instant::now() < patience, "{figures:?}");
        std::thread::yield_now();
    }
}

#[test]
fn records_come_in_pages_and_name_address_and_client_only_as_hashes() -> Result<()> {
    let (_launch, server) = audited()?;
    let mut client = server.client();
    for subject in ["a", "b", "c"] {
        ensure!(
            post(
                &mut client,
                &format!("/subjects/{subject}/versions"),
                &record(None)
            )?
            .status
                == 200
        );
    }
    let mut sequences = Vec::new();
    let mut after = json!(0);
    while !after.is_null() {
        let page = get(
            &mut client,
            &format!("/governance/v1/audit?limit=3&after={after}"),
        )?
        .json();
        let lines = page["records"].as_array().cloned().unwrap_or_default();
        ensure!(lines.len() <= 3, "{page}");
        sequences.extend(lines.iter().map(|line| line["record"]["sequence"].clone()));
        let address = &lines.last().context("a record")?["record"]["source"]["address"];
        if sequences.len() > 1 {
            ensure!(
                address.as_str().is_some_and(|hash| hash.len() == 64),
                "{page}"
            );
        }
        after = page["next"].clone();
    }
    ensure!(sequences == ["1", "2", "3", "4"], "{sequences:?}");
    ensure!(
        !get(&mut client, "/governance/v1/audit")?
            .text()
            .contains("127.0.0.1")
    );
    Ok(())
}

#[test]
fn an_export_is_what_the_command_verifies_and_one_that_was_tampered_with_is_found_out() -> Result<()>
{
    let (launch, server) = audited()?;
    let mut client = server.client();
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 200);
    let report = post(&mut client, "/governance/v1/audit/verify", &json!({}))?.json();
    ensure!(
        report["sound"] == true && report["records"] == 2,
        "{report}"
    );
    let exported = post(&mut client, "/governance/v1/audit/export", &Value::Null)?;
    ensure!(exported.status == 200 && exported.header("link").is_none());
    ensure!(exported.header("content-type") == Some("application/x-ndjson"));

    let file = launch.folder().join("audit.jsonl");
    fs::write(&file, exported.text())?;
    let (is_sound, said) = command(&["audit", "verify", "--from"], &file)?;
    ensure!(is_sound, "{said}");
    fs::write(
        &file,
        exported.text().replace("orders.a-value", "orders.b-value"),
    )?;
    let (is_sound, said) = command(&["audit", "verify", "--from"], &file)?;
    ensure!(!is_sound && said.contains("it was edited"), "{said}");

    server.terminate()?;
    let server = launch.start()?;
    let mut client = server.client();
    let checkpoints = get(&mut client, "/governance/v1/audit/checkpoints")?.json();
    let anchor = checkpoints["checkpoints"][0].to_string();
    let verification = json!({"anchors": [anchor]});
    let report = post(&mut client, "/governance/v1/audit/verify", &verification)?.json();
    ensure!(
        report["sound"] == true && report["checkpoints"] == 1,
        "{report}"
    );
    Ok(())
}

#[test]
fn the_log_of_a_server_is_an_anchor_if_that_is_asked_for() -> Result<()> {
    let (launch, server) = audited()?;
    drop(server);
    let launch = launch.argument("--audit-anchor-log");
    let server = launch.start()?;
    ensure!(post(&mut server.client(), VERSIONS, &record(None))?.status == 200);
    let ended = server.terminate()?;
    let server = launch.start()?;
    let exported = post(
        &mut server.client(),
        "/governance/v1/audit/export",
        &Value::Null,
    )?
    .text();
    let (log, file) = (
        launch.folder().join("server.log"),
        launch.folder().join("audit.jsonl"),
    );
    fs::write(&log, &ended.output)?;
    let log = log.to_str().context("a path that is text")?;
    fs::write(&file, &exported)?;
    let arguments = ["audit", "verify", "--anchors", log, "--from"];
    let (is_sound, said) = command(&arguments, &file)?;
    ensure!(is_sound, "{said}");
    // Cut off before what the log of the server knows.
    let lines: Vec<&str> = exported.lines().collect();
    fs::write(&file, lines[..2].join("\n"))?;
    let (is_sound, said) = command(&arguments, &file)?;
    ensure!(
        !is_sound && said.contains("but there was a record"),
        "{said}"
    );
    Ok(())
}

/// Argon2id of `password`, from the test vectors of its reference implementation.
const USER: &str =
    "ada:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n";

#[test]
fn failures_to_prove_a_name_are_one_record_of_their_source_and_others_name_who_asked() -> Result<()>
{
    let launch = Launch::new()?;
    let (key, users) = (
        launch.folder().join("audit.key"),
        launch.folder().join("users"),
    );
    let made = Command::new(binary::concord()?)
        .args(["audit", "key"])
        .output()?;
    fs::write(&key, made.stdout)?;
    fs::write(&users, USER)?;
    let launch = launch
        .argument("--audit-key-file")
        .argument(&key)
        .argument("--users-file")
        .argument(&users);
    let server = launch.start()?;
    let mut client = server.client();
    for _ in 0..5 {
        ensure!(get(&mut client, "/subjects")?.status == 401);
    }
    let authorization = format!("Basic {}", STANDARD.encode("ada:password"));
    let mut register = Request::new("POST", VERSIONS, Some(&record(None).to_string()));
    register.set_header("Authorization", Some(&authorization));
    ensure!(client.send(&register)?.status == 200);
    // What was counted since the last minute is put on record at the end.
    server.terminate()?;
    let server = launch.start()?;
    let mut listing = Request::new("GET", "/governance/v1/audit", None);
    listing.set_header("Authorization", Some(&authorization));
    let page = server.client().send(&listing)?.json();
    let lines = page["records"].as_array().cloned().unwrap_or_default();
    let of = |action: &str| -> Vec<Value> {
        let lines = lines
            .iter()
            .filter(|line| line["record"]["action"] == action);
        lines.cloned().collect()
    };
    let failures = of("authentication");
    let requests: u64 = failures
        .iter()
        .filter_map(|line| {
            line["record"]["resource"]
                .as_str()?
                .split(' ')
                .next()?
                .parse::<u64>()
                .ok()
        })
        .sum();
    ensure!(requests == 5 && failures.len() <= 2, "{failures:#?}");
    ensure!(
        failures[0]["record"]["errorCode"] == "401"
            && failures[0]["record"]["source"]["address"].is_string()
    );
    let registered = of("subject.register");
    ensure!(
        registered.len() == 1 && registered[0]["principal"] == "ada",
        "{registered:#?}"
    );
    Ok(())
}
