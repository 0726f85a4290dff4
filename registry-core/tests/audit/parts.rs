//! A log that is handed out in parts: each is sound, and together they are all of it.

use registry_core::Caller;

use super::*;

#[test]
fn parts_are_sound_each_by_itself_and_go_on_where_the_one_before_ended() {
    let folder = folder();
    // A checkpoint at each end of a process, so that there is something to part at.
    for round in 0..4 {
        let registry = open(folder.path());
        register(&registry, &format!("s{round}"), r#""string""#).unwrap();
        registry.close();
    }
    let registry = open(folder.path());
    let mut after = 0;
    let mut sequences = Vec::new();
    let mut parts = 0;
    loop {
        // Less than one record: a part goes to the next checkpoint.
        let part = registry
            .export_audit_part(&Caller::local(), after, 1)
            .unwrap();
        let lines: Vec<String> = part.lines.lines().map(str::to_owned).collect();
        let report = verify(&lines);
        assert!(report.is_sound(), "part {parts}: {report:?}");
        sequences.extend(
            records(&lines)
                .iter()
                .map(|record| record["sequence"].as_str().unwrap().parse::<u64>().unwrap()),
        );
        parts += 1;
        let Some(next) = part.next else { break };
        assert_eq!(Some(&next), sequences.last());
        after = next;
    }
    assert_eq!(parts, 5);
    // Opened five times, closed four times, four registrations, and each part is on record before it is handed out.
    assert_eq!(sequences, (1..=5 + 4 + 4 + parts).collect::<Vec<u64>>());
    let actions: Vec<Value> = records(&export(&registry));
    let exports = actions
        .iter()
        .filter(|record| record["action"] == "audit.export");
    assert_eq!(exports.count(), 5);
}

#[test]
fn a_part_that_is_large_enough_is_the_whole_log() {
    let folder = folder();
    let registry = open(folder.path());
    register(&registry, "s", r#""string""#).unwrap();
    let part = registry
        .export_audit_part(&caller(&alice()), 0, 1 << 20)
        .unwrap();
    assert_eq!(part.next, None);
    let lines: Vec<String> = part.lines.lines().map(str::to_owned).collect();
    assert!(verify(&lines).is_sound());
    assert_eq!(records(&lines).len(), records(&export(&registry)).len());
}
