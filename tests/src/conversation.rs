//! Reads recorded conversations and plays them against a fresh server.
//!
//! A conversation starts on an empty registry, sends its requests in order and expects the recorded
//! answers. `golden/CONVERSATIONS.md` describes the files, [`crate::agreement`] what must agree.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::agreement::{Differences, differences};
use crate::http::{Request, Response};
use crate::launch::Launch;

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Folder and name: `subjects/register-again`.
    pub name: String,
    /// What it shows.
    pub about: String,
    /// Configuration that the server starts with, under the reference's names.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Requests and answers.
    pub steps: Vec<Step>,
}

/// One request and its recorded answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is sent.
    pub request: Sent,
    /// What the reference answered.
    pub response: Recorded,
}

/// The request of a step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    method: String,
    path: String,
    /// Sent as compact JSON.
    body: Option<Box<RawValue>>,
    /// Sent as it stands.
    raw: Option<String>,
    /// Further headers; `null` leaves one out.
    #[serde(default)]
    headers: BTreeMap<String, Option<String>>,
}

/// The recorded answer of a step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The status code.
    pub status: u16,
    /// `Content-Type`, or `None` where the reference sent none.
    pub content_type: Option<String>,
    /// Further headers that must agree; `None` where there must be none.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    /// The exact text.
    pub body: String,
    /// The body is an array whose order means nothing.
    #[serde(default)]
    pub unordered: bool,
    /// The reference slips here: nothing is required.
    #[serde(default)]
    pub quirk: bool,
}

/// How one step went.
#[derive(Debug)]
pub struct Played {
    /// What differs.
    pub differences: Differences,
    /// A text for people, when something required differs.
    pub report: Option<String>,
}

/// All scenarios below a folder, ordered by name.
pub fn read_all(folder: &Path) -> Result<Vec<Scenario>> {
    let mut scenarios = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            scenarios.extend(read_all(&path)?);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            scenarios.push(read(&path)?);
        }
    }
    scenarios.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(scenarios)
}

/// One scenario.
pub fn read(path: &Path) -> Result<Scenario> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("understanding {}", path.display()))
}

impl Scenario {
    /// The part of the name before the slash.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// Plays all steps against a server of its own.
    pub fn play(&self) -> Result<Vec<Played>> {
        let settings: Vec<_> = self.settings.iter().collect();
        let launch = Launch::new()?.properties(&settings)?;
        let server = launch
            .start()
            .with_context(|| format!("starting a server for {}", self.name))?;
        let mut client = server.client();
        let mut played = Vec::new();
        for (at, step) in self.steps.iter().enumerate() {
            let request = step.request.to_request();
            let answer = client.send(&request).with_context(|| {
                format!(
                    "{} step {}: {} {}",
                    self.name,
                    at + 1,
                    request.method,
                    request.target
                )
            })?;
            let differences = differences(&step.response, &answer);
            let report = (!differences.required.is_empty()).then(|| {
                describe(
                    &self.name,
                    at + 1,
                    &request,
                    &step.response,
                    &answer,
                    &differences,
                )
            });
            played.push(Played {
                differences,
                report,
            });
        }
        Ok(played)
    }
}

impl Sent {
    /// The method of the request.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Its path and query.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.path
    }

    /// The request as it goes on the wire.
    #[must_use]
    pub fn to_request(&self) -> Request {
        let body = match (&self.body, &self.raw) {
            (Some(json), _) => Some(compact(json.get())),
            (None, raw) => raw.clone(),
        };
        let mut request = Request::new(&self.method, &self.path, body.as_deref());
        for (name, value) in &self.headers {
            request.set_header(name, value.as_deref());
        }
        request
    }
}

/// The same JSON without white space between its tokens. Order, spelling of numbers and repeated
/// members stay as they are, which a round trip through a tree would not promise.
fn compact(json: &str) -> String {
    let mut in_string = false;
    let mut escaped = false;
    json.chars()
        .filter(|&character| {
            if in_string {
                in_string = escaped || character != '"';
                escaped = !escaped && character == '\\';
                return true;
            }
            in_string = character == '"';
            !character.is_ascii_whitespace()
        })
        .collect()
}

fn describe(
    scenario: &str,
    step: usize,
    request: &Request,
    recorded: &Recorded,
    answer: &Response,
    differences: &Differences,
) -> String {
    let body = request
        .body
        .as_deref()
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    format!(
        "{scenario} step {step} differs in {}\n  {} {} {}\n  expected {} {:?} {}\n  got      {} {:?} {}\n",
        differences.required.join(", "),
        request.method,
        request.target,
        shortened(&body),
        recorded.status,
        recorded.content_type.as_deref().unwrap_or("no type"),
        shortened(&recorded.body),
        answer.status,
        answer.header("Content-Type").unwrap_or("no type"),
        shortened(&answer.text()),
    )
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 1000;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}… ({} bytes)", &text[..at], text.len()),
        None => text.to_owned(),
    }
}
