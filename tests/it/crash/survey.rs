//! Reads everything that the registry holds, by several roads, and reports where the roads disagree.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::http::{Client, Request};

use super::ledger::{Content, Ledger, Version};
use super::random::Random;

/// The most that one page of the listing holds.
const PAGE: usize = 1000;
/// How many versions are looked at by every road.
const SAMPLES: usize = 30;

/// The content of every subject, by the listing of all versions and the settings of the subjects in the ledger.
pub(super) fn everything(
    client: &mut Client,
    ledger: &Ledger,
) -> Result<BTreeMap<String, Content>> {
    let mut found: BTreeMap<String, Content> = BTreeMap::new();
    for offset in (0..).step_by(PAGE) {
        let page = get(
            client,
            &format!("/schemas?deleted=true&offset={offset}&limit={PAGE}"),
        )?;
        let page = page.as_array().context("the listing is an array")?;
        for element in page {
            let (subject, number, version) =
                listed(element).with_context(|| format!("understanding {element}"))?;
            let replaced = found
                .entry(subject)
                .or_default()
                .versions
                .insert(number, version);
            ensure!(replaced.is_none(), "a version is listed twice: {element}");
        }
        if page.len() < PAGE {
            break;
        }
    }
    for subject in ledger.entries.keys() {
        let group = setting(client, &format!("/config/{subject}"), "compatibilityGroup")?;
        let mode = setting(client, &format!("/mode/{subject}"), "mode")?;
        if group.is_some() || mode.is_some() {
            let content = found.entry(subject.clone()).or_default();
            (content.group, content.mode) = (group, mode);
        }
    }
    Ok(found)
}

/// Looks at some of the content by every other road: what one write stored in many rows must be there in all of them.
pub(super) fn cross_check(client: &mut Client, ledger: &Ledger, random: &mut Random) -> Result<()> {
    let mut samples = Vec::new();
    for (subject, entry) in &ledger.entries {
        let numbers: Vec<u32> = entry.content.versions.keys().copied().collect();
        if !numbers.is_empty() {
            let all = get(
                client,
                &format!("/subjects/{subject}/versions?deleted=true"),
            )?;
            ensure!(
                all == json!(numbers),
                "{subject} lists {all}, not {numbers:?}"
            );
        }
        let active = entry.content.active();
        if let Some(latest) = active.last() {
            let list = get(client, &format!("/subjects/{subject}/versions"))?;
            ensure!(
                list == json!(active),
                "{subject} lists {list}, not {active:?}"
            );
            let found = get(client, &format!("/subjects/{subject}/versions/latest"))?;
            ensure!(
                found["version"] == json!(latest),
                "the latest of {subject} is {found}, not {latest}"
            );
        }
        samples.extend(
            entry
                .content
                .versions
                .iter()
                .map(|(number, version)| (subject, *number, version)),
        );
    }
    let subjects: Vec<&String> = ledger
        .entries
        .iter()
        .filter(|(_, entry)| !entry.content.versions.is_empty())
        .map(|(name, _)| name)
        .collect();
    let listed = get(client, "/subjects?deleted=true")?;
    ensure!(
        listed == json!(subjects),
        "the subjects are {listed}, not {subjects:?}"
    );
    for _ in 0..SAMPLES {
        if let Some((subject, number, version)) = random.pick(&samples) {
            check_version(client, ledger, subject, *number, version)?;
        }
    }
    Ok(())
}

fn check_version(
    client: &mut Client,
    ledger: &Ledger,
    subject: &str,
    number: u32,
    version: &Version,
) -> Result<()> {
    let Version { id, text, deleted } = version;
    let found = get(
        client,
        &format!("/subjects/{subject}/versions/{number}?deleted=true"),
    )?;
    ensure!(
        found["id"] == json!(id) && found["schema"] == json!(text),
        "{subject} {number} is {found}, not {version:?}"
    );
    let by_id = get(client, &format!("/schemas/ids/{id}"))?;
    ensure!(
        by_id["schema"] == json!(text),
        "the schema {id} is {by_id}, not {text}"
    );
    let holders = get(client, &format!("/schemas/ids/{id}/subjects?deleted=true"))?;
    let holders: BTreeSet<&str> = holders
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let holds = |content: &Content| content.versions.values().any(|version| version.id == *id);
    let expected: BTreeSet<&str> = ledger
        .entries
        .iter()
        .filter(|(_, entry)| holds(&entry.content))
        .map(|(name, _)| name.as_str())
        .collect();
    ensure!(
        holders == expected,
        "the id {id} is held by {holders:?}, not {expected:?}"
    );
    if !deleted {
        let body = json!({"schema": text}).to_string();
        let lookup = client
            .send(&Request::new(
                "POST",
                &format!("/subjects/{subject}"),
                Some(&body),
            ))?
            .json();
        ensure!(
            lookup["id"] == json!(id),
            "the lookup of {text} in {subject} answers {lookup}, not id {id}"
        );
    }
    Ok(())
}

fn listed(element: &Value) -> Option<(String, u32, Version)> {
    let number = |name: &str| {
        element[name]
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
    };
    let version = Version {
        id: number("id")?,
        text: element["schema"].as_str()?.to_owned(),
        deleted: element["deleted"].as_bool()?,
    };
    Some((
        element["subject"].as_str()?.to_owned(),
        number("version")?,
        version,
    ))
}

fn setting(client: &mut Client, target: &str, member: &str) -> Result<Option<String>> {
    let answer = client.send(&Request::new("GET", target, None))?;
    match answer.status {
        404 => Ok(None),
        200 => Ok(answer.json()[member].as_str().map(str::to_owned)),
        status => anyhow::bail!("{target} answers {status} {}", answer.text()),
    }
}

pub(super) fn get(client: &mut Client, target: &str) -> Result<Value> {
    let answer = client.send(&Request::new("GET", target, None))?;
    ensure!(
        answer.status == 200,
        "{target} answers {} {}",
        answer.status,
        answer.text()
    );
    Ok(answer.json())
}
