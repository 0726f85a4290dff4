//! What CI servers read: JUnit's XML, annotations of GitHub, code quality of GitLab.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{FILES, PLACES, report, repository};
use crate::clients::toolchain;
use crate::policies::run;

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
