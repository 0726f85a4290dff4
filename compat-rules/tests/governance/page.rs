//! Reads a governance page.
//!
//! The heading is code and slug. The line below is the title of the rule. Paragraphs say **Why**, what to do
//! **Instead**, and which **Parameters** there are, each in backquotes. Then come the cases, each a `## title` and
//! fenced blocks: perhaps `given` (YAML, see `given.rs`), perhaps `<format> previous`, which is the version before and
//! may stand several times, oldest first, then `<format>`, the candidate, and `finds`: the path of each finding on a
//! line of its own, `.` for the schema or the subject as a whole, or `nothing`.

use std::path::PathBuf;

use compat_rules::Format;

pub(crate) struct Page {
    /// The stem of the file.
    pub(crate) code: String,
    pub(crate) heading: String,
    pub(crate) title: String,
    /// What it says of the parameters.
    pub(crate) parameters: String,
    pub(crate) cases: Vec<Case>,
    /// What is wrong with the way it is written.
    pub(crate) faults: Vec<String>,
}

#[derive(Default)]
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) given: String,
    pub(crate) format: Option<Format>,
    pub(crate) candidate: String,
    /// Earlier versions, oldest first.
    pub(crate) previous: Vec<(Format, String)>,
    pub(crate) finds: Vec<String>,
}

/// All pages.
#[expect(
    clippy::disallowed_methods,
    reason = "the pages are files; the ban is meant for the library"
)]
pub(crate) fn pages() -> Vec<Page> {
    let entries = std::fs::read_dir("governance").expect("there are pages");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let stem = path.file_stem().expect("a file has a name");
            let text = std::fs::read_to_string(path).expect("a page is text");
            page(&stem.to_string_lossy(), &text)
        })
        .collect()
}

fn page(code: &str, text: &str) -> Page {
    let (head, cases) = match text.find("\n## ") {
        Some(end) => text.split_at(end),
        None => (text, ""),
    };
    let mut faults = Vec::new();
    let mut lines = head.lines();
    let heading = lines.next().and_then(|line| line.strip_prefix("# "));
    let title = lines.next().unwrap_or_default().to_owned();
    for part in ["\n\n**Why** ", "\n\n**Instead** ", "\n\n**Parameters** "] {
        if !head.contains(part) {
            faults.push(format!("{part:?} is missing"));
        }
    }
    let parameters = head.split_once("\n\n**Parameters** ");
    Page {
        code: code.to_owned(),
        heading: heading.unwrap_or_default().to_owned(),
        title,
        parameters: parameters.map_or("", |(_, text)| text).to_owned(),
        cases: cases
            .split("\n## ")
            .skip(1)
            .map(|text| case(text, &mut faults))
            .collect(),
        faults,
    }
}

fn case(text: &str, faults: &mut Vec<String>) -> Case {
    let mut case = Case {
        title: text.lines().next().unwrap_or_default().to_owned(),
        ..Case::default()
    };
    let mut finds = None;
    let mut rest = text;
    while let Some((_, block)) = rest.split_once("\n```") {
        let Some((name_and_body, after)) = block.split_once("\n```") else {
            faults.push(format!("{}: a block does not end", case.title));
            break;
        };
        let (name, body) = name_and_body
            .split_once('\n')
            .unwrap_or((name_and_body, ""));
        let (word, is_previous) = match name.strip_suffix(" previous") {
            Some(word) => (word, true),
            None => (name, false),
        };
        match (word, is_previous, word.to_uppercase().parse::<Format>()) {
            ("given", false, _) => body.clone_into(&mut case.given),
            ("finds", false, _) => finds = Some(body),
            (_, true, Ok(format)) => case.previous.push((format, body.to_owned())),
            (_, false, Ok(format)) => {
                case.format = Some(format);
                body.clone_into(&mut case.candidate);
            }
            _ => faults.push(format!("{}: an unknown block {name:?}", case.title)),
        }
        rest = after;
    }
    match finds.map(str::trim) {
        None | Some("") => faults.push(format!("{}: it does not say what is found", case.title)),
        Some("nothing") => {}
        Some(paths) => case.finds = paths.lines().map(str::to_owned).collect(),
    }
    case
}
