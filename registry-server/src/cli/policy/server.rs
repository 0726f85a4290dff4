//! `concord policy apply`, `history`, `rollback`, `drift`: the documents of a running server.
//!
//! Exit codes beside those of `concord policy`: 4 another revision is in force than the change is based on, or the
//! documents are managed elsewhere.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DIFFERENT, NOT_VALID, documents_of, load};
use crate::cli::output::print;
use crate::cli::remote::{Remote, basic};
use crate::governance::digest_text;

/// The exit code of a conflict.
const CONFLICT: u8 = 4;

/// Where the server is.
#[derive(clap::Args)]
struct Server {
    /// The server.
    #[arg(
        long,
        env = "CONCORD_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8081"
    )]
    url: String,
    /// Name for Basic authentication.
    #[arg(long, env = "CONCORD_USER", value_name = "NAME")]
    user: Option<String>,
    /// File whose first line is the password of that name.
    #[arg(
        long,
        env = "CONCORD_PASSWORD_FILE",
        value_name = "FILE",
        requires = "user"
    )]
    password_file: Option<PathBuf>,
}

/// The arguments of `concord policy apply`.
#[derive(clap::Args)]
pub(super) struct Apply {
    /// The folder of documents, or one file. They replace all that are in force.
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    server: Server,
    /// Refuse if another revision than this one is in force; 0 stands for none.
    #[arg(long, value_name = "REVISION")]
    base: Option<u64>,
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
    server: Server,
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
    server: Server,
}

/// The arguments of `concord policy drift`.
#[derive(clap::Args)]
pub(super) struct Drift {
    /// The folder of documents, or one file.
    #[arg(default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    server: Server,
}

impl Apply {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let bundle = match load(&self.path) {
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
        });
        if let Some(base) = self.base {
            wish["baseRevision"] = json!(base);
        }
        self.server.change("/governance/v1/apply", &wish)
    }
}

impl Rollback {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let mut wish = json!({"revision": self.revision, "comment": self.comment});
        if let Some(base) = self.base {
            wish["baseRevision"] = json!(base);
        }
        self.server.change("/governance/v1/rollback", &wish)
    }
}

impl History {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let revisions = self.server.read("/governance/v1/revisions")?;
        let revisions = revisions.as_array().context("the answer is no list")?;
        let lines: String = revisions.iter().map(line).collect();
        print(&lines)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Drift {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let bundle = match load(&self.path) {
            Ok(bundle) => bundle,
            Err(code) => return Ok(code),
        };
        let in_force = self.server.read("/governance/v1/policies")?;
        let (here, there) = (digest_text(&bundle), digest(&in_force));
        let revision = &in_force["revision"];
        if here == there {
            print(&format!("the same as revision {revision}\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        print(&format!(
            "differs from revision {revision}: {here} here, {there} there\n"
        ))?;
        Ok(ExitCode::from(DIFFERENT))
    }
}

impl Server {
    fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> anyhow::Result<(StatusCode, String)> {
        let authorization = basic(self.user.as_deref(), self.password_file.as_deref())?;
        let server = Remote::new(&self.url, authorization)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start")?;
        runtime.block_on(server.ask(method, path, "application/json", body))
    }

    fn read(&self, path: &str) -> anyhow::Result<Value> {
        let (status, text) = self.ask(Method::GET, path, None)?;
        if status != StatusCode::OK {
            bail!("the server answered {status}: {}", message(&text));
        }
        serde_json::from_str(&text).context("the answer is no JSON")
    }

    /// Asks for a change and prints the revision that it made.
    fn change(&self, path: &str, wish: &Value) -> anyhow::Result<ExitCode> {
        let (status, text) = self.ask(Method::POST, path, Some(wish.to_string()))?;
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
    let mut line = format!("revision {}: {}", revision["revision"], digest(revision));
    for (key, word) in [("author", "by"), ("source", "from"), ("comment", "for")] {
        let value = text(revision, key);
        if !value.is_empty() {
            line.push_str(&format!(", {word} {value}"));
        }
    }
    line.push('\n');
    line
}

/// The digest as a folder's is shown; `none` where there are no documents.
fn digest(revision: &Value) -> String {
    match text(revision, "digest") {
        "" => "none".to_owned(),
        digest => format!("sha256:{}", digest.trim_start_matches("sha256:")),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}
