//! `concord policy`: governance documents in a folder, checked, tried and explained before anybody applies them.
//!
//! Exit codes: 0 done, 1 failed, 2 the documents are not valid, 5 there are differences (`drift`, `diff
//! --detailed-exitcode`). What asks a server is in `policy/server.rs`.

mod diff;
mod explain;
mod init;
mod server;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use compat_rules::policy::{Bundle, Kind};
use serde_json::{Value, json};

use super::output::print;
use crate::governance::folder::read_folder;
use crate::governance::{digest_of, fault_lines};

/// The arguments of `concord policy`.
#[derive(clap::Args)]
pub(super) struct Policy {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Write a folder to start from: a policy with an example, a team, rules of ownership, a vocabulary, and a
    /// workflow that checks them.
    Init(init::Init),
    /// Check documents: syntax, names, rules and parameters, patterns, `extends`, locks. Ties are warned of.
    Validate(Folder),
    /// Run the examples of the policies: does each find what it promises?
    Test(Folder),
    /// Say which rules are in force for a subject, and who set them.
    Explain(explain::Explain),
    /// Say what changed between two folders.
    Diff(diff::Diff),
    /// Print all documents as one JSON text, with their digest.
    Export(Folder),
    /// Print the JSON Schema of documents, for editors.
    Schema,
    /// Put the documents of a folder in force on a server, in place of all that were.
    Apply(server::Apply),
    /// List the revisions of a server, newest first.
    History(server::History),
    /// Put the documents of an earlier revision in force again, as a new revision.
    Rollback(server::Rollback),
    /// Say whether a server has the documents of a folder in force.
    Drift(server::Drift),
}

/// A folder of documents.
#[derive(clap::Args)]
struct Folder {
    /// The folder, or one file.
    #[arg(default_value = ".")]
    path: PathBuf,
}

/// What a command prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Output {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// The exit code of differences, where they are asked for.
const DIFFERENT: u8 = 5;

/// The exit code of documents that are not valid.
pub(super) const NOT_VALID: u8 = 2;

impl Policy {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.action {
            Action::Init(init) => init.run(),
            Action::Validate(folder) => validate(&folder.path),
            Action::Test(folder) => test::run(&folder.path),
            Action::Explain(explain) => explain.run(),
            Action::Diff(diff) => diff.run(),
            Action::Export(folder) => export(&folder.path),
            Action::Apply(apply) => apply.run(),
            Action::History(history) => history.run(),
            Action::Rollback(rollback) => rollback.run(),
            Action::Drift(drift) => drift.run(),
            Action::Schema => {
                print(&format!("{:#}\n", compat_rules::policy::document_schema()))?;
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// The bundle of a folder. Faults are told on standard error; then there is the exit code in its place. So it is where
/// there is no document at all: whoever names a folder means one that holds some.
pub(super) fn load(path: &Path) -> Result<Bundle, ExitCode> {
    let bundle = load_even_nothing(path)?;
    if bundle.documents().is_empty() {
        let shown = path.display();
        eprintln!("{shown}: there is no document in it: no .yaml, .yml, .json or .toml");
        return Err(ExitCode::from(NOT_VALID));
    }
    Ok(bundle)
}

/// The same, where no document at all is an answer, too.
fn load_even_nothing(path: &Path) -> Result<Bundle, ExitCode> {
    let faults = match read_folder(path).map(Bundle::compile) {
        Ok(Ok(bundle)) => return Ok(bundle),
        Ok(Err(faults)) | Err(faults) => faults,
    };
    eprintln!("{}", fault_lines(&faults));
    Err(ExitCode::from(NOT_VALID))
}

fn validate(path: &Path) -> anyhow::Result<ExitCode> {
    let bundle = match load(path) {
        Ok(bundle) => bundle,
        Err(code) => return Ok(code),
    };
    for warning in bundle.warnings() {
        eprintln!("warning: {warning}");
    }
    let counts: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| {
            let documents = bundle.documents().iter();
            let count = documents
                .filter(|document| document.kind() == *kind)
                .count();
            format!("{count} {}", kind.as_str())
        })
        .collect();
    let digest = digest_of(&bundle);
    print(&format!("valid: {}; {digest}\n", counts.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}

fn export(path: &Path) -> anyhow::Result<ExitCode> {
    let bundle = match load(path) {
        Ok(bundle) => bundle,
        Err(code) => return Ok(code),
    };
    let documents = documents_of(&bundle)?;
    let digest = digest_of(&bundle);
    let export = json!({"digest": digest, "documents": documents});
    print(&format!("{export:#}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// The documents as JSON.
fn documents_of(bundle: &Bundle) -> anyhow::Result<Vec<Value>> {
    let documents = bundle.documents().iter();
    let documents = documents.map(|document| serde_json::from_str(&document.canonical()));
    let documents: Result<_, _> = documents.collect();
    documents.context("canonical JSON is JSON")
}
