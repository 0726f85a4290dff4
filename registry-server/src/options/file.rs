//! The TOML file of settings, with the place of every key, so that errors can point.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Table;
use toml::de::DeTable;

use super::layers::OptionsError;

/// A parsed file.
pub struct SettingsFile {
    path: PathBuf,
    text: String,
    table: Table,
}

/// One setting and where it stands.
pub struct Entry {
    /// The key, as flags spell it.
    pub key: String,
    /// The value, not yet checked.
    pub value: toml::Value,
    /// Where the value stands.
    pub place: Place,
}

/// A place in a file.
#[derive(Debug, Clone)]
pub struct Place {
    path: PathBuf,
    line: usize,
    column: usize,
    line_text: String,
    width: usize,
}

impl SettingsFile {
    /// Parses the text of `path`.
    pub fn parse(path: &Path, text: &str) -> Result<Self, OptionsError> {
        let table = text.parse().map_err(|error: toml::de::Error| {
            let place = Place::of(path, text, error.span().unwrap_or(0..0));
            OptionsError::Wrong(place.point_at(error.message()))
        })?;
        Ok(Self {
            path: path.to_owned(),
            text: text.to_owned(),
            table,
        })
    }

    /// The settings in the file; a key that is not in `known` is an error.
    pub fn entries(&self, known: &[String]) -> Result<Vec<Entry>, OptionsError> {
        let spans =
            DeTable::parse(&self.text).map_err(|error| OptionsError::Wrong(error.to_string()))?;
        let mut entries = Vec::new();
        for (key, value) in spans.get_ref() {
            let name: &str = key.get_ref();
            if !known.iter().any(|candidate| candidate == name) {
                let problem = unknown(name, known);
                return Err(OptionsError::Wrong(
                    self.place(key.span()).point_at(&problem),
                ));
            }
            entries.push(Entry {
                key: name.to_owned(),
                value: self.table[name].clone(),
                place: self.place(value.span()),
            });
        }
        Ok(entries)
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place::of(&self.path, &self.text, span)
    }
}

impl Place {
    /// The place of the bytes `span` of `text`.
    #[must_use]
    pub fn of(path: &Path, text: &str, span: Range<usize>) -> Self {
        let start = span.start.min(text.len());
        let line_start = text[..start].rfind('\n').map_or(0, |index| index + 1);
        let line_text = text[line_start..].lines().next().unwrap_or_default();
        let before = &text[line_start..start];
        let end = span
            .end
            .clamp(start, line_start + line_text.len().max(start - line_start));
        Self {
            path: path.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            column: before.chars().count() + 1,
            line_text: line_text.to_owned(),
            width: text[start..end].chars().count().max(1),
        }
    }

    /// A sentence with the place in front and the line, underlined, below.
    #[must_use]
    pub fn point_at(&self, problem: &str) -> String {
        let Self {
            path,
            line,
            column,
            line_text,
            width,
        } = self;
        let margin = " ".repeat(line.to_string().len());
        let indent = " ".repeat(column - 1);
        let carets = "^".repeat(*width);
        format!(
            "{}:{line}:{column}: {problem}\n{margin} |\n{line} | {line_text}\n{margin} | {indent}{carets}\n",
            path.display()
        )
    }
}

/// A sentence about a name that is not in `known`.
#[must_use]
pub fn unknown(name: &str, known: &[String]) -> String {
    match nearest(name, known) {
        Some(near) => format!("unknown key `{name}`; did you mean `{near}`?"),
        None => format!("unknown key `{name}`"),
    }
}

/// The name in `known` that looks most like `name`, if one does.
#[must_use]
pub fn nearest<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    const ALIKE: f64 = 0.7;
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate.as_str()))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}
