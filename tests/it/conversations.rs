//! The recorded conversations, each against a fresh server: one test for each folder.
//!
//! The recordings are in `golden/conversations`. Where we answer differently on purpose, a file in
//! `conversations/` replaces the recorded one of the same name, and
//! `docs/differences-from-the-reference.md` says why. Files there with a name of their own are ours.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

use anyhow::{Result, ensure};
use tests::binary::tests_folder;
use tests::conversation::{Played, Scenario, read_all};

/// The folders that have a test below.
const FOLDERS: [&str; 17] = [
    "aliases",
    "associations",
    "clients",
    "compatibility",
    "config",
    "contexts",
    "dek",
    "delete",
    "errors",
    "metadata",
    "mode",
    "negotiation",
    "references",
    "root",
    "schemas",
    "subjects",
    "tags",
];

/// How many servers run at a time, however many tests do.
const SERVERS_MAX: usize = 2;
/// How many disagreements of a folder are printed.
const REPORTS_MAX: usize = 10;

#[test]
fn an_alias_leads_to_its_subject() -> Result<()> {
    play_folder("aliases")
}

#[test]
fn associations_bind_topics_to_subjects() -> Result<()> {
    play_folder("associations")
}

#[test]
fn what_official_clients_send_is_understood() -> Result<()> {
    play_folder("clients")
}

#[test]
fn compatibility_is_checked_as_recorded() -> Result<()> {
    play_folder("compatibility")
}

#[test]
fn config_is_kept_and_inherited_as_recorded() -> Result<()> {
    play_folder("config")
}

#[test]
fn contexts_are_kept_apart() -> Result<()> {
    play_folder("contexts")
}

#[test]
fn the_key_registry_answers_as_recorded() -> Result<()> {
    play_folder("dek")
}

#[test]
fn deletes_answer_as_recorded() -> Result<()> {
    play_folder("delete")
}

#[test]
fn malformed_requests_are_refused_as_recorded() -> Result<()> {
    play_folder("errors")
}

#[test]
fn metadata_and_rules_are_kept_and_merged() -> Result<()> {
    play_folder("metadata")
}

#[test]
fn modes_allow_and_forbid_as_recorded() -> Result<()> {
    play_folder("mode")
}

#[test]
fn media_types_and_headers_are_negotiated() -> Result<()> {
    play_folder("negotiation")
}

#[test]
fn references_are_resolved_and_guarded() -> Result<()> {
    play_folder("references")
}

#[test]
fn the_root_and_the_metadata_of_the_server_answer() -> Result<()> {
    play_folder("root")
}

#[test]
fn schemas_are_read_by_id_and_listed() -> Result<()> {
    play_folder("schemas")
}

#[test]
fn subjects_take_and_list_their_versions() -> Result<()> {
    play_folder("subjects")
}

#[test]
fn tags_are_added_and_removed() -> Result<()> {
    play_folder("tags")
}

#[test]
fn our_own_conversations_agree() -> Result<()> {
    let recorded: BTreeSet<String> = recordings()?
        .into_iter()
        .map(|scenario| scenario.name)
        .collect();
    let own = ours()?
        .into_iter()
        .filter(|scenario| !recorded.contains(&scenario.name))
        .collect();
    play(own)
}

#[test]
fn every_folder_of_recordings_has_its_test() -> Result<()> {
    let recorded: BTreeSet<String> = recordings()?
        .iter()
        .map(|scenario| scenario.folder().to_owned())
        .collect();
    let tested: BTreeSet<String> = FOLDERS.map(str::to_owned).into();
    assert_eq!(recorded, tested);
    Ok(())
}

fn recordings() -> Result<Vec<Scenario>> {
    read_all(&tests_folder().join("golden/conversations"))
}

fn ours() -> Result<Vec<Scenario>> {
    read_all(&tests_folder().join("conversations"))
}

/// Plays the recordings of a folder, each replaced by ours of the same name if there is one.
fn play_folder(folder: &str) -> Result<()> {
    let mut scenarios = recordings()?;
    scenarios.retain(|scenario| scenario.folder() == folder);
    ensure!(!scenarios.is_empty(), "there are no recordings in {folder}");
    let mut replacements = ours()?;
    for scenario in &mut scenarios {
        if let Some(at) = replacements
            .iter()
            .position(|ours| ours.name == scenario.name)
        {
            *scenario = replacements.swap_remove(at);
        }
    }
    play(scenarios)
}

fn play(scenarios: Vec<Scenario>) -> Result<()> {
    let mut steps = Vec::new();
    let mut broken = Vec::new();
    for scenario in scenarios {
        let played = with_a_slot(|| scenario.play());
        match played {
            Ok(played) => steps.extend(played),
            Err(error) => broken.push(format!("{}: {error:#}\n", scenario.name)),
        }
    }
    let differing = steps
        .iter()
        .filter(|step| !step.differences.required.is_empty())
        .count();
    let counted = steps
        .iter()
        .filter(|step| !step.differences.counted.is_empty())
        .count();
    println!(
        "{} steps, {differing} disagree, {counted} have allowed differences",
        steps.len()
    );
    let reports = broken
        .into_iter()
        .chain(steps.into_iter().filter_map(|Played { report, .. }| report));
    let reports: Vec<String> = reports.take(REPORTS_MAX).collect();
    ensure!(
        reports.is_empty(),
        "{differing} steps disagree with the recordings, the first ones are:\n\n{}",
        reports.join("\n")
    );
    Ok(())
}

/// Runs something while holding one of the few slots for a server.
fn with_a_slot<T>(work: impl FnOnce() -> T) -> T {
    static FREE: Mutex<usize> = Mutex::new(SERVERS_MAX);
    static FREED: Condvar = Condvar::new();
    let free = FREE.lock().unwrap_or_else(PoisonError::into_inner);
    *FREED
        .wait_while(free, |free| *free == 0)
        .unwrap_or_else(PoisonError::into_inner) -= 1;
    let result = work();
    *FREE.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    FREED.notify_one();
    result
}
