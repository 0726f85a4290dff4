//! What is done to the rows themselves, behind the back of the registry.

use crate::audit::{AuditOptions, AuditProblem, ErrorCodes, SigningKeys, Verifier};
use crate::store::codec::{decode, encode};
use crate::store::keys::{self, Kind};
use crate::store::pending::Pending;
use crate::store::rows::{AuditHeadRow, AuditRow};
use crate::store::{Rows, Store, StoreOptions};
use crate::{AuditWatch, Caller, Error, Pruned, Registry, RegistryOptions, Scope, Timestamp};

fn options() -> RegistryOptions {
    let keys = SigningKeys::parse(&"5".repeat(64)).expect("a key");
    RegistryOptions {
        audit: Some(AuditOptions {
            node: "n".to_owned(),
            keys,
            anchors: Vec::new(),
            settings: String::new(),
            error_codes: ErrorCodes(|_| 0),
        }),
        ..RegistryOptions::default()
    }
}

/// A log of seven records, after something was done to its rows.
fn tampered(tampering: impl FnOnce(&Store, &mut Pending<'_>)) -> (tempfile::TempDir, Registry) {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let registry = Registry::open(folder.path(), options()).expect("an empty folder opens");
    for mode in ["READONLY", "READWRITE", "READONLY", "READWRITE", "IMPORT"] {
        let put = registry.put_mode(&Caller::local(), &Scope::top_level(), Some(mode), true);
        put.expect("modes may change");
    }
    registry.close();
    drop(registry);
    let store = Store::open(folder.path(), &StoreOptions::default()).expect("it is closed");
    let mut pending = Pending::over(&store);
    tampering(&store, &mut pending);
    store.commit(pending.into_batch()).expect("the disk works");
    drop(store);
    let registry = Registry::open(folder.path(), options()).expect("it opens");
    (folder, registry)
}

/// What is found then, and the record of the next opening.
fn after(tampering: impl FnOnce(&Store, &mut Pending<'_>)) -> (Vec<AuditProblem>, String) {
    let (_folder, registry) = tampered(tampering);
    let mut last = String::new();
    let view = registry.view();
    view.audit_lines(0, &mut |line, _| {
        last = line.record;
        std::ops::ControlFlow::Continue(())
    })
    .expect("it reads");
    (problems(&registry), last)
}

fn problems(registry: &Registry) -> Vec<AuditProblem> {
    let report = registry.verify_audit(Verifier::new(None));
    report.expect("it reads").problems
}

/// Every record until now would be old.
fn prune(registry: &Registry) -> Result<Pruned, Error> {
    let before = Timestamp(Timestamp::now().0 + 1);
    registry.prune_audit(&Caller::local(), before)
}

fn record(sequence: u64) -> Vec<u8> {
    keys::audit(Kind::AuditRecord, sequence)
}

#[test]
fn a_row_that_is_deleted_is_missed() {
    let (problems, opening) = after(|_, pending| pending.delete(record(3)));
    assert_eq!(problems, [AuditProblem::Missing { from: 3, to: 3 }]);
    assert!(
        opening.contains("after changes without records"),
        "{opening}"
    );
}

#[test]
fn a_row_that_is_edited_is_found() {
    let (problems, _) = after(|store, pending| {
        let row = store.read(&record(3), decode).expect("it reads");
        let mut row: AuditRow = row.expect("it is there");
        row.record = row.record.replace("mode.put", "mode.get");
        pending.put(record(3), encode(&row));
    });
    assert_eq!(problems, [AuditProblem::Edited { sequence: 3 }]);
}

#[test]
fn rows_that_are_cut_off_are_missed_even_before_a_checkpoint() {
    let (problems, opening) = after(|_, pending| {
        for sequence in [6, 7] {
            pending.delete(record(sequence));
            pending.delete(keys::audit(Kind::AuditCheckpoint, sequence));
        }
    });
    assert_eq!(problems, [AuditProblem::Missing { from: 6, to: 7 }]);
    assert!(opening.contains("after the loss of records"), "{opening}");
}

#[test]
fn records_that_are_cut_off_at_the_head_without_the_key_are_missed() {
    let cut = |pending: &mut Pending<'_>, last: u64| {
        for sequence in 1..=last {
            pending.delete(record(sequence));
        }
    };
    let (problems, _) = after(|_, pending| cut(pending, 4));
    assert_eq!(problems, [AuditProblem::Missing { from: 1, to: 4 }]);
    // The last checkpoint is signed, but no start.
    let (problems, _) = after(|store, pending| {
        cut(pending, 7);
        let line = store.read(&keys::audit(Kind::AuditCheckpoint, 7), decode);
        let line: Option<String> = line.expect("it reads");
        pending.put(keys::audit_start(), encode(&line.expect("it is there")));
    });
    assert_eq!(problems, [AuditProblem::Headless { first: 8 }]);
    // Made a start, it is not signed any more.
    let (problems, _) = after(|store, pending| {
        cut(pending, 7);
        let line = store.read(&keys::audit(Kind::AuditCheckpoint, 7), decode);
        let line: Option<String> = line.expect("it reads");
        let line = line.expect("it is there");
        let line = line.replace(r#""sequence":"7","#, r#""sequence":"7","start":"yes","#);
        assert!(line.contains("start"));
        pending.put(keys::audit_start(), encode(&line));
    });
    assert_eq!(problems[0], AuditProblem::Unsigned { sequence: 7 });
}

#[test]
fn more_that_is_cut_off_than_the_start_says_is_missed() {
    let (folder, registry) = tampered(|_, _| {});
    assert_eq!(prune(&registry).expect("it is sound").records, 7);
    drop(registry);
    let store = Store::open(folder.path(), &StoreOptions::default()).expect("it is closed");
    let mut pending = Pending::over(&store);
    // The opening; record 9 says that the others were removed.
    pending.delete(record(8));
    store.commit(pending.into_batch()).expect("the disk works");
    drop(store);
    let registry = Registry::open(folder.path(), options()).expect("it opens");
    assert_eq!(
        problems(&registry),
        [AuditProblem::Missing { from: 8, to: 8 }]
    );
    let mut findings = Vec::new();
    let examined = registry
        .view()
        .examine(&mut |finding| findings.push(finding.to_string()));
    examined.expect("it reads");
    assert_eq!(
        findings,
        ["record 9 of the audit log does not follow the one before it"]
    );
}

#[test]
fn what_somebody_tampered_with_is_not_removed() {
    let (_folder, registry) = tampered(|store, pending| {
        let row = store.read(&record(3), decode).expect("it reads");
        let mut row: AuditRow = row.expect("it is there");
        row.record = row.record.replace("mode.put", "mode.get");
        pending.put(record(3), encode(&row));
    });
    let refused = prune(&registry).expect_err("it is not sound");
    assert!(refused.to_string().contains("record 3"), "{refused}");
    assert_eq!(problems(&registry), [AuditProblem::Edited { sequence: 3 }]);
}

#[test]
fn a_registry_that_verifies_its_own_log_finds_what_was_done_to_it_and_says_it_once() {
    let (_folder, registry) = tampered(|_, pending| pending.delete(record(3)));
    let mut watch = AuditWatch::default();
    let mut look = || registry.watch_audit(&mut watch).expect("it reads").problems;
    assert_eq!(look(), [AuditProblem::Missing { from: 3, to: 3 }]);
    assert_eq!(look(), []);
}

#[test]
fn the_bytes_of_the_rows_are_as_they_were() {
    let row = AuditRow {
        record: "{}".to_owned(),
        previous: [1; 32],
        hash: [2; 32],
    };
    let expected = [&[1, 2, b'{', b'}'][..], &[1; 32], &[2; 32]].concat();
    assert_eq!(encode(&row), expected);
    let head = AuditHeadRow {
        sequence: 300,
        hash: [3; 32],
        revision: 1,
    };
    let expected = [&[1, 0xac, 2][..], &[3; 32], &[1]].concat();
    assert_eq!(encode(&head), expected);
    assert_eq!(record(258), [0x40, 0, 0, 0, 0, 0, 0, 1, 2]);
    assert_eq!(keys::audit_head(), [0x43]);
    assert_eq!(keys::audit_start(), [0x44]);
}
