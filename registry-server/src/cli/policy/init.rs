//! `concord policy init`: a folder of documents to start from.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use compat_rules::policy::Profile;

use crate::cli::output::print;

/// What is written: the name of the file, and its text. `PROFILE` and `SEVERITY` in it are replaced.
const FILES: [(&str, &str); 7] = [
    ("README.md", include_str!("starter/README.md")),
    ("policies/core.yaml", include_str!("starter/core.yaml")),
    ("teams.yaml", include_str!("starter/teams.yaml")),
    ("ownership.yaml", include_str!("starter/ownership.yaml")),
    ("vocabulary.yaml", include_str!("starter/vocabulary.yaml")),
    (
        ".github/workflows/policies.yaml",
        include_str!("starter/workflow.yaml"),
    ),
    (".gitlab-ci.yml", include_str!("starter/gitlab.yaml")),
];

/// The arguments of `concord policy init`.
#[derive(clap::Args)]
pub(super) struct Init {
    /// The folder, which is made if it is not there. Nothing in it is overwritten.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The profile to start with: minimal, standard, strict or regulated.
    #[arg(long, value_parser = profile_named, default_value = "standard")]
    profile: Profile,
}

impl Init {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        for (name, _) in FILES {
            let path = self.path.join(name);
            ensure!(!path.exists(), "{} is there already", path.display());
        }
        for (name, text) in FILES {
            let text = text.replace("PROFILE", self.profile.as_str());
            let text = text.replace("SEVERITY", severity(self.profile));
            let path = self.path.join(name);
            write_new(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
            print(&format!("{}\n", path.display()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::File::create_new(path)?.write_all(text.as_bytes())
}

/// How grave the rule of the example is: what the profile says, and a warning where it says nothing.
const fn severity(profile: Profile) -> &'static str {
    match profile {
        Profile::Minimal | Profile::Standard => "warn",
        Profile::Strict | Profile::Regulated => "error",
    }
}

fn profile_named(name: &str) -> Result<Profile, String> {
    Profile::named(name).ok_or_else(|| "one of minimal, standard, strict, regulated".to_owned())
}
