//! What `concord lint` tells, in every shape: places against texts whose lines are known, and each shape against the
//! schema or the reader of those who made it.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::binary::tests_folder;

use crate::clients::toolchain;
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
fn sarif_is_what_its_schema_says_and_holds_every_finding_with_its_place() -> Result<()> {
    let told: Value = serde_json::from_str(&report(&repository()?, "sarif")?)?;
    must_be_sarif(&told)?;
    let run = &told["runs"][0];
    let results = run["results"].as_array().context("a list")?;
    let errors = results.iter().filter(|each| each["level"] == "error");
    let errors: Vec<(&str, &str, &Value)> = errors
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"];
            (
                result["ruleId"].as_str().unwrap_or_default(),
                place["artifactLocation"]["uri"]
                    .as_str()
                    .unwrap_or_default(),
                &place["region"],
            )
        })
        .collect();
    for (code, file, [line, column, end]) in PLACES {
        let uri = file.replace("a, b: 100%/", "a%2C%20b%3A%20100%25/");
        let region =
            json!({"startLine": line, "startColumn": column, "endLine": line, "endColumn": end});
        assert!(errors.contains(&(code, uri.as_str(), &region)), "{told:#}");
    }
    assert_eq!(errors.len(), PLACES.len());
    let rules = &run["tool"]["driver"]["rules"];
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().context("a number")?)?;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let prints = results
        .iter()
        .map(|each| each["partialFingerprints"]["registryFinding/v1"].as_str());
    assert_eq!(prints.collect::<BTreeSet<_>>().len(), results.len());
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    Ok(())
}

#[test]
fn sarif_tells_what_stood_before_as_suppressed_and_a_file_that_is_no_schema_as_an_error()
-> Result<()> {
    let folder = repository()?;
    fs::write(folder.path().join("old.proto"), PROTOBUF)?;
    let before = [
        "lint",
        "--policies",
        "core.yaml",
        "--previous",
        "old.proto",
        "--format",
        "sarif",
        "payment.proto",
    ];
    let (code, said, complaint) = run(folder.path(), &before)?;
    assert_eq!(code, 0, "{complaint}");
    let told: Value = serde_json::from_str(&said)?;
    must_be_sarif(&told)?;
    let result = &told["runs"][0]["results"][0];
    assert_eq!(result["suppressions"][0]["status"], "accepted", "{told:#}");

    fs::write(
        folder.path().join("broken.avsc"),
        "{\n  \"type\": \"record\",\n  oops\n}\n",
    )?;
    let (code, said, _) = run(folder.path(), &["lint", "--format", "sarif", "broken.avsc"])?;
    assert_eq!(code, 2);
    let told: Value = serde_json::from_str(&said)?;
    must_be_sarif(&told)?;
    let run = &told["runs"][0];
    assert_eq!(run["results"][0]["level"], "error");
    assert_eq!(
        run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"],
        3
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    Ok(())
}

fn must_be_sarif(told: &Value) -> Result<()> {
    let schema = fs::read_to_string(tests_folder().join("formats/sarif-2.1.0-rtm.5.json"))?;
    // A bracket that the pattern of languages never opens: not every dialect reads it as itself.
    let schema = schema.replace("{2}]?$", r"{2}\\]?$");
    let schema = serde_json::from_str(&schema)?;
    let validator =
        jsonschema::validator_for(&schema).map_err(|error| anyhow::anyhow!("{error}"))?;
    let faults: Vec<String> = validator
        .iter_errors(told)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

#[test]
fn a_reader_of_junit_finds_a_suite_for_each_file_and_a_case_for_each_rule() -> Result<()> {
    let folder = repository()?;
    fs::write(folder.path().join("broken.avsc"), "{\"type\": \u{1} \"<\"}")?;
    let mut arguments = vec![
        "lint",
        "--policies",
        "core.yaml",
        "--junit",
        "out/junit.xml",
        "broken.avsc",
    ];
    arguments.extend(FILES);
    assert_eq!(run(folder.path(), &arguments)?.0, 2);
    let output = toolchain::python("clients/python", "read_junit.py")?
        .arg(folder.path().join("out/junit.xml"))
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let read: Value = serde_json::from_slice(&output.stdout)?;
    assert_eq!(read["counts"], json!([10, 4, 1, 0]), "{read:#}");
    let suite = |name: &str| {
        let suites = read["suites"].as_array();
        let suite = suites.and_then(|suites| suites.iter().find(|suite| suite["name"] == name));
        suite.cloned().with_context(|| format!("no suite {name}"))
    };
    assert_eq!(suite("broken-value")?["cases"][0]["results"][0][0], "Error");
    let customer = suite("customer-value")?;
    assert_eq!(customer["counts"], json!([3, 2, 0, 0]));
    let case = &customer["cases"][1];
    assert_eq!(
        (&case["name"], &case["classname"]),
        (
            &json!("DOC002 doc-field-required"),
            &json!("customer-value")
        )
    );
    let lines = "customer.json:2:23: error: field \"ä\" has no text; instead: say, in a line: 100% of it\n\
                 customer.json:2:53: error: field \"amount\" has no text; instead: say, in a line: 100% of it";
    assert_eq!(
        case["results"],
        json!([["Failure", "field \"ä\" has no text", lines]])
    );
    let warned = &customer["cases"][2];
    assert_eq!(warned["results"], json!([]));
    assert!(
        warned["out"]
            .as_str()
            .context("a text")?
            .contains("warning: subject"),
        "{warned}"
    );
    assert_eq!(
        suite("order-value")?["cases"][0]["results"],
        json!([]),
        "what is kept is seen, too"
    );
    Ok(())
}

#[test]
fn annotations_are_read_back_as_they_were_meant() -> Result<()> {
    let told = report(&repository()?, "github")?;
    let annotations: Vec<Annotation> = told.lines().filter_map(annotation).collect();
    let text = |number: u32| number.to_string();
    for (code, file, [line, column, end]) in PLACES {
        let place = [
            ("file", file.to_owned()),
            ("line", text(line)),
            ("endLine", text(line)),
            ("col", text(column)),
            ("endColumn", text(end - 1)),
        ];
        let place = place.map(|(key, value)| (key.to_owned(), value));
        let is_it = |annotation: &&Annotation| {
            let properties = &annotation.properties;
            annotation.word == "error"
                && properties[0].1.starts_with(code)
                && properties[1..] == place
        };
        assert_eq!(annotations.iter().filter(is_it).count(), 1, "{code} {told}");
    }
    let first = annotations.first().context("one")?;
    assert_eq!(
        first.message,
        "field \"amount\" has no text; instead: say, in a line: 100% of it"
    );
    assert_eq!(annotations.len(), PLACES.len() + FILES.len());
    Ok(())
}

/// A workflow command of GitHub Actions.
struct Annotation {
    word: String,
    properties: Vec<(String, String)>,
    message: String,
}

/// The command of a line, read as the runner does.
fn annotation(line: &str) -> Option<Annotation> {
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (word, properties) = head.split_once(' ')?;
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n");
    let property = |(key, value): (&str, &str)| {
        let value = data(value).replace("%3A", ":").replace("%2C", ",");
        (key.to_owned(), value.replace("%25", "%"))
    };
    let pairs = properties
        .split(',')
        .filter_map(|pair| pair.split_once('='));
    Some(Annotation {
        word: word.to_owned(),
        properties: pairs.map(property).collect(),
        message: data(message).replace("%25", "%"),
    })
}

#[test]
fn no_more_than_ten_annotations_of_a_level_are_given_and_the_summary_has_all() -> Result<()> {
    let folder = repository()?;
    let fields: Vec<String> = (0..25)
        .map(|n| format!("{{\"name\": \"f{n}\", \"type\": \"int\"}}"))
        .collect();
    let schema = format!(
        "{{\"type\": \"record\", \"name\": \"R\", \"fields\": [{}]}}",
        fields.join(",")
    );
    fs::write(folder.path().join("many.avsc"), schema)?;
    let summary = folder.path().join("summary.md");
    let output = std::process::Command::new(tests::binary::concord()?)
        .args([
            "lint",
            "--policies",
            "core.yaml",
            "--format",
            "github",
            "many.avsc",
        ])
        .env("GITHUB_STEP_SUMMARY", &summary)
        .current_dir(folder.path())
        .output()?;
    let told = String::from_utf8(output.stdout)?;
    let errors: Vec<&str> = told
        .lines()
        .filter(|line| line.starts_with("::error "))
        .collect();
    assert_eq!(errors.len(), 10, "{told}");
    assert!(
        errors[9].ends_with("::16 more of this kind, see the summary of the step"),
        "{told}"
    );
    let table = fs::read_to_string(summary)?;
    assert_eq!(
        table
            .lines()
            .filter(|line| line.starts_with("| error |"))
            .count(),
        25
    );
    Ok(())
}

#[test]
fn code_quality_has_what_gitlab_asks_for_and_fingerprints_that_outlive_lines() -> Result<()> {
    let folder = repository()?;
    let read = |folder: &TempDir| -> Result<Vec<(String, u64)>> {
        let told: Value = serde_json::from_str(&report(folder, "gitlab")?)?;
        let mut entries = Vec::new();
        for entry in told.as_array().context("a list")? {
            let severity = entry["severity"].as_str().context("a severity")?;
            ensure!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
            ensure!(entry["description"].is_string() && entry["check_name"].is_string());
            ensure!(FILES.contains(&entry["location"]["path"].as_str().context("a path")?));
            let line = entry["location"]["lines"]["begin"]
                .as_u64()
                .context("a line")?;
            entries.push((
                entry["fingerprint"].as_str().context("a text")?.to_owned(),
                line,
            ));
        }
        Ok(entries)
    };
    let before = read(&folder)?;
    let lines: Vec<u64> = before.iter().map(|(_, line)| *line).collect();
    assert_eq!(lines, [5, 5, 2, 2, 2, 1, 1, 1]);
    let prints = |entries: &[(String, u64)]| -> BTreeSet<String> {
        entries.iter().map(|(print, _)| print.clone()).collect()
    };
    assert_eq!(prints(&before).len(), before.len());
    for file in FILES {
        let path = folder.path().join(file);
        fs::write(&path, format!("\n\n{}", fs::read_to_string(&path)?))?;
    }
    let after = read(&folder)?;
    assert_eq!(prints(&after), prints(&before));
    assert_eq!(after[0].1, 7);
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
