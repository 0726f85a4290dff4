//! Several repositories whose documents are in force on one server, and what each may change of the others'.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::http::Request;
use tests::launch::{Launch, Server};

use crate::policies::run;

/// A server, and a folder of documents for each of two managers.
struct Ground {
    server: Server,
    folder: TempDir,
}

const A: &str = "git:acme/a";
const B: &str = "git:acme/b";

impl Ground {
    /// A has the policies `core` and `spare`, B has `payments`.
    fn new() -> Result<Self> {
        let ground = Self {
            server: Launch::new()?.start()?,
            folder: TempDir::new()?,
        };
        for (file, severity) in [
            ("a/core", "error"),
            ("a/spare", "warn"),
            ("b/payments", "error"),
        ] {
            ground.write(file, severity)?;
        }
        Ok(ground)
    }

    fn write(&self, file: &str, severity: &str) -> Result<()> {
        let name = file.rsplit('/').next().context("a name")?;
        let text = format!(
            "apiVersion: governance/v1\nkind: Policy\nmetadata: {{name: {name}}}\n\
             spec:\n  match: {{subjects: [\"{name}.**\"]}}\n  rules:\n    - {{use: DOC002, severity: {severity}}}\n"
        );
        let path = self.folder.path().join(format!("{file}.yaml"));
        fs::create_dir_all(path.parent().context("a folder")?)?;
        Ok(fs::write(path, text)?)
    }

    fn concord(&self, arguments: &[&str]) -> Result<(i32, String, String)> {
        let url = self.server.url();
        let mut all = vec!["policy"];
        all.extend(arguments);
        all.extend(["--url", url.as_str()]);
        run(self.folder.path(), &all)
    }

    /// Applies, which has to succeed.
    fn apply(&self, arguments: &[&str]) -> Result<()> {
        let mut all = vec!["apply"];
        all.extend(arguments);
        let (code, _, complaint) = self.concord(&all)?;
        assert_eq!((code, complaint.as_str()), (0, ""), "{arguments:?}");
        Ok(())
    }

    /// Name and manager of every document in force.
    fn in_force(&self) -> Result<Vec<(String, String)>> {
        let request = Request::new("GET", "/governance/v1/policies", None);
        let revision = self.server.client().send(&request)?.json();
        let documents = revision["documents"].as_array().context("a list")?;
        let text = |value: &Value| value.as_str().unwrap_or("nobody").to_owned();
        Ok(documents
            .iter()
            .map(|document| &document["metadata"])
            .map(|metadata| (text(&metadata["name"]), text(&metadata["managedBy"])))
            .collect())
    }

    fn must_be_in_force(&self, expected: &[(&str, &str)]) -> Result<()> {
        let found = self.in_force()?;
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(name, manager)| (name.as_str(), manager.as_str()))
            .collect();
        assert_eq!(found, expected);
        Ok(())
    }

    fn post(&self, body: &Value) -> Result<(u16, Value)> {
        self.send("/governance/v1/apply", body)
    }

    fn send(&self, target: &str, body: &Value) -> Result<(u16, Value)> {
        let request = Request::new("POST", target, Some(&body.to_string()));
        let response = self.server.client().send(&request)?;
        Ok((response.status, response.json()))
    }

    fn remove(&self, file: &str) -> Result<()> {
        Ok(fs::remove_file(Path::new(self.folder.path()).join(file))?)
    }
}

#[test]
fn the_documents_of_two_managers_are_in_force_beside_each_other() -> Result<()> {
    let ground = Ground::new()?;
    ground.apply(&["a", "--manager", A])?;
    ground.apply(&["b", "--manager", B])?;
    let both = [("core", A), ("payments", B), ("spare", A)];
    ground.must_be_in_force(&both)?;
    let (_, again, _) = ground.concord(&["apply", "a", "--manager", A])?;
    assert!(again.starts_with("revision 2: "), "nothing is new: {again}");
    for (folder, manager) in [("a", A), ("b", B)] {
        let (code, said, _) = ground.concord(&["drift", folder, "--manager", manager])?;
        assert_eq!((code, said.as_str()), (0, "the same as revision 2\n"));
    }
    Ok(())
}

#[test]
fn what_another_one_manages_is_neither_changed_nor_removed() -> Result<()> {
    let ground = Ground::new()?;
    ground.apply(&["a", "--manager", A])?;
    ground.write("b/core", "warn")?;
    let (code, said, complaint) = ground.concord(&["apply", "b", "--manager", B])?;
    assert_eq!((code, said.as_str()), (4, ""));
    let told = "Governance documents are managed elsewhere: Policy core by git:acme/a. ";
    assert!(complaint.starts_with(told), "{complaint}");
    // Whoever names no manager would replace everything.
    let (code, _, complaint) = ground.concord(&["apply", "b"])?;
    assert_eq!(code, 4);
    assert!(
        complaint.contains("Policy core by git:acme/a; Policy spare by git:acme/a"),
        "{complaint}"
    );
    let (status, refusal) = ground.post(&json!({"documents": []}))?;
    assert_eq!((status, &refusal["error_code"]), (409, &json!(40971)));
    ground.must_be_in_force(&[("core", A), ("spare", A)])?;
    assert_eq!(
        ground.concord(&["drift", "a", "--manager", A])?.0,
        0,
        "nothing is half-applied"
    );
    Ok(())
}

#[test]
fn documents_are_taken_over_by_who_says_so_and_belong_to_them_afterwards() -> Result<()> {
    let ground = Ground::new()?;
    ground.apply(&["a", "--manager", A])?;
    ground.write("b/core", "warn")?;
    ground.apply(&["b", "--manager", B, "--take-over"])?;
    ground.must_be_in_force(&[("core", B), ("payments", B), ("spare", A)])?;
    assert_eq!(ground.concord(&["apply", "a", "--manager", A])?.0, 4);
    ground.apply(&["b", "--take-over"])?;
    ground.must_be_in_force(&[("core", "nobody"), ("payments", "nobody")])?;
    Ok(())
}

#[test]
fn a_manager_prunes_its_own_documents_and_only_when_told_to() -> Result<()> {
    let ground = Ground::new()?;
    ground.apply(&["b"])?;
    ground.apply(&["a", "--manager", A])?;
    ground.remove("a/spare.yaml")?;
    let drift = ["drift", "a", "--manager", A];
    let (code, said, _) = ground.concord(&drift)?;
    assert_eq!(
        (code, said.as_str()),
        (5, "differs from revision 2:\n- Policy spare\n")
    );
    ground.apply(&["a", "--manager", A])?;
    ground.must_be_in_force(&[("core", A), ("payments", "nobody"), ("spare", A)])?;
    ground.apply(&["a", "--manager", A, "--prune"])?;
    ground.must_be_in_force(&[("core", A), ("payments", "nobody")])?;
    assert_eq!(ground.concord(&drift)?.0, 0);
    let (code, _, complaint) = ground.concord(&["apply", "a", "--prune"])?;
    assert_eq!(code, 2, "pruning is a manager's: {complaint}");
    Ok(())
}

#[test]
fn what_nobody_manages_is_taken_into_care_without_taking_it_over() -> Result<()> {
    let ground = Ground::new()?;
    ground.apply(&["a"])?;
    ground.must_be_in_force(&[("core", "nobody"), ("spare", "nobody")])?;
    ground.apply(&["a", "--manager", A])?;
    ground.must_be_in_force(&[("core", A), ("spare", A)])?;
    let (code, said, _) = ground.concord(&["drift", "a"])?;
    let expected = "differs from revision 2:\n~ Policy core\n    - metadata.managedBy: \"git:acme/a\"\n\
                    ~ Policy spare\n    - metadata.managedBy: \"git:acme/a\"\n";
    assert_eq!((code, said.as_str()), (5, expected));
    Ok(())
}

#[test]
fn managers_who_apply_at_once_lose_nothing_of_each_other() -> Result<()> {
    let ground = Ground::new()?;
    let managers: Vec<String> = (0..16)
        .map(|number| format!("git:acme/{number:02}"))
        .collect();
    let answers: Vec<Result<(u16, Value)>> = std::thread::scope(|scope| {
        let hands: Vec<_> = managers
            .iter()
            .map(|manager| {
                let name = manager.replace("git:acme/", "team-");
                let text = format!(
                    "{{apiVersion: governance/v1, kind: Policy, metadata: {{name: {name}}}, spec: {{}}}}"
                );
                let ground = &ground;
                scope.spawn(move || ground.post(&json!({"text": text, "manager": manager})))
            })
            .collect();
        hands
            .into_iter()
            .map(|hand| hand.join().expect("no panic"))
            .collect()
    });
    for answer in answers {
        let (status, revision) = answer?;
        assert_eq!(status, 200, "{revision}");
    }
    let found = ground.in_force()?;
    let found: Vec<&str> = found.iter().map(|(_, manager)| manager.as_str()).collect();
    assert_eq!(found, managers);
    Ok(())
}

#[test]
fn a_rollback_brings_back_documents_with_their_managers() -> Result<()> {
    let ground = Ground::new()?;
    ground.apply(&["a", "--manager", A])?;
    ground.apply(&["b", "--take-over"])?;
    assert_eq!(ground.concord(&["rollback", "1"])?.0, 0);
    ground.must_be_in_force(&[("core", A), ("spare", A)])
}

#[test]
fn a_manager_without_a_name_is_refused() -> Result<()> {
    let ground = Ground::new()?;
    for name in [String::new(), "a\nb".to_owned(), "x".repeat(257)] {
        let (status, refusal) = ground.post(&json!({"documents": [], "manager": name}))?;
        assert_eq!(
            (status, &refusal["error_code"]),
            (422, &json!(42272)),
            "{name:?}"
        );
    }
    Ok(())
}

#[test]
fn documents_are_valid_if_they_would_be_taken() -> Result<()> {
    let ground = Ground::new()?;
    ground.apply(&["a", "--manager", A])?;
    let policy = |name: &str| {
        let match_of = json!({"subjects": ["x.**"]});
        json!({"apiVersion": "governance/v1", "kind": "Policy", "metadata": {"name": name}, "spec": {"match": match_of}})
    };
    let (core, other) = (json!([policy("core")]), json!([policy("other")]));
    for (body, code) in [
        (json!({"documents": core, "manager": B}), 40971),
        (json!({"documents": core}), 40971),
        (json!({"documents": other, "manager": "a\nb"}), 42272),
        (
            json!({"documents": other, "manager": B, "baseRevision": 0}),
            40970,
        ),
        (json!({"documents": [{}], "manager": B}), 42272),
    ] {
        let tried = ground.send("/governance/v1/validate", &body)?;
        assert_eq!(tried.1["error_code"], code, "{body}");
        assert_eq!(tried, ground.post(&body)?, "{body}");
    }
    let mut body = json!({"documents": other, "manager": B, "baseRevision": 1});
    for _ in 0..2 {
        let (status, valid) = ground.send("/governance/v1/validate", &body)?;
        assert_eq!(
            (status, &valid["documentCount"]),
            (200, &json!(3)),
            "{valid}"
        );
        ground.must_be_in_force(&[("core", A), ("spare", A)])?;
        body["takeOver"] = json!(true);
    }
    let (_, valid) = ground.send("/governance/v1/validate", &body)?;
    let (_, applied) = ground.post(&body)?;
    assert_eq!(valid["digest"], applied["digest"]);
    Ok(())
}
