//! Reads documents from text: YAML with several documents in a file, JSON, TOML.
//!
//! A text is read twice: once for its kind alone, then as what that kind is, so that an unknown key is reported with
//! its line and column. All limits are far above what people write.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_saphyr::Error;

use super::{Content, Document, DocumentFault, DocumentSource, Kind};
use crate::Place;

/// The longest file, in bytes.
const LENGTH_MAX: usize = 1 << 20;
/// The most scalars, lists and maps of a file, aliases counted as what they stand for.
const NODES_MAX: usize = 20_000;
/// How deep values may lie in one another.
const DEPTH_MAX: usize = 64;
/// The most documents of a file.
const DOCUMENTS_MAX: usize = 1000;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2; `yes` and `no` are words.
    Yaml,
    /// JSON.
    Json,
    /// TOML.
    Toml,
}

impl Syntax {
    /// By the extension of the file's name; `None` for a file that is none of ours.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }
}

/// The kinds that the documentation knows and this version does not, so that they are told from mistakes.
const LATER: [&str; 4] = ["Waiver", "RoleBinding", "Environment", "Application"];

/// Reads every document of a text. `file` is named in faults.
///
/// # Errors
/// Everything that is wrong, one fault per document at most: its first.
pub fn read_documents(
    file: &str,
    syntax: Syntax,
    text: &str,
) -> Result<Vec<Document>, Vec<DocumentFault>> {
    let fault = |refusal: Refusal| DocumentFault {
        file: file.to_owned(),
        place: refusal.place,
        document: String::new(),
        path: String::new(),
        message: refusal.message,
    };
    if text.len() > LENGTH_MAX {
        return Err(vec![fault(Refusal::new("longer than 1 MiB"))]);
    }
    let parts = match syntax {
        Syntax::Yaml => yaml_documents(text),
        Syntax::Json | Syntax::Toml => vec![(1, text)],
    };
    if parts.len() > DOCUMENTS_MAX {
        return Err(vec![fault(Refusal::new("more than 1000 documents"))]);
    }
    let mut documents = Vec::new();
    let mut faults = Vec::new();
    for (line, part) in parts {
        match read_document(syntax, part) {
            Ok(Some(content)) => documents.push(Document {
                source: DocumentSource {
                    file: file.to_owned(),
                    line,
                },
                content,
            }),
            Ok(None) => {}
            Err(refusal) => faults.push(fault(refusal.after_line(line))),
        }
    }
    if faults.is_empty() {
        Ok(documents)
    } else {
        Err(faults)
    }
}

/// Why a text was not read.
struct Refusal {
    place: Option<Place>,
    message: String,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self {
            place: None,
            message: message.into(),
        }
    }

    /// The same, counted from the beginning of the file and not of the document.
    fn after_line(mut self, first: u32) -> Self {
        if let Some(place) = &mut self.place {
            place.line += first - 1;
        }
        self
    }
}

/// `None` for a document without content.
fn read_document(syntax: Syntax, text: &str) -> Result<Option<Content>, Refusal> {
    /// What every kind begins with; the rest is passed over.
    #[derive(Deserialize)]
    struct Head {
        kind: Option<String>,
    }
    let Some(head) = read_as::<Option<Head>>(syntax, text)? else {
        return Ok(None);
    };
    let known = || Kind::ALL.map(Kind::as_str).join(", ");
    let Some(word) = head.kind else {
        return Err(Refusal::new(format!(
            "`kind` is missing: one of {}",
            known()
        )));
    };
    let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.as_str() == word) else {
        let word: String = word.chars().take(60).collect();
        return Err(Refusal::new(if LATER.contains(&word.as_str()) {
            format!("kind {word} is not supported yet")
        } else {
            format!("unknown kind {word:?}, expected one of {}", known())
        }));
    };
    Ok(Some(match kind {
        Kind::Policy => Content::Policy(read_as(syntax, text)?),
        Kind::Ownership => Content::Ownership(read_as(syntax, text)?),
        Kind::Team => Content::Team(read_as(syntax, text)?),
        Kind::Vocabulary => Content::Vocabulary(read_as(syntax, text)?),
    }))
}

fn read_as<T: DeserializeOwned>(syntax: Syntax, text: &str) -> Result<T, Refusal> {
    match syntax {
        Syntax::Yaml => read_yaml(text),
        Syntax::Json => serde_json::from_str(text).map_err(|error| {
            let place = place(error.line(), error.column());
            let message = error.to_string();
            // The place is told by itself.
            let message = message.split(" at line ").next().unwrap_or(&message);
            Refusal {
                place,
                message: message.to_owned(),
            }
        }),
        Syntax::Toml => toml::from_str(text).map_err(|error| Refusal {
            place: error.span().and_then(|span| place_of(text, span.start)),
            message: in_one_line(error.message()),
        }),
    }
}

fn read_yaml<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: NODES_MAX,
            max_events: NODES_MAX * 3,
            max_depth: DEPTH_MAX,
            max_documents: 2,
        },
        strict_booleans: true,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let place = error.location().and_then(|location| {
            let (line, column) = (location.line(), location.column());
            place(usize::try_from(line).ok()?, usize::try_from(column).ok()?)
        });
        let mut message = match error.without_snippet() {
            Error::DuplicateMappingKey { key: Some(key), .. } => {
                format!("the key {key} is there twice")
            }
            other => in_one_line(&other.to_string()),
        };
        // Within an alias, the reader knows it by its text alone.
        if message.contains("budget breached") {
            message = format!(
                "too much in one text: at most {NODES_MAX} values, an alias counted as what it stands for, and \
                 {DEPTH_MAX} within one another"
            );
        }
        // The place is told by itself.
        if let Some((reason, _)) = message.rsplit_once(" at line ").filter(|_| place.is_some()) {
            message = reason.to_owned();
        }
        Refusal { place, message }
    })
}

/// The documents of a YAML file, each with its first line. `---` at the beginning of a line is always a mark.
fn yaml_documents(text: &str) -> Vec<(u32, &str)> {
    let is_mark = |line: &str, mark: &str| {
        line.strip_prefix(mark)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
    };
    let mut parts = Vec::new();
    let (mut start, mut first, mut offset) = (0, 1, 0);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if is_mark(line, "---") || is_mark(line, "...") {
            parts.push((first, &text[start..offset]));
            (start, first) = if is_mark(line, "---") && line.trim_end() != "---" {
                // Content may begin on the line of the mark itself.
                (offset, number)
            } else {
                (offset + line.len(), number + 1)
            };
        }
        offset += line.len();
    }
    parts.push((first, &text[start..]));
    parts.retain(|(_, part)| {
        let mut lines = part.lines().map(str::trim_start);
        lines.any(|line| !line.is_empty() && !line.starts_with('#'))
    });
    parts
}

fn place(line: usize, column: usize) -> Option<Place> {
    // A reader that does not know the place says 0.
    (line > 0).then_some(())?;
    Some(Place {
        line: u32::try_from(line).ok()?,
        column: u32::try_from(column.max(1)).ok()?,
    })
}

fn place_of(text: &str, offset: usize) -> Option<Place> {
    let before = text.get(..offset)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    place(
        before.matches('\n').count() + 1,
        before[line_start..].chars().count() + 1,
    )
}

fn in_one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
