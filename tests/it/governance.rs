//! Governance over HTTP: what a client is told, what it is not told, and where documents come from (`governance.md` sections
//! 0, 2.8 and 2.12).

mod audit;
mod compatibility;
mod entity_tags;
mod folder;
mod standing;
mod told;
mod tried;

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::http::{Client, Request, Response};
use tests::launch::Launch;

const DOCUMENTED: &str = "
apiVersion: governance/v1
kind: Policy
metadata: {name: core}
spec:
  match: {subjects: ['orders.**']}
  rules:
    - {use: DOC002, severity: error}
";

fn post(client: &mut Client, target: &str, body: &Value) -> Result<Response> {
    Ok(client.send(&Request::new("POST", target, Some(&body.to_string())))?)
}

fn get(client: &mut Client, target: &str) -> Result<Response> {
    Ok(client.send(&Request::new("GET", target, None))?)
}

fn apply(client: &mut Client, text: &str) -> Result<Response> {
    post(client, "/governance/v1/apply", &json!({"text": text}))
}

fn record(doc: Option<&str>) -> Value {
    let mut field = json!({"name": "amount", "type": "string"});
    if let Some(doc) = doc {
        field["doc"] = doc.into();
    }
    let schema = json!({"type": "record", "name": "Order", "fields": [field]});
    json!({"schema": schema.to_string()})
}

const VERSIONS: &str = "/subjects/orders.a-value/versions";

#[test]
fn a_refused_client_reads_subject_rule_and_cure_first_and_nothing_that_it_does_not_know()
-> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);

    let refused = post(&mut client, VERSIONS, &record(None))?;
    ensure!(refused.status == 422, "{}", refused.text());
    let body = refused.json();
    ensure!(body["error_code"] == 42270);
    let members: Vec<&String> = body.as_object().expect("an object").keys().collect();
    ensure!(members == ["error_code", "message"], "{members:?}");
    let message = body["message"].as_str().expect("a text");
    let head = &message[..message.len().min(160)];
    for wanted in ["orders.a-value", "DOC002", "amount", "\"doc\""] {
        ensure!(head.contains(wanted), "{wanted} is not in {head}");
    }
    ensure!(!message.contains('\n') && message.len() <= 1800);

    let mut asking = Request::new("POST", VERSIONS, Some(&record(None).to_string()));
    asking.set_header("Confluent-Accept-Unknown-Properties", Some("true"));
    let told = client.send(&asking)?.json();
    ensure!(told["violations"][0]["code"] == "DOC002", "{told}");
    let page = told["violations"][0]["docs"].as_str().unwrap_or_default();
    ensure!(get(&mut client, page)?.json()["code"] == "DOC002", "{told}");
    ensure!(told["violations"][0]["path"] == "amount" && told["policyRevision"] == 1);
    Ok(())
}

#[test]
fn bodies_of_success_are_the_same_with_and_without_policies_and_warnings_are_headers() -> Result<()>
{
    let (plain, governed) = (Launch::new()?.start()?, Launch::new()?.start()?);
    let (mut plain, mut governed) = (plain.client(), governed.client());
    ensure!(apply(&mut governed, &DOCUMENTED.replace("error", "warn"))?.status == 200);

    let (one, other) = (
        post(&mut plain, VERSIONS, &record(None))?,
        post(&mut governed, VERSIONS, &record(None))?,
    );
    ensure!(
        (one.status, one.text()) == (200, other.text()),
        "{}",
        other.text()
    );
    ensure!(one.header("warning").is_none());
    let warning = other.header("warning").unwrap_or_default();
    ensure!(warning.starts_with("299 - \"[DOC002]"), "{warning}");

    for target in [
        VERSIONS,
        "/subjects",
        "/schemas/ids/1",
        "/subjects/orders.a-value/versions/latest",
    ] {
        let (one, other) = (get(&mut plain, target)?, get(&mut governed, target)?);
        ensure!(timeless(&one) == timeless(&other), "{target}");
        ensure!(other.header("warning").is_none(), "{target}");
    }
    Ok(())
}

#[test]
fn what_is_registered_is_registered_again_and_read_however_strict_the_policies_became() -> Result<()>
{
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let first = post(&mut client, VERSIONS, &record(None))?;
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    ensure!(
        post(
            &mut client,
            "/subjects/orders.b-value/versions",
            &record(None)
        )?
        .status
            == 422
    );
    let again = post(&mut client, VERSIONS, &record(None))?;
    ensure!((again.status, again.text()) == (200, first.text()));
    ensure!(get(&mut client, "/schemas/ids/1")?.status == 200);
    Ok(())
}

#[test]
fn documents_are_checked_numbered_compared_and_taken_back() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let bad = apply(&mut client, &DOCUMENTED.replace("DOC002", "DOC999"))?;
    ensure!(
        (bad.status, &bad.json()["error_code"]) == (422, &json!(42272)),
        "{}",
        bad.text()
    );
    ensure!(get(&mut client, "/governance/v1/policies")?.json()["revision"] == 0);
    let valid = post(
        &mut client,
        "/governance/v1/validate",
        &json!({"text": DOCUMENTED}),
    )?;
    ensure!(valid.json()["valid"] == true, "{}", valid.text());

    let first = apply(&mut client, DOCUMENTED)?.json();
    ensure!(first["revision"] == 1);
    let digest = first["digest"].as_str().unwrap_or_default();
    ensure!(digest.starts_with("sha256:"), "{digest}");
    for told in ["policies", "revisions/1"] {
        let told = get(&mut client, &format!("/governance/v1/{told}"))?.json();
        ensure!(told["digest"] == digest, "{told}");
    }
    ensure!(valid.json()["digest"] == digest, "{}", valid.text());
    let lax = DOCUMENTED.replace("error", "warn");
    let stale = post(
        &mut client,
        "/governance/v1/apply",
        &json!({"text": lax, "baseRevision": 0}),
    )?;
    ensure!(
        (stale.status, &stale.json()["error_code"]) == (409, &json!(40970)),
        "{}",
        stale.text()
    );
    let second = post(
        &mut client,
        "/governance/v1/apply",
        &json!({"text": lax, "baseRevision": 1, "comment": "softer"}),
    )?;
    ensure!(second.json()["revision"] == 2, "{}", second.text());
    let difference = get(&mut client, "/governance/v1/revisions/1/diff/2")?.json();
    ensure!(
        difference == json!({"added": [], "removed": [], "changed": ["Policy core"]}),
        "{difference}"
    );

    let back = post(
        &mut client,
        "/governance/v1/rollback",
        &json!({"revision": 1}),
    )?;
    ensure!(back.json()["revision"] == 3, "{}", back.text());
    let history = get(&mut client, "/governance/v1/revisions?limit=2")?.json();
    ensure!(
        history[0]["source"] == "rollback to 1" && history[1]["comment"] == "softer",
        "{history}"
    );
    ensure!(get(&mut client, "/governance/v1/revisions/9")?.status == 404);
    Ok(())
}

#[test]
fn policies_that_tie_are_warned_of_when_they_are_applied() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let clear = apply(&mut client, DOCUMENTED)?.json();
    ensure!(clear["warnings"] == json!([]), "{clear}");
    let other = DOCUMENTED.replace("core", "other").replace("error", "warn");
    let tied = apply(&mut client, &format!("{DOCUMENTED}---{other}"))?.json();
    let warning = tied["warnings"][0]["message"].as_str().unwrap_or_default();
    ensure!(warning.starts_with("ties with policy core"), "{tied}");
    ensure!(tied["revision"] == 2, "a warning stops nobody: {tied}");
    Ok(())
}

#[test]
fn all_documents_are_taken_away_only_if_that_is_said() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    for nothing in [json!({}), json!([]), json!({"text": "# none"})] {
        let refused = post(&mut client, "/governance/v1/apply", &nothing)?;
        ensure!(
            (refused.status, &refused.json()["error_code"]) == (422, &json!(42272)),
            "{nothing}: {}",
            refused.text()
        );
    }
    ensure!(get(&mut client, "/governance/v1/policies")?.json()["revision"] == 1);
    let said = json!({"documents": []});
    let none = post(&mut client, "/governance/v1/apply", &said)?;
    ensure!(none.json()["documentCount"] == 0, "{}", none.text());
    Ok(())
}

#[test]
fn a_schema_can_be_tried_and_a_subject_explained() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    let tried = post(
        &mut client,
        "/governance/v1/evaluate?subject=orders.a-value",
        &record(None),
    )?
    .json();
    ensure!(
        tried["verdict"] == "refuse" && tried["findings"][0]["code"] == "DOC002",
        "{tried}"
    );
    let tried = post(
        &mut client,
        "/governance/v1/evaluate?subject=other",
        &record(None),
    )?
    .json();
    ensure!(tried["verdict"] == "pass", "{tried}");
    ensure!(
        get(&mut client, "/subjects")?.json() == json!([]),
        "nothing is registered"
    );
    let explained = get(&mut client, "/governance/v1/subjects/orders.a-value/policy")?.json();
    ensure!(
        explained["rules"][0]["code"] == "DOC002" && explained["rules"][0]["policy"] == "core",
        "{explained}"
    );
    let rule = get(&mut client, "/governance/v1/rules/doc-field-required")?.json();
    ensure!(rule["code"] == "DOC002", "{rule}");
    ensure!(
        rule["page"]
            .as_str()
            .is_some_and(|page| page.starts_with("# DOC002")),
        "{rule}"
    );
    ensure!(get(&mut client, "/governance/v1/rules/DOC999")?.status == 404);
    let schema = get(&mut client, "/governance/v1/schemas/policy.json")?.json();
    ensure!(
        schema["oneOf"].is_array() || schema["anyOf"].is_array(),
        "{schema}"
    );
    Ok(())
}

#[test]
fn a_watched_folder_is_taken_whole_or_not_at_all() -> Result<()> {
    let launch = Launch::new()?;
    let folder = launch.folder().join("policies");
    fs::create_dir(&folder)?;
    fs::write(folder.join("core.yaml"), DOCUMENTED)?;
    let launch = launch
        .argument("--policy-source=dir")
        .argument(format!("--policy-dir={}", folder.display()));
    let server = launch.start()?;
    let mut client = server.client();
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 422);
    let elsewhere = apply(&mut client, DOCUMENTED)?;
    ensure!((elsewhere.status, &elsewhere.json()["error_code"]) == (409, &json!(40971)));

    fs::write(folder.join("bad.yaml"), "kind: Nonsense")?;
    wait_for(&mut client, "concord_policy_load_failed 1")?;
    ensure!(
        post(&mut client, VERSIONS, &record(None))?.status == 422,
        "the last good documents are in force"
    );
    fs::remove_file(folder.join("bad.yaml"))?;
    fs::write(
        folder.join("core.yaml"),
        DOCUMENTED.replace("error", "warn"),
    )?;
    wait_for(&mut client, "concord_policy_revision 2")?;
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 200);
    Ok(())
}

#[test]
fn a_folder_that_was_never_understood_lets_nothing_in() -> Result<()> {
    let launch = Launch::new()?;
    let folder = launch.folder().join("policies");
    fs::create_dir(&folder)?;
    fs::write(folder.join("core.yaml"), "kind: Nonsense")?;
    let launch = launch
        .argument("--policy-source=dir")
        .argument(format!("--policy-dir={}", folder.display()));
    let ended = launch.start_in_vain()?;
    ensure!(ended.output.contains("core.yaml"), "{}", ended.output);
    Ok(())
}

#[test]
fn with_policies_switched_off_the_documents_of_the_store_are_not_asked() -> Result<()> {
    let launch = Launch::new()?;
    let server = launch.start()?;
    ensure!(apply(&mut server.client(), DOCUMENTED)?.status == 200);
    server.terminate()?;
    let launch = launch.argument("--policy-source=none");
    let server = launch.start()?;
    ensure!(post(&mut server.client(), VERSIONS, &record(None))?.status == 200);
    Ok(())
}

/// The body without the time of the registration.
fn timeless(answer: &Response) -> Value {
    let mut body = answer.json();
    if let Some(members) = body.as_object_mut() {
        members.remove("ts");
    }
    body
}

fn figures(client: &mut Client) -> Result<String> {
    let mut request = Request::new("GET", "/metrics", None);
    request.set_header("Accept", Some("text/plain"));
    Ok(client.send(&request)?.text())
}

/// Until the figures say so; the folder is looked at every two seconds.
fn wait_for(client: &mut Client, line: &str) -> Result<()> {
    let started = Instant::now();
    loop {
        let figures = figures(client)?;
        if figures.lines().any(|found| found == line) {
            return Ok(());
        }
        ensure!(
            started.elapsed() < Duration::from_secs(30),
            "no {line} in {figures}"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
}
