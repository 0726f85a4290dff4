//! What `concord lint` tells, in every shape: places against texts whose lines are known, and each shape against the
//! schema or the reader of those who made it.

mod ci;
mod sarif;

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;
use tempfile::TempDir;

use crate::policies::run;

/// Errors with places, and in each file a warning without one.
const POLICY: &str = r#"
apiVersion: governance/v1
kind: Policy
metadata: {name: core}
spec:
  rules:
    - {use: DOC002, severity: error, hint: "say, in a line: 100% of it"}
    - {use: NAM005, severity: error}
    - {use: OWN001, severity: warn}
"#;

const AVRO: &str = r#"{
  "type": "record", "name": "Order", "namespace": "acme",
  "fields": [
    {"name": "id", "type": "string", "doc": "Größe."},
	{"name": "amount", "type": "long"}
  ]
}
"#;

const PROTOBUF: &str = r#"syntax = "proto3";
package acme;
message Payment {
  // The id.
  string id = 1; int64 badName = 2; // In cents.
}
"#;

const JSON: &str = r#"{"type": "object", "title": "ü",
  "properties": {"ä": {"type": "string"}, "amount": {"type": "integer"}}}
"#;

/// A repository with the policy and the schemas in a folder whose name has to be escaped everywhere.
fn repository() -> Result<TempDir> {
    let folder = TempDir::new()?;
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at(".git"))?;
    fs::create_dir_all(at("a, b: 100%"))?;
    fs::write(at("core.yaml"), POLICY)?;
    fs::write(at("a, b: 100%/order.avsc"), AVRO)?;
    fs::write(at("payment.proto"), PROTOBUF)?;
    fs::write(at("customer.json"), JSON)?;
    Ok(folder)
}

const FILES: [&str; 3] = ["a, b: 100%/order.avsc", "payment.proto", "customer.json"];

/// The report in that shape, which finds errors and nothing worse.
fn report(folder: &TempDir, shape: &str) -> Result<String> {
    let mut arguments = vec!["lint", "--policies", "core.yaml", "--format", shape];
    arguments.extend(FILES);
    let (code, said, complaint) = run(folder.path(), &arguments)?;
    assert_eq!(code, 1, "{complaint}");
    Ok(said)
}

/// Where the errors are: counted by hand in the texts above. The end is the character behind.
const PLACES: [(&str, &str, [u32; 3]); 5] = [
    ("NAM005", "payment.proto", [5, 18, 23]),
    ("DOC002", "a, b: 100%/order.avsc", [5, 11, 19]),
    ("NAM005", "customer.json", [2, 23, 41]),
    ("DOC002", "customer.json", [2, 23, 41]),
    ("DOC002", "customer.json", [2, 53, 72]),
];

#[test]
fn every_error_is_told_at_its_line_and_characters() -> Result<()> {
    let told: Value = serde_json::from_str(&report(&repository()?, "json")?)?;
    let findings = told["findings"].as_array().context("a list")?;
    for (code, file, [line, column, end]) in PLACES {
        let is_it = |finding: &&Value| {
            finding["code"] == code
                && finding["file"] == file
                && finding["line"] == line
                && finding["column"] == column
                && finding["endLine"] == line
                && finding["endColumn"] == end
        };
        assert_eq!(findings.iter().filter(is_it).count(), 1, "{code} {told:#}");
    }
    let errors = findings.iter().filter(|each| each["severity"] == "error");
    assert_eq!(errors.count(), PLACES.len(), "{told:#}");
    Ok(())
}

#[test]
fn a_line_is_shown_with_a_mark_under_what_is_wrong() -> Result<()> {
    let told = report(&repository()?, "text")?;
    let shown = [
        "5 | \t{\"name\": \"amount\", \"type\": \"long\"}\n  | \t         ^^^^^^^^\n",
        "5 |   string id = 1; int64 badName = 2; // In cents.\n  |                  ^^^^^\n",
    ];
    for shown in shown {
        assert!(told.contains(shown), "{told}");
    }
    Ok(())
}

#[test]
fn two_runs_give_the_same_bytes_in_every_shape() -> Result<()> {
    let folder = repository()?;
    for shape in ["text", "json", "sarif", "junit", "github", "gitlab"] {
        assert_eq!(report(&folder, shape)?, report(&folder, shape)?, "{shape}");
    }
    Ok(())
}

#[test]
fn several_shapes_are_written_in_one_run_as_they_would_be_printed() -> Result<()> {
    let folder = repository()?;
    let mut arguments = vec!["lint", "--policies", "core.yaml"];
    arguments.extend([
        "--sarif",
        "out/a.sarif",
        "--junit",
        "out/b.xml",
        "--gitlab",
        "out/c.json",
    ]);
    arguments.extend(FILES);
    let (code, said, complaint) = run(folder.path(), &arguments)?;
    assert_eq!((code, complaint.as_str()), (1, ""));
    assert_eq!(said, report(&folder, "text")?);
    for (file, shape) in [
        ("a.sarif", "sarif"),
        ("b.xml", "junit"),
        ("c.json", "gitlab"),
    ] {
        let written = fs::read_to_string(folder.path().join("out").join(file))?;
        assert_eq!(written, report(&folder, shape)?, "{shape}");
    }
    Ok(())
}

#[test]
fn a_folder_stands_for_the_schemas_beneath_it() -> Result<()> {
    let folder = repository()?;
    let inner = folder.path().join("a, b: 100%");
    fs::write(inner.join("README.md"), "no schema")?;
    fs::create_dir(inner.join(".hidden"))?;
    fs::write(inner.join(".hidden/b.avsc"), "{")?;
    let by_folder = [
        "lint",
        "--policies",
        "core.yaml",
        "a, b: 100%",
        "payment.proto",
    ];
    let by_file = [&by_folder[..3], &FILES[..2]].concat();
    let (code, said, _) = run(folder.path(), &by_folder)?;
    assert_eq!(code, 1);
    assert_eq!(said, run(folder.path(), &by_file)?.1);
    fs::create_dir(folder.path().join("none"))?;
    let (code, _, complaint) = run(folder.path(), &["lint", "none"])?;
    assert_eq!(code, 1);
    assert!(
        complaint.contains("none: there is no schema"),
        "{complaint}"
    );
    Ok(())
}

#[test]
fn files_are_called_from_the_root_of_the_repository() -> Result<()> {
    let folder = repository()?;
    let inner = folder.path().join("a, b: 100%");
    let arguments = [
        "lint",
        "--policies",
        "../core.yaml",
        "--format",
        "gitlab",
        "order.avsc",
    ];
    let (_, said, _) = run(&inner, &arguments)?;
    let told: Value = serde_json::from_str(&said)?;
    assert_eq!(told[0]["location"]["path"], FILES[0]);
    Ok(())
}
