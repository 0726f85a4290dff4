//! `concord lint`: what policies find in schema files, without a registry.
//!
//! Exit codes: 0 nothing at or above `--fail-on`, 1 findings, 2 a file is no schema or the documents are not valid.

mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};
use compat_rules::policy::{
    Bundle, Evaluation, Point, Profile, Severity, Syntax, Trial, read_documents,
};
use compat_rules::{Format, Import, References, Strictness, parse};
use registry_core::Subject;

use super::policy::{NOT_VALID, Output, load};
use crate::governance::now;

/// The longest schema that is read.
const BYTES_MAX: u64 = 16 << 20;

/// The arguments of `concord lint`.
#[derive(clap::Args)]
pub(super) struct Lint {
    /// The files: `.avsc` is Avro, `.proto` Protobuf, `.json` JSON Schema.
    #[arg(required = true)]
    files: Vec<PathBuf>,
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
    /// What is printed.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
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

/// A file that was looked at.
struct Linted {
    file: String,
    subject: String,
    text: String,
    /// What was found, or why it is no schema.
    found: Result<Evaluation, String>,
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
        ensure!(
            self.previous.is_none() || self.files.len() == 1,
            "--previous is the version before of one file"
        );
        let previous = self.previous.as_deref().map(read).transpose()?;
        let now = now()?;
        let properties = pairs(&self.properties)?.into_iter().collect();
        let imports = pairs(&self.imports)?;
        let mut linted = Vec::new();
        for path in &self.files {
            let (format, text) = read(path)?;
            let references = references(format, &imports)?;
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
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
                file: path.display().to_string(),
                subject: subject.to_string(),
                found: found.map_err(|invalid| invalid.to_string()),
                text,
            });
        }
        super::output::print(&match self.output {
            Output::Text => report::text(&linted),
            Output::Json => report::json(&linted, &bundle),
        })?;
        Ok(self.exit_code(&linted))
    }

    fn exit_code(&self, linted: &[Linted]) -> ExitCode {
        let floor = match self.fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warn => Severity::Warn,
        };
        let counts = |found: &Evaluation| match floor {
            Severity::Error => found.counts.enforced > 0,
            _ => found.counts.enforced + found.counts.warned > 0,
        };
        if linted.iter().any(|file| file.found.is_err()) {
            ExitCode::from(NOT_VALID)
        } else if linted.iter().flat_map(|file| &file.found).any(counts) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
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

fn read(path: &Path) -> anyhow::Result<(Format, String)> {
    let shown = path.display();
    let format = match path.extension().and_then(|ending| ending.to_str()) {
        Some("avsc") => Format::Avro,
        Some("proto") => Format::Protobuf,
        Some("json") => Format::Json,
        _ => bail!("{shown} ends in none of .avsc, .proto, .json"),
    };
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
