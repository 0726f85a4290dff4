//! `concord policy explain`: the rules in force for a subject, from documents in a folder or as a server says.

use std::path::PathBuf;
use std::process::ExitCode;

use compat_rules::policy::candidate::Role;
use compat_rules::policy::{Day, FormatName, LifecycleName, Scope};
use registry_core::Subject;

use super::server::read;
use super::{Output, load};
use crate::cli::output::{percent_encoded, print};
use crate::cli::remote::ServerAddress;
use crate::governance::explanation::Explanation;
use crate::governance::now;

/// The arguments of `concord policy explain`.
#[derive(clap::Args)]
pub(super) struct Explain {
    /// The subject, `:.context:name` in another context than the default one.
    subject: String,
    /// The folder of documents, or one file.
    #[arg(long, default_value = ".", value_name = "DIR")]
    dir: PathBuf,
    /// The format of the schema; rules of all formats are shown where it is left out.
    #[arg(long, value_parser = format_named, value_name = "avro|json|protobuf")]
    format: Option<FormatName>,
    /// The team that owns the subject, if not the one by the rules of ownership.
    #[arg(long)]
    team: Option<String>,
    /// The state of the subject.
    #[arg(long, value_name = "STATE")]
    lifecycle: Option<String>,
    /// The subject has no version yet.
    #[arg(long)]
    new: bool,
    /// On that day instead of now.
    #[arg(long, value_name = "DATE", value_parser = day)]
    at: Option<Day>,
    /// Ask the server of `--url`, and no folder: what is in force there now, for the subject as it is.
    #[arg(long, conflicts_with_all = ["dir", "format", "team", "lifecycle", "new", "at"])]
    server: bool,
    #[command(flatten)]
    address: ServerAddress,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
}

impl Explain {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        if self.server {
            let subject = percent_encoded(&self.subject, b"");
            let path = format!("/governance/v1/subjects/{subject}/policy");
            let explanation = serde_json::from_value(read(&self.address, &path)?)?;
            return self.tell(&explanation);
        }
        let bundle = match load(&self.dir) {
            Ok(bundle) => bundle,
            Err(code) => return Ok(code),
        };
        let now = match &self.at {
            Some(day) => day.at(),
            None => now()?,
        };
        let subject = Subject::parse(&self.subject);
        let context = subject.context.as_str();
        let owner = bundle.owner(context, &subject.name, self.team.as_deref(), None);
        let team = owner.map(|owner| owner.name);
        let scope = Scope {
            context,
            name: &subject.name,
            role: Role::of(&subject.name),
            format: self.format.map(FormatName::format),
            lifecycle: LifecycleName::named(self.lifecycle.as_deref()),
            team,
            is_new: self.new,
        };
        let effective = bundle.effective(&scope, now);
        self.tell(&Explanation::new(&self.subject, team, &effective))
    }

    fn tell(&self, explanation: &Explanation) -> anyhow::Result<ExitCode> {
        match self.output {
            Output::Text => print(&explanation.to_string())?,
            Output::Json => print(&format!("{:#}\n", serde_json::to_value(explanation)?))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn day(text: &str) -> Result<Day, String> {
    Day::try_from(text.to_owned()).map_err(|bad| bad.to_string())
}

fn format_named(word: &str) -> Result<FormatName, String> {
    match word {
        "avro" => Ok(FormatName::Avro),
        "json" => Ok(FormatName::Json),
        "protobuf" => Ok(FormatName::Protobuf),
        _ => Err("one of avro, json, protobuf".to_owned()),
    }
}
