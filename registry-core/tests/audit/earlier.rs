//! An export of a Concord that knew no traces and removed nothing: what was signed then must hold for ever.

use registry_core::AuditProblem as Problem;

use super::*;

fn lines() -> Vec<String> {
    let text = include_str!("earlier.jsonl");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn what_an_earlier_concord_exported_is_sound_and_one_change_in_it_is_found() {
    let lines = lines();
    let report = verify(&lines);
    assert_eq!(report.problems, []);
    assert_eq!((report.records, report.checkpoints), (3, 2));
    let mut edited = lines.clone();
    edited[1] = edited[1].replace("curl/7", "curl/8");
    assert_eq!(verify(&edited).problems, [Problem::Edited { sequence: 2 }]);
}

#[test]
fn an_end_of_an_earlier_concord_that_does_not_say_where_it_begins_is_taken() {
    let report = verify(&lines()[3..]);
    assert_eq!(report.problems, []);
    assert_eq!((report.first, report.records), (4, 0));
}

#[test]
fn a_record_without_a_trace_has_the_text_that_it_had() {
    let folder = folder();
    let registry = open(folder.path());
    let members = |line: &str| -> Vec<String> {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let record = line["record"].as_object().expect("a record");
        let source = record["source"].as_object().expect("a source");
        record.keys().chain(source.keys()).cloned().collect()
    };
    assert_eq!(members(&export(&registry)[0]), members(&lines()[0]));
}
