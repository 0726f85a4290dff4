//! The `concord` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    registry_server::cli::run()
}
