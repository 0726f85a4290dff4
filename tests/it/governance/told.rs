//! Where a client finds at length what policies said, at every place that asks them (`governance.md` sections 2.3 and 2.8).

use super::*;

/// The target of the `Link` header, which has to describe the answer.
fn described_by(answer: &Response) -> Result<String> {
    let link = answer.header("link").unwrap_or_default();
    let target = link
        .strip_prefix('<')
        .and_then(|link| link.strip_suffix(">; rel=\"describedby\""));
    Ok(target
        .with_context(|| format!("no link in {link:?}"))?
        .to_owned())
}

#[test]
fn a_refusal_links_to_the_report_that_is_kept_of_it() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    let refused = post(&mut client, VERSIONS, &record(None))?;
    let target = described_by(&refused)?;
    ensure!(target.starts_with("/governance/v1/reports/"), "{target}");
    ensure!(refused.json()["message"].to_string().contains(&target));
    let report = get(&mut client, &target)?.json();
    ensure!(
        report["subject"] == "orders.a-value" && report["format"] == "AVRO",
        "{report}"
    );
    ensure!(report["findings"][0]["code"] == "DOC002", "{report}");

    let mut asking = Request::new("POST", VERSIONS, Some(&record(None).to_string()));
    asking.set_header("Confluent-Accept-Unknown-Properties", Some("true"));
    let told = client.send(&asking)?;
    let id = told.json()["report"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    ensure!(described_by(&told)? == format!("/governance/v1/reports/{id}"));

    let other = post(&mut client, VERSIONS, &json!({"schema": "{"}))?;
    ensure!(
        other.status == 422 && other.header("link").is_none(),
        "policies had no part in it"
    );
    Ok(())
}

#[test]
fn an_acceptance_with_warnings_links_to_the_record_of_the_admission() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, &DOCUMENTED.replace("error", "warn"))?.status == 200);
    // A name that has to be escaped in a path.
    let versions = "/subjects/orders.%C3%A4%2Fb-value/versions";
    let warned = post(&mut client, versions, &record(None))?;
    let target = described_by(&warned)?;
    ensure!(
        target.ends_with("/versions/1/admission") && target.is_ascii(),
        "{target}"
    );
    let admission = get(&mut client, &target)?.json();
    ensure!(admission["subject"] == "orders.ä/b-value", "{admission}");
    ensure!(
        admission["findings"][0]["disposition"] == "warned",
        "{admission}"
    );

    let clean = post(&mut client, "/subjects/other/versions", &record(None))?;
    ensure!(clean.status == 200 && clean.header("link").is_none());
    Ok(())
}

const FLOOR: &str = "
apiVersion: governance/v1
kind: Policy
metadata: {name: core}
spec:
  rules:
    - {use: EVO001, severity: error, with: {level: BACKWARD}}
";

#[test]
fn a_change_of_settings_is_refused_with_a_report_warned_about_and_counted() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let none = Request::new("PUT", "/config", Some(r#"{"compatibility":"NONE"}"#));
    ensure!(apply(&mut client, FLOOR)?.status == 200);
    let refused = client.send(&none)?;
    ensure!((refused.status, &refused.json()["error_code"]) == (422, &json!(42270)));
    let report = get(&mut client, &described_by(&refused)?)?.json();
    ensure!(report["findings"][0]["code"] == "EVO001", "{report}");
    ensure!(
        report["format"].is_null(),
        "it was about no schema: {report}"
    );

    ensure!(apply(&mut client, &FLOOR.replace("error", "warn"))?.status == 200);
    let warned = client.send(&none)?;
    ensure!(warned.status == 200, "{}", warned.text());
    ensure!(
        warned.text() == r#"{"compatibility":"NONE"}"#,
        "{}",
        warned.text()
    );
    let warning = warned.header("warning").unwrap_or_default();
    ensure!(warning.starts_with("299 - \"[EVO001]"), "{warning}");
    for outcome in ["refuse", "warn"] {
        let line =
            format!("concord_policy_evaluations_total{{outcome=\"{outcome}\",point=\"config\"}} 1");
        wait_for(&mut client, &line)?;
    }
    Ok(())
}

#[test]
fn a_schema_that_comes_with_an_association_is_refused_with_a_report() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let everywhere = DOCUMENTED.replace("orders.**", "**");
    ensure!(apply(&mut client, &everywhere)?.status == 200);
    let mut request = json!({
        "resourceName": "orders", "resourceNamespace": "lkc-1", "resourceId": "t-1", "resourceType": "topic",
        "associations": [{
            "subject": ":.lkc-1:orders-value", "associationType": "value", "lifecycle": "STRONG", "schema": record(None),
        }],
    });
    let refused = post(&mut client, "/associations", &request)?;
    ensure!(refused.json()["error_code"] == 42270, "{}", refused.text());
    let report = get(&mut client, &described_by(&refused)?)?.json();
    ensure!(report["findings"][0]["code"] == "DOC002", "{report}");

    let tried = post(&mut client, "/associations?dryRun=true", &request)?;
    ensure!(tried.json()["error_code"] == 42270, "{}", tried.text());
    ensure!(tried.header("link").is_none(), "a dry run leaves nothing");

    ensure!(apply(&mut client, &everywhere.replace("error", "warn"))?.status == 200);
    let warned = post(&mut client, "/associations?dryRun=true", &request)?;
    ensure!(
        warned.status == 200 && warned.header("warning").is_none(),
        "nothing was let in"
    );
    let warned = post(&mut client, "/associations", &request)?;
    ensure!(warned.status == 200, "{}", warned.text());
    let warning = warned.header("warning").unwrap_or_default();
    ensure!(warning.starts_with("299 - \"[DOC002]"), "{warning}");
    let admission = get(&mut client, &described_by(&warned)?)?.json();
    ensure!(
        admission["findings"][0]["disposition"] == "warned",
        "{admission}"
    );

    ensure!(apply(&mut client, &everywhere)?.status == 200);
    request["resourceName"] = "others".into();
    request["resourceId"] = "t-2".into();
    request["associations"][0]["subject"] = ":.lkc-1:others-value".into();
    request["associations"][0]["schema"] = record(Some("What it costs."));
    let bound = post(&mut client, "/associations", &request)?;
    ensure!(bound.status == 200, "{}", bound.text());
    Ok(())
}

#[test]
fn a_schema_is_tried_where_it_would_be_registered_and_nothing_refuses_what_is() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let strict = format!("{DOCUMENTED}  baseline: all\n");
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 200);
    ensure!(apply(&mut client, &strict)?.status == 200);
    let alias = json!({"alias": "orders.a-value"}).to_string();
    let named = client.send(&Request::new("PUT", "/config/short", Some(&alias)))?;
    ensure!(named.status == 200, "{}", named.text());

    let mut other = record(None);
    other["schema"] =
        json!(r#"{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}"#);
    let mut codes = |target: &str, body: &Value| -> Result<(Value, Vec<Value>)> {
        let tried = post(&mut client, target, body)?.json();
        let findings = tried["findings"].as_array().cloned().unwrap_or_default();
        let codes = findings.into_iter().map(|finding| finding["code"].clone());
        Ok((tried["verdict"].clone(), codes.collect()))
    };
    let (verdict, found) = codes("/governance/v1/evaluate?subject=short", &other)?;
    ensure!((verdict, found) == (json!("refuse"), vec![json!("DOC002")]));
    let (verdict, found) = codes("/governance/v1/evaluate?subject=short", &record(None))?;
    ensure!(
        (verdict, found) == (json!("pass"), vec![json!("DOC002")]),
        "what is registered would be found again, and refuses nothing"
    );
    Ok(())
}

#[test]
fn the_record_of_an_admission_says_what_the_version_changes_or_why_there_is_none() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 200);
    let admission = |version: &str| {
        format!("/governance/v1/subjects/orders.a-value/versions/{version}/admission")
    };
    let none = get(&mut client, &admission("latest"))?;
    ensure!(none.status == 404 && none.text().contains("no documents were in force"));
    ensure!(get(&mut client, &admission("2"))?.json()["error_code"] == 40402);

    ensure!(apply(&mut client, &DOCUMENTED.replace("error", "warn"))?.status == 200);
    ensure!(put_level(&mut client, "NONE")?.status == 200);
    let amount = r#"{"name": "amount", "type": "string", "doc": "What it costs."}"#;
    let note = r#"{"name": "note", "type": "string", "default": ""}"#;
    let steps = [
        (amount.to_owned(), "text"),
        (format!("{amount}, {note}"), "addition"),
        (note.to_owned(), "breaking"),
    ];
    for (fields, class) in steps {
        let schema = format!(r#"{{"type": "record", "name": "Order", "fields": [{fields}]}}"#);
        let done = post(&mut client, VERSIONS, &json!({"schema": schema}))?;
        ensure!(done.status == 200, "{}", done.text());
        let told = get(&mut client, &admission("latest"))?.json();
        ensure!(told["changeClass"] == class, "{fields}: {told}");
    }
    let fresh = "/governance/v1/subjects/fresh/versions/1/admission";
    ensure!(post(&mut client, "/subjects/fresh/versions", &record(None))?.status == 200);
    ensure!(get(&mut client, fresh)?.json()["changeClass"].is_null());
    let report = "/governance/v1/reports/01M8J94Z8VXN9KSHPYT81PNPXV";
    ensure!(
        get(&mut client, report)?
            .text()
            .contains("kept for 90 days")
    );
    Ok(())
}

fn put_level(client: &mut Client, level: &str) -> Result<Response> {
    let level = json!({"compatibility": level}).to_string();
    Ok(client.send(&Request::new("PUT", "/config", Some(&level)))?)
}
