//! Who wraps a key, and who is given it in the clear.

use super::fixture::*;

#[test]
fn a_kek_is_created_once_and_comes_back_by_being_created_again_after_a_deletion() {
    // [1]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let kek1 = kek("kek1", false);
    registry.create_kek(&Caller::local(), &kek1, false).unwrap();
    let again = registry.create_kek(&Caller::local(), &kek1, false);
    assert_eq!(refused(again), KeyError::Exists("kek1".into()));
    registry
        .delete_kek(&Caller::local(), &name("kek1"), Deletion::Soft)
        .unwrap();
    let documented = SubmittedKek {
        doc: Some("other".into()),
        ..kek1.clone()
    };
    let other = registry.create_kek(&Caller::local(), &documented, false);
    assert_eq!(refused(other), KeyError::Exists("kek1".into()));
    assert!(
        !registry
            .create_kek(&Caller::local(), &kek1, false)
            .unwrap()
            .kek
            .deleted
    );
    let deleted = SubmittedKek {
        deleted: true,
        ..kek1
    };
    assert!(
        registry
            .create_kek(&Caller::local(), &deleted, false)
            .unwrap()
            .kek
            .deleted
    );
}

#[test]
fn a_kek_is_deleted_softly_and_then_for_good() {
    // [2], [12]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let kek1 = name("kek1");
    let missing = KeyError::NotFound("kek1".into());
    registry
        .create_kek(&Caller::local(), &kek("kek1", false), false)
        .unwrap();
    let too_soon = registry.delete_kek(&Caller::local(), &kek1, Deletion::Permanent);
    assert_eq!(refused(too_soon), KeyError::NotSoftDeleted("kek1".into()));
    registry
        .delete_kek(&Caller::local(), &kek1, Deletion::Soft)
        .unwrap();
    registry
        .delete_kek(&Caller::local(), &kek1, Deletion::Soft)
        .unwrap();
    assert_eq!(refused(shared_from(&registry, "kek1")), missing);
    let view = registry.view();
    assert_eq!(refused(view.kek_named(&kek1, false)), missing);
    assert!(view.kek_named(&kek1, true).unwrap().kek.deleted);
    assert_eq!(view.kek_names(false).unwrap(), []);
    assert_eq!(view.kek_names(true).unwrap(), std::slice::from_ref(&kek1));
    drop(view);
    registry
        .delete_kek(&Caller::local(), &kek1, Deletion::Permanent)
        .unwrap();
    assert_eq!(refused(registry.view().kek_named(&kek1, true)), missing);
    assert_eq!(
        refused(registry.delete_kek(&Caller::local(), &kek1, Deletion::Soft)),
        missing
    );
    assert_eq!(
        refused(registry.undelete_kek(&Caller::local(), &kek1)),
        missing
    );
    assert_eq!(refused(registry.test_kek(&kek1)), missing);
    let dek = registry.create_dek(
        &Caller::local(),
        &series("kek1", "s"),
        &with_material(),
        false,
    );
    assert_eq!(refused(dek), missing);
}

#[test]
fn an_unshared_kek_takes_wrapped_keys_and_never_unwraps_them() {
    // [3]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .create_kek(&Caller::local(), &kek("kek1", false), false)
        .unwrap();
    let s = series("kek1", "s");
    let without = registry.create_dek(&Caller::local(), &s, &SubmittedDek::default(), false);
    assert_eq!(refused(without), KeyError::Invalid("encryptedKeyMaterial"));
    let created = registry
        .create_dek(&Caller::local(), &s, &with_material(), false)
        .unwrap();
    assert_eq!(created.clear, None);
    assert_eq!(read(&registry, "kek1", "s").unwrap(), created);
    registry
        .delete_deks(&Caller::local(), &s, Deletion::Soft)
        .unwrap();
    let changed = SubmittedDek {
        encrypted: Some("AAAA".to_owned()),
        ..SubmittedDek::default()
    };
    let other = registry.create_dek(&Caller::local(), &s, &changed, false);
    assert_eq!(refused(other), KeyError::Exists("s".into()));
    registry
        .create_dek(&Caller::local(), &s, &with_material(), false)
        .unwrap();
    assert!(!read(&registry, "kek1", "s").unwrap().stored.dek.deleted);
    let again = registry.create_dek(&Caller::local(), &s, &with_material(), false);
    assert_eq!(refused(again), KeyError::Exists("s".into()));
}

#[test]
fn under_a_shared_kek_the_server_makes_keys_and_hands_them_out_in_the_clear() {
    // [4]
    let Fixture { registry, folder } = open();
    registry
        .create_kek(&Caller::local(), &kek("kek1", true), true)
        .unwrap();
    for (subject, algorithm, length) in [
        ("a", DekAlgorithm::Aes128Gcm, 18),
        ("b", DekAlgorithm::Aes256Gcm, 34),
        ("c", DekAlgorithm::Aes256Siv, 66),
    ] {
        let series = DekSeries::new(name("kek1"), Subject::parse(subject), algorithm).unwrap();
        let created = registry
            .create_dek(&Caller::local(), &series, &SubmittedDek::default(), false)
            .unwrap();
        let clear = created.clear.clone().expect("in the clear");
        assert_eq!(
            clear.to_base64().len(),
            base64_length(length),
            "{algorithm}"
        );
        assert_eq!(registry.dek(&series, number(1), false).unwrap(), created);
    }
    drop(registry);
    let raw = read_all(folder.path());
    assert!(!raw.is_empty());
    let registry = Registry::open(folder.path(), options(Some("a secret"))).unwrap();
    let b = registry
        .dek(&series("kek1", "b"), number(1), false)
        .unwrap();
    let clear = b
        .clear
        .expect("in the clear after a restart, too")
        .to_base64();
    assert!(!raw.contains(&*clear), "the clear key is on the disk");
}

fn base64_length(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// Every file of the store, as text.
fn read_all(folder: &std::path::Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            text += &read_all(&path);
        } else {
            text += &String::from_utf8_lossy(&std::fs::read(&path).expect("readable"));
        }
    }
    text
}

#[test]
fn sharing_a_kek_lets_the_server_unwrap_what_was_wrapped_before() {
    // [4], with a key that Confluent's Python client wrapped by the same secret.
    let Fixture {
        registry,
        folder: _folder,
    } = open_with(options(Some("mysecret")));
    registry
        .create_kek(&Caller::local(), &kek("kek1", false), false)
        .unwrap();
    let wrapped = SubmittedDek {
        encrypted: Some(
            "cdQtRI4suXaoebaoQH129pnBHss+zfkGw9sD5Xcoq14N3DXe4gH6LRWS1FQmlDJiODjn9RvR2jk2x9xFMMQ="
                .to_owned(),
        ),
        ..SubmittedDek::default()
    };
    let created = registry.create_dek(&Caller::local(), &series("kek1", "s"), &wrapped, false);
    assert_eq!(created.unwrap().clear, None);
    shared_from(&registry, "kek1").unwrap();
    let clear = read(&registry, "kek1", "s").unwrap().clear.expect("shared");
    assert_eq!(
        *clear.to_base64(),
        "GiD9Xh0FTIspaKKppszfSZr/JRmLFXRUYtsqVFmZqo6tOg=="
    );
}

#[test]
fn a_kek_may_bring_a_secret_of_its_own() {
    let Fixture {
        registry,
        folder: _folder,
    } = open_with(options(None));
    let own = SubmittedKek {
        kms_props: BTreeMap::from([("secret".to_owned(), "mine".to_owned())]),
        ..kek("own", true)
    };
    registry.create_kek(&Caller::local(), &own, true).unwrap();
    let made = registry.create_dek(
        &Caller::local(),
        &series("own", "s"),
        &SubmittedDek::default(),
        false,
    );
    assert!(made.unwrap().clear.is_some());
    let none = registry.create_kek(&Caller::local(), &kek("none", true), true);
    let KeyError::Unusable { doing, cause } = refused(none) else {
        panic!("a trial that fails is the failure of the creation");
    };
    assert_eq!(doing, "creating");
    assert_eq!(
        *cause,
        KeyError::NotWrapped("__TEST".into(), KmsFailure::NoSecret)
    );
}

#[test]
fn in_import_mode_a_new_key_is_handed_out_wrapped_only() {
    // [4]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .create_kek(&Caller::local(), &kek("kek1", true), false)
        .unwrap();
    let s = Scope::Subject(Subject::parse("s"));
    registry
        .put_mode(&Caller::local(), &s, Some("IMPORT"), false)
        .unwrap();
    let created = registry.create_dek(
        &Caller::local(),
        &series("kek1", "s"),
        &SubmittedDek::default(),
        false,
    );
    assert_eq!(created.unwrap().clear, None);
    let other = registry.create_dek(
        &Caller::local(),
        &series("kek1", "t"),
        &SubmittedDek::default(),
        false,
    );
    assert!(other.unwrap().clear.is_some());
}

#[test]
fn rewrapping_changes_the_wrap_and_keeps_the_key() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .create_kek(&Caller::local(), &kek("kek1", true), false)
        .unwrap();
    let s = series("kek1", "s");
    let first = registry
        .create_dek(&Caller::local(), &s, &SubmittedDek::default(), false)
        .unwrap();
    let again = registry.create_dek(&Caller::local(), &s, &SubmittedDek::default(), false);
    assert_eq!(refused(again), KeyError::Exists("s".into()));
    let rewrapped = registry
        .create_dek(&Caller::local(), &s, &SubmittedDek::default(), true)
        .unwrap();
    assert_eq!(rewrapped.clear, first.clear);
    assert_ne!(
        rewrapped.stored.dek.encrypted, first.stored.dek.encrypted,
        "wrapped anew"
    );
    let given = registry.create_dek(&Caller::local(), &s, &with_material(), true);
    assert_eq!(refused(given), KeyError::Exists("s".into()));
}
