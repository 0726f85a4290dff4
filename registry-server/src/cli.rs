//! The `concord` command line: one subcommand, one file in `cli/`.

mod audit;
mod doctor;
mod lint;
mod output;
mod policy;
mod remote;
mod rule;
mod serve;
mod top;
mod users;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// Keeps the contracts of event streams: Avro, Protobuf and JSON Schema, by the Schema Registry protocol.
#[derive(Parser)]
#[command(name = "concord", version, arg_required_else_help = true)]
struct Concord {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the registry.
    ///
    /// Every option is also an environment variable and, without the dashes in front, a key of the TOML file.
    /// The first of flag, environment, `--config`, `--properties` and default counts.
    Serve(Box<serve::Serve>),
    /// Examine a store: every row that is derived from others must follow from them.
    ///
    /// The store must not be open elsewhere. Nothing is changed.
    Doctor(doctor::Doctor),
    /// Take the audit log out of a store, verify it, and make the key that it is signed with.
    Audit(audit::Audit),
    /// Make users who may use a registry that asks for passwords.
    Users(users::Users),
    /// Show what a running server does: requests, latencies, cache, changes, slowest routes.
    Top(top::Top),
    /// Say what policies find in schema files, without a registry.
    Lint(lint::Lint),
    /// Check, try and explain governance documents.
    Policy(policy::Policy),
    /// Show the rules of policy.
    Rule(rule::Rule),
}

/// Runs the command that the arguments ask for.
#[must_use]
pub fn run() -> ExitCode {
    let matches = Concord::command().get_matches();
    let done = match Concord::from_arg_matches(&matches) {
        Ok(Concord {
            command: Command::Serve(serve),
        }) => {
            let matches = matches
                .subcommand_matches("serve")
                .expect("clap found this subcommand");
            serve.run(matches).map(|()| ExitCode::SUCCESS)
        }
        Ok(Concord {
            command: Command::Doctor(doctor),
        }) => doctor.run().map(|()| ExitCode::SUCCESS),
        Ok(Concord {
            command: Command::Audit(audit),
        }) => audit.run().map(|()| ExitCode::SUCCESS),
        Ok(Concord {
            command: Command::Users(users),
        }) => users.run().map(|()| ExitCode::SUCCESS),
        Ok(Concord {
            command: Command::Lint(lint),
        }) => lint.run(),
        Ok(Concord {
            command: Command::Policy(policy),
        }) => policy.run(),
        Ok(Concord {
            command: Command::Rule(rule),
        }) => rule.run(),
        Ok(Concord {
            command: Command::Top(top),
        }) => top.run().map(|()| ExitCode::SUCCESS),
        Err(error) => error.exit(),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("concord: {error:#}");
            ExitCode::FAILURE
        }
    }
}
