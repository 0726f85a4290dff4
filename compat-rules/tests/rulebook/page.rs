//! Reads a page of the rulebook.
//!
//! The title is the rule's id. The line below says what breaks. A paragraph says **Why it breaks**, how to
//! **Evolve instead** and on whose **Authority**. Then come the cases, each a `## title` and three fenced blocks:
//! `<format> old`, `<format> new` and `verdict`. A line of the verdict is a direction and what is found there:
//! `backward  <rule-id> at <path>`, one line each, or `backward  ok`. A line that begins with `lenient` says the same
//! for the policy LENIENT; a page that has none says nothing about it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use compat_rules::Format;

pub(crate) struct Page {
    /// The stem of the file.
    pub(crate) id: String,
    pub(crate) summary: String,
    pub(crate) cases: Vec<Case>,
    /// What is wrong with the way it is written.
    pub(crate) faults: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) old: String,
    pub(crate) new: String,
    /// What the verdict promises, without `ok`.
    pub(crate) backward: BTreeSet<String>,
    pub(crate) forward: BTreeSet<String>,
    /// What it promises for the policy LENIENT, if anything.
    pub(crate) lenient_backward: Option<BTreeSet<String>>,
    pub(crate) lenient_forward: Option<BTreeSet<String>>,
}

/// All pages of a format; none if it has no folder yet.
#[expect(
    clippy::disallowed_methods,
    reason = "the pages are files; the ban is meant for the library"
)]
pub(crate) fn pages(format: Format) -> Vec<Page> {
    let name = format.as_str().to_lowercase();
    let Ok(entries) = std::fs::read_dir(format!("rulebook/{name}")) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let id = path
                .file_stem()
                .expect("a file has a name")
                .to_string_lossy();
            let text = std::fs::read_to_string(path).expect("a page is text");
            page(&id, &text, &name)
        })
        .collect()
}

fn page(id: &str, text: &str, language: &str) -> Page {
    let (head, cases) = match text.find("\n## ") {
        Some(end) => text.split_at(end),
        None => (text, ""),
    };
    let mut faults = Vec::new();
    let mut lines = head.lines();
    if lines.next() != Some(&format!("# {id}")) {
        faults.push("the title is not the id of the rule".to_owned());
    }
    let summary = lines.next().unwrap_or_default().to_owned();
    for part in ["**Why it breaks**", "**Evolve instead**", "**Authority**"] {
        if !head.contains(part) {
            faults.push(format!("{part} is missing"));
        }
    }
    let cases = cases
        .split("\n## ")
        .skip(1)
        .map(|text| case(text, language, &mut faults))
        .collect();
    Page {
        id: id.to_owned(),
        summary,
        cases,
        faults,
    }
}

fn case(text: &str, language: &str, faults: &mut Vec<String>) -> Case {
    let mut case = Case {
        title: text.lines().next().unwrap_or_default().to_owned(),
        ..Case::default()
    };
    let mut verdict = None;
    let mut rest = text;
    while let Some((_, block)) = rest.split_once("\n```") {
        let Some((name_and_body, after)) = block.split_once("\n```") else {
            faults.push(format!("{}: a block does not end", case.title));
            break;
        };
        let (name, body) = name_and_body
            .split_once('\n')
            .unwrap_or((name_and_body, ""));
        match name.split_once(' ') {
            Some((word, "old")) if word == language => body.clone_into(&mut case.old),
            Some((word, "new")) if word == language => body.clone_into(&mut case.new),
            None if name == "verdict" => verdict = Some(body),
            _ => faults.push(format!("{}: an unknown block {name:?}", case.title)),
        }
        rest = after;
    }
    match verdict {
        Some(verdict) => read_verdict(verdict, &mut case, faults),
        None => faults.push(format!("{}: the verdict is missing", case.title)),
    }
    case
}

fn read_verdict(verdict: &str, case: &mut Case, faults: &mut Vec<String>) {
    let mut stated = BTreeSet::new();
    for line in verdict.lines() {
        let (is_lenient, line) = match line.strip_prefix("lenient ") {
            Some(line) => (true, line),
            None => (false, line),
        };
        let (direction, what) = line.split_once(' ').unwrap_or((line, ""));
        let promised = match (is_lenient, direction) {
            (false, "backward") => &mut case.backward,
            (false, "forward") => &mut case.forward,
            (true, "backward") => case.lenient_backward.get_or_insert_default(),
            (true, "forward") => case.lenient_forward.get_or_insert_default(),
            _ => {
                faults.push(format!("{}: an unknown direction in {line:?}", case.title));
                continue;
            }
        };
        if !is_lenient {
            stated.insert(direction);
        }
        match what.trim() {
            "ok" => {}
            what => {
                promised.insert(what.to_owned());
            }
        }
    }
    if stated.len() < 2 {
        faults.push(format!(
            "{}: the verdict names one direction only",
            case.title
        ));
    }
}
