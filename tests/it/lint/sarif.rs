//! SARIF against its schema.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::binary::tests_folder;

use super::{PLACES, PROTOBUF, report, repository};
use crate::policies::run;

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
