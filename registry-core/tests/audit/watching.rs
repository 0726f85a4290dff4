//! A registry that verifies its own log while it goes on.

use registry_core::{AuditWatch, AuditWatched, Registry};

use super::*;

fn look(registry: &Registry, watch: &mut AuditWatch) -> AuditWatched {
    registry.watch_audit(watch).expect("the store reads")
}

fn refusals(registry: &Registry, threads: usize, each: usize) {
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..each {
                    register(registry, "s", "{").expect_err("no schema");
                }
            });
        }
    });
}

#[test]
fn a_walk_goes_to_the_end_in_portions_and_on_with_what_is_added() {
    let folder = folder();
    let registry = open(folder.path());
    refusals(&registry, 16, 70);
    let mut watch = AuditWatch::default();
    // 1,120 refusals and the opening.
    for (last, is_at_end) in [(500, false), (1000, false), (1121, true)] {
        let watched = look(&registry, &mut watch);
        assert_eq!((watched.last, watched.is_at_end), (last, is_at_end));
        assert_eq!(watched.problems, []);
    }
    register(&registry, "s", r#""string""#).unwrap();
    let watched = look(&registry, &mut watch);
    assert_eq!((watched.last, watched.problems), (1122, Vec::new()));
}

#[test]
fn what_is_removed_on_the_way_is_not_missed() {
    let folder = folder();
    let registry = open(folder.path());
    refusals(&registry, 16, 100);
    registry.close();
    drop(registry);
    let registry = open(folder.path());
    let mut watch = AuditWatch::default();
    assert_eq!(look(&registry, &mut watch).last, 500);
    let later = Timestamp(Timestamp::now().0 + 1);
    for _ in 0..3 {
        registry.prune_audit(&Caller::local(), later).unwrap();
    }
    let mut watched = look(&registry, &mut watch);
    while !watched.is_at_end {
        assert_eq!(watched.problems, []);
        watched = look(&registry, &mut watch);
    }
    // 1,600 refusals, opening twice, closing, and three removals.
    assert_eq!((watched.last, watched.problems), (1606, Vec::new()));
}
