//! Checkpoints, the files that keep them elsewhere, and the keys that sign them.

use std::fs;

use registry_core::{AuditProblem as Problem, Registry};

use super::*;

fn checkpoints(lines: &[String]) -> Vec<String> {
    let lines = lines.iter();
    lines
        .filter(|line| line.starts_with(r#"{"checkpoint""#))
        .cloned()
        .collect()
}

#[test]
fn a_thousand_records_bring_a_checkpoint_and_so_does_the_end_of_the_process() {
    let folder = folder();
    let registry = open(folder.path());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..75 {
                    register(&registry, "s", "{").unwrap_err();
                }
            });
        }
    });
    let first = registry.view().last_checkpoint().unwrap().unwrap();
    let sequence = first.checkpoint.sequence;
    // A batch is never divided, so it may be a few more.
    assert!((1000..1201).contains(&sequence), "{sequence}");
    assert_eq!(first.checkpoint.count, sequence);
    registry.close();
    let last = registry.view().last_checkpoint().unwrap().unwrap();
    // 1,200 refusals, the opening and the closing.
    assert_eq!(last.checkpoint.sequence, 1202);
    assert_eq!(last.checkpoint.count, 1202 - sequence);
    let report = verify(&export(&registry));
    assert_eq!(report.problems, []);
    assert_eq!((report.records, report.unsigned), (1202, 0));
}

#[test]
fn an_anchor_gets_every_checkpoint_also_those_made_before_it_was_set_up() {
    let (folder, outside) = (folder(), folder());
    let path = outside.path().join("anchor.jsonl");
    let registry = open(folder.path());
    register(&registry, "s", r#""string""#).unwrap();
    registry.close();
    drop(registry);
    let with_anchor = || options(KEY, vec![Anchor::File(path.clone())]);
    for _ in 0..2 {
        let registry = Registry::open(folder.path(), with_anchor()).unwrap();
        registry.close();
    }
    let registry = open(folder.path());
    let anchored: Vec<String> = fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    let lines = export(&registry);
    // The last of the export is its own end.
    let stored = checkpoints(&lines[..lines.len() - 1]);
    assert_eq!(stored.len(), 3);
    assert_eq!(anchored, stored);
    assert_eq!(verify_with(&lines, None, &anchored).problems, []);
}

#[test]
fn whoever_has_the_key_but_not_the_anchor_is_found() {
    let (folder, other) = (folder(), folder());
    let honest = open(folder.path());
    register(&honest, "s", r#""string""#).unwrap();
    honest.close();
    let anchors = checkpoints(&export(&honest));
    let rewritten = open(other.path());
    register(&rewritten, "s", r#""int""#).unwrap();
    rewritten.close();
    let lines = export(&rewritten);
    assert_eq!(verify(&lines).problems, [], "the key alone says nothing");
    let report = verify_with(&lines, Some(keys(KEY).public()), &anchors);
    assert_eq!(report.problems, [Problem::Rewritten { sequence: 3 }]);
}

#[test]
fn a_new_key_counts_when_the_old_one_confirms_it() {
    let write = |second: &str| {
        let folder = folder();
        for text in [KEY, second] {
            let registry = Registry::open(folder.path(), options(text, Vec::new())).unwrap();
            registry.close();
        }
        let registry = Registry::open(folder.path(), options(second, Vec::new())).unwrap();
        let mut lines = Vec::new();
        registry
            .export_audit(0, Some(&keys(second)), &mut |line| {
                lines.push(line.to_owned());
            })
            .unwrap();
        verify(&lines)
    };
    let report = write(&format!("{KEY}\n{NEXT_KEY}"));
    assert_eq!(report.problems, []);
    let both = [KEY, NEXT_KEY].map(|key| keys(key).public().to_string());
    assert_eq!(report.keys, both);
    assert_eq!(
        write(NEXT_KEY).problems,
        [Problem::KeyChanged { sequence: 4 }]
    );
}

#[test]
fn an_export_from_a_checkpoint_on_holds_by_itself() {
    let folder = folder();
    for subject in ["a", "b"] {
        let registry = open(folder.path());
        register(&registry, subject, r#""string""#).unwrap();
        registry.close();
    }
    let registry = open(folder.path());
    let mut lines = Vec::new();
    registry
        .export_audit(4, Some(&keys(KEY)), &mut |line| lines.push(line.to_owned()))
        .unwrap();
    let report = verify(&lines);
    assert_eq!(report.problems, []);
    // The first process wrote records 1 to 3, and signed them.
    assert_eq!((report.first, report.records, report.last), (4, 4, 7));
}
