//! A log that is handed out in parts: each is sound, and together they are all of it.

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
    let parts = parts(&registry);
    let mut sequences = Vec::new();
    for (number, (lines, next)) in parts.iter().enumerate() {
        let report = verify(lines);
        assert!(report.is_sound(), "part {number}: {report:?}");
        let records = records(lines);
        let numbers = records.iter().map(|record| &record["sequence"]);
        sequences.extend(numbers.map(|number| number.as_str().unwrap().parse::<u64>().unwrap()));
        assert!(next.is_none() || next.as_ref() == sequences.last());
    }
    let parts = parts.len() as u64;
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
