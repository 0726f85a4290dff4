//! `concord lint`: what policies find in schema files, without a registry.
//!
//! Exit codes: 0 nothing at or above `--fail-on`, 1 findings, 2 a file is no schema or the documents are not valid.

mod path;
mod region;
mod report;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use compat_rules::policy::{Bundle, Counts, Point, Profile, Syntax, Trial, read_documents};
use compat_rules::{Format, Import, References, Strictness, parse};
use registry_core::Subject;

use self::report::{Linted, Report, Shape};
use super::policy::{NOT_VALID, load};
use crate::governance::folder::files_beneath;
use crate::governance::{digest_of, now};

/// The longest schema that is read.
const BYTES_MAX: u64 = 16 << 20;

/// The arguments of `concord lint`.
#[derive(clap::Args)]
pub(super) struct Lint {
    /// The files: `.avsc` is Avro, `.proto` Protobuf, `.json` JSON Schema. A folder stands for all of them beneath it.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// A folder of governance documents, or one file.
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// The profile to use where no documents are given: minimal, standard, strict or regulated.
    #[arg(long, value_parser = profile_named, default_value = "standard", conflicts_with = "policies")]
    profile: Profile,
    /// The subject that a file is meant for; `{name}` is the name of the file without its ending.
    #[arg(long, default_value = "{name}-value")]
    subject: String,
    /// The version before, of the one file that is given: what it had as well is told apart.
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// A file that the schemas import, by the name under which they do, each after those that it imports itself.
    #[arg(long = "import", value_name = "NAME=FILE")]
    imports: Vec<String>,
    /// A property of the version, such as `owner=payments`.
    #[arg(long = "property", value_name = "KEY=VALUE")]
    properties: Vec<String>,
    /// What is printed. Where it is for programs, the counts are told on standard error.
    #[arg(long, alias = "output", value_enum, default_value_t = Shape::Text)]
    format: Shape,
    /// Write the report of code scanning there as well.
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
    /// Write JUnit's XML there as well.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write GitLab's code quality there as well.
    #[arg(long, value_name = "FILE")]
    gitlab: Option<PathBuf>,
    /// The least severity that makes the command fail.
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
}

/// What makes the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// Errors.
    Error,
    /// Warnings as well.
    Warn,
}

impl Lint {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let bundle = match &self.policies {
            Some(folder) => match load(folder) {
                Ok(bundle) => bundle,
                Err(code) => return Ok(code),
            },
            None => of_profile(self.profile),
        };
        let files = self.look(&bundle)?;
        let exit_code = self.exit_code(&files);
        let report = Report {
            files,
            digest: digest_of(&bundle),
            exit_code,
        };
        self.tell(&report)?;
        Ok(ExitCode::from(exit_code))
    }

    fn look(&self, bundle: &Bundle) -> anyhow::Result<Vec<Linted>> {
        let folder = std::env::current_dir().context("there is no current folder")?;
        let root = path::root_of(&folder);
        let previous = self.previous.as_deref().map(read).transpose()?;
        let now = now()?;
        let properties = pairs(&self.properties)?.into_iter().collect();
        let imports = pairs(&self.imports)?;
        let files = self.files()?;
        ensure!(
            self.previous.is_none() || files.len() == 1,
            "--previous is the version before of one file"
        );
        let mut linted = Vec::new();
        for file in &files {
            let (format, text) = read(file)?;
            let references = references(format, &imports)?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let subject = Subject::parse(&self.subject.replace("{name}", &name));
            let trial = Trial {
                context: subject.context.as_str(),
                subject: &subject.name,
                format,
                text: &text,
                previous: previous.as_ref().map(|(_, text)| text.as_str()),
                references: &references,
                properties: Clone::clone(&properties),
                now,
                enforce_all: false,
            };
            let found = bundle.try_schema(&trial, Point::Check);
            linted.push(Linted {
                file: file.display().to_string(),
                path: path::from_root(&root, &folder, file),
                subject: subject.to_string(),
                found,
                text,
            });
        }
        Ok(linted)
    }

    /// What is given, with the files of folders in their place.
    fn files(&self) -> anyhow::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        for path in &self.paths {
            let found = files_beneath(path, |name| format_of(Path::new(name)).is_some());
            let found = found.map_err(|fault| anyhow::anyhow!("{fault}"))?;
            let shown = path.display();
            ensure!(
                !found.is_empty(),
                "{shown}: there is no schema in it: no .avsc, .proto or .json"
            );
            files.extend(found.into_iter().map(|(_, file)| file));
        }
        Ok(files)
    }

    fn tell(&self, report: &Report) -> anyhow::Result<()> {
        super::output::print(&report.told_as(self.format))?;
        if !matches!(self.format, Shape::Text | Shape::Github) {
            eprint!("{}", report.counts_line());
        }
        let files = [
            (&self.sarif, Shape::Sarif),
            (&self.junit, Shape::Junit),
            (&self.gitlab, Shape::Gitlab),
        ];
        for (file, shape) in files {
            if let Some(file) = file {
                write(file, &report.told_as(shape))?;
            }
        }
        if self.format == Shape::Github
            && let Some(file) = std::env::var_os("GITHUB_STEP_SUMMARY")
        {
            append(Path::new(&file), &report::summary(report))?;
        }
        Ok(())
    }

    fn exit_code(&self, linted: &[Linted]) -> u8 {
        let counts = |counts: &Counts| match self.fail_on {
            FailOn::Error => counts.enforced > 0,
            FailOn::Warn => counts.enforced + counts.warned > 0,
        };
        let mut found = linted.iter().flat_map(|file| &file.found);
        if linted.iter().any(|file| file.found.is_err()) {
            NOT_VALID
        } else {
            u8::from(found.any(|tried| counts(&tried.evaluation.counts)))
        }
    }
}

fn profile_named(name: &str) -> Result<Profile, String> {
    Profile::named(name).ok_or_else(|| "one of minimal, standard, strict, regulated".to_owned())
}

/// A bundle of one policy for every subject, which does nothing but extend the profile.
fn of_profile(profile: Profile) -> Bundle {
    let name = profile.as_str();
    let text = format!(
        "apiVersion: governance/v1\nkind: Policy\nmetadata: {{name: {name}}}\nspec: {{extends: [profile/{name}]}}\n"
    );
    let documents = read_documents("", Syntax::Yaml, &text);
    let documents = documents.expect("the text above is a document");
    Bundle::compile(documents).expect("a profile alone has no fault")
}

fn pairs(arguments: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let pair = |argument: &String| match argument.split_once('=') {
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => bail!("{argument:?} has no `=`"),
    };
    arguments.iter().map(pair).collect()
}

fn format_of(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "avsc" => Some(Format::Avro),
        "proto" => Some(Format::Protobuf),
        "json" => Some(Format::Json),
        _ => None,
    }
}

fn read(path: &Path) -> anyhow::Result<(Format, String)> {
    let shown = path.display();
    let format =
        format_of(path).with_context(|| format!("{shown} ends in none of .avsc, .proto, .json"))?;
    let length = fs::metadata(path)
        .with_context(|| format!("cannot read {shown}"))?
        .len();
    if length > BYTES_MAX {
        bail!("{shown} is longer than 16 MiB");
    }
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {shown}"))?;
    Ok((format, text))
}

/// The imports of one format; a file of another one cannot be meant.
fn references(format: Format, imports: &[(String, String)]) -> anyhow::Result<References> {
    let mut references = References::none();
    for (name, file) in imports {
        let (of, text) = read(Path::new(file))?;
        if of != format {
            continue;
        }
        let parsed = parse(format, &text, &references, Strictness::Stored)
            .map_err(|invalid| anyhow::anyhow!("{file}: {invalid}"))?;
        references.add(Import {
            name: name.clone(),
            text: parsed.canonical().into(),
            subject: file.clone(),
            version: 1,
            direct: true,
        });
    }
    Ok(references)
}

/// Writes a report, and the folders that it lies in.
fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    let done = folder.and_then(|()| fs::write(file, text));
    done.with_context(|| format!("cannot write {}", file.display()))
}

fn append(file: &Path, text: &str) -> anyhow::Result<()> {
    let opened = fs::OpenOptions::new().append(true).create(true).open(file);
    let done = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    done.with_context(|| format!("cannot write {}", file.display()))
}
