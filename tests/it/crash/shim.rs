//! A library between the server and the disk, so that the disk fails when a test wants it to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tests::binary::tests_folder;
use tests::launch::Launch;

/// A launch whose write-ahead log is under the control of the test.
#[derive(Debug)]
pub(super) struct Shim {
    /// The server to start; without the library it is started by taking the variables out again.
    pub(super) launch: Launch,
    control: PathBuf,
}

/// What goes wrong, and for how long. `shim.c` has the details.
#[derive(Clone, Copy, Debug)]
pub(super) enum Failure {
    /// One sync fails, and all others succeed.
    SyncOnce,
    /// One write fails, and all others succeed.
    WriteOnce,
    /// Half a write arrives, then the disk is full until there is room again.
    DiskFull,
    /// No sync ends.
    Hang,
}

/// A launch that loses what was not synced when it is killed.
pub(super) fn losing_what_is_not_synced() -> Result<Launch> {
    let launch = Launch::new()?;
    let library = compile(launch.folder())?;
    Ok(launch
        .environment("LD_PRELOAD", library)
        .environment("CONCORD_SHIM", "hold"))
}

impl Shim {
    pub(super) fn new() -> Result<Self> {
        let launch = Launch::new()?;
        let library = compile(launch.folder())?;
        let control = launch.folder().join("failure");
        let launch = launch
            .environment("LD_PRELOAD", library)
            .environment("CONCORD_SHIM", &control);
        Ok(Self { launch, control })
    }

    /// Lets it happen at the next occasion.
    pub(super) fn inject(&self, failure: Failure) -> Result<()> {
        let letter = match failure {
            Failure::SyncOnce => "s",
            Failure::WriteOnce => "w",
            Failure::DiskFull => "f",
            Failure::Hang => "h",
        };
        // Written aside and renamed: the server must not find it empty.
        let aside = self.control.with_extension("aside");
        fs::write(&aside, letter)?;
        fs::rename(&aside, &self.control)?;
        Ok(())
    }

    /// The disk works again.
    pub(super) fn repair(&self) -> Result<()> {
        match fs::remove_file(&self.control) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Whether a failure that happens once is still to come.
    pub(super) fn is_waiting(&self) -> bool {
        self.control.exists()
    }
}

fn compile(folder: &Path) -> Result<PathBuf> {
    let library = folder.join("shim.so");
    let mut compiler = Command::new("cc");
    compiler
        .args(["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o"])
        .arg(&library);
    compiler.arg(tests_folder().join("it/crash/shim.c"));
    let output = compiler.output().context("running cc")?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(library)
}
