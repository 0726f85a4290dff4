//! What was read can be changed only as long as nobody else has changed it: `ETag` and `If-Match`, and single documents.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use tests::http::{Client, Request, Response};
use tests::launch::Launch;

use super::{DOCUMENTED, apply, get};

const APPLY: &str = "/governance/v1/apply";
const POLICIES: &str = "/governance/v1/policies";

fn post_if(client: &mut Client, target: &str, tag: &str, body: &Value) -> Result<Response> {
    let mut request = Request::new("POST", target, Some(&body.to_string()));
    request.set_header("If-Match", Some(tag));
    Ok(client.send(&request)?)
}

/// The same documents, but for the severity.
fn with(severity: &str) -> Value {
    json!({"text": DOCUMENTED.replace("error", severity)})
}

fn tag(client: &mut Client, target: &str) -> Result<String> {
    let answer = get(client, target)?;
    ensure!(answer.status == 200, "{target}: {}", answer.text());
    Ok(answer.header("etag").unwrap_or_default().to_owned())
}

#[test]
fn who_read_the_documents_changes_them_only_if_nobody_else_has() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let none = tag(&mut client, POLICIES)?;
    ensure!(post_if(&mut client, APPLY, &none, &with("error"))?.status == 200);
    let first = tag(&mut client, POLICIES)?;
    ensure!(first != none && tag(&mut client, POLICIES)? == first);

    let refused = post_if(&mut client, APPLY, &none, &with("warn"))?;
    ensure!(
        (refused.status, &refused.json()["error_code"]) == (412, &json!(412)),
        "{}",
        refused.text()
    );
    ensure!(tag(&mut client, POLICIES)? == first, "nothing was changed");

    // A list is met by one of its tags, a star by whatever there is.
    let listed = format!("\"77\", {first}");
    ensure!(post_if(&mut client, APPLY, &listed, &with("warn"))?.json()["revision"] == 2);
    let back = "/governance/v1/rollback";
    let to_first = json!({"revision": 1});
    ensure!(post_if(&mut client, back, &first, &to_first)?.status == 412);
    ensure!(post_if(&mut client, back, "*", &to_first)?.json()["revision"] == 3);
    Ok(())
}

#[test]
fn a_tag_that_was_never_given_is_never_met() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    let tag = tag(&mut client, POLICIES)?;
    let number = tag.trim_matches('"');
    for wrong in [
        format!("W/{tag}"),
        number.to_owned(),
        format!("\"0{number}\""),
        "\"\"".to_owned(),
        "nonsense".to_owned(),
    ] {
        let refused = post_if(&mut client, APPLY, &wrong, &with("warn"))?;
        ensure!(refused.status == 412, "{wrong}: {}", refused.text());
    }
    // The base in the body has to hold as well.
    let mut other = with("warn");
    other["baseRevision"] = json!(0);
    ensure!(post_if(&mut client, APPLY, &tag, &other)?.status == 412);
    other["baseRevision"] = json!(1);
    ensure!(post_if(&mut client, APPLY, &tag, &other)?.status == 200);
    Ok(())
}

#[test]
fn documents_that_are_in_force_already_may_be_sent_again_on_the_base_of_the_first_time()
-> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let mut wish = with("error");
    wish["baseRevision"] = json!(0);
    for _ in 0..2 {
        let done = super::post(&mut client, APPLY, &wish)?;
        ensure!(
            (done.status, &done.json()["revision"]) == (200, &json!(1)),
            "{}",
            done.text()
        );
    }
    let again = post_if(&mut client, APPLY, "\"0\"", &with("error"))?;
    ensure!(again.status == 200, "{}", again.text());
    let revisions = get(&mut client, "/governance/v1/revisions")?.json();
    ensure!(revisions.as_array().is_some_and(|all| all.len() == 1));
    Ok(())
}

#[test]
fn one_document_is_read_by_its_name_and_kind() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(get(&mut client, "/governance/v1/policies/core")?.status == 404);
    let team = "
apiVersion: governance/v1
kind: Team
metadata: {name: core}
spec: {contact: {email: core@example.org}}
";
    let slashed = DOCUMENTED
        .replace("core", "acme/core")
        .replace("orders", "acme");
    let applied = apply(&mut client, &format!("{DOCUMENTED}---{slashed}---{team}"))?;
    ensure!(applied.status == 200, "{}", applied.text());
    let all = get(&mut client, POLICIES)?.json();
    for (target, kind, name) in [
        ("core", "Policy", "core"),
        ("core?kind=Team", "Team", "core"),
        ("acme%2Fcore", "Policy", "acme/core"),
    ] {
        let target = format!("{POLICIES}/{target}");
        let one = get(&mut client, &target)?.json();
        let expected = all["documents"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|document| document["kind"] == kind && document["metadata"]["name"] == name);
        ensure!(expected == Some(&one["document"]), "{target}: {one}");
        ensure!(one["revision"] == 1, "{one}");
        ensure!(tag(&mut client, &target)? == tag(&mut client, POLICIES)?);
    }
    for missing in ["other", "core?kind=Vocabulary", "core?kind=Nonsense"] {
        let missing = get(&mut client, &format!("{POLICIES}/{missing}"))?;
        ensure!(missing.status == 404, "{}", missing.text());
    }
    let described = get(&mut client, "/governance/v1/openapi.json")?;
    ensure!(described.text() == get(&mut client, "/openapi.json")?.text());
    Ok(())
}
