//! What must be in the registry, by what it has acknowledged, and what may be in it besides.
//!
//! Each subject is changed by one worker, one wish at a time. So its content is known exactly, but for
//! the one wish whose answer never came: that one is fulfilled wholly or not at all.

use std::collections::BTreeMap;

/// One stored version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) id: u32,
    pub(super) text: String,
    pub(super) deleted: bool,
}

/// Everything about a subject that the registry keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) versions: BTreeMap<u32, Version>,
    /// The compatibility group, which stands for the configuration here.
    pub(super) group: Option<String>,
    pub(super) mode: Option<String>,
}

/// Something that a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Register { text: String },
    DeleteVersion { version: u32, permanent: bool },
    DeleteSubject { permanent: bool },
    SetGroup(String),
    SetMode(String),
}

/// A subject in the ledger: its content, and the wish of unknown fate.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) content: Content,
    pub(super) unknown: Option<Wish>,
}

/// All subjects, and which text every id has ever stood for.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) entries: BTreeMap<String, Entry>,
    /// Wishes without an answer that turned out to be fulfilled, and those that did not.
    pub(super) fulfilled: u64,
    pub(super) forgotten: u64,
    texts: BTreeMap<u32, String>,
}

impl Content {
    /// The numbers of the versions that are not deleted.
    pub(super) fn active(&self) -> Vec<u32> {
        self.versions
            .iter()
            .filter(|(_, version)| !version.deleted)
            .map(|(number, _)| *number)
            .collect()
    }

    /// The version that registering a text must answer.
    pub(super) fn version_of(&self, text: &str) -> u32 {
        let active = self
            .versions
            .iter()
            .find(|(_, version)| !version.deleted && version.text == text);
        let next = || {
            self.versions
                .last_key_value()
                .map_or(1, |(number, _)| number + 1)
        };
        active.map_or_else(next, |(number, _)| *number)
    }

    /// The content after a wish. A registration needs the id that it got.
    pub(super) fn after(&self, wish: &Wish, id: Option<u32>) -> Self {
        let mut after = self.clone();
        match wish {
            Wish::Register { text } => {
                let number = self.version_of(text);
                let id = id.unwrap_or_default();
                // The same content at a new number takes the place of its deleted versions.
                after
                    .versions
                    .retain(|_, version| !(version.deleted && version.text == *text));
                after.versions.entry(number).or_insert(Version {
                    id,
                    text: text.clone(),
                    deleted: false,
                });
            }
            Wish::DeleteVersion {
                version,
                permanent: false,
            } => {
                after
                    .versions
                    .entry(*version)
                    .and_modify(|version| version.deleted = true);
            }
            Wish::DeleteVersion {
                version,
                permanent: true,
            } => {
                after.versions.remove(version);
                after.forget_settings_when_empty();
            }
            Wish::DeleteSubject { permanent: false } => {
                after
                    .versions
                    .values_mut()
                    .for_each(|version| version.deleted = true);
            }
            Wish::DeleteSubject { permanent: true } => {
                after.versions.clear();
                after.forget_settings_when_empty();
            }
            Wish::SetGroup(group) => after.group = Some(group.clone()),
            Wish::SetMode(mode) => after.mode = Some(mode.clone()),
        }
        after
    }

    /// Settings go with the last version that is deleted for good.
    fn forget_settings_when_empty(&mut self) {
        if self.versions.is_empty() {
            self.group = None;
            self.mode = None;
        }
    }
}

impl Entry {
    /// Whether the registry's content is what it must be, with or without the wish of unknown fate.
    pub(super) fn allows(&self, found: &Content) -> bool {
        if *found == self.content {
            return true;
        }
        let Some(wish) = &self.unknown else {
            return false;
        };
        let id = match wish {
            Wish::Register { text } => found
                .versions
                .get(&self.content.version_of(text))
                .map(|version| version.id),
            _ => None,
        };
        *found == self.content.after(wish, id)
    }
}

impl Ledger {
    /// Takes over what one worker has seen.
    pub(super) fn merge(&mut self, entries: BTreeMap<String, Entry>) -> Vec<String> {
        let mut faults = Vec::new();
        for entry in entries.values() {
            faults.extend(self.note_ids(&entry.content));
        }
        self.entries.extend(entries);
        faults
    }

    /// Compares with what the registry holds, and takes that as the truth from here on.
    pub(super) fn settle(&mut self, found: BTreeMap<String, Content>) -> Vec<String> {
        let mut faults = Vec::new();
        for (subject, content) in &found {
            faults.extend(self.note_ids(content));
            if !self.entries.contains_key(subject) {
                faults.push(format!(
                    "nobody asked for the subject {subject}: {content:?}"
                ));
            }
        }
        for (subject, entry) in &mut self.entries {
            let content = found.get(subject).cloned().unwrap_or_default();
            if !entry.allows(&content) {
                let unknown = &entry.unknown;
                let expected = differing(&entry.content, &content);
                faults.push(format!(
                    "{subject}: expected against found: {expected}; of unknown fate: {unknown:?}"
                ));
            }
            match &entry.unknown {
                Some(_) if content == entry.content => self.forgotten += 1,
                Some(_) => self.fulfilled += 1,
                None => {}
            }
            *entry = Entry {
                content,
                unknown: None,
            };
        }
        faults.extend(self.ambiguous_texts());
        faults
    }

    /// An id stands for one text, for ever, even after its last version is gone.
    fn note_ids(&mut self, content: &Content) -> Vec<String> {
        let mut faults = Vec::new();
        for version in content.versions.values() {
            let known = self
                .texts
                .entry(version.id)
                .or_insert_with(|| version.text.clone());
            if *known != version.text {
                faults.push(format!(
                    "id {} stood for {known} and stands for {}",
                    version.id, version.text
                ));
            }
        }
        faults
    }

    /// A text that is stored anywhere has one id everywhere.
    fn ambiguous_texts(&self) -> Vec<String> {
        let mut ids: BTreeMap<&str, u32> = BTreeMap::new();
        let versions = self
            .entries
            .values()
            .flat_map(|entry| entry.content.versions.values());
        let ambiguous = versions.filter(|version| {
            let first = *ids.entry(version.text.as_str()).or_insert(version.id);
            first != version.id
        });
        ambiguous
            .map(|version| format!("{} has the id {} and another one", version.text, version.id))
            .collect()
    }
}

/// What differs between two contents, without what is equal.
fn differing(expected: &Content, found: &Content) -> String {
    let mut parts = Vec::new();
    let numbers: std::collections::BTreeSet<&u32> = expected
        .versions
        .keys()
        .chain(found.versions.keys())
        .collect();
    for number in numbers {
        let (one, other) = (expected.versions.get(number), found.versions.get(number));
        if one != other {
            parts.push(format!("version {number} {one:?} | {other:?}"));
        }
    }
    if expected.group != found.group {
        parts.push(format!("group {:?} | {:?}", expected.group, found.group));
    }
    if expected.mode != found.mode {
        parts.push(format!("mode {:?} | {:?}", expected.mode, found.mode));
    }
    parts.join(", ")
}
