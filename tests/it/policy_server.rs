//! The documents of a running server, changed from the command line.

use std::fs;

use anyhow::Result;
use tempfile::TempDir;
use tests::launch::Launch;

use crate::policies::{run, starter};

#[test]
fn documents_are_applied_shown_and_rolled_back_from_the_shell() -> Result<()> {
    let server = Launch::new()?.start()?;
    let url = server.url();
    let folder = starter()?;
    let concord = |arguments: &[&str]| {
        let mut all = vec!["policy"];
        all.extend(arguments);
        all.extend(["--url", url.as_str()]);
        run(folder.path(), &all)
    };
    assert_eq!(concord(&["drift"])?.0, 5, "the server has no documents yet");

    let (code, said, complaint) = concord(&[
        "apply",
        "--base",
        "0",
        "--source",
        "commit 1",
        "--comment",
        "the first",
    ])?;
    assert_eq!((code, complaint.as_str()), (0, ""));
    assert!(said.starts_with("revision 1: sha256:"), "{said}");
    assert!(said.contains("from commit 1, for the first"), "{said}");
    let (code, said, _) = concord(&["drift"])?;
    assert_eq!((code, said.as_str()), (0, "the same as revision 1\n"));

    let policy = folder.path().join("policies/core.yaml");
    let text = fs::read_to_string(&policy)?;
    fs::write(&policy, text.replace("register: warn", "register: enforce"))?;
    let (code, said, _) = concord(&["drift"])?;
    assert_eq!(code, 5, "{said}");
    assert_eq!(concord(&["apply"])?.0, 0);

    let (code, _, complaint) = concord(&["apply", "--base", "1"])?;
    assert_eq!(code, 4, "two people applied: {complaint}");
    let (code, said, complaint) = concord(&["rollback", "1", "--comment", "too strict"])?;
    assert_eq!((code, complaint.as_str()), (0, ""));
    assert!(said.starts_with("revision 3: "), "{said}");

    let (_, said, _) = concord(&["history"])?;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 3, "{said}");
    let digest = |line: &str| line.split([' ', ',']).nth(2).map(str::to_owned);
    assert_eq!(
        digest(lines[0]),
        digest(lines[2]),
        "a rollback brings back what was"
    );
    assert_ne!(digest(lines[0]), digest(lines[1]));
    Ok(())
}

#[test]
fn documents_that_are_not_valid_never_reach_the_server() -> Result<()> {
    let folder = TempDir::new()?;
    fs::write(folder.path().join("a.yaml"), "kind: Policy\n")?;
    // Nothing listens there.
    let arguments = ["policy", "apply", "--url", "http://127.0.0.1:9"];
    let (code, _, complaint) = run(folder.path(), &arguments)?;
    assert_eq!(code, 2);
    assert!(complaint.starts_with("a.yaml:"), "{complaint}");
    Ok(())
}
