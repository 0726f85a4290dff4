//! Real clients, unchanged, against the real server: what their users call, from registering to reading back.
//!
//! The programs are in `clients/`, one folder for each language; each prints what it checked and ends
//! with a status. [`toolchain`] makes them an environment outside the checkout. Python and Rust always
//! run. Node and Go run where they are installed, and always with `CONCORD_CLIENTS=all`. What ran, and
//! what did not, is written to `clients.txt` in the target folder for `make test` to show.

mod policies;
pub(crate) mod toolchain;

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use tests::binary::profile_folder;
use tests::launch::Launch;
use toolchain::Toolchain;

#[test]
fn the_python_client_serves_avro() -> Result<()> {
    run(
        "confluent-kafka (Python), Avro",
        Toolchain::Python,
        "check_avro.py",
    )
}

#[test]
fn the_python_client_serves_json_schema() -> Result<()> {
    run(
        "confluent-kafka (Python), JSON Schema",
        Toolchain::Python,
        "check_json.py",
    )
}

#[test]
fn the_python_client_serves_protobuf() -> Result<()> {
    run(
        "confluent-kafka (Python), Protobuf",
        Toolchain::Python,
        "check_protobuf.py",
    )
}

#[test]
fn the_asynchronous_python_client_serves_all_formats() -> Result<()> {
    run(
        "confluent-kafka (Python), asynchronous",
        Toolchain::Python,
        "check_async.py",
    )
}

#[test]
fn the_python_client_keeps_data_contracts() -> Result<()> {
    run(
        "confluent-kafka (Python), metadata and rules",
        Toolchain::Python,
        "check_rules.py",
    )
}

#[test]
fn the_python_client_tells_its_user_what_a_policy_demands() -> Result<()> {
    run(
        "confluent-kafka (Python), policies",
        Toolchain::Python,
        "check_policies.py",
    )
}

#[test]
fn the_python_client_encrypts_with_keys_of_the_registry() -> Result<()> {
    let launch = Launch::new()?;
    let secret = launch.folder().join("local.key");
    fs::write(&secret, "a secret of client and server\n")?;
    let launch = launch.argument("--local-kms-key-file").argument(&secret);
    run_with(
        "confluent-kafka (Python), encrypted fields",
        Toolchain::Python,
        "check_keys.py",
        &launch,
        &[secret.as_os_str()],
    )
}

#[test]
fn no_answer_is_outside_of_the_description() -> Result<()> {
    let launch = Launch::new()?;
    let secret = launch.folder().join("local.key");
    fs::write(&secret, "a secret of the server\n")?;
    run_with(
        "Schemathesis (Python), from /openapi.json",
        Toolchain::Python,
        "check_openapi.py",
        &launch.argument("--local-kms-key-file").argument(&secret),
        &[],
    )
}

#[test]
fn confluents_node_client_works() -> Result<()> {
    run(
        "@confluentinc/schemaregistry (Node)",
        Toolchain::Node,
        "check_confluent.js",
    )
}

#[test]
fn the_kafkajs_client_works() -> Result<()> {
    run(
        "@kafkajs/confluent-schema-registry (Node)",
        Toolchain::Node,
        "check_kafkajs.js",
    )
}

#[test]
fn confluents_go_client_works() -> Result<()> {
    run(
        "confluent-kafka-go/schemaregistry (Go)",
        Toolchain::Go,
        "confluent",
    )
}

#[test]
fn the_go_client_srclient_works() -> Result<()> {
    run("riferrei/srclient (Go)", Toolchain::Go, "srclient")
}

#[test]
fn the_rust_client_works() -> Result<()> {
    run(
        "schema_registry_converter (Rust)",
        Toolchain::Rust,
        "rust-client",
    )
}

/// Runs one program against a server of its own, or reports why it cannot.
fn run(client: &str, toolchain: Toolchain, program: &str) -> Result<()> {
    run_with(client, toolchain, program, &Launch::new()?, &[])
}

/// The same for a server with options, and a program with arguments behind the URL.
fn run_with(
    client: &str,
    toolchain: Toolchain,
    program: &str,
    launch: &Launch,
    arguments: &[&OsStr],
) -> Result<()> {
    if let Some(missing) = toolchain.missing() {
        let demanded = std::env::var("CONCORD_CLIENTS").is_ok_and(|which| which == "all");
        if demanded || toolchain.is_mandatory() {
            bail!("{client} could not run: {missing}");
        }
        return report(&format!("left out  {client}: {missing}"));
    }
    let mut command = toolchain
        .command(program)
        .with_context(|| format!("preparing {client}"))?;
    let server = launch.start()?;
    command.arg(server.url()).args(arguments);
    // A proxy of this machine is none of the registry's business.
    command.env("NO_PROXY", "*").env("no_proxy", "*");
    let said = finish(client, &mut command)
        .with_context(|| format!("the server said:\n{}", server.output()))?;
    // A program that counts says so in a line of its own.
    let counted = said
        .lines()
        .find_map(|line| line.strip_prefix("counted "))
        .map(|counts| format!(": {counts}"));
    report(&format!(
        "ran       {client}{}",
        counted.unwrap_or_default()
    ))
}

/// Runs a program to its end, and tells what it printed.
fn finish(client: &str, command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("running {client}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let complained = String::from_utf8_lossy(&output.stderr);
        bail!("{client} ended with {}:\n{said}{complained}", output.status);
    }
    Ok(said)
}

fn report(line: &str) -> Result<()> {
    println!("{line}");
    let target = profile_folder()?
        .parent()
        .unwrap_or(Path::new("."))
        .join("clients.txt");
    let mut file = OpenOptions::new().create(true).append(true).open(&target)?;
    writeln!(file, "  {line}")?;
    Ok(())
}
