//! The description of the protocol, held against what it describes: the recorded answers, the running server, and
//! the page in `docs/`.
//!
//! That it has every route and nothing else is a test beside the description itself.

mod description;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};
use description::Description;
use tests::binary::{checkout, tests_folder};
use tests::conversation::{Scenario, Step, read_all};
use tests::http::Request;
use tests::launch::Launch;

/// How many faults are printed.
const REPORTS_MAX: usize = 20;
/// What the server has beyond the protocol; tests of its own look at it.
const OWN: [&str; 5] = [
    " /health",
    " /metrics",
    " /openapi",
    " /docs",
    " /governance",
];

#[test]
fn every_recorded_answer_is_one_that_the_description_allows() -> Result<()> {
    let server = Launch::new()?.start()?;
    let description = Description::of(&server)?;
    let mut faults = Vec::new();
    let mut checked = BTreeMap::<String, usize>::new();
    for scenario in scenarios()? {
        for (at, step) in scenario.steps.iter().enumerate() {
            match check(&description, step) {
                Ok(None) => {}
                Ok(Some(operation)) => *checked.entry(operation).or_default() += 1,
                Err(fault) => {
                    faults.push(format!("{} step {}: {fault:#}\n", scenario.name, at + 1))
                }
            }
        }
    }
    let answers: usize = checked.values().sum();
    println!("{answers} answers of {} operations", checked.len());
    ensure!(
        faults.is_empty(),
        "{} answers are not described:\n{}",
        faults.len(),
        faults[..faults.len().min(REPORTS_MAX)].concat()
    );
    // The recordings know the whole protocol; what they do not reach is only what the server adds to it.
    let protocol = description
        .operations()
        .filter(|operation| !OWN.iter().any(|own| operation.contains(own)));
    let unseen: Vec<&str> = protocol
        .filter(|operation| !checked.contains_key(*operation))
        .collect();
    assert_eq!(unseen, [""; 0], "operations without a recorded answer");
    Ok(())
}

#[test]
fn the_page_needs_no_other_host() -> Result<()> {
    let server = Launch::new()?.start()?;
    let mut client = server.client();
    let mut page = Request::new("GET", "/docs", None);
    page.set_header("Accept", Some("text/html"));
    let page = client.send(&page)?;
    assert_eq!(
        page.header("Content-Type"),
        Some("text/html; charset=utf-8")
    );
    let text = page.text();
    for outside in [
        "http:", "https:", "//", "<script", "style=", "@import", "url(",
    ] {
        assert!(!text.contains(outside), "the page holds {outside}");
    }
    // Whatever it links to is within it, or beside it.
    for link in text.split("href=\"").skip(1) {
        let link = link.split('"').next().unwrap_or_default();
        match link.strip_prefix('#') {
            Some(anchor) => assert!(text.contains(&format!("id=\"{anchor}\"")), "{link}"),
            None => {
                let answer = client.send(&Request::new("GET", &format!("/{link}"), None))?;
                assert_eq!(answer.status, 200, "{link}");
            }
        }
    }
    for operation in Description::of(&server)?.operations() {
        let path = operation.split(' ').nth(1).unwrap_or_default();
        assert!(text.contains(path), "{operation}");
    }
    Ok(())
}

#[test]
fn the_page_on_the_protocol_names_every_route_and_every_number() -> Result<()> {
    let server = Launch::new()?.start()?;
    let description = Description::of(&server)?;
    let page = fs::read_to_string(checkout().join("docs/protocol.md"))?;
    for operation in description.operations() {
        assert!(page.contains(&format!("`{operation}`")), "{operation}");
    }
    for number in description.error_codes() {
        assert!(page.contains(&format!("| {number} |")), "{number}");
    }
    Ok(())
}

/// Holds one recorded answer against the description, and names the operation; `None` where nothing is claimed.
fn check(description: &Description, step: &Step) -> Result<Option<String>> {
    let (method, target) = (step.request.method(), step.request.target());
    let answer = &step.response;
    let has_envelope = answer.body.starts_with('{');
    // Of a slip nothing is required; a refusal without an envelope is the reference's web server's.
    if answer.quirk
        || method == "HEAD"
        || method == "OPTIONS"
        || answer.status >= 400 && !has_envelope
    {
        return Ok(None);
    }
    let Some(operation) = description.operation(method, target) else {
        ensure!(
            [400, 404, 405].contains(&answer.status),
            "{method} {target} is no operation, but is answered with {}",
            answer.status
        );
        return Ok(None);
    };
    description
        .check(operation, answer.status, &concrete(&answer.body))
        .with_context(|| format!("{method} {target}"))?;
    Ok(Some(operation.to_owned()))
}

/// A body with something of its kind in place of each placeholder.
fn concrete(body: &str) -> String {
    body.replace("<ts>", "1700000000000")
        .replace("<uuid>", "095d71cf-1255-6b9d-5e33-0ad575b3df5d")
        .replace("<n>", "1")
        .replace("<text>", "text")
}

/// The recordings, and our own conversations in place of some and beside them.
fn scenarios() -> Result<Vec<Scenario>> {
    let mut scenarios = read_all(&tests_folder().join("conversations"))?;
    for recorded in read_all(&tests_folder().join("golden/conversations"))? {
        if !scenarios.iter().any(|ours| ours.name == recorded.name) {
            scenarios.push(recorded);
        }
    }
    Ok(scenarios)
}
