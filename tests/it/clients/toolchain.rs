//! An environment for the programs of each language, made once and kept outside the checkout.
//!
//! Packages come from the language's own registry, pinned by its lock file. The folder is named after
//! that file's content, so that a change of it makes a new environment and nothing else does.

use std::env;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use tests::binary::tests_folder;

/// The oldest Go that the module of the Go programs asks for.
const GO_OLDEST: (u32, u32) = (1, 22);

/// A language that clients are written in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Toolchain {
    Python,
    Node,
    Go,
    Rust,
}

impl Toolchain {
    /// Whether its clients run on every machine that runs the tests.
    pub(super) fn is_mandatory(self) -> bool {
        matches!(self, Self::Python | Self::Rust)
    }

    /// What is missing on this machine, if something is.
    pub(super) fn missing(self) -> Option<String> {
        let tools: &[&str] = match self {
            Self::Python => &["python3"],
            Self::Node => &["node", "npm"],
            Self::Go => &["go"],
            Self::Rust => &[],
        };
        let missing = tools.iter().find(|tool| !exists(tool));
        match (missing, self) {
            (Some(tool), _) => Some(format!("there is no {tool}")),
            (None, Self::Go) => go_is_too_old(),
            (None, _) => None,
        }
    }

    /// The command that runs one of its programs; the URL of the registry is still to be added.
    pub(super) fn command(self, program: &str) -> Result<Command> {
        match self {
            Self::Python => python("clients/python", program),
            Self::Node => node(program),
            Self::Go => go(program),
            Self::Rust => rust(program),
        }
    }
}

fn exists(tool: &str) -> bool {
    let asked = Command::new(tool)
        .arg(if tool == "go" { "version" } else { "--version" })
        .output();
    asked.is_ok_and(|answer| answer.status.success())
}

fn go_is_too_old() -> Option<String> {
    let answer = Command::new("go")
        .args(["env", "GOVERSION"])
        .output()
        .ok()?;
    let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
    let mut numbers = version
        .trim_start_matches("go")
        .split('.')
        .map_while(|part| part.parse().ok());
    let found: (u32, u32) = (numbers.next()?, numbers.next()?);
    (found < GO_OLDEST).then(|| {
        format!(
            "Go {}.{} or newer is needed, found {version}",
            GO_OLDEST.0, GO_OLDEST.1
        )
    })
}

/// A Python program of a folder, with the packages that the folder asks for.
pub(crate) fn python(folder: &str, program: &str) -> Result<Command> {
    let source = tests_folder().join(folder);
    let folder = environment("python", &source.join("requirements.txt"), |folder| {
        must(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ];
        must(
            Command::new(folder.join("bin/python"))
                .args(pip)
                .arg(source.join("requirements.txt")),
        )
    })?;
    let mut command = Command::new(folder.join("bin/python"));
    // Without -B the interpreter would leave compiled files in the checkout.
    command.arg("-B").arg(source.join(program));
    Ok(command)
}

fn node(program: &str) -> Result<Command> {
    let source = tests_folder().join("clients/node");
    let folder = environment("node", &source.join("package-lock.json"), |folder| {
        fs::create_dir_all(folder)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(source.join(file), folder.join(file))?;
        }
        let install = [
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ];
        must(Command::new("npm").args(install).current_dir(folder))
    })?;
    let mut command = Command::new("node");
    command
        .arg(source.join(program))
        .env("NODE_PATH", folder.join("node_modules"));
    Ok(command)
}

fn go(program: &str) -> Result<Command> {
    let folder = cache()?.join("go");
    let _alone = lock(&folder)?;
    let mut build = Command::new("go");
    build
        .args(["build", "-o"])
        .arg(folder.join(program))
        .arg(format!("./{program}"));
    build.env("GOFLAGS", "-mod=readonly -buildvcs=false");
    must(build.current_dir(tests_folder().join("clients/go")))?;
    Ok(Command::new(folder.join(program)))
}

fn rust(program: &str) -> Result<Command> {
    let folder = cache()?.join("rust");
    let _alone = lock(&folder)?;
    let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build
        .args(["build", "--quiet", "--locked", "--target-dir"])
        .arg(&folder);
    must(build.current_dir(tests_folder().join("clients/rust")))?;
    Ok(Command::new(folder.join("debug").join(program)))
}

/// Makes an environment unless there is one for this very lock file.
fn environment(
    language: &str,
    lock_file: &Path,
    make: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    fs::read(lock_file)?.hash(&mut hasher);
    let folder = cache()?.join(format!("{language}-{:016x}", hasher.finish()));
    let _alone = lock(&folder)?;
    let complete = folder.join("complete");
    if !complete.exists() {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        make(&folder)?;
        File::create(&complete)?;
    }
    Ok(folder)
}

/// Only one test, of any process, works on an environment at a time.
fn lock(folder: &Path) -> Result<File> {
    let file = File::create(folder.with_extension("lock"))?;
    file.lock()?;
    Ok(file)
}

fn cache() -> Result<PathBuf> {
    let root = match env::var_os("XDG_CACHE_HOME") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    let folder = root.join("concord/clients");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn must(command: &mut Command) -> Result<()> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("running {command:?}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{command:?} ended with {}:\n{said}",
        output.status
    );
    Ok(())
}
