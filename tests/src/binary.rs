//! Finds the `concord` binary that the tests run.
//!
//! It does not build it: a test that ran cargo would wait for the cargo that runs the test.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};

/// The binary built together with this test, or the one that `CONCORD_BINARY` names.
pub fn concord() -> Result<PathBuf> {
    let path = match env::var_os("CONCORD_BINARY") {
        Some(path) => PathBuf::from(path),
        None => profile_folder()?.join("concord"),
    };
    ensure!(
        path.is_file(),
        "there is no {}: build it first (`make test` does, or `make build`)",
        path.display()
    );
    Ok(path)
}

/// `target/release`, for a test that runs as `target/release/deps/it-0123456789abcdef`.
pub fn profile_folder() -> Result<PathBuf> {
    let test = env::current_exe().context("asking for the path of the running test")?;
    let folder = test.parent().and_then(Path::parent);
    folder
        .map(Path::to_owned)
        .context("the running test is not in a target folder")
}

/// The `tests` folder of the checkout: golden data, clients, conversations.
///
/// Asked when the test runs: checkouts that share a target folder share the programs in it, and one that had a folder
/// compiled into it would look at the files of another checkout.
#[must_use]
pub fn tests_folder() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = env::var_os("CARGO_MANIFEST_DIR");
        folder
            .expect("cargo says to a test where its package is; run by hand, say it yourself")
            .into()
    });
    &FOLDER
}

/// The root of the checkout.
#[must_use]
pub fn checkout() -> &'static Path {
    tests_folder().parent().unwrap_or(Path::new("."))
}
