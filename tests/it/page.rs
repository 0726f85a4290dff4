//! Pages of the documents, played as a reader would paste them.
//!
//! Every `sh` block of a page is run, one after the other in one shell; the `text` or `json` block behind it is what it
//! prints, on either output. A block without one prints nothing.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tests::binary::{checkout, concord};
use tests::launch::Server;

/// Printed between two blocks, so that their outputs can be told apart.
const BETWEEN: &str = "--- next block ---";

/// A block that is run, and what it has to print.
struct Step {
    script: String,
    prints: String,
}

/// Plays a page in a folder, with the servers at the addresses that the page names.
pub(crate) fn play(page: &str, folder: &Path, servers: &[(&str, &Server)]) -> Result<()> {
    let text = fs::read_to_string(checkout().join(page)).with_context(|| format!("no {page}"))?;
    let steps = steps(&text);
    ensure!(steps.len() >= 5, "{page} has only {} steps", steps.len());
    let scripts: Vec<&str> = steps.iter().map(|step| step.script.as_str()).collect();
    // Not every block ends its output with a line end.
    let script = scripts.join(&format!("\necho; echo '{BETWEEN}'\n"));
    let output = Command::new("bash")
        .arg("-euc")
        .arg(format!("exec 2>&1\n{}", with_addresses(script, servers)))
        .current_dir(folder)
        .env("PATH", path_with(&concord()?)?)
        .env("NO_PROXY", "*")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .context("running bash")?;
    let said = String::from_utf8(output.stdout)?;
    ensure!(output.status.success(), "{page} failed after:\n{said}");
    let got: Vec<&str> = said.split(BETWEEN).map(str::trim).collect();
    for (step, got) in steps.iter().zip(&got) {
        assert_eq!(*got, step.prints.trim(), "{page}:\n{}", step.script);
    }
    assert_eq!(got.len(), steps.len());
    Ok(())
}

/// Through names of their own: a free port may be one that the page names.
fn with_addresses(mut script: String, servers: &[(&str, &Server)]) -> String {
    for (at, (address, _)) in servers.iter().enumerate() {
        script = script.replace(address, &format!("<server {at}>"));
    }
    for (at, (_, server)) in servers.iter().enumerate() {
        script = script.replace(&format!("<server {at}>"), &server.address().to_string());
    }
    script
}

/// The path of commands, with the folder of the binary in front.
fn path_with(binary: &Path) -> Result<OsString> {
    let folder = binary.parent().context("a binary lies in a folder")?;
    let paths = env::var_os("PATH").unwrap_or_default();
    let folders = [folder.to_owned()]
        .into_iter()
        .chain(env::split_paths(&paths));
    Ok(env::join_paths(folders)?)
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (language, block) in blocks(text) {
        match (language, steps.last_mut()) {
            ("sh", _) => steps.push(Step {
                script: block,
                prints: String::new(),
            }),
            ("text" | "json", Some(step)) => step.prints = block,
            _ => {}
        }
    }
    steps
}

/// The fenced blocks of a text, each with its language.
pub(crate) fn blocks(text: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language, block.join("\n")));
        }
    }
    blocks
}
