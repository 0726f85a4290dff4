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
    let (code, said, _) = concord(&["history"])?;
    assert_eq!(
        (code, said.as_str()),
        (0, "no documents were ever applied\n")
    );

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

    let (code, said, _) = concord(&["apply", "--base", "1"])?;
    assert_eq!(code, 0, "it is done already");
    assert!(said.starts_with("revision 2: "), "{said}");
    fs::write(&policy, text.replace("register: warn", "register: dryrun"))?;
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
fn a_server_explains_what_its_documents_explain_in_the_shell() -> Result<()> {
    let server = Launch::new()?.start()?;
    let url = server.url();
    let folder = starter()?;
    let asked = |subject: &str, output: &str| {
        let arguments = ["policy", "explain", subject, "--output", output];
        let here = run(folder.path(), &arguments)?;
        let there = [&arguments[..], &["--server", "--url", url.as_str()]].concat();
        Ok::<_, anyhow::Error>((here, run(folder.path(), &there)?))
    };
    let (_, (code, said, _)) = asked("a-value", "text")?;
    assert_eq!(
        (code, said.as_str()),
        (0, "a-value, owned by nobody\nno policy is for it\n")
    );
    let apply = ["policy", "apply", "--url", url.as_str()];
    assert_eq!(run(folder.path(), &apply)?.0, 0);
    for subject in [
        "orders.order.event-value",
        "_schemas",
        ":.team:a b/c+d?-value",
    ] {
        for output in ["text", "json"] {
            let (here, there) = asked(subject, output)?;
            assert_eq!(here.0, 0);
            assert_eq!(here, there, "{subject}");
        }
    }
    Ok(())
}

#[test]
fn all_documents_are_taken_away_only_by_who_says_so() -> Result<()> {
    let server = Launch::new()?.start()?;
    let url = server.url();
    let folder = starter()?;
    fs::create_dir(folder.path().join("none"))?;
    let apply = |more: &[&str]| {
        let all = [&["policy", "apply", "--url", url.as_str()], more].concat();
        run(folder.path(), &all)
    };
    assert_eq!(apply(&[])?.0, 0);
    assert_eq!(apply(&["none"])?.0, 2);
    let (code, said, _) = apply(&["none", "--allow-empty"])?;
    assert_eq!(code, 0);
    assert!(said.starts_with("revision 2: "), "{said}");
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
