//! Clients that change the registry until it is gone, and remember what was acknowledged.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use tests::http::{Client, Request, Response};

use super::ledger::{Content, Entry, Wish};
use super::random::Random;

/// Subjects of a worker whose texts are their own, so that they can be deleted for good.
const OWN_SUBJECTS: u64 = 4;
/// Subjects of a worker whose texts other workers register, too.
const SHARED_SUBJECTS: u64 = 2;
/// How many texts there are to share.
const SHARED_TEXTS: u64 = 300;

/// How the answer to a wish is to be understood.
enum Outcome {
    /// Done, with the id if it was a registration.
    Done(Option<u32>),
    /// It may have been done, or not; this worker has to stop.
    Unknown,
    /// It was not done, since nothing is written any more.
    Stopped,
    /// An answer that is wrong.
    Wrong(String),
}

/// One client and what it knows about its subjects.
#[derive(Debug)]
pub(super) struct Worker {
    name: u64,
    random: Random,
    /// What it has seen acknowledged.
    pub(super) entries: BTreeMap<String, Entry>,
    /// Answers that should not have come.
    pub(super) faults: Vec<String>,
    /// The text of the last refusal of a write.
    pub(super) refusal: Option<String>,
    counter: u64,
}

impl Worker {
    /// Continues with what the ledger knows of this worker's subjects. `round` keeps its texts new.
    pub(super) fn new(
        name: u64,
        round: u64,
        random: Random,
        ledger: &BTreeMap<String, Entry>,
    ) -> Self {
        let mut entries = BTreeMap::new();
        for subject in subjects(name) {
            let entry = ledger.get(&subject).cloned().unwrap_or_default();
            entries.insert(subject, entry);
        }
        Self {
            name,
            random,
            entries,
            faults: Vec::new(),
            refusal: None,
            counter: round << 32,
        }
    }

    /// Works until a request is not answered, or is refused because nothing is written any more.
    pub(super) fn work(&mut self, mut client: Client, acknowledged: &AtomicU64, enough: u64) {
        while acknowledged.load(Ordering::Relaxed) < enough && self.faults.is_empty() {
            let (subject, wish) = self.choose();
            let request = request(&subject, &wish);
            let answer = client.send_once(&request);
            let content = &self
                .entries
                .get(&subject)
                .cloned()
                .unwrap_or_default()
                .content;
            let outcome = answer.map_or(Outcome::Unknown, |answer| {
                self.understand(content, &wish, &answer)
            });
            let entry = self.entries.entry(subject).or_default();
            match outcome {
                Outcome::Done(id) => {
                    entry.content = entry.content.after(&wish, id);
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
                Outcome::Unknown => {
                    entry.unknown = Some(wish);
                    return;
                }
                Outcome::Stopped => return,
                Outcome::Wrong(fault) => self.faults.push(format!("{request:?}: {fault}")),
            }
        }
    }

    fn choose(&mut self) -> (String, Wish) {
        let subjects: Vec<String> = self.entries.keys().cloned().collect();
        let subject = self.random.pick(&subjects).cloned().unwrap_or_default();
        if subject.ends_with("settings") {
            let mode = if self.random.below(2) == 0 {
                "READONLY"
            } else {
                "READWRITE"
            };
            return (subject, Wish::SetMode(mode.to_owned()));
        }
        let own = subject.contains("own");
        let content = self
            .entries
            .get(&subject)
            .cloned()
            .unwrap_or_default()
            .content;
        let wish = match self.random.below(10) {
            0 => self.delete_subject(&content, own),
            1 | 2 => self.delete_version(&content, own),
            3 if own => Some(Wish::SetGroup(self.fresh("group"))),
            _ => None,
        };
        let wish = wish.unwrap_or_else(|| Wish::Register {
            text: self.text(&content, own),
        });
        (subject, wish)
    }

    fn delete_subject(&mut self, content: &Content, own: bool) -> Option<Wish> {
        let active = content.active();
        match (active.is_empty(), content.versions.is_empty()) {
            (false, _) => {
                (self.random.below(3) == 0).then_some(Wish::DeleteSubject { permanent: false })
            }
            (true, false) if own => Some(Wish::DeleteSubject { permanent: true }),
            _ => None,
        }
    }

    fn delete_version(&mut self, content: &Content, own: bool) -> Option<Wish> {
        let active = content.active();
        let deleted: Vec<u32> = content
            .versions
            .keys()
            .copied()
            .filter(|number| !active.contains(number))
            .collect();
        let permanent = own && self.random.below(2) == 0;
        let version = *self
            .random
            .pick(if permanent { &deleted } else { &active })?;
        Some(Wish::DeleteVersion { version, permanent })
    }

    /// Mostly something new, sometimes what is there already.
    fn text(&mut self, content: &Content, own: bool) -> String {
        let known: Vec<&str> = content
            .versions
            .values()
            .map(|version| version.text.as_str())
            .collect();
        if self.random.below(4) == 0
            && let Some(again) = self.random.pick(&known)
        {
            return (*again).to_owned();
        }
        match own {
            true => enumeration(&self.fresh("own")),
            false => enumeration(&format!("shared_{}", self.random.below(SHARED_TEXTS))),
        }
    }

    fn fresh(&mut self, what: &str) -> String {
        self.counter += 1;
        format!("{what}_{}_{}", self.name, self.counter)
    }

    /// Checks an answer against what the worker knows of the subject.
    fn understand(&mut self, content: &Content, wish: &Wish, answer: &Response) -> Outcome {
        let body = answer.json();
        if answer.status == 500 && body["error_code"] == 50001 {
            let message = body["message"].as_str().unwrap_or_default().to_owned();
            self.refusal = Some(message.clone());
            return if message.contains("unknown") {
                Outcome::Unknown
            } else {
                Outcome::Stopped
            };
        }
        if answer.status != 200 {
            return Outcome::Wrong(format!("answered {} {}", answer.status, answer.text()));
        }
        let (got, expected) = match wish {
            Wish::Register { text } => (body["version"].clone(), json!(content.version_of(text))),
            Wish::DeleteVersion { version, .. } => (body.clone(), json!(version)),
            Wish::DeleteSubject { permanent: false } => (body.clone(), json!(content.active())),
            Wish::DeleteSubject { permanent: true } => (
                body.clone(),
                json!(content.versions.keys().collect::<Vec<_>>()),
            ),
            Wish::SetGroup(group) => (body["compatibilityGroup"].clone(), json!(group)),
            Wish::SetMode(mode) => (body["mode"].clone(), json!(mode)),
        };
        if got != expected {
            return Outcome::Wrong(format!("answered {got} where {expected} was due"));
        }
        match wish {
            Wish::Register { text } => registered(content, text, &body),
            _ => Outcome::Done(None),
        }
    }
}

/// The id must be there, and must be the one that the text has already.
fn registered(content: &Content, text: &str, body: &Value) -> Outcome {
    let Some(id) = body["id"].as_u64().and_then(|id| u32::try_from(id).ok()) else {
        return Outcome::Wrong(format!("answered without an id: {body}"));
    };
    match content
        .versions
        .values()
        .find(|version| version.text == text)
    {
        Some(known) if known.id != id => {
            Outcome::Wrong(format!("id {id} for a text that has {}", known.id))
        }
        _ => Outcome::Done(Some(id)),
    }
}

fn subjects(worker: u64) -> Vec<String> {
    let own = (0..OWN_SUBJECTS).map(|number| format!("w{worker}-own-{number}"));
    let shared = (0..SHARED_SUBJECTS).map(|number| format!("w{worker}-shared-{number}"));
    own.chain(shared)
        .chain([format!("w{worker}-settings")])
        .collect()
}

/// A schema as the registry stores it, so that texts can be compared.
fn enumeration(name: &str) -> String {
    format!(r#"{{"type":"enum","name":"{name}","symbols":["A"]}}"#)
}

fn request(subject: &str, wish: &Wish) -> Request {
    let permanent = |permanent: &bool| if *permanent { "?permanent=true" } else { "" };
    let (method, target, body) = match wish {
        Wish::Register { text } => (
            "POST",
            format!("/subjects/{subject}/versions"),
            Some(json!({"schema": text})),
        ),
        Wish::DeleteVersion {
            version,
            permanent: for_good,
        } => (
            "DELETE",
            format!(
                "/subjects/{subject}/versions/{version}{}",
                permanent(for_good)
            ),
            None,
        ),
        Wish::DeleteSubject {
            permanent: for_good,
        } => (
            "DELETE",
            format!("/subjects/{subject}{}", permanent(for_good)),
            None,
        ),
        Wish::SetGroup(group) => {
            let config = json!({"compatibility": "NONE", "compatibilityGroup": group});
            ("PUT", format!("/config/{subject}"), Some(config))
        }
        Wish::SetMode(mode) => (
            "PUT",
            format!("/mode/{subject}"),
            Some(json!({"mode": mode})),
        ),
    };
    Request::new(
        method,
        &target,
        body.map(|body| body.to_string()).as_deref(),
    )
}
