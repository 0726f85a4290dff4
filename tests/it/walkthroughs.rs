//! The pages of `docs/policies`, each played in a folder of its own.

use anyhow::Result;
use tempfile::TempDir;
use tests::launch::Launch;

use crate::page;

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

#[test]
fn five_thousand_subjects_of_a_running_server_come_under_rules_as_their_page_says() -> Result<()> {
    let server = Launch::new()?.start()?;
    let folder = TempDir::new()?;
    let page = "docs/policies/running-server.md";
    page::play(page, folder.path(), &[("127.0.0.1:8081", &server)])
}

fn play(page: &str) -> Result<()> {
    let folder = TempDir::new()?;
    page::play(&format!("docs/policies/{page}"), folder.path(), &[])
}
