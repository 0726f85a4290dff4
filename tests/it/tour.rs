//! The tours in the documents, played as a newcomer would paste them.
//!
//! A tour is every `sh` block of a document, each followed by a block that holds what it prints.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tests::binary::checkout;
use tests::launch::{Launch, Server};

/// Printed between two blocks, so that their outputs can be told apart.
const BETWEEN: &str = "--- next block ---";
/// The address that the documents name.
const ADDRESS: &str = "127.0.0.1:8081";
/// The address of a second registry.
const OTHER_ADDRESS: &str = "127.0.0.1:8082";

#[test]
fn the_tour_in_the_readme_answers_as_it_says() -> Result<()> {
    let server = Launch::new()?.start()?;
    play("README.md", &[(ADDRESS, &server)])
}

#[test]
fn a_registry_moves_as_the_page_on_migrating_says() -> Result<()> {
    // The protocol is all that the page relies on, so that one of ours can stand for the registry to leave.
    let old = Launch::new()?.start()?;
    let text = fs::read_to_string(checkout().join("docs/migrating.md"))?;
    let settings = blocks(&text)
        .into_iter()
        .find_map(|(language, block)| (language == "properties").then_some(block))
        .context("the page shows no properties file")?;
    let settings: Vec<(&str, &str)> = settings
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    let new = Launch::new()?.properties(&settings)?.start()?;
    play(
        "docs/migrating.md",
        &[(ADDRESS, &old), (OTHER_ADDRESS, &new)],
    )
}

/// Runs the blocks of a document one after the other, with the servers at the addresses that it names.
fn play(document: &str, servers: &[(&str, &Server)]) -> Result<()> {
    let text = fs::read_to_string(checkout().join(document))?;
    let steps = steps(&text)?;
    ensure!(steps.len() >= 5, "the tour has only {} steps", steps.len());
    let script: Vec<&str> = steps.iter().map(|(script, _)| script.as_str()).collect();
    let mut script = script.join(&format!("\necho; echo '{BETWEEN}'\n"));
    // Through names of their own: a free port may be one that the document names.
    for (at, (address, _)) in servers.iter().enumerate() {
        script = script.replace(address, &format!("<server {at}>"));
    }
    for (at, (_, server)) in servers.iter().enumerate() {
        script = script.replace(&format!("<server {at}>"), &server.address().to_string());
    }
    let output = Command::new("bash")
        .arg("-euc")
        .arg(script)
        .env("NO_PROXY", "*")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(checkout())
        .output()
        .context("running bash")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the tour failed: {said}");
    let output = String::from_utf8(output.stdout)?;
    let got: Vec<&str> = output.split(BETWEEN).map(str::trim).collect();
    let expected: Vec<&str> = steps.iter().map(|(_, answer)| answer.trim()).collect();
    assert_eq!(got, expected);
    Ok(())
}

/// Each `sh` block of the text with the block of its output.
fn steps(text: &str) -> Result<Vec<(String, String)>> {
    let blocks = blocks(text);
    let mut steps = Vec::new();
    for (at, (language, script)) in blocks.iter().enumerate() {
        if *language == "sh" {
            let (answer_language, answer) =
                blocks.get(at + 1).context("a step without its answer")?;
            ensure!(
                ["json", "text"].contains(answer_language),
                "a step without its answer: {script}"
            );
            steps.push((script.clone(), answer.clone()));
        }
    }
    Ok(steps)
}

/// The fenced blocks of a text, each with its language.
fn blocks(text: &str) -> Vec<(&str, String)> {
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
