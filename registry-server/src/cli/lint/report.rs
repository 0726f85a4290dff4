//! What `concord lint` found, and the shapes in which it is told. Each shape is a function from here to a text: the
//! same findings give the same bytes.

mod github;
mod gitlab;
mod json;
mod junit;
mod sarif;
mod text;

use compat_rules::InvalidSchema;
use compat_rules::policy::{Disposition, Finding, Tried};

use super::region::Region;
use crate::cli::output::counted;
use crate::governance::findings::CountLine;

pub(super) use github::summary;

/// The code under which a file that is no schema is told.
const NO_SCHEMA: &str = "SCHEMA";

/// A shape of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Shape {
    /// For people, as a compiler would.
    Text,
    /// For programs: one JSON text; fields are only ever added.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit's XML: a suite for each file, a case for each rule that was asked.
    Junit,
    /// Annotations of GitHub Actions, and a table in the summary of the step.
    Github,
    /// Code quality of GitLab.
    Gitlab,
}

/// A file that was looked at.
pub(super) struct Linted {
    /// As it was given.
    pub(super) file: String,
    /// From the root of the repository.
    pub(super) path: String,
    pub(super) subject: String,
    pub(super) text: String,
    /// What was found, or why it is no schema.
    pub(super) found: Result<Tried, InvalidSchema>,
}

/// Everything that the shapes tell.
pub(super) struct Report {
    /// In the order in which they were given.
    pub(super) files: Vec<Linted>,
    /// Of the documents.
    pub(super) digest: String,
    /// What the command will end with.
    pub(super) exit_code: u8,
}

/// How much an entry matters, most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// The file is no schema.
    Invalid,
    Error,
    Warning,
    DryRun,
    Preexisting,
}

/// One thing to tell: a finding, or that a file is no schema.
struct Entry<'a> {
    file: &'a Linted,
    level: Level,
    region: Option<Region>,
    message: String,
    /// None where the file is no schema.
    finding: Option<&'a Finding>,
}

impl Report {
    pub(super) fn told_as(&self, shape: Shape) -> String {
        match shape {
            Shape::Text => text::text(self),
            Shape::Json => json::json(self),
            Shape::Sarif => sarif::sarif(self),
            Shape::Junit => junit::junit(self),
            Shape::Github => github::annotations(self),
            Shape::Gitlab => gitlab::gitlab(self),
        }
    }

    /// One line with the counts.
    pub(super) fn counts_line(&self) -> String {
        let counts = self.counts();
        let mut line = format!(
            "{}, {}, {} preexisting in {}",
            counted(counts.enforced, "error"),
            counted(counts.warned, "warning"),
            counts.preexisting,
            counted(self.files.len(), "file")
        );
        let invalid = self.invalid();
        if invalid > 0 {
            line.push_str(&format!(", {invalid} no schema"));
        }
        line.push('\n');
        line
    }

    /// Of all findings, those included that were counted only.
    fn counts(&self) -> CountLine {
        let mut counts = CountLine::default();
        for tried in self.files.iter().flat_map(|file| &file.found) {
            counts.add(&tried.evaluation.counts);
        }
        counts
    }

    fn invalid(&self) -> usize {
        self.files.iter().filter(|file| file.found.is_err()).count()
    }

    /// Everything to tell: what matters most first, then in the order of the files.
    fn entries(&self) -> Vec<Entry<'_>> {
        let mut entries: Vec<Entry<'_>> = self.files.iter().flat_map(Linted::entries).collect();
        entries.sort_by_key(|entry| entry.level);
        entries
    }
}

impl Linted {
    fn entries(&self) -> Vec<Entry<'_>> {
        match &self.found {
            Ok(tried) => {
                let findings = tried.evaluation.findings.iter();
                findings.map(|finding| self.entry(finding)).collect()
            }
            Err(invalid) => vec![Entry {
                file: self,
                level: Level::Invalid,
                region: invalid.place().map(|place| Region::at(&self.text, place)),
                message: told(invalid),
                finding: None,
            }],
        }
    }

    fn entry<'a>(&'a self, finding: &'a Finding) -> Entry<'a> {
        Entry {
            file: self,
            level: match finding.disposition {
                Disposition::Enforced => Level::Error,
                Disposition::Warned => Level::Warning,
                Disposition::DryRun => Level::DryRun,
                Disposition::Preexisting => Level::Preexisting,
            },
            region: finding.place.map(|place| Region::at(&self.text, place)),
            message: finding.message.clone(),
            finding: Some(finding),
        }
    }
}

impl Entry<'_> {
    fn code(&self) -> &'static str {
        self.finding.map_or(NO_SCHEMA, |finding| finding.rule.code)
    }

    /// Code and slug, as in messages of the server.
    fn name(&self) -> String {
        match self.finding {
            Some(finding) => format!("{} {}", finding.rule.code, finding.rule.slug),
            None => format!("{NO_SCHEMA} not-a-schema"),
        }
    }

    /// What is wrong and what to write instead, in one line.
    fn message_with_hint(&self) -> String {
        match self.finding {
            Some(finding) => format!("{}; instead: {}", self.message, finding.hint),
            None => self.message.clone(),
        }
    }
}

/// Why a text is no schema, and in which of its imports, if it is for one of them.
fn told(invalid: &InvalidSchema) -> String {
    let what = one_line(invalid.cause().unwrap_or_else(|| invalid.reason()));
    match invalid.import() {
        Some(name) => format!("{what}, in the import {name:?}"),
        None => what,
    }
}

/// The text without its line ends.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
