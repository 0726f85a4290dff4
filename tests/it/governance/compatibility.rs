//! The protocol's own check of compatibility, where policies want to be asked there (`governance.md` section 2.8).

use super::*;

const CHECK: &str = "/compatibility/subjects/orders.a-value/versions";

/// The usual rule as an error, another one as a warning, and the setting of the endpoint.
fn documents(endpoint: &str) -> String {
    format!("{DOCUMENTED}    - {{use: DOC001, severity: warn}}\n{endpoint}")
}

const ENFORCED: &str = "  check: {onCompatibilityEndpoint: enforce}\n";

#[test]
fn the_endpoint_speaks_of_compatibility_alone_unless_a_policy_of_the_subject_says_otherwise()
-> Result<()> {
    let (plain, governed) = (Launch::new()?.start()?, Launch::new()?.start()?);
    let (mut plain, mut governed) = (plain.client(), governed.client());
    for endpoint in ["", "  check: {onCompatibilityEndpoint: off}\n"] {
        ensure!(apply(&mut governed, &documents(endpoint))?.status == 200);
        for target in [CHECK.to_owned(), format!("{CHECK}?verbose=true")] {
            let one = post(&mut plain, &target, &record(None))?;
            let other = post(&mut governed, &target, &record(None))?;
            ensure!(
                (one.status, one.text()) == (200, other.text()),
                "{endpoint}"
            );
        }
    }
    ensure!(apply(&mut governed, &documents(ENFORCED))?.status == 200);
    let elsewhere = "/compatibility/subjects/other/versions?verbose=true";
    let (one, other) = (
        post(&mut plain, elsewhere, &record(None))?,
        post(&mut governed, elsewhere, &record(None))?,
    );
    ensure!(one.text() == other.text(), "{}", other.text());
    let misspelt = documents("  check: {onCompatabilityEndpoint: enforce}\n");
    ensure!(apply(&mut governed, &misspelt)?.json()["error_code"] == 42272);
    Ok(())
}

#[test]
fn where_it_answers_for_policies_an_error_is_not_compatible_and_a_warning_is_never_a_message()
-> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(apply(&mut client, &documents(ENFORCED))?.status == 200);
    let verbose = format!("{CHECK}?verbose=true");

    let short = post(&mut client, CHECK, &record(None))?;
    ensure!(
        short.text() == r#"{"is_compatible":false}"#,
        "{}",
        short.text()
    );
    let told = post(&mut client, &verbose, &record(None))?.json();
    let messages = told["messages"].as_array().cloned().unwrap_or_default();
    let message = messages[0].as_str().unwrap_or_default();
    ensure!(
        told["is_compatible"] == false && messages.len() == 1,
        "{told}"
    );
    ensure!(
        message.starts_with("Policy: [DOC002 ") && message.contains("amount"),
        "{told}"
    );

    // The record itself has no text, which DOC001 only warns about.
    let good = post(&mut client, &verbose, &record(Some("What it costs.")))?;
    ensure!(
        good.text() == r#"{"is_compatible":true,"messages":[]}"#,
        "{}",
        good.text()
    );
    let one = format!("{CHECK}/latest?verbose=true");
    let told = post(&mut client, &one, &record(None))?.json();
    ensure!(told["is_compatible"] == false, "{told}");
    Ok(())
}

#[test]
fn what_is_registered_already_is_compatible_with_itself_however_strict_the_policies_became()
-> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    ensure!(post(&mut client, VERSIONS, &record(None))?.status == 200);
    let strict = documents(&format!("{ENFORCED}  baseline: all\n"));
    ensure!(apply(&mut client, &strict)?.status == 200);
    let again = post(&mut client, CHECK, &record(None))?;
    ensure!(
        again.text() == r#"{"is_compatible":true}"#,
        "{}",
        again.text()
    );
    Ok(())
}

#[test]
fn an_answer_that_policies_gave_is_not_kept_beyond_them() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    for (documents, expected) in [
        (documents(ENFORCED), false),
        (documents(""), true),
        (documents(ENFORCED), false),
    ] {
        ensure!(apply(&mut client, &documents)?.status == 200);
        for _ in 0..3 {
            let answer = post(&mut client, CHECK, &record(None))?.json();
            ensure!(answer["is_compatible"] == expected, "{answer}");
        }
    }
    let counted = "concord_policy_evaluations_total{outcome=\"refuse\",point=\"check\"} 6";
    wait_for(&mut client, counted)
}
