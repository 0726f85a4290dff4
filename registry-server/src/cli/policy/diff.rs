//! `concord policy diff`: what changed between two folders, document by document and element by element.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use compat_rules::policy::{Document, Kind};
use serde_json::Value;

use super::{DIFFERENT, load_even_nothing};
use crate::cli::output::print;

/// The arguments of `concord policy diff`.
#[derive(clap::Args)]
pub(super) struct Diff {
    /// The folder, or file, before.
    old: PathBuf,
    /// The folder, or file, after.
    new: PathBuf,
    /// End with 5 when there is a difference.
    #[arg(long)]
    detailed_exitcode: bool,
}

impl Diff {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let (old, new) = match (load_even_nothing(&self.old), load_even_nothing(&self.new)) {
            (Ok(old), Ok(new)) => (old, new),
            (Err(code), _) | (_, Err(code)) => return Ok(code),
        };
        let lines = differences(old.documents(), new.documents())?;
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        print(&text)?;
        let is_told = self.detailed_exitcode && !lines.is_empty();
        Ok(if is_told {
            ExitCode::from(DIFFERENT)
        } else {
            ExitCode::SUCCESS
        })
    }
}

/// One line for each document that is there, gone or different, and one for each element that differs.
pub(super) fn differences(old: &[Document], new: &[Document]) -> anyhow::Result<Vec<String>> {
    let (old, new) = (by_name(old)?, by_name(new)?);
    let mut lines = Vec::new();
    for ((kind, name), before) in &old {
        match new.get(&(*kind, name.clone())) {
            None => lines.push(format!("- {} {name}", kind.as_str())),
            Some(after) if after != before => {
                lines.push(format!("~ {} {name}", kind.as_str()));
                compare("", before, after, &mut lines);
            }
            Some(_) => {}
        }
    }
    let added = new.keys().filter(|key| !old.contains_key(key));
    lines.extend(added.map(|(kind, name)| format!("+ {} {name}", kind.as_str())));
    Ok(lines)
}

fn by_name(documents: &[Document]) -> anyhow::Result<BTreeMap<(Kind, String), Value>> {
    let mut named = BTreeMap::new();
    for document in documents {
        let value = serde_json::from_str(&document.canonical())?;
        named.insert((document.kind(), document.name().to_owned()), value);
    }
    Ok(named)
}

/// One line per element that differs. It nests no deeper than documents may.
fn compare(path: &str, old: &Value, new: &Value, lines: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(before), Value::Object(after)) => {
            let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                step(&path, before.get(key), after.get(key), lines);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for index in 0..before.len().max(after.len()) {
                let path = format!("{path}[{index}]");
                step(&path, before.get(index), after.get(index), lines);
            }
        }
        _ if old == new => {}
        _ => lines.push(format!("    {path}: {old} → {new}")),
    }
}

fn step(path: &str, old: Option<&Value>, new: Option<&Value>, lines: &mut Vec<String>) {
    match (old, new) {
        (Some(old), Some(new)) => compare(path, old, new, lines),
        (Some(old), None) => lines.push(format!("    - {path}: {old}")),
        (None, Some(new)) => lines.push(format!("    + {path}: {new}")),
        (None, None) => {}
    }
}
