//! What is on record.

use registry_core::{
    ConfigUpdate, Deletion, PolicyBase, PolicyClaim, PolicyOrigin, RefusedAttempt, Registry,
    RegistryOptions, Scope, Subject, Update,
};
use serde_json::json;

use super::*;

#[test]
fn every_change_and_every_refused_attempt_has_one_record_in_its_order() {
    let folder = folder();
    let registry = open(folder.path());
    let (alice, subject) = (alice(), Subject::parse("orders-value"));
    let caller = caller(&alice);
    assert_eq!(
        register(&registry, "orders-value", r#""string""#).unwrap(),
        1
    );
    // Found again: nothing changes, so there is nothing to put on record.
    assert_eq!(
        register(&registry, "orders-value", r#""string""#).unwrap(),
        1
    );
    register(&registry, "orders-value", "{").unwrap_err();
    let level = ConfigUpdate {
        level: Update::Set(compat_rules::Level::None),
        ..ConfigUpdate::default()
    };
    registry
        .put_config(&caller, &Scope::of(subject.clone()), level)
        .unwrap();
    registry
        .put_mode(&caller, &Scope::Global, Some("READONLY"), false)
        .unwrap();
    registry
        .put_mode(&caller, &Scope::Global, None, false)
        .unwrap();
    registry
        .delete_subject(&caller, &subject, Deletion::Soft)
        .unwrap();
    registry
        .delete_subject(&caller, &subject, Deletion::Permanent)
        .unwrap();
    registry
        .delete_subject(&caller, &subject, Deletion::Permanent)
        .unwrap_err();
    let records = records(&export(&registry));
    let seen: Vec<[&str; 3]> = records
        .iter()
        .map(|record| ["sequence", "action", "outcome"].map(|name| record[name].as_str().unwrap()))
        .collect();
    assert_eq!(
        seen,
        [
            ["1", "registry.open", "done"],
            ["2", "subject.register", "done"],
            ["3", "subject.register", "refused"],
            ["4", "config.put", "done"],
            ["5", "mode.put", "done"],
            ["6", "mode.put", "done"],
            ["7", "subject.delete", "done"],
            ["8", "subject.erase", "done"],
            ["9", "subject.erase", "refused"],
        ]
    );
    assert_eq!(records[2]["errorCode"], "1");
    assert_eq!(records[8]["errorCode"], "2");
    assert_eq!(records[8]["reason"], "Subject 'orders-value' not found.");
}

#[test]
fn a_record_says_who_asked_how_and_what_became_of_it() {
    let folder = folder();
    let registry = open(folder.path());
    register(&registry, ":.eu:orders-value", r#""string""#).unwrap();
    let record = &records(&export(&registry))[1];
    assert_eq!(record["node"], "node-1");
    assert_eq!(record["resource"], ":.eu:orders-value");
    assert_eq!(record["principal"]["authentication"], "token");
    assert_eq!(record["principal"]["groups"], json!(["payments-dev"]));
    assert_eq!(record["source"]["client"], "curl/8");
    assert_eq!(record["source"]["request"], "request-1");
    assert_eq!(
        record["source"]["trace"],
        "0af7651916cd43dd8448eb211c80319c"
    );
    assert_eq!(
        record["changes"],
        json!([
            {
                "kind": "registered",
                "subject": ":.eu:orders-value",
                "version": "1",
                "id": "1",
                "content": registry.view().schema(&Subject::parse(":.eu:orders-value").context,
                    registry_core::SchemaId::new(1).unwrap()).unwrap().unwrap().guid().to_string(),
            },
            { "kind": "context", "name": ".eu" },
        ])
    );
}

#[test]
fn what_a_row_hashed_to_after_one_change_it_hashes_to_before_the_next() {
    let folder = folder();
    let registry = open(folder.path());
    let (alice, scope) = (alice(), Scope::of(Subject::parse("s")));
    for mode in [Some("READONLY"), Some("READWRITE"), None] {
        registry
            .put_mode(&caller(&alice), &scope, mode, false)
            .unwrap();
    }
    let records = records(&export(&registry));
    let digest = |record: usize, name: &str| records[record][name].as_str().unwrap().to_owned();
    assert_ne!(digest(1, "before"), digest(1, "after"));
    assert_eq!(digest(1, "after"), digest(2, "before"));
    assert_eq!(digest(2, "after"), digest(3, "before"));
    assert_eq!(digest(3, "after"), digest(1, "before"), "it is gone again");
}

#[test]
fn without_the_option_no_row_is_written_and_none_is_missed_later() {
    let folder = folder();
    let registry = Registry::open(folder.path(), RegistryOptions::default()).unwrap();
    let before = registry.revision();
    register(&registry, "s", r#""string""#).unwrap();
    // Version, newest version, content, holder, hash, last id, counts: the rows of a registration in the default context.
    assert_eq!(registry.revision().0 - before.0, 7);
    register(&registry, "s", "{").unwrap_err();
    assert_eq!(registry.revision().0 - before.0, 7);
    registry.close();
    assert_eq!(export(&registry), Vec::<String>::new());
}

#[test]
fn records_of_refusals_leave_the_revision_of_answers_as_it_is_and_changes_move_it_on() {
    let folder = folder();
    let registry = open(folder.path());
    let mut seen = vec![registry.revision()];
    for text in [r#""string""#, r#""int""#] {
        register(&registry, text, r#""string""#).unwrap();
        assert!(!seen.contains(&registry.revision()), "{seen:?}");
        seen.push(registry.revision());
        for _ in 0..3 {
            register(&registry, "s", "{").unwrap_err();
            assert_eq!(seen.last(), Some(&registry.revision()));
        }
    }
    assert_eq!(records(&export(&registry)).len(), 9, "each is on record");
}

#[test]
fn a_record_names_the_documents_that_were_in_force() {
    let folder = folder();
    let registry = open(folder.path());
    let alice = alice();
    register(&registry, "s", r#""string""#).unwrap();
    let applied = registry.apply_policies(
        &caller(&alice),
        &[],
        &PolicyClaim::default(),
        &PolicyBase::Any,
        &PolicyOrigin::default(),
    );
    assert_eq!(applied.unwrap().number, 1);
    register(&registry, "s", "{").unwrap_err();
    let records = records(&export(&registry));
    let revisions: Vec<_> = records
        .iter()
        .map(|record| record["policyRevision"].as_str())
        .collect();
    assert_eq!(revisions, [None, None, None, Some("1")]);
}

#[test]
fn changes_that_were_made_while_no_log_was_kept_are_noticed() {
    let folder = folder();
    let resource = |registry: &Registry| {
        let records = records(&export(registry));
        let opened = records
            .iter()
            .rfind(|record| record["action"] == "registry.open");
        opened.unwrap()["resource"].as_str().unwrap().to_owned()
    };
    let registry = open(folder.path());
    register(&registry, "s", r#""string""#).unwrap();
    registry.close();
    drop(registry);
    let registry = open(folder.path());
    assert!(!resource(&registry).contains("after"));
    drop(registry);
    let registry = Registry::open(folder.path(), RegistryOptions::default()).unwrap();
    register(&registry, "t", r#""string""#).unwrap();
    drop(registry);
    let registry = open(folder.path());
    assert!(resource(&registry).ends_with("after changes without records"));
    assert_eq!(verify(&export(&registry)).problems, []);
}

#[test]
fn the_first_record_says_what_the_settings_hash_to() {
    let folder = folder();
    let registry = open(folder.path());
    let first = &records(&export(&registry))[0];
    // `printf {} | sha256sum`
    let expected = "settings 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(first["resource"], expected);
}

#[test]
fn an_attempt_that_was_refused_elsewhere_can_be_put_on_record() {
    let folder = folder();
    let registry = open(folder.path());
    let attempt = RefusedAttempt {
        action: "subject.register",
        resource: "orders",
        code: 9,
        reason: "denied",
    };
    registry
        .record_refusal(&caller(&alice()), &attempt)
        .unwrap();
    let records = records(&export(&registry));
    assert_eq!(records[1]["errorCode"], "9");
    assert_eq!(records[1]["reason"], "denied");
    assert_eq!(records[1].get("changes"), None);
}

#[test]
fn records_of_writers_at_the_same_time_make_one_chain() {
    let folder = folder();
    let registry = open(folder.path());
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let registry = &registry;
            scope.spawn(move || {
                for number in 0..20 {
                    register(registry, &format!("s{thread}-{number}"), r#""string""#).unwrap();
                    register(registry, "s", "{").unwrap_err();
                }
            });
        }
    });
    let report = verify(&export(&registry));
    assert_eq!(report.problems, []);
    assert_eq!(report.records, 1 + 8 * 40);
    assert_eq!(
        registry.verify_audit(Verifier::new(None)).unwrap().problems,
        []
    );
}
