//! Records whose time is over go, and a signed checkpoint stays in their place. Whoever takes more away is found out.

use std::time::Duration;

use registry_core::{AuditProblem as Problem, Pruned, Registry};

use super::*;

/// A time after everything that a test does.
fn later() -> Timestamp {
    let hour = Duration::from_hours(1).as_millis();
    Timestamp(Timestamp::now().0 + i64::try_from(hour).expect("an hour"))
}

fn prune(registry: &Registry) -> Pruned {
    let pruned = registry.prune_audit(&Caller::local(), later());
    pruned.expect("the log is sound")
}

/// Removes what the first checkpoint covers.
fn prune_first(registry: &Registry) -> Pruned {
    let first = registry.view().checkpoints_from(0, 1).expect("it reads");
    let time: jiff::Timestamp = first[0].checkpoint.time.parse().expect("a time");
    let pruned = registry.prune_audit(&Caller::local(), Timestamp(time.as_millisecond() + 1));
    pruned.expect("the log is sound")
}

/// What the examination of the store finds.
fn examined(registry: &Registry) -> Vec<String> {
    let mut findings = Vec::new();
    let view = registry.view();
    view.examine(&mut |finding| findings.push(finding.to_string()))
        .expect("it reads");
    findings
}

/// Processes, each with an opening, a registration and a closing that is signed.
fn processes(folder: &Path, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let registry = open(folder);
        register(&registry, &format!("s{number}"), r#""string""#).expect("a good schema");
        registry.close();
    }
}

/// Records 1 to 6 are gone, 7 to 10 are of the process that removed them and covered by a checkpoint, 11 and 12 by the end.
fn pruned() -> Vec<String> {
    let folder = folder();
    processes(folder.path(), 0..2);
    let registry = open(folder.path());
    register(&registry, "s2", r#""string""#).expect("a good schema");
    assert_eq!(prune(&registry).records, 6);
    registry.close();
    drop(registry);
    let registry = open(folder.path());
    register(&registry, "s3", r#""string""#).expect("a good schema");
    export(&registry)
}

#[test]
fn old_records_go_and_a_signed_checkpoint_stays_in_their_place() {
    let folder = folder();
    processes(folder.path(), 0..2);
    let registry = open(folder.path());
    let pruned = prune(&registry);
    assert_eq!((pruned.records, pruned.is_full), (6, false));
    let lines = export(&registry);
    let start: Value = serde_json::from_str(&lines[0]).expect("JSON");
    let start = &start["checkpoint"];
    assert_eq!(
        ["start", "sequence", "count"].map(|name| start[name].as_str().unwrap()),
        ["yes", "6", "6"]
    );
    assert!(start["time"].is_string() && start["hash"].is_string());
    let records = records(&lines);
    let actions = records.iter().map(|record| record["action"].as_str());
    assert_eq!(
        actions.collect::<Vec<_>>(),
        [Some("registry.open"), Some("audit.prune")]
    );
    assert_eq!(records[1]["changes"][0]["kind"], "records-removed");
    assert_eq!(records[1]["changes"][0]["name"], "1 to 6");
    let report = verify(&lines);
    assert_eq!(report.problems, []);
    assert_eq!((report.first, report.start, report.last), (7, Some(6), 8));
    let own = registry.verify_audit(Verifier::new(Some(keys(KEY).public())));
    assert_eq!(own.expect("it reads").problems, []);
    assert_eq!(examined(&registry), Vec::<String>::new());
    assert_eq!(
        prune(&registry),
        Pruned::default(),
        "nothing is left to remove"
    );
}

#[test]
fn what_no_old_checkpoint_covers_stays() {
    let folder = folder();
    let registry = open(folder.path());
    register(&registry, "s", r#""string""#).unwrap();
    assert_eq!(prune(&registry), Pruned::default(), "nothing is signed yet");
    registry.close();
    drop(registry);
    let registry = open(folder.path());
    let before = Timestamp(Timestamp::now().0 - 3_600_000);
    let pruned = registry.prune_audit(&Caller::local(), before).unwrap();
    assert_eq!(pruned, Pruned::default(), "nothing is old yet");
    assert_eq!(verify(&export(&registry)).first, 1);
    assert_eq!(prune(&registry).records, 3);
}

#[test]
fn names_go_with_their_records_and_what_was_registered_stays() {
    let folder = folder();
    processes(folder.path(), 0..2);
    let registry = open(folder.path());
    prune(&registry);
    let erased = registry
        .erase_names(&caller(&alice()), "alice@acme.example")
        .unwrap();
    assert_eq!(erased, 0);
    assert_eq!(register(&registry, "s0", r#""string""#).unwrap(), 1);
}

#[test]
fn many_records_go_in_portions_and_after_each_the_log_is_sound() {
    let folder = folder();
    let registry = open(folder.path());
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..100 {
                    register(&registry, "s", "{").unwrap_err();
                }
            });
        }
    });
    registry.close();
    drop(registry);
    let registry = open(folder.path());
    let mut portions = Vec::new();
    loop {
        let pruned = prune(&registry);
        let report = verify(&export(&registry));
        assert_eq!(report.problems, []);
        portions.push(pruned.records);
        assert_eq!(report.start, Some(portions.iter().sum()));
        assert_eq!(examined(&registry), Vec::<String>::new());
        if !pruned.is_full {
            break;
        }
    }
    // 1,600 refusals, and opening and closing.
    assert_eq!(portions, [500, 500, 500, 102]);
}

#[test]
fn edited_deleted_inserted_moved_and_cut_off_records_are_found_behind_a_start() {
    let lines = pruned();
    assert_eq!(verify(&lines).problems, []);
    // The start is of record 6, so line 2 is record 8.
    let mut edited = lines.clone();
    edited[2] = edited[2].replace("curl/8", "curl/9");
    assert_eq!(verify(&edited).problems, [Problem::Edited { sequence: 8 }]);
    let mut deleted = lines.clone();
    deleted.remove(2);
    assert_eq!(
        verify(&deleted).problems,
        [Problem::Missing { from: 8, to: 8 }]
    );
    let mut inserted = lines.clone();
    inserted.insert(3, lines[2].clone());
    assert_eq!(
        verify(&inserted).problems,
        [Problem::OutOfOrder { sequence: 8 }]
    );
    let mut moved = lines.clone();
    moved.swap(1, 2);
    assert_eq!(
        verify(&moved).problems,
        [
            Problem::Missing { from: 7, to: 7 },
            Problem::OutOfOrder { sequence: 7 }
        ]
    );
    let cut = &lines[..lines.len() - 2];
    assert_eq!(verify(cut).problems, [Problem::Endless]);
}

#[test]
fn whoever_cuts_more_off_the_head_than_the_start_says_is_found() {
    let lines = pruned();
    let without = |skipped: std::ops::Range<usize>| -> Vec<String> {
        let lines = lines.iter().enumerate();
        let kept = lines.filter(|(at, _)| !skipped.contains(at));
        kept.map(|(_, line)| line.clone()).collect()
    };
    assert_eq!(
        verify(&without(1..3)).problems,
        [Problem::Missing { from: 7, to: 8 }]
    );
    // Without the start, all that is not there is missing.
    assert_eq!(
        verify(&without(0..1)).problems,
        [
            Problem::Missing { from: 1, to: 6 },
            Problem::Beheaded { first: 1, known: 7 }
        ]
    );
    // From a checkpoint on, which is signed, too, but is no start.
    let checkpoint = lines
        .iter()
        .skip(1)
        .position(|line| line.contains("checkpoint"));
    let checkpoint = checkpoint.unwrap() + 1;
    let headless = without(0..checkpoint);
    let report = verify(&headless);
    assert_eq!(
        report.problems,
        [Problem::Beheaded {
            first: report.first,
            known: 7
        }]
    );
    let anchors = [headless[0].clone()];
    let endless = &headless[..headless.len() - 1];
    assert_eq!(
        verify_with(endless, None, &anchors).problems,
        [Problem::Headless {
            first: report.first
        }]
    );
    // A start that comes later in the log.
    let mut second = lines.clone();
    second.insert(2, lines[0].clone());
    assert_eq!(
        verify(&second).problems,
        [Problem::StartWithin { sequence: 6 }]
    );
}

#[test]
fn a_start_that_somebody_else_signed_is_found() {
    let (honest, other) = (folder(), folder());
    processes(honest.path(), 0..1);
    copy(honest.path(), other.path());
    let registry = open(honest.path());
    prune(&registry);
    let mut lines = export(&registry);
    assert_eq!(verify(&lines).problems, []);
    let forger = Registry::open(other.path(), options(NEXT_KEY, Vec::new())).unwrap();
    prune(&forger);
    let forged = export(&forger)[0].clone();
    assert_ne!(forged, lines[0]);
    lines[0] = forged;
    let expected = [Problem::Unsigned { sequence: 3 }];
    assert_eq!(verify(&lines).problems, expected);
    // Whoever expects no key finds that it is not the one of the others.
    assert_eq!(verify_with(&lines, None, &[]).problems, expected);
    lines[0] = lines[0].replace(r#""count":"3""#, r#""count":"2""#);
    assert_eq!(
        verify(&lines).problems[0],
        Problem::Unsigned { sequence: 3 }
    );
}

#[test]
fn an_anchor_knows_the_record_before_the_start() {
    let (honest, rewritten) = (folder(), folder());
    processes(honest.path(), 0..1);
    let lines = export(&open(honest.path()));
    let anchors: Vec<String> = lines
        .into_iter()
        .filter(|line| line.contains("checkpoint"))
        .collect();
    processes(rewritten.path(), 7..8);
    let registry = open(rewritten.path());
    prune(&registry);
    let lines = export(&registry);
    assert_eq!(verify(&lines).problems, [], "the key alone says nothing");
    let report = verify_with(&lines, None, &anchors[..1]);
    assert_eq!(report.problems, [Problem::Rewritten { sequence: 3 }]);
}

#[test]
fn a_log_is_sound_when_the_key_changed_before_or_after_its_start() {
    let both = format!("{KEY}\n{NEXT_KEY}");
    let folder = folder();
    processes(folder.path(), 0..2);
    let registry = Registry::open(folder.path(), options(&both, Vec::new())).unwrap();
    // The new key signs the start, and the next checkpoint is still one of the old key.
    assert_eq!(prune_first(&registry).records, 3);
    registry.close();
    let sealed = |registry: &Registry| {
        let mut lines = Vec::new();
        registry
            .export_audit(0, Some(&keys(&both)), &mut |line| {
                lines.push(line.to_owned())
            })
            .unwrap();
        lines
    };
    let report = verify(&sealed(&registry));
    assert_eq!(report.problems, []);
    assert_eq!(report.keys.len(), 2);
    drop(registry);
    let registry = Registry::open(folder.path(), options(&both, Vec::new())).unwrap();
    prune(&registry);
    // Nothing that the old key signed is left.
    let report = verify_with(&sealed(&registry), Some(keys(NEXT_KEY).public()), &[]);
    assert_eq!(report.problems, []);
    assert_eq!(report.keys, [keys(NEXT_KEY).public().to_string()]);
}

#[test]
fn parts_of_a_log_behind_a_start_are_sound() {
    let folder = folder();
    processes(folder.path(), 0..4);
    let registry = open(folder.path());
    assert_eq!(prune_first(&registry).records, 3);
    let first: Vec<_> = parts(&registry)
        .iter()
        .map(|(lines, _)| {
            let report = verify(lines);
            assert_eq!(report.problems, []);
            (report.first, report.start)
        })
        .collect();
    assert_eq!(first, [(4, Some(3)), (7, None), (10, None), (13, None)]);
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir(&target).expect("a new folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file");
        }
    }
}
