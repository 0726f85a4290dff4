//! Reads the files of the checkout, and takes lines of code apart just far enough.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use tests::binary::checkout;

/// Folders that hold nothing written for this project: recorded data, things built or fetched.
const SKIPPED_FOLDERS: [&str; 4] = ["target", "data", "golden", "node_modules"];
/// Files that tools write; `.git` is a file in a linked work tree.
const SKIPPED_FILES: [&str; 5] = [
    ".git",
    "Cargo.lock",
    "package-lock.json",
    "go.sum",
    "LICENSE",
];

/// One file, named relative to the checkout.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

/// Everything that is text.
pub(super) fn text_files() -> Result<Vec<Source>> {
    let mut found = Vec::new();
    collect(checkout(), &mut found)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The Rust sources, those of tests and benches included.
pub(super) fn rust_sources() -> Result<Vec<Source>> {
    let mut files = text_files()?;
    files.retain(|file| file.path.ends_with(".rs"));
    Ok(files)
}

fn collect(folder: &Path, found: &mut Vec<Source>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if name != ".git" && !SKIPPED_FOLDERS.contains(&name.as_str()) {
                collect(&path, found)?;
            }
        } else if !SKIPPED_FILES.contains(&name.as_str())
            // What is not UTF-8 is no text.
            && let Ok(text) = fs::read_to_string(&path)
        {
            let path = path
                .strip_prefix(checkout())?
                .to_string_lossy()
                .into_owned();
            found.push(Source { path, text });
        }
    }
    Ok(())
}

/// The words of a text with the numbers of their lines, where a word is what an identifier is made of.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().flat_map(|(at, line)| {
        let words = line.split(|character: char| !character.is_alphanumeric() && character != '_');
        words
            .filter(|word| !word.is_empty())
            .map(move |word| (at + 1, word))
    })
}

/// A line without its comment. A `//` inside a text counts as a comment, too: good enough to find names in code.
pub(super) fn code_of(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

/// The targets of the inline links of a Markdown text, with the numbers of their lines; not those in code blocks.
pub(super) fn links(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    let prose = text.lines().enumerate().filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !fence && !in_code
    });
    prose.flat_map(|(at, line)| {
        let targets = line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', ' ']).next());
        targets
            .map(move |target| (at + 1, target.to_owned()))
            .collect::<Vec<_>>()
    })
}
