//! Versions, deletions, listings and limits of keys.

use super::fixture::*;

#[test]
fn versions_are_chosen_by_clients_and_the_latest_is_the_highest() {
    // [5]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .create_kek(&Caller::local(), &kek("kek1", true), false)
        .unwrap();
    let s = series("kek1", "s");
    for wanted in [7, 1, 2] {
        registry
            .create_dek(&Caller::local(), &s, &version(wanted), false)
            .unwrap();
    }
    let versions: Vec<i32> = registry
        .view()
        .deks(&s)
        .unwrap()
        .iter()
        .map(|stored| stored.version.get())
        .collect();
    assert_eq!(versions, [1, 2, 7]);
    let latest = registry.dek(&s, VersionSpec::Latest, false).unwrap();
    assert_eq!(latest.stored.version, DekVersion::new(7));
    registry
        .delete_dek(&Caller::local(), &s, number(7), Deletion::Soft)
        .unwrap();
    let latest = |deleted| registry.dek(&s, VersionSpec::Latest, deleted).unwrap();
    assert_eq!(latest(false).stored.version, DekVersion::new(2));
    assert_eq!(latest(true).stored.version, DekVersion::new(7));
    let missing = registry.dek(&s, number(99), true);
    assert_eq!(refused(missing), KeyError::NotFound("s".into()));
}

#[test]
fn a_kek_outlives_the_keys_that_it_wraps() {
    // [6]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let kek1 = name("kek1");
    let s = series("kek1", "s");
    registry
        .create_kek(&Caller::local(), &kek("kek1", false), false)
        .unwrap();
    registry
        .create_dek(&Caller::local(), &s, &with_material(), false)
        .unwrap();
    let in_use = KeyError::HasDeks("kek1".into());
    assert_eq!(
        refused(registry.delete_kek(&Caller::local(), &kek1, Deletion::Soft)),
        in_use
    );
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Soft)
        .unwrap();
    let hard = registry.delete_kek(&Caller::local(), &kek1, Deletion::Permanent);
    assert_eq!(refused(hard), in_use);
    registry
        .delete_kek(&Caller::local(), &kek1, Deletion::Soft)
        .unwrap();
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Permanent)
        .unwrap();
    registry
        .delete_kek(&Caller::local(), &kek1, Deletion::Permanent)
        .unwrap();
}

#[test]
fn deks_are_deleted_softly_and_then_for_good_all_or_one_by_one() {
    // [7]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let s = series("kek1", "s");
    registry
        .create_kek(&Caller::local(), &kek("kek1", true), false)
        .unwrap();
    for wanted in [1, 2] {
        registry
            .create_dek(&Caller::local(), &s, &version(wanted), false)
            .unwrap();
    }
    let active = KeyError::NotSoftDeleted("s".into());
    let hard = |spec| registry.delete_dek(&Caller::local(), &s, spec, Deletion::Permanent);
    assert_eq!(refused(hard(number(1))), active);
    registry
        .delete_dek(&Caller::local(), &s, number(1), Deletion::Soft)
        .unwrap();
    registry
        .delete_dek(&Caller::local(), &s, number(1), Deletion::Soft)
        .unwrap();
    let missing = KeyError::NotFound("s".into());
    assert_eq!(refused(registry.dek(&s, number(1), false)), missing);
    assert!(
        registry
            .dek(&s, number(1), true)
            .unwrap()
            .stored
            .dek
            .deleted
    );
    let all = registry.delete_deks(&Caller::local(), &s, Deletion::Permanent);
    assert_eq!(refused(all), active);
    registry
        .undelete_dek(&Caller::local(), &s, number(1))
        .unwrap();
    registry.dek(&s, number(1), false).unwrap();
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Soft)
        .unwrap();
    hard(number(1)).unwrap();
    assert_eq!(refused(hard(number(1))), missing);
    registry.undelete_deks(&Caller::local(), &s).unwrap();
    registry.dek(&s, number(2), false).unwrap();
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Soft)
        .unwrap();
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Permanent)
        .unwrap();
    assert_eq!(
        refused(registry.undelete_deks(&Caller::local(), &s)),
        missing
    );
}

#[test]
fn deleting_the_latest_version_by_that_word_changes_nothing() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let s = series("kek1", "s");
    registry
        .create_kek(&Caller::local(), &kek("kek1", true), false)
        .unwrap();
    registry
        .create_dek(&Caller::local(), &s, &version(1), false)
        .unwrap();
    registry
        .delete_dek(&Caller::local(), &s, VersionSpec::Latest, Deletion::Soft)
        .unwrap();
    registry.dek(&s, number(1), false).unwrap();
    let none = registry.delete_dek(
        &Caller::local(),
        &series("kek1", "t"),
        VersionSpec::Latest,
        Deletion::Soft,
    );
    assert_eq!(refused(none), KeyError::NotFound("t".into()));
}

#[test]
fn a_softly_deleted_kek_hides_its_deks_and_must_come_back_before_them() {
    // [8]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let kek1 = name("kek1");
    let s = series("kek1", "s");
    registry
        .create_kek(&Caller::local(), &kek("kek1", true), false)
        .unwrap();
    registry
        .create_dek(&Caller::local(), &s, &version(1), false)
        .unwrap();
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Soft)
        .unwrap();
    registry
        .delete_kek(&Caller::local(), &kek1, Deletion::Soft)
        .unwrap();
    let hidden = registry.dek(&s, number(1), false);
    assert_eq!(refused(hidden), KeyError::NotFound("kek1".into()));
    registry.dek(&s, number(1), true).unwrap();
    let first = KeyError::KekSoftDeleted("kek1".into());
    assert_eq!(refused(registry.undelete_deks(&Caller::local(), &s)), first);
    assert_eq!(
        refused(registry.undelete_dek(&Caller::local(), &s, number(1))),
        first
    );
    registry.undelete_kek(&Caller::local(), &kek1).unwrap();
    registry.undelete_deks(&Caller::local(), &s).unwrap();
    registry.dek(&s, number(1), false).unwrap();
}

#[test]
fn keks_are_found_by_the_subjects_of_what_they_wrap() {
    // [9]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    for (kek_name, subject) in [("b", "foo-1"), ("a", "mysubject2"), ("c", ":.c:foo")] {
        registry
            .create_kek(&Caller::local(), &kek(kek_name, true), false)
            .unwrap();
        registry
            .create_dek(
                &Caller::local(),
                &series(kek_name, subject),
                &version(1),
                false,
            )
            .unwrap();
    }
    let found = |prefixes: &[&str], deleted| -> Vec<String> {
        let view = registry.view();
        let names = view.kek_names_of_subjects(prefixes, deleted).unwrap();
        names.iter().map(KekName::to_string).collect()
    };
    assert_eq!(found(&["foo", "mysubject2"], false), ["a", "b"]);
    assert_eq!(found(&[":.c:"], false), ["c"]);
    registry
        .delete_deks(&Caller::local(), &series("b", "foo-1"), Deletion::Soft)
        .unwrap();
    assert_eq!(found(&["foo"], false), Vec::<String>::new());
    assert_eq!(found(&["foo"], true), ["b"]);
}

#[test]
fn a_service_that_is_not_here_refuses_what_needs_it_and_nothing_else() {
    // [10]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let foreign = SubmittedKek {
        kms_type: Some("own-kms".into()),
        kms_key_id: Some("x".into()),
        ..kek("k", false)
    };
    registry
        .create_kek(&Caller::local(), &foreign, false)
        .unwrap();
    let s = series("k", "s");
    registry
        .create_dek(&Caller::local(), &s, &with_material(), false)
        .unwrap();
    shared_from(&registry, "k").unwrap();
    let no_service = KmsFailure::NoService("own-kms://x".into());
    let unread = KeyError::NotUnwrapped("s".into(), no_service.clone());
    assert_eq!(refused(registry.dek(&s, number(1), false)), unread);
    let new = registry.create_dek(&Caller::local(), &series("k", "t"), &version(1), false);
    let unmade = KeyError::NotWrapped("t".into(), no_service.clone());
    assert_eq!(refused(new), unmade);
    let test = registry.test_kek(&name("k"));
    let untried = KeyError::NotWrapped("__TEST".into(), no_service);
    assert_eq!(refused(test), untried);
    let one = registry.delete_dek(&Caller::local(), &s, number(1), Deletion::Soft);
    let unread = KeyError::Unusable {
        doing: "retrieving",
        cause: Box::new(unread),
    };
    assert_eq!(refused(one), unread);
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Soft)
        .unwrap();
}

#[test]
fn a_key_that_cannot_be_unwrapped_again_is_not_stored() {
    // [11]. The local service unwraps whatever it has wrapped, so a key that it has not wrapped is brought along.
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .create_kek(&Caller::local(), &kek("k", true), false)
        .unwrap();
    let s = series("k", "s");
    for _ in 0..2 {
        let foreign = registry.create_dek(&Caller::local(), &s, &with_material(), false);
        let unread = KeyError::NotUnwrapped("s".into(), KmsFailure::NotOurs);
        assert_eq!(refused(foreign), unread);
    }
    assert_eq!(registry.view().deks(&s).unwrap(), []);
}

#[test]
fn a_change_of_a_kek_touches_what_it_names_and_nothing_without_a_difference() {
    // [13]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let documented = SubmittedKek {
        doc: Some("docs".into()),
        kms_props: BTreeMap::from([("k".to_owned(), "v".to_owned())]),
        ..kek("k", false)
    };
    let created = registry
        .create_kek(&Caller::local(), &documented, false)
        .unwrap();
    let update = |update: KekUpdate| {
        registry
            .update_kek(&Caller::local(), &name("k"), &update, false)
            .unwrap()
    };
    let same = update(KekUpdate {
        doc: Update::Set("docs".into()),
        ..KekUpdate::default()
    });
    assert_eq!(same, created);
    let cleared = update(KekUpdate {
        doc: Update::Clear,
        ..KekUpdate::default()
    });
    assert_eq!(cleared.kek.doc, None);
    assert_eq!(cleared.kek.kms_props, created.kek.kms_props);
    let cleared = update(KekUpdate {
        kms_props: Update::Clear,
        ..KekUpdate::default()
    });
    assert!(cleared.kek.kms_props.is_empty());
    assert!(!cleared.kek.shared);
}

#[test]
fn only_a_shared_kek_can_be_tried() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .create_kek(&Caller::local(), &kek("k", false), true)
        .unwrap();
    let untried = registry.test_kek(&name("k"));
    assert_eq!(refused(untried), KeyError::Invalid("shared"));
    shared_from(&registry, "k").unwrap();
    registry.test_kek(&name("k")).unwrap();
}

#[test]
fn further_keys_are_refused_once_there_are_more_than_the_limit() {
    let Fixture {
        registry,
        folder: _folder,
    } = open_with(RegistryOptions {
        key_count_max: 1,
        ..options(None)
    });
    for name in ["a", "b"] {
        registry
            .create_kek(&Caller::local(), &kek(name, false), false)
            .unwrap();
    }
    let further = registry.create_kek(&Caller::local(), &kek("c", false), false);
    assert_eq!(refused(further), KeyError::TooMany(1));
    for subject in ["s", "t"] {
        let created = registry.create_dek(
            &Caller::local(),
            &series("a", subject),
            &with_material(),
            false,
        );
        created.unwrap();
    }
    let further = registry.create_dek(&Caller::local(), &series("a", "s"), &with_material(), false);
    assert_eq!(refused(further), KeyError::TooMany(1));
}

#[test]
fn a_kek_is_not_deleted_under_the_keys_that_others_are_creating() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .create_kek(&Caller::local(), &kek("k", false), false)
        .unwrap();
    let subjects: Vec<String> = (0..64).map(|number| format!("s-{number}")).collect();
    let created = std::thread::scope(|scope| {
        let creator = scope.spawn(|| {
            let create = |subject: &&String| {
                let series = series("k", subject);
                registry
                    .create_dek(&Caller::local(), &series, &with_material(), false)
                    .is_ok()
            };
            subjects.iter().take_while(create).count()
        });
        while !creator.is_finished() {
            if registry
                .delete_kek(&Caller::local(), &name("k"), Deletion::Soft)
                .is_ok()
            {
                break;
            }
        }
        creator.join().expect("no panic")
    });
    let view = registry.view();
    let is_deleted = view.kek_named(&name("k"), true).unwrap().kek.deleted;
    let wrapped = view.dek_subjects(&name("k"), false).unwrap().len();
    assert_eq!(wrapped, created);
    assert_eq!(is_deleted, created == 0, "{created} keys were created");
}
