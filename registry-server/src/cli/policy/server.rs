//! `concord policy apply`, `history`, `rollback`, `drift`: the documents of a running server.
//!
//! Exit codes beside those of `concord policy`: 4 another revision is in force than the change is based on, or the
//! documents are managed elsewhere.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow, bail};
use compat_rules::policy::{Document, Syntax, read_documents};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::diff::differences;
use super::{DIFFERENT, NOT_VALID, documents_of, load, load_even_nothing};
use crate::cli::output::print;
use crate::cli::remote::ServerAddress;
use crate::governance::fault_lines;

/// The exit code of a conflict.
const CONFLICT: u8 = 4;

/// The arguments of `concord policy apply`.
#[derive(clap::Args)]
pub(super) struct Apply {
    /// The folder of documents, or one file. They replace all that are in force, or with `--manager` those of the manager.
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    server: ServerAddress,
    /// Refuse if another revision than this one is in force; 0 stands for none.
    #[arg(long, value_name = "REVISION")]
    base: Option<u64>,
    /// Who manages the documents from now on, such as `git:acme/event-governance`: what others manage stays as it is.
    #[arg(long, env = "CONCORD_MANAGER", value_name = "NAME")]
    manager: Option<String>,
    /// Take away what the manager has in force and the folder has no more.
    #[arg(long, requires = "manager")]
    prune: bool,
    /// Change documents that another one manages all the same.
    #[arg(long)]
    take_over: bool,
    /// Apply a folder without any document as well: then no policy is in force any more.
    #[arg(long)]
    allow_empty: bool,
    /// Where the documents come from, such as a commit.
    #[arg(long, default_value = "")]
    source: String,
    /// Why.
    #[arg(long, default_value = "")]
    comment: String,
}

/// The arguments of `concord policy rollback`.
#[derive(clap::Args)]
pub(super) struct Rollback {
    /// The revision whose documents shall be in force again, as a new revision.
    revision: u64,
    #[command(flatten)]
    server: ServerAddress,
    /// Refuse if another revision than this one is in force.
    #[arg(long, value_name = "REVISION")]
    base: Option<u64>,
    /// Why.
    #[arg(long, default_value = "")]
    comment: String,
}

/// The arguments of `concord policy history`.
#[derive(clap::Args)]
pub(super) struct History {
    #[command(flatten)]
    server: ServerAddress,
}

/// The arguments of `concord policy drift`.
#[derive(clap::Args)]
pub(super) struct Drift {
    /// The folder of documents, or one file.
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    server: ServerAddress,
    /// Compare with what this manager has in force, whatever others have there.
    #[arg(long, env = "CONCORD_MANAGER", value_name = "NAME")]
    manager: Option<String>,
}

impl Apply {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let bundle = if self.allow_empty {
            load_even_nothing(&self.path)
        } else {
            load(&self.path)
        };
        let bundle = match bundle {
            Ok(bundle) => bundle,
            Err(code) => return Ok(code),
        };
        for warning in bundle.warnings() {
            eprintln!("warning: {warning}");
        }
        let mut wish = json!({
            "documents": documents_of(&bundle)?,
            "source": self.source,
            "comment": self.comment,
            "manager": self.manager,
            "prune": self.prune,
            "takeOver": self.take_over,
        });
        if let Some(base) = self.base {
            wish["baseRevision"] = json!(base);
        }
        change(&self.server, "/governance/v1/apply", &wish)
    }
}

impl Rollback {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut wish = json!({"revision": self.revision, "comment": self.comment});
        if let Some(base) = self.base {
            wish["baseRevision"] = json!(base);
        }
        change(&self.server, "/governance/v1/rollback", &wish)
    }
}

impl History {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let revisions = read(&self.server, "/governance/v1/revisions")?;
        let revisions = revisions.as_array().context("the answer is no list")?;
        let lines: String = revisions.iter().map(line).collect();
        print(if revisions.is_empty() {
            "no documents were ever applied\n"
        } else {
            &lines
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Drift {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let bundle = match load(&self.path) {
            Ok(bundle) => bundle,
            Err(code) => return Ok(code),
        };
        let in_force = read(&self.server, "/governance/v1/policies")?;
        let mut here = bundle.documents().to_vec();
        let mut there = documents(&in_force)?;
        if let Some(manager) = &self.manager {
            let is_ours =
                |document: &Document| document.metadata().managed_by.as_ref() == Some(manager);
            there.retain(is_ours);
            here.iter_mut()
                .for_each(|document| document.set_manager(manager.clone()));
        }
        let (lines, revision) = (differences(&there, &here)?, &in_force["revision"]);
        if lines.is_empty() {
            print(&format!("the same as revision {revision}\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        print(&format!("differs from revision {revision}:\n{lines}"))?;
        Ok(ExitCode::from(DIFFERENT))
    }
}

/// The documents of a revision.
fn documents(revision: &Value) -> anyhow::Result<Vec<Document>> {
    let mut documents = Vec::new();
    for document in revision["documents"].as_array().into_iter().flatten() {
        let read = read_documents("", Syntax::Json, &document.to_string());
        documents.extend(read.map_err(|faults| anyhow!("{}", fault_lines(&faults)))?);
    }
    Ok(documents)
}

fn ask(
    server: &ServerAddress,
    method: Method,
    path: &str,
    body: Option<String>,
) -> anyhow::Result<(StatusCode, String)> {
    let server = server.remote()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    runtime.block_on(server.ask(method, path, "application/json", body))
}

pub(super) fn read(server: &ServerAddress, path: &str) -> anyhow::Result<Value> {
    let (status, text) = ask(server, Method::GET, path, None)?;
    if status != StatusCode::OK {
        bail!("the server answered {status}: {}", message(&text));
    }
    serde_json::from_str(&text).context("the answer is no JSON")
}

/// Asks for a change and prints the revision that it made.
fn change(server: &ServerAddress, path: &str, wish: &Value) -> anyhow::Result<ExitCode> {
    let (status, text) = ask(server, Method::POST, path, Some(wish.to_string()))?;
    if status == StatusCode::OK {
        print(&line(
            &serde_json::from_str(&text).context("the answer is no JSON")?,
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{}", message(&text));
    Ok(ExitCode::from(match status {
        StatusCode::CONFLICT => CONFLICT,
        StatusCode::UNPROCESSABLE_ENTITY => NOT_VALID,
        _ => 1,
    }))
}

/// The message of a refusal, or its whole text.
fn message(body: &str) -> String {
    let refusal: Option<Value> = serde_json::from_str(body).ok();
    let message = refusal
        .as_ref()
        .and_then(|refusal| refusal["message"].as_str());
    message.unwrap_or(body).to_owned()
}

/// A revision in one line: number, digest, author, source and comment.
fn line(revision: &Value) -> String {
    let (number, digest) = (&revision["revision"], text(revision, "digest"));
    let mut line = format!("revision {number}: {digest}");
    for (key, word) in [("author", "by"), ("source", "from"), ("comment", "for")] {
        let value = text(revision, key);
        if !value.is_empty() {
            line.push_str(&format!(", {word} {value}"));
        }
    }
    line.push('\n');
    line
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}
