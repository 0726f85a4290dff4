//! The tour in the README, played as a newcomer would paste it.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tests::binary::checkout;
use tests::launch::Launch;

/// Printed between two blocks, so that their outputs can be told apart.
const BETWEEN: &str = "--- next block ---";
/// The address that the README names.
const ADDRESS: &str = "127.0.0.1:8081";

#[test]
fn the_tour_in_the_readme_answers_as_it_says() -> Result<()> {
    let readme = fs::read_to_string(checkout().join("README.md"))?;
    let steps = steps(&readme)?;
    ensure!(steps.len() >= 5, "the tour has only {} steps", steps.len());
    let server = Launch::new()?.start()?;
    let script: Vec<&str> = steps.iter().map(|(script, _)| script.as_str()).collect();
    let script = script
        .join(&format!("\necho; echo '{BETWEEN}'\n"))
        .replace(ADDRESS, &server.address().to_string());
    let output = Command::new("bash")
        .arg("-euc")
        .arg(script)
        .env("NO_PROXY", "*")
        .output()
        .context("running bash")?;
    ensure!(
        output.status.success(),
        "the tour failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let output = String::from_utf8(output.stdout)?;
    let got: Vec<&str> = output.split(BETWEEN).map(str::trim).collect();
    let expected: Vec<&str> = steps.iter().map(|(_, answer)| answer.trim()).collect();
    assert_eq!(got, expected);
    Ok(())
}

/// Each `sh` block of the text with the `json` block that follows it.
fn steps(readme: &str) -> Result<Vec<(String, String)>> {
    let mut blocks = Vec::new();
    let mut lines = readme.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((language, block.join("\n")));
        }
    }
    let mut steps = Vec::new();
    for (at, (language, script)) in blocks.iter().enumerate() {
        if *language == "sh" {
            let (answer_language, answer) =
                blocks.get(at + 1).context("a step without its answer")?;
            ensure!(
                *answer_language == "json",
                "a step without its answer: {script}"
            );
            steps.push((script.clone(), answer.clone()));
        }
    }
    Ok(steps)
}
