//! Governance documents on the command line.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tests::binary::concord;

/// What `concord` with these arguments ended with, printed, and complained of.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Result<(i32, String, String)> {
    let output: Output = Command::new(concord()?)
        .args(arguments)
        .current_dir(folder)
        .output()
        .context("running concord")?;
    let code = output.status.code().context("it was killed")?;
    Ok((
        code,
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    ))
}

/// A folder with what `concord policy init` writes.
pub(crate) fn starter() -> Result<TempDir> {
    let folder = TempDir::new()?;
    let (code, _, complaint) = run(folder.path(), &["policy", "init", "."])?;
    assert_eq!((code, complaint.as_str()), (0, ""));
    Ok(folder)
}

#[test]
fn the_folder_to_start_from_is_valid_for_every_profile() -> Result<()> {
    for profile in ["minimal", "standard", "strict", "regulated"] {
        let folder = TempDir::new()?;
        let (code, ..) = run(
            folder.path(),
            &["policy", "init", ".", "--profile", profile],
        )?;
        assert_eq!(code, 0);
        let (code, said, complaint) = run(folder.path(), &["policy", "validate"])?;
        assert_eq!((code, complaint.as_str()), (0, ""), "{profile}");
        assert!(said.starts_with("valid: 1 Policy, 1 Ownership, 1 Team, 1 Vocabulary; sha256:"));
        let (code, said, complaint) = run(folder.path(), &["policy", "test"])?;
        assert_eq!((code, complaint.as_str()), (0, ""), "{profile}: {said}");
        assert!(said.ends_with("1 example, 0 failed\n"), "{said}");
        let explain = [
            "policy",
            "explain",
            "orders.order-value",
            "--format",
            "avro",
        ];
        let (_, said, _) = run(folder.path(), &explain)?;
        let severity = if ["strict", "regulated"].contains(&profile) {
            "error DOC002"
        } else {
            "warn  DOC002"
        };
        assert!(said.contains(severity), "{profile} is not loosened: {said}");
    }
    Ok(())
}

#[test]
fn an_example_that_does_not_find_what_it_promises_fails_the_test() -> Result<()> {
    let folder = starter()?;
    let policy = folder.path().join("policies/core.yaml");
    let text = fs::read_to_string(&policy)?;
    fs::write(&policy, text.replace("at: order_id", "at: order_number"))?;
    assert_eq!(run(folder.path(), &["policy", "validate"])?.0, 0);
    let (code, said, _) = run(folder.path(), &["policy", "test"])?;
    let expected = "FAILED core-events: a field without text is told\n       \
                    DOC002 is not found at order_number\n1 example, 1 failed\n";
    assert_eq!((code, said.as_str()), (1, expected));
    Ok(())
}

#[test]
fn a_folder_without_any_document_is_taken_for_a_mistake() -> Result<()> {
    let folder = starter()?;
    fs::create_dir(folder.path().join("none"))?;
    fs::write(folder.path().join("a.proto"), "syntax = \"proto3\";\n")?;
    let commands: [&[&str]; 6] = [
        &["policy", "validate", "none"],
        &["policy", "test", "none"],
        &["policy", "export", "none"],
        &["policy", "explain", "a-value", "--dir", "none"],
        // Nothing listens there.
        &["policy", "apply", "none", "--url", "http://127.0.0.1:9"],
        &["lint", "--policies", "none", "a.proto"],
    ];
    for command in commands {
        let (code, said, complaint) = run(folder.path(), command)?;
        assert_eq!((code, said.as_str()), (2, ""), "{command:?}");
        assert!(
            complaint.starts_with("none: there is no document"),
            "{complaint}"
        );
    }
    let (code, said, _) = run(folder.path(), &["policy", "diff", "teams.yaml", "none"])?;
    assert_eq!((code, said.as_str()), (0, "- Team platform\n"));
    Ok(())
}

#[test]
fn a_second_start_overwrites_nothing() -> Result<()> {
    let folder = starter()?;
    let file = folder.path().join("teams.yaml");
    fs::write(&file, "# mine")?;
    let (code, _, complaint) = run(folder.path(), &["policy", "init", "."])?;
    assert_eq!(code, 1);
    assert!(complaint.contains("is there already"), "{complaint}");
    assert_eq!(fs::read_to_string(file)?, "# mine");
    Ok(())
}

#[test]
fn every_fault_of_a_folder_is_told_with_its_place_and_the_code_is_2() -> Result<()> {
    let folder = starter()?;
    let policy = folder.path().join("policies/core.yaml");
    let text = fs::read_to_string(&policy)?;
    fs::write(&policy, text.replace("\n  rules:", "\n  rulez:"))?;
    fs::write(folder.path().join("teams.yaml"), "kind: Team\nkind: Team\n")?;
    let (code, said, complaint) = run(folder.path(), &["policy", "validate", "."])?;
    assert_eq!((code, said.as_str()), (2, ""));
    let lines: Vec<&str> = complaint.lines().collect();
    assert_eq!(lines.len(), 2, "{complaint}");
    assert!(
        lines[0].starts_with("policies/core.yaml:17:3: unknown field `rulez`"),
        "{complaint}"
    );
    assert!(lines[1].starts_with("teams.yaml:2:1: "), "{complaint}");
    Ok(())
}

#[test]
fn an_explanation_names_rule_action_and_origin() -> Result<()> {
    let folder = starter()?;
    let (code, said, _) = run(
        folder.path(),
        &[
            "policy",
            "explain",
            "orders.order.event-value",
            "--format",
            "avro",
        ],
    )?;
    assert_eq!(code, 0);
    assert!(
        said.starts_with("orders.order.event-value, owned by platform\n"),
        "{said}"
    );
    assert!(said.contains("  core-events (any context)\n"), "{said}");
    let rule = "warn  DOC002 doc-field-required: audit enforce, check enforce, register warn; changed-elements; \
                set by core-events\n        from core-events by profile/standard (warn), then core-events (warn)\n";
    assert!(said.contains(rule), "{said}");
    let (_, said, _) = run(folder.path(), &["policy", "explain", "_schemas"])?;
    assert!(
        said.contains("left alone by core-events: its name begins with _"),
        "{said}"
    );
    let arguments = ["policy", "explain", "a-value", "--at", "tomorrow"];
    let (code, _, complaint) = run(folder.path(), &arguments)?;
    assert_eq!(code, 2);
    assert!(complaint.contains("such as 2026-12-01"), "{complaint}");
    let arguments = ["policy", "explain", "a-value", "--output", "json"];
    let (_, said, _) = run(folder.path(), &arguments)?;
    let said: serde_json::Value = serde_json::from_str(&said)?;
    assert_eq!(said["policies"][0]["policy"], "core-events");
    assert_eq!(said["team"], "platform");
    Ok(())
}

#[test]
fn a_difference_is_told_element_by_element_and_by_the_exit_code_if_asked() -> Result<()> {
    let (old, new) = (starter()?, starter()?);
    let (old_path, new_path) = (
        old.path().display().to_string(),
        new.path().display().to_string(),
    );
    let arguments = [
        "policy",
        "diff",
        old_path.as_str(),
        new_path.as_str(),
        "--detailed-exitcode",
    ];
    assert_eq!(
        run(old.path(), &arguments)?,
        (0, String::new(), String::new())
    );
    let policy = new.path().join("policies/core.yaml");
    let text = fs::read_to_string(&policy)?;
    fs::write(&policy, text.replace("register: warn", "register: enforce"))?;
    fs::remove_file(new.path().join("ownership.yaml"))?;
    let (code, said, _) = run(old.path(), &arguments)?;
    let expected = "~ Policy core-events\n    spec.enforcement.register: \"warn\" → \"enforce\"\n- Ownership default\n";
    assert_eq!((code, said.as_str()), (5, expected));
    assert_eq!(run(old.path(), &arguments[..4])?.0, 0);
    Ok(())
}

#[test]
fn an_export_is_the_same_bundle_in_one_json_text() -> Result<()> {
    let folder = starter()?;
    let (code, exported, _) = run(folder.path(), &["policy", "export"])?;
    assert_eq!(code, 0);
    let exported: serde_json::Value = serde_json::from_str(&exported)?;
    let again = TempDir::new()?;
    let documents = exported["documents"].as_array().context("a list")?;
    for (index, document) in documents.iter().enumerate() {
        let path = again.path().join(format!("{index}.json"));
        fs::write(path, serde_json::to_vec_pretty(document)?)?;
    }
    let (_, said, _) = run(again.path(), &["policy", "validate"])?;
    let digest = exported["digest"].as_str().context("a text")?;
    assert!(said.trim_end().ends_with(digest), "{said} and {digest}");
    Ok(())
}

#[test]
fn the_catalogue_lists_rules_and_shows_their_pages() -> Result<()> {
    let folder = TempDir::new()?;
    let (code, said, _) = run(folder.path(), &["rule", "list", "--family", "doc"])?;
    assert_eq!(code, 0);
    let line = said.lines().find(|line| line.starts_with("DOC002 "));
    let words: Vec<&str> = line.context("the rule")?.split_whitespace().collect();
    assert_eq!(
        words[1..6],
        ["doc-field-required", "off", "warn", "error", "error"]
    );
    assert!(
        said.lines().skip(1).all(|line| line.starts_with("DOC")),
        "{said}"
    );
    let (_, by_code, _) = run(folder.path(), &["rule", "show", "DOC002"])?;
    let (_, by_slug, _) = run(folder.path(), &["rule", "show", "doc-field-required"])?;
    assert!(by_code.contains("DOC002") && by_code == by_slug);
    let (code, _, complaint) = run(folder.path(), &["rule", "show", "DOC999"])?;
    assert_eq!(code, 1);
    assert!(complaint.contains("concord rule list"), "{complaint}");
    Ok(())
}
