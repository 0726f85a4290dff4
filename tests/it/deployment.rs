//! The files in `deploy/`: judged by the tools of those who read them, and held against the server itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tests::binary::{self, checkout};

use crate::clients::toolchain::python;
use crate::monitoring::exported;

fn deploy() -> PathBuf {
    checkout().join("deploy")
}

/// What a program prints, if it ends well.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("running {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?} ended with {}:\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}

/// The help text of `concord serve`, which names every flag and variable.
fn help() -> Result<String> {
    output(Command::new(binary::concord()?).args(["serve", "--help"]))
}

/// Fails for flags in these words that the server does not know.
fn expect_flags_known<'w>(words: impl Iterator<Item = &'w str>) -> Result<()> {
    let help = help()?;
    let known: BTreeSet<&str> = help
        .split_whitespace()
        .map(|word| word.trim_end_matches(','))
        .filter(|word| word.starts_with("--"))
        .collect();
    let mut flags = words
        .filter(|word| word.starts_with("--"))
        .map(|word| word.split('=').next().unwrap_or(word))
        .peekable();
    assert!(flags.peek().is_some(), "no flag was looked at");
    for flag in flags {
        assert!(known.contains(flag), "the server has no option {flag}");
    }
    Ok(())
}

#[test]
fn every_expression_parses_and_every_figure_in_it_is_exported() -> Result<()> {
    let exported = exported()?;
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (name, kind) in exported {
        if kind == "histogram" {
            let parts = ["bucket", "sum", "count"];
            names.extend(parts.map(|part| format!("{name}_{part}")));
        } else {
            names.insert(name);
        }
    }
    let found = output(python("deploy", "expressions.py")?.arg(deploy()))?;
    assert!(found.lines().count() > 40, "{found}");
    for line in found.lines() {
        let expression: Value = serde_json::from_str(line)?;
        for figure in expression["figures"].as_array().into_iter().flatten() {
            let figure = figure.as_str().unwrap_or_default();
            assert!(names.contains(figure), "{figure} of {line} is not exported");
        }
    }
    Ok(())
}

#[test]
fn every_alert_has_its_advice() -> Result<()> {
    let rules = fs::read_to_string(deploy().join("prometheus/alerts.yaml"))?;
    let page = fs::read_to_string(checkout().join("docs/operations.md"))?;
    let mut alerts = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .peekable();
    assert!(alerts.peek().is_some(), "no alert was looked at");
    for alert in alerts {
        let row = format!("| `{alert}` |");
        assert!(page.contains(&row), "docs/operations.md has no row {row}");
    }
    Ok(())
}

#[test]
fn the_kubernetes_manifests_fit_their_schemas_and_use_real_options() -> Result<()> {
    let arguments = output(python("deploy", "manifests.py")?.arg(deploy().join("kubernetes")))?;
    expect_flags_known(arguments.lines())
}

#[test]
fn the_unit_is_sound_and_uses_real_options() -> Result<()> {
    let unit = fs::read_to_string(deploy().join("systemd/concord.service"))?;
    let start = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
        .context("the unit starts nothing")?;
    expect_flags_known(start.split_whitespace())?;

    let analyze = |arguments: &[&str], unit: &str| -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("concord.service");
        fs::write(&path, unit)?;
        output(Command::new("systemd-analyze").args(arguments).arg(path))?;
        Ok(())
    };
    if Command::new("systemd-analyze")
        .arg("--version")
        .output()
        .is_err()
    {
        eprintln!("there is no systemd here to ask about the unit");
        return Ok(());
    }
    let program = binary::concord()?.display().to_string();
    let installed = unit.replace("/usr/local/bin/concord", &program);
    analyze(&["verify", "--man=no"], &installed)?;
    // Of 100, where 0 is a service that can do nothing at all.
    analyze(&["security", "--offline=yes", "--threshold=15"], &installed)
}

#[test]
fn the_image_is_built_by_the_rules_and_its_variables_are_real() -> Result<()> {
    let dockerfile = deploy().join("Dockerfile");
    let python = python("deploy", "manifests.py")?;
    let hadolint = PathBuf::from(python.get_program()).with_file_name("hadolint");
    output(
        Command::new(hadolint)
            .args(["--failure-threshold", "info"])
            .arg(&dockerfile),
    )?;

    let help = help()?;
    let text = fs::read_to_string(dockerfile)?;
    let mut variables = text
        .split_whitespace()
        .filter(|word| word.starts_with("CONCORD_"))
        .filter_map(|word| word.split('=').next())
        .peekable();
    assert!(variables.peek().is_some(), "no variable was looked at");
    for variable in variables {
        let shown = format!("[env: {variable}=");
        assert!(help.contains(&shown), "the server knows no {variable}");
    }
    Ok(())
}
