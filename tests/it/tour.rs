//! The tours in the documents, played as a newcomer would paste them.

use std::fs;

use anyhow::{Context, Result};
use tests::binary::checkout;
use tests::launch::Launch;

use crate::page::{blocks, play};

/// The address that the documents name.
const ADDRESS: &str = "127.0.0.1:8081";
/// The address of a second registry.
const OTHER_ADDRESS: &str = "127.0.0.1:8082";

#[test]
fn the_tour_in_the_readme_answers_as_it_says() -> Result<()> {
    let server = Launch::new()?.start()?;
    play("README.md", checkout(), &[(ADDRESS, &server)])
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
        checkout(),
        &[(ADDRESS, &old), (OTHER_ADDRESS, &new)],
    )
}
