//! Puts the sources of settings over one another: flag, environment, TOML file, properties, default.
//!
//! The command line parser says of each option whether a flag or the environment gave it; only the others are
//! filled from files. Every value from a file is tried as soon as it is put in, so that an error can point at it.

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, FromArgMatches};
use toml::Table;

use super::file::{Entry, SettingsFile};
use super::{Options, properties};

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// A file could not be read.
    #[error("cannot read {}: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file holds something wrong; the text says what and where.
    #[error("{0}")]
    Wrong(String),
    /// The command line is wrong.
    #[error(transparent)]
    Command(#[from] clap::Error),
}

/// What the files led to.
#[derive(Debug)]
pub struct Layered {
    /// The settings to run with.
    pub options: Options,
    /// Sentences about properties that have no effect, for the log.
    pub warnings: Vec<String>,
}

/// Reads the files and fills in what neither a flag nor the environment gave.
pub fn read(
    matches: &ArgMatches,
    config: Option<&Path>,
    properties: Option<&Path>,
) -> Result<Layered, OptionsError> {
    let mut layers = Layers::new(matches)?;
    let mut warnings = Vec::new();
    if let Some(path) = properties {
        let mapped = properties::map(path, &text_of(path)?);
        warnings = mapped.warnings;
        for entry in mapped.entries {
            layers.fill(entry)?;
        }
    }
    if let Some(path) = config {
        let file = SettingsFile::parse(path, &text_of(path)?)?;
        for entry in file.entries(&known_keys())? {
            layers.fill(entry)?;
        }
    }
    Ok(Layered {
        options: layers.options,
        warnings,
    })
}

/// The keys that a file may hold, in the order of the help text.
#[must_use]
pub fn known_keys() -> Vec<String> {
    Options::augment_args(clap::Command::new("options"))
        .get_arguments()
        .filter_map(|argument| argument.get_long().map(str::to_owned))
        .collect()
}

struct Layers<'m> {
    matches: &'m ArgMatches,
    table: Table,
    options: Options,
}

impl<'m> Layers<'m> {
    fn new(matches: &'m ArgMatches) -> Result<Self, OptionsError> {
        let options = Options::from_arg_matches(matches)?;
        let table =
            Table::try_from(&options).map_err(|error| OptionsError::Wrong(error.to_string()))?;
        Ok(Self {
            matches,
            table,
            options,
        })
    }

    fn fill(&mut self, entry: Entry) -> Result<(), OptionsError> {
        if self.is_fixed(&entry.key) {
            return Ok(());
        }
        self.table.insert(entry.key.clone(), entry.value.clone());
        match self.table.clone().try_into() {
            Ok(options) => self.options = options,
            Err(error) => {
                let problem = format!("key `{}`: {}", entry.key, error.message());
                return Err(OptionsError::Wrong(entry.place.point_at(&problem)));
            }
        }
        Ok(())
    }

    /// True when a flag or the environment gave the option.
    fn is_fixed(&self, key: &str) -> bool {
        let argument = key.replace('-', "_");
        matches!(
            self.matches.value_source(&argument),
            Some(ValueSource::CommandLine | ValueSource::EnvVariable)
        )
    }
}

fn text_of(path: &Path) -> Result<String, OptionsError> {
    std::fs::read_to_string(path).map_err(|source| OptionsError::Unreadable {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::LogFormat;
    use compat_rules::Level;

    /// Reads options as `concord serve` does, with the texts in files of a directory of their own.
    fn layered(flags: &[&str], config: &str, properties: &str) -> Result<Layered, OptionsError> {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let config_path = directory.path().join("concord.toml");
        let properties_path = directory.path().join("registry.properties");
        std::fs::write(&config_path, config).expect("writable");
        std::fs::write(&properties_path, properties).expect("writable");
        let command = Options::augment_args(clap::Command::new("concord"));
        let arguments = std::iter::once("concord").chain(flags.iter().copied());
        let matches = command
            .try_get_matches_from(arguments)
            .expect("valid flags");
        read(&matches, Some(&config_path), Some(&properties_path))
    }

    #[test]
    fn without_any_source_the_defaults_of_the_reference_hold() {
        let options = layered(&[], "", "").expect("no settings").options;
        assert_eq!(options.listen.to_string(), "127.0.0.1:8081");
        assert_eq!(options.compatibility_level, Level::Backward);
        assert_eq!(options.schema_search_max_limit, 1000);
        assert_eq!(options.subject_search_default_limit, i32::MAX);
        assert!(
            options.validate_new_schemas && !options.validate_fields && options.mode_mutability
        );
        assert_eq!(options.log_format, None);
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_properties() {
        let layered = layered(
            &["--connections-max", "7"],
            "connections-max = 8\ncompatibility-level = \"full\"\nlog-format = \"json\"\n",
            "schema.compatibility.level=none\nsubject.search.max.limit=4\n",
        );
        let options = layered.expect("valid settings").options;
        assert_eq!(options.connections_max, 7);
        assert_eq!(options.compatibility_level, Level::Full);
        assert_eq!(options.log_format, Some(LogFormat::Json));
        assert_eq!(options.subject_search_max_limit, 4);
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_the_nearest_one_and_points_at_it() {
        let error = layered(&[], "connections-max = 8\nlisten-adress = \"::1\"\n", "")
            .expect_err("unknown key");
        let text = error.to_string();
        assert!(
            text.contains("concord.toml:2:1: unknown key `listen-adress`; did you mean `listen`?"),
            "{text}"
        );
        assert!(
            text.contains("2 | listen-adress = \"::1\"\n  | ^^^^^^^^^^^^^\n"),
            "{text}"
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_an_error_that_points_at_the_value() {
        let error = layered(&[], "connections-max = \"many\"\n", "").expect_err("wrong type");
        let text = error.to_string();
        assert!(
            text.contains("concord.toml:1:19: key `connections-max`: invalid type: string"),
            "{text}"
        );
    }

    #[test]
    fn a_text_that_is_no_toml_is_an_error_with_its_line() {
        let error = layered(&[], "listen = \n", "").expect_err("not TOML");
        assert!(error.to_string().contains("concord.toml:1:"), "{error}");
    }

    #[test]
    fn a_property_with_a_bad_value_is_an_error_with_its_line() {
        let error =
            layered(&[], "", "# limits\nschema.search.max.limit=lots\n").expect_err("no number");
        let text = error.to_string();
        assert!(text.contains("registry.properties:2:"), "{text}");
        assert!(text.contains("schema.search.max.limit"), "{text}");
    }
}
