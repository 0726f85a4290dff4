//! `concord users`: lines for the file of users.

use std::io::{self, BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use zeroize::Zeroizing;

use crate::auth::users::line_for;

/// The arguments of `concord users`.
#[derive(clap::Args)]
pub(super) struct Users {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Print the line of a user for `--users-file`; the password is read from standard input, up to the end of its
    /// first line.
    Hash {
        /// The name of the user.
        name: String,
    },
}

impl Users {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let Action::Hash { name } = &self.action;
        let password = read_password(name)?;
        ensure!(!password.is_empty(), "the password is empty");
        println!("{}", line_for(name, password.as_bytes())?);
        Ok(())
    }
}

fn read_password(name: &str) -> anyhow::Result<Zeroizing<String>> {
    let input = io::stdin();
    let _silent = input.is_terminal().then(|| {
        eprint!("Password of {name}: ");
        drop(io::stderr().flush());
        Silence::start()
    });
    let mut password = Zeroizing::new(String::new());
    input
        .lock()
        .read_line(&mut password)
        .context("cannot read the password")?;
    let length = password.trim_end_matches(['\r', '\n']).len();
    password.truncate(length);
    Ok(password)
}

/// A terminal that does not show what is typed, until it is dropped.
struct Silence;

impl Silence {
    fn start() -> Self {
        echo(false);
        Self
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        echo(true);
        eprintln!();
    }
}

/// Without `stty` the password is shown, and that is all.
fn echo(is_on: bool) {
    let word = if is_on { "echo" } else { "-echo" };
    drop(
        Command::new("stty")
            .arg(word)
            .stdin(Stdio::inherit())
            .stderr(Stdio::null())
            .status(),
    );
}
