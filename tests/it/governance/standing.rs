//! What stands is examined behind all requests (`governance.md` sections 2.3, 2.10 and 2.13).

use super::*;

const TEAMS: &str = "
---
apiVersion: governance/v1
kind: Team
metadata: {name: payments}
spec: {title: Payments}
---
apiVersion: governance/v1
kind: Ownership
metadata: {name: default}
spec:
  rules:
    - {subjects: ['orders.a-*'], team: payments}
";

fn violations(team: &str, count: u32) -> String {
    format!(
        "concord_policy_violations{{rule=\"DOC002\",severity=\"error\",team=\"{team}\"}} {count}"
    )
}

#[test]
fn what_stood_before_the_documents_is_found_counted_by_team_and_refuses_nobody() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    for subject in [
        "orders.a-value",
        "orders.b-value",
        "orders.c-value",
        "other",
    ] {
        let target = format!("/subjects/{subject}/versions");
        ensure!(post(&mut client, &target, &record(None))?.status == 200);
    }
    ensure!(get(&mut client, "/governance/v1/findings")?.json()["examined"].is_null());
    ensure!(apply(&mut client, &format!("{DOCUMENTED}{TEAMS}"))?.status == 200);
    wait_for(&mut client, &violations("payments", 1))?;
    wait_for(&mut client, &violations("", 2))?;
    ensure!(!figures(&mut client)?.contains("concord_policy_findings_total{"));

    let page = get(&mut client, "/governance/v1/findings?limit=2")?.json();
    ensure!(
        page["subjects"] == 4 && page["policyRevision"] == 1 && page["next"] == 2,
        "{page}"
    );
    ensure!(
        page["findings"][0]["subject"] == "orders.a-value"
            && page["findings"][0]["team"] == "payments"
            && page["findings"][0]["code"] == "DOC002",
        "{page}"
    );
    let rest = get(&mut client, "/governance/v1/findings?limit=2&after=2")?.json();
    ensure!(
        rest["findings"][0]["subject"] == "orders.c-value" && rest["next"].is_null(),
        "{rest}"
    );
    let owned = get(
        &mut client,
        "/governance/v1/findings?team=payments&rule=doc-field-required",
    )?;
    ensure!(
        owned.json()["findings"].as_array().map(Vec::len) == Some(1),
        "{}",
        owned.text()
    );

    // The next revision of the documents is examined as well, and what is in order is not counted any more.
    ensure!(apply(&mut client, &DOCUMENTED.replace("orders.**", "orders.b-*"))?.status == 200);
    wait_for(&mut client, &violations("", 1))?;
    let page = get(&mut client, "/governance/v1/findings")?.json();
    ensure!(
        page["policyRevision"] == 2 && page["findings"].as_array().map(Vec::len) == Some(1),
        "{page}"
    );
    Ok(())
}

#[test]
fn a_version_is_examined_when_it_is_asked_for_and_nothing_excuses_it() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 200);
    ensure!(post(&mut client, VERSIONS, &record(Some("What it costs.")))?.status == 200);
    let of = |version: &str| {
        format!("/governance/v1/subjects/orders.a-value/versions/{version}/findings")
    };
    let none = get(&mut client, &of("1"))?.json();
    ensure!(
        none["policyRevision"] == 0 && none["findings"] == json!([]),
        "{none}"
    );

    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    let first = get(&mut client, &of("1"))?.json();
    ensure!(
        first["verdict"] == "refuse" && first["findings"][0]["path"] == "amount",
        "{first}"
    );
    ensure!(
        first["findings"][0]["disposition"] == "enforced",
        "nothing excuses what stands: {first}"
    );
    let latest = get(&mut client, &of("latest"))?.json();
    ensure!(
        latest["version"] == 2 && latest["verdict"] == "pass",
        "{latest}"
    );
    ensure!(get(&mut client, &of("3"))?.json()["error_code"] == 40402);
    Ok(())
}
