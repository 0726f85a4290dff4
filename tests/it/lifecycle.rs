//! Starting and ending: settings from everywhere, one sentence for every reason not to start, and a clean end.

use std::fs;

use anyhow::Result;
use serde_json::{Value, json};
use tests::http::Request;
use tests::launch::Launch;

/// The log line of the start; every line is one JSON object, since the log is no terminal.
fn start_line(output: &str) -> Value {
    output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|line| line["message"] == "concord is ready")
        .unwrap_or_else(|| panic!("no line of the start in\n{output}"))
}

#[test]
fn sigterm_ends_the_server_with_status_0_and_everything_is_there_after_a_restart() -> Result<()> {
    let launch = Launch::new()?;
    let server = launch.start()?;
    let body = json!({"schema": "\"string\""}).to_string();
    let registered =
        server
            .client()
            .send(&Request::new("POST", "/subjects/s/versions", Some(&body)))?;
    assert_eq!(registered.status, 200);
    let ended = server.terminate()?;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
    let line = start_line(&ended.output);
    for member in ["version", "store", "listen"] {
        assert!(line[member].is_string(), "{line}");
    }

    let server = launch.start()?;
    let versions = server
        .client()
        .send(&Request::new("GET", "/subjects/s/versions", None))?;
    assert_eq!(versions.body, b"[1]");
    server.terminate()?;
    Ok(())
}

#[test]
fn a_directory_in_use_and_a_bad_setting_are_one_clear_sentence_each() -> Result<()> {
    let launch = Launch::new()?;
    let server = launch.start()?;
    let second = launch.start_in_vain()?;
    assert_eq!(second.status.code(), Some(1));
    assert!(
        second.output.contains("is in use by another process"),
        "{}",
        second.output
    );
    server.terminate()?;

    let launch = Launch::new()?;
    let config = launch.folder().join("concord.toml");
    fs::write(&config, "compatibility-levl = \"full\"\n")?;
    let ended = launch
        .argument("--config")
        .argument(config)
        .start_in_vain()?;
    assert_eq!(ended.status.code(), Some(1));
    assert!(
        ended.output.contains("did you mean `compatibility-level`?"),
        "{}",
        ended.output
    );
    Ok(())
}

#[test]
fn a_setting_comes_from_the_environment_before_the_file() -> Result<()> {
    let launch = Launch::new()?;
    let config = launch.folder().join("concord.toml");
    fs::write(
        &config,
        "compatibility-level = \"full\"\ncluster-id = \"from-file\"\n",
    )?;
    let launch = launch
        .argument("--config")
        .argument(config)
        .environment("CONCORD_COMPATIBILITY_LEVEL", "none");
    let server = launch.start()?;
    let config = server
        .client()
        .send(&Request::new("GET", "/config", None))?;
    assert_eq!(config.body, br#"{"compatibilityLevel":"NONE"}"#);
    let id = server
        .client()
        .send(&Request::new("GET", "/v1/metadata/id", None))?;
    assert!(String::from_utf8_lossy(&id.body).contains(r#""schema-registry-cluster":"from-file""#));
    server.terminate()?;
    Ok(())
}
