//! Policies as developers meet them: in the text of an error of their own client, and not at all where a policy only
//! warns.
//!
//! The program is told to check policies by the argument behind the URL. Python's changes the documents itself.

use std::ffi::OsStr;
use std::fs;

use anyhow::Result;
use tests::http::Request;
use tests::launch::Launch;

use super::run_with;
use super::toolchain::Toolchain;

/// A field without text is refused; a name in another style is warned of.
const POLICY: &str = r#"
apiVersion: governance/v1
kind: Policy
metadata: {name: core}
spec:
  rules:
    - {use: doc-field-required, severity: error, hint: 'say in "doc" what it means'}
    - {use: field-name-style, severity: warn}
"#;

/// What every program registers without being refused: it says so here, once, that there is a warning.
const WARNED: &str = r#"{"schema": "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"orderId\",\"type\":\"long\",\"doc\":\"Its number.\"}]}"}"#;

#[test]
fn confluents_node_client_tells_its_user_what_a_policy_demands() -> Result<()> {
    run(
        "@confluentinc/schemaregistry (Node), policies",
        Toolchain::Node,
        "check_policies_confluent.js",
    )
}

#[test]
fn the_kafkajs_client_tells_its_user_what_a_policy_demands() -> Result<()> {
    run(
        "@kafkajs/confluent-schema-registry (Node), policies",
        Toolchain::Node,
        "check_policies_kafkajs.js",
    )
}

#[test]
fn confluents_go_client_tells_its_user_what_a_policy_demands() -> Result<()> {
    run(
        "confluent-kafka-go/schemaregistry (Go), policies",
        Toolchain::Go,
        "confluent",
    )
}

#[test]
fn the_go_client_srclient_tells_its_user_what_a_policy_demands() -> Result<()> {
    run(
        "riferrei/srclient (Go), policies",
        Toolchain::Go,
        "srclient",
    )
}

#[test]
fn the_rust_client_tells_its_user_what_a_policy_demands() -> Result<()> {
    run(
        "schema_registry_converter (Rust), policies",
        Toolchain::Rust,
        "rust-client",
    )
}

#[test]
fn what_the_programs_register_is_warned_of_in_a_header_and_nowhere_else() -> Result<()> {
    let request = Request::new("POST", "/subjects/warned-value/versions", Some(WARNED));
    let (governed, free) = (governed()?.start()?, Launch::new()?.start()?);
    let warned = governed.client().send(&request)?;
    let usual = free.client().send(&request)?;
    assert_eq!((warned.status, warned.text()), (200, usual.text()));
    assert_eq!(usual.header("warning"), None);
    let warning = warned.header("warning").unwrap_or_default();
    assert!(
        warning.contains("NAM005") && warning.contains("orderId"),
        "{warning}"
    );
    Ok(())
}

fn run(client: &str, toolchain: Toolchain, program: &str) -> Result<()> {
    run_with(
        client,
        toolchain,
        program,
        &governed()?,
        &[OsStr::new("policies")],
    )
}

/// A server that holds every registration to the policy.
fn governed() -> Result<Launch> {
    let launch = Launch::new()?;
    let folder = launch.folder().join("policies");
    fs::create_dir(&folder)?;
    fs::write(folder.join("core.yaml"), POLICY)?;
    let launch = launch.argument("--policy-source").argument("dir");
    Ok(launch.argument("--policy-dir").argument(folder))
}
