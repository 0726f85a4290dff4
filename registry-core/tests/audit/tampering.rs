//! Whoever edits, deletes, inserts, reorders or cuts off records is found out: by the chain if they leave the hashes as
//! they are, and by the checkpoints if they compute them anew.

use registry_core::AuditProblem as Problem;
use sha2::{Digest, Sha256};

use super::*;

/// Ten records, and the signed end.
fn ten_records() -> Vec<String> {
    let folder = folder();
    let registry = open(folder.path());
    for number in 1..10 {
        register(&registry, &format!("s{number}"), r#""string""#).expect("a good schema");
    }
    let lines = export(&registry);
    assert_eq!(lines.len(), 11);
    assert_eq!(verify(&lines).problems, []);
    lines
}

/// Numbers and hashes as if the records had been written so, by somebody without the key.
fn forged(lines: Vec<String>) -> Vec<String> {
    let mut previous = [0_u8; 32];
    let mut sequence = 0_u64;
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    let forge = |line: String| {
        let mut line: Value = serde_json::from_str(&line).expect("JSON");
        if line.get("record").is_none() {
            return line.to_string();
        }
        sequence += 1;
        line["record"]["sequence"] = sequence.to_string().into();
        line["previous"] = hex(&previous).into();
        previous = Sha256::new()
            .chain_update(b"concord-audit-record-v1\0")
            .chain_update(previous)
            .chain_update(line["record"].to_string())
            .finalize()
            .into();
        line["hash"] = hex(&previous).into();
        line.to_string()
    };
    lines.into_iter().map(forge).collect()
}

#[test]
fn an_honest_log_computed_anew_is_the_same_log() {
    let lines = ten_records();
    assert_eq!(forged(lines.clone()), lines);
}

#[test]
fn an_edited_record_is_found() {
    let mut lines = ten_records();
    lines[4] = lines[4].replace("curl/8", "curl/9");
    let report = verify(&lines);
    assert_eq!(report.problems, [Problem::Edited { sequence: 5 }]);
    assert_eq!(report.first_bad, Some(5));
    let report = verify(&forged(lines));
    assert_eq!(report.problems, [Problem::Rewritten { sequence: 10 }]);
}

#[test]
fn a_member_that_readers_could_read_in_two_ways_is_found() {
    let mut lines = ten_records();
    lines[4] = lines[4].replace(
        r#""outcome":"done""#,
        r#""outcome":"refused","outcome":"done""#,
    );
    let report = verify(&lines);
    assert_eq!(report.problems[0], Problem::Malformed { line: 5 });
}

#[test]
fn a_deleted_record_is_found() {
    let mut lines = ten_records();
    lines.remove(4);
    let report = verify(&lines);
    assert_eq!(report.problems, [Problem::Missing { from: 5, to: 5 }]);
    assert_eq!(report.first_bad, Some(5));
    let report = verify(&forged(lines));
    assert_eq!(report.problems, [Problem::Truncated { last: 9, known: 10 }]);
}

#[test]
fn an_inserted_record_is_found() {
    let mut lines = ten_records();
    lines.insert(5, lines[4].replace("curl/8", "curl/9"));
    let report = verify(&lines);
    assert_eq!(
        report.problems,
        [
            Problem::Edited { sequence: 5 },
            Problem::OutOfOrder { sequence: 5 }
        ]
    );
    let report = verify(&forged(lines));
    assert!(!report.is_sound());
    assert_eq!(report.last, 11);
}

#[test]
fn reordered_records_are_found() {
    let mut lines = ten_records();
    lines.swap(4, 5);
    let report = verify(&lines);
    assert_eq!(
        report.problems,
        [
            Problem::Missing { from: 5, to: 5 },
            Problem::OutOfOrder { sequence: 5 },
        ]
    );
    let report = verify(&forged(lines));
    assert_eq!(report.problems, [Problem::Rewritten { sequence: 10 }]);
}

#[test]
fn a_log_that_was_cut_off_is_found() {
    let lines = ten_records();
    // The end is still there.
    let mut cut = lines.clone();
    cut.drain(7..10);
    let report = verify(&cut);
    assert_eq!(report.problems, [Problem::Truncated { last: 7, known: 10 }]);
    assert_eq!(report.first_bad, Some(8));
    // The end is gone, too.
    let report = verify(&lines[..7]);
    assert_eq!(report.problems, [Problem::Endless]);
    // An anchor knows better.
    let anchors = [lines[10].clone()];
    let report = verify_with(&lines[..7], None, &anchors);
    assert_eq!(report.problems, [Problem::Truncated { last: 7, known: 10 }]);
    // And the beginning.
    let report = verify(&lines[2..]);
    assert_eq!(report.problems, [Problem::Missing { from: 1, to: 2 }]);
}

#[test]
fn a_checkpoint_of_somebody_else_is_found() {
    let folder = folder();
    let registry = open(folder.path());
    register(&registry, "s", r#""string""#).unwrap();
    let mut lines = Vec::new();
    let forger = keys(NEXT_KEY);
    registry
        .export_audit(0, Some(&forger), &mut |line| lines.push(line.to_owned()))
        .unwrap();
    let report = verify(&lines);
    assert_eq!(report.problems, [Problem::Unsigned { sequence: 2 }]);
    // Whoever expects no key still sees which one it was.
    let report = verify_with(&lines, None, &[]);
    assert_eq!(report.keys, [forger.public().to_string()]);
    let last = lines.len() - 1;
    lines[last] = lines[last].replace(r#""count":"2""#, r#""count":"1""#);
    let report = verify_with(&lines, None, &[]);
    assert_eq!(
        report.problems,
        [Problem::Unsigned { sequence: 2 }, Problem::Endless]
    );
}

#[test]
fn every_single_changed_byte_is_found() {
    let lines = ten_records();
    let flip = |line: &str, at: usize| {
        let mut bytes = line.as_bytes().to_vec();
        bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
        String::from_utf8(bytes).unwrap()
    };
    let mut changed = 0;
    for line in 0..lines.len() {
        for at in (0..lines[line].len()).step_by(7) {
            let mut lines = lines.clone();
            lines[line] = flip(&lines[line], at);
            assert!(!verify(&lines).is_sound(), "{}", lines[line]);
            changed += 1;
        }
    }
    assert!(changed > 500, "{changed}");
}
