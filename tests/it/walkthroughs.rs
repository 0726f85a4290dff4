//! The pages of `docs/policies`, played in a folder of their own as a reader would paste them.
//!
//! Every `sh` block is run; the `text` block behind it is what it prints, on either output. A block without one prints
//! nothing.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tests::binary::{checkout, concord};

/// Printed between two blocks, so that their outputs can be told apart.
const BETWEEN: &str = "--- next block ---";

#[test]
fn a_new_company_starts_as_its_page_says() -> Result<()> {
    play("new-company.md")
}

#[test]
fn an_existing_landscape_comes_under_rules_as_its_page_says() -> Result<()> {
    play("existing-subjects.md")
}

#[test]
fn a_regulated_company_classifies_as_its_page_says() -> Result<()> {
    play("regulated.md")
}

fn play(page: &str) -> Result<()> {
    let path = checkout().join("docs/policies").join(page);
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let steps = steps(&text);
    ensure!(steps.len() >= 5, "{page} has only {} steps", steps.len());
    let scripts: Vec<&str> = steps.iter().map(|(script, _)| script.as_str()).collect();
    let script = scripts.join(&format!("\necho '{BETWEEN}'\n"));
    let folder = TempDir::new()?;
    let output = Command::new("bash")
        .arg("-euc")
        .arg(format!("exec 2>&1\n{script}"))
        .current_dir(folder.path())
        .env("PATH", path_with(&concord()?)?)
        .output()
        .context("running bash")?;
    let said = String::from_utf8(output.stdout)?;
    ensure!(output.status.success(), "{page} failed after:\n{said}");
    let got: Vec<&str> = said.split(BETWEEN).map(str::trim).collect();
    for ((script, expected), got) in steps.iter().zip(&got) {
        assert_eq!(*got, expected.trim(), "{page}:\n{script}");
    }
    assert_eq!(got.len(), steps.len());
    Ok(())
}

/// The path of commands, with the folder of the binary in front.
fn path_with(binary: &Path) -> Result<std::ffi::OsString> {
    let folder = binary.parent().context("a binary lies in a folder")?;
    let paths = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()]
        .into_iter()
        .chain(env::split_paths(&paths));
    Ok(env::join_paths(folders)?)
}

/// Each `sh` block of the page with what it prints.
fn steps(page: &str) -> Vec<(String, String)> {
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        match language {
            "sh" => steps.push((block.join("\n"), String::new())),
            "text" => {
                if let Some((_, prints)) = steps.last_mut() {
                    *prints = block.join("\n");
                }
            }
            _ => {}
        }
    }
    steps
}
