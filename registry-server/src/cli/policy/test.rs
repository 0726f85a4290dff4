//! `concord policy test`: runs the examples that policies carry.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;

use compat_rules::policy::Content;

use super::load;
use crate::cli::output::{counted, print};
use crate::governance::now;

/// Runs every example against all documents of the folder, and fails if one does not find what it promises.
pub(super) fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let bundle = match load(path) {
        Ok(bundle) => bundle,
        Err(code) => return Ok(code),
    };
    let now = now()?;
    let (mut text, mut examples, mut failed) = (String::new(), 0_usize, 0_usize);
    for document in bundle.documents() {
        let Content::Policy(policy) = &document.content else {
            continue;
        };
        for test in &policy.spec.tests {
            let faults = test.faults(&bundle, now);
            let word = if faults.is_empty() {
                "ok    "
            } else {
                "FAILED"
            };
            writeln!(text, "{word} {}: {}", document.name(), test.name)?;
            for fault in &faults {
                writeln!(text, "       {fault}")?;
            }
            examples += 1;
            failed += usize::from(!faults.is_empty());
        }
    }
    let examples = counted(examples, "example");
    writeln!(text, "{examples}, {failed} failed")?;
    print(&text)?;
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
