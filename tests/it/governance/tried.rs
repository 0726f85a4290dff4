//! What is tried is answered as what is done would be (`governance.md` section 0, G4).

use super::*;

const EVALUATE: &str = "/governance/v1/evaluate";

/// Tries a body and then registers it; both answers, by status and number and message.
fn tried_and_done(client: &mut Client, subject: &str, body: &Value) -> Result<[(u16, Value); 2]> {
    let tried = post(client, &format!("{EVALUATE}?subject={subject}"), body)?;
    let done = post(client, &format!("/subjects/{subject}/versions"), body)?;
    Ok([tried, done].map(|answer| (answer.status, answer.json())))
}

#[test]
fn what_a_registration_refuses_for_the_sake_of_what_was_sent_is_refused_when_it_is_tried()
-> Result<()> {
    let server = Launch::new()?.argument("--record-bytes-max=400").start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, DOCUMENTED)?.status == 200);
    let owned = json!({
        "resourceName": "q", "resourceNamespace": "ns", "resourceId": "r-1", "resourceType": "topic",
        "associations": [{"associationType": "value", "lifecycle": "STRONG", "schema": record(Some("Text."))}],
    });
    let bound = post(&mut client, "/associations", &owned)?;
    ensure!(bound.status == 200, "{}", bound.text());

    let mut referring = record(Some("Text."));
    referring["references"] = json!([{"name": "Order", "subject": ":.ns:q-value", "version": 1}]);
    referring["schema"] = r#"{"type":"record","name":"W","fields":[]}"#.into();
    let mut ruled = record(Some("Text."));
    ruled["ruleSet"] = json!({"domainRules": [{"name": "r", "kind": "CONDITION", "mode": "UPGRADE", "type": "CEL"}]});
    let long = "A text of many words. ".repeat(20);
    for (subject, body, code) in [
        ("bad%01name", record(Some("Text.")), 42208),
        (":.__GLOBAL:orders.a-value", record(None), 42208),
        ("orders.a-value", ruled, 42210),
        ("orders.a-value", referring, 42205),
        ("orders.a-value", record(Some(&long)), 42209),
        ("orders.a-value", json!({"schema": "{"}), 42201),
    ] {
        let [tried, done] = tried_and_done(&mut client, subject, &body)?;
        ensure!(done.1["error_code"] == code, "{subject}: {done:?}");
        ensure!(tried == done, "{tried:?} is not {done:?}");
    }
    Ok(())
}
