//! What the registry decides about keys for the fields of records, on a real store in a temporary folder. Expected
//! results are those of `dek-registry.md`; the numbers in brackets are its pinned cases (section 8).

use std::collections::BTreeMap;

use registry_core::{
    DekAlgorithm, DekSeries, DekVersion, Deletion, Error, KekName, KekUpdate, KeyError,
    KeyServices, KmsFailure, LocalSecret, Registry, RegistryOptions, Scope, ServedDek, StoredKek,
    Subject, SubmittedDek, SubmittedKek, Update, Version, VersionSpec,
};
use tempfile::TempDir;

/// Eight bytes that no service has wrapped, in base64.
const MATERIAL: &str = "AAECAwQFBgc=";

struct Fixture {
    registry: Registry,
    folder: TempDir,
}

fn options(secret: Option<&str>) -> RegistryOptions {
    RegistryOptions {
        key_services: KeyServices {
            local: secret.map(|secret| LocalSecret::new(secret.to_owned())),
        },
        ..RegistryOptions::default()
    }
}

fn open_with(options: RegistryOptions) -> Fixture {
    let folder = TempDir::new().expect("a temporary folder");
    let registry = Registry::open(folder.path(), options).expect("an empty folder opens");
    Fixture { registry, folder }
}

fn open() -> Fixture {
    open_with(options(Some("a secret")))
}

fn kek(name: &str, shared: bool) -> SubmittedKek {
    SubmittedKek {
        name: Some(name.to_owned()),
        kms_type: Some("local-kms".to_owned()),
        kms_key_id: Some("key".to_owned()),
        shared,
        ..SubmittedKek::default()
    }
}

fn name(text: &str) -> KekName {
    KekName::parse(text).expect("a name")
}

fn series(kek: &str, subject: &str) -> DekSeries {
    DekSeries::new(name(kek), Subject::parse(subject), DekAlgorithm::default()).expect("a subject")
}

fn with_material() -> SubmittedDek {
    SubmittedDek {
        encrypted: Some(MATERIAL.to_owned()),
        ..SubmittedDek::default()
    }
}

fn version(number: i32) -> SubmittedDek {
    SubmittedDek {
        version: DekVersion::new(number),
        ..SubmittedDek::default()
    }
}

fn number(version: i64) -> VersionSpec {
    VersionSpec::Number(Version::new(version).expect("a version number"))
}

fn shared_from(registry: &Registry, kek: &str) -> Result<StoredKek, Error> {
    let update = KekUpdate {
        shared: Some(true),
        ..KekUpdate::default()
    };
    registry.update_kek(&name(kek), &update, false)
}

fn read(registry: &Registry, kek: &str, subject: &str) -> Result<ServedDek, Error> {
    registry.dek(&series(kek, subject), number(1), false)
}

/// The refusal of the key registry, which must be one.
#[track_caller]
fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> KeyError {
    match result {
        Err(Error::Key(error)) => error,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn a_kek_is_created_once_and_comes_back_by_being_created_again_after_a_deletion() {
    // [1]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let kek1 = kek("kek1", false);
    registry.create_kek(&kek1, false).unwrap();
    let again = registry.create_kek(&kek1, false);
    assert_eq!(refused(again), KeyError::Exists("kek1".into()));
    registry.delete_kek(&name("kek1"), Deletion::Soft).unwrap();
    let documented = SubmittedKek {
        doc: Some("other".into()),
        ..kek1.clone()
    };
    let other = registry.create_kek(&documented, false);
    assert_eq!(refused(other), KeyError::Exists("kek1".into()));
    assert!(!registry.create_kek(&kek1, false).unwrap().kek.deleted);
    let deleted = SubmittedKek {
        deleted: true,
        ..kek1
    };
    assert!(registry.create_kek(&deleted, false).unwrap().kek.deleted);
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
    registry.create_kek(&kek("kek1", false), false).unwrap();
    let too_soon = registry.delete_kek(&kek1, Deletion::Permanent);
    assert_eq!(refused(too_soon), KeyError::NotSoftDeleted("kek1".into()));
    registry.delete_kek(&kek1, Deletion::Soft).unwrap();
    registry.delete_kek(&kek1, Deletion::Soft).unwrap();
    assert_eq!(refused(shared_from(&registry, "kek1")), missing);
    let view = registry.view();
    assert_eq!(refused(view.kek_named(&kek1, false)), missing);
    assert!(view.kek_named(&kek1, true).unwrap().kek.deleted);
    assert_eq!(view.kek_names(false).unwrap(), []);
    assert_eq!(view.kek_names(true).unwrap(), std::slice::from_ref(&kek1));
    drop(view);
    registry.delete_kek(&kek1, Deletion::Permanent).unwrap();
    assert_eq!(refused(registry.view().kek_named(&kek1, true)), missing);
    assert_eq!(refused(registry.delete_kek(&kek1, Deletion::Soft)), missing);
    assert_eq!(refused(registry.undelete_kek(&kek1)), missing);
    assert_eq!(refused(registry.test_kek(&kek1)), missing);
    let dek = registry.create_dek(&series("kek1", "s"), &with_material(), false);
    assert_eq!(refused(dek), missing);
}

#[test]
fn an_unshared_kek_takes_wrapped_keys_and_never_unwraps_them() {
    // [3]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry.create_kek(&kek("kek1", false), false).unwrap();
    let s = series("kek1", "s");
    let without = registry.create_dek(&s, &SubmittedDek::default(), false);
    assert_eq!(refused(without), KeyError::Invalid("encryptedKeyMaterial"));
    let created = registry.create_dek(&s, &with_material(), false).unwrap();
    assert_eq!(created.clear, None);
    assert_eq!(read(&registry, "kek1", "s").unwrap(), created);
    registry.delete_deks(&s, Deletion::Soft).unwrap();
    let changed = SubmittedDek {
        encrypted: Some("AAAA".to_owned()),
        ..SubmittedDek::default()
    };
    let other = registry.create_dek(&s, &changed, false);
    assert_eq!(refused(other), KeyError::Exists("s".into()));
    registry.create_dek(&s, &with_material(), false).unwrap();
    assert!(!read(&registry, "kek1", "s").unwrap().stored.dek.deleted);
    let again = registry.create_dek(&s, &with_material(), false);
    assert_eq!(refused(again), KeyError::Exists("s".into()));
}

#[test]
fn under_a_shared_kek_the_server_makes_keys_and_hands_them_out_in_the_clear() {
    // [4]
    let Fixture { registry, folder } = open();
    registry.create_kek(&kek("kek1", true), true).unwrap();
    for (subject, algorithm, length) in [
        ("a", DekAlgorithm::Aes128Gcm, 18),
        ("b", DekAlgorithm::Aes256Gcm, 34),
        ("c", DekAlgorithm::Aes256Siv, 66),
    ] {
        let series = DekSeries::new(name("kek1"), Subject::parse(subject), algorithm).unwrap();
        let created = registry
            .create_dek(&series, &SubmittedDek::default(), false)
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
    registry.create_kek(&kek("kek1", false), false).unwrap();
    let wrapped = SubmittedDek {
        encrypted: Some(
            "cdQtRI4suXaoebaoQH129pnBHss+zfkGw9sD5Xcoq14N3DXe4gH6LRWS1FQmlDJiODjn9RvR2jk2x9xFMMQ="
                .to_owned(),
        ),
        ..SubmittedDek::default()
    };
    let created = registry.create_dek(&series("kek1", "s"), &wrapped, false);
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
    registry.create_kek(&own, true).unwrap();
    let made = registry.create_dek(&series("own", "s"), &SubmittedDek::default(), false);
    assert!(made.unwrap().clear.is_some());
    let none = registry.create_kek(&kek("none", true), true);
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
    registry.create_kek(&kek("kek1", true), false).unwrap();
    let s = Scope::Subject(Subject::parse("s"));
    registry.put_mode(&s, Some("IMPORT"), false).unwrap();
    let created = registry.create_dek(&series("kek1", "s"), &SubmittedDek::default(), false);
    assert_eq!(created.unwrap().clear, None);
    let other = registry.create_dek(&series("kek1", "t"), &SubmittedDek::default(), false);
    assert!(other.unwrap().clear.is_some());
}

#[test]
fn rewrapping_changes_the_wrap_and_keeps_the_key() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry.create_kek(&kek("kek1", true), false).unwrap();
    let s = series("kek1", "s");
    let first = registry
        .create_dek(&s, &SubmittedDek::default(), false)
        .unwrap();
    let again = registry.create_dek(&s, &SubmittedDek::default(), false);
    assert_eq!(refused(again), KeyError::Exists("s".into()));
    let rewrapped = registry
        .create_dek(&s, &SubmittedDek::default(), true)
        .unwrap();
    assert_eq!(rewrapped.clear, first.clear);
    assert_ne!(
        rewrapped.stored.dek.encrypted, first.stored.dek.encrypted,
        "wrapped anew"
    );
    let given = registry.create_dek(&s, &with_material(), true);
    assert_eq!(refused(given), KeyError::Exists("s".into()));
}

#[test]
fn versions_are_chosen_by_clients_and_the_latest_is_the_highest() {
    // [5]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry.create_kek(&kek("kek1", true), false).unwrap();
    let s = series("kek1", "s");
    for wanted in [7, 1, 2] {
        registry.create_dek(&s, &version(wanted), false).unwrap();
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
    registry.delete_dek(&s, number(7), Deletion::Soft).unwrap();
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
    registry.create_kek(&kek("kek1", false), false).unwrap();
    registry.create_dek(&s, &with_material(), false).unwrap();
    let in_use = KeyError::HasDeks("kek1".into());
    assert_eq!(refused(registry.delete_kek(&kek1, Deletion::Soft)), in_use);
    registry.delete_deks(&s, Deletion::Soft).unwrap();
    let hard = registry.delete_kek(&kek1, Deletion::Permanent);
    assert_eq!(refused(hard), in_use);
    registry.delete_kek(&kek1, Deletion::Soft).unwrap();
    registry.delete_deks(&s, Deletion::Permanent).unwrap();
    registry.delete_kek(&kek1, Deletion::Permanent).unwrap();
}

#[test]
fn deks_are_deleted_softly_and_then_for_good_all_or_one_by_one() {
    // [7]
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let s = series("kek1", "s");
    registry.create_kek(&kek("kek1", true), false).unwrap();
    for wanted in [1, 2] {
        registry.create_dek(&s, &version(wanted), false).unwrap();
    }
    let active = KeyError::NotSoftDeleted("s".into());
    let hard = |spec| registry.delete_dek(&s, spec, Deletion::Permanent);
    assert_eq!(refused(hard(number(1))), active);
    registry.delete_dek(&s, number(1), Deletion::Soft).unwrap();
    registry.delete_dek(&s, number(1), Deletion::Soft).unwrap();
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
    let all = registry.delete_deks(&s, Deletion::Permanent);
    assert_eq!(refused(all), active);
    registry.undelete_dek(&s, number(1)).unwrap();
    registry.dek(&s, number(1), false).unwrap();
    registry.delete_deks(&s, Deletion::Soft).unwrap();
    hard(number(1)).unwrap();
    assert_eq!(refused(hard(number(1))), missing);
    registry.undelete_deks(&s).unwrap();
    registry.dek(&s, number(2), false).unwrap();
    registry.delete_deks(&s, Deletion::Soft).unwrap();
    registry.delete_deks(&s, Deletion::Permanent).unwrap();
    assert_eq!(refused(registry.undelete_deks(&s)), missing);
}

#[test]
fn deleting_the_latest_version_by_that_word_changes_nothing() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let s = series("kek1", "s");
    registry.create_kek(&kek("kek1", true), false).unwrap();
    registry.create_dek(&s, &version(1), false).unwrap();
    registry
        .delete_dek(&s, VersionSpec::Latest, Deletion::Soft)
        .unwrap();
    registry.dek(&s, number(1), false).unwrap();
    let none = registry.delete_dek(&series("kek1", "t"), VersionSpec::Latest, Deletion::Soft);
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
    registry.create_kek(&kek("kek1", true), false).unwrap();
    registry.create_dek(&s, &version(1), false).unwrap();
    registry.delete_deks(&s, Deletion::Soft).unwrap();
    registry.delete_kek(&kek1, Deletion::Soft).unwrap();
    let hidden = registry.dek(&s, number(1), false);
    assert_eq!(refused(hidden), KeyError::NotFound("kek1".into()));
    registry.dek(&s, number(1), true).unwrap();
    let first = KeyError::KekSoftDeleted("kek1".into());
    assert_eq!(refused(registry.undelete_deks(&s)), first);
    assert_eq!(refused(registry.undelete_dek(&s, number(1))), first);
    registry.undelete_kek(&kek1).unwrap();
    registry.undelete_deks(&s).unwrap();
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
        registry.create_kek(&kek(kek_name, true), false).unwrap();
        registry
            .create_dek(&series(kek_name, subject), &version(1), false)
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
        .delete_deks(&series("b", "foo-1"), Deletion::Soft)
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
    registry.create_kek(&foreign, false).unwrap();
    let s = series("k", "s");
    registry.create_dek(&s, &with_material(), false).unwrap();
    shared_from(&registry, "k").unwrap();
    let no_service = KmsFailure::NoService("own-kms://x".into());
    let unread = KeyError::NotUnwrapped("s".into(), no_service.clone());
    assert_eq!(refused(registry.dek(&s, number(1), false)), unread);
    let new = registry.create_dek(&series("k", "t"), &version(1), false);
    let unmade = KeyError::NotWrapped("t".into(), no_service.clone());
    assert_eq!(refused(new), unmade);
    let test = registry.test_kek(&name("k"));
    let untried = KeyError::NotWrapped("__TEST".into(), no_service);
    assert_eq!(refused(test), untried);
    let one = registry.delete_dek(&s, number(1), Deletion::Soft);
    let unread = KeyError::Unusable {
        doing: "retrieving",
        cause: Box::new(unread),
    };
    assert_eq!(refused(one), unread);
    registry.delete_deks(&s, Deletion::Soft).unwrap();
}

#[test]
fn a_key_that_cannot_be_unwrapped_again_is_not_stored() {
    // [11]. The local service unwraps whatever it has wrapped, so a key that it has not wrapped is brought along.
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry.create_kek(&kek("k", true), false).unwrap();
    let s = series("k", "s");
    for _ in 0..2 {
        let foreign = registry.create_dek(&s, &with_material(), false);
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
    let created = registry.create_kek(&documented, false).unwrap();
    let update = |update: KekUpdate| registry.update_kek(&name("k"), &update, false).unwrap();
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
    registry.create_kek(&kek("k", false), true).unwrap();
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
        registry.create_kek(&kek(name, false), false).unwrap();
    }
    let further = registry.create_kek(&kek("c", false), false);
    assert_eq!(refused(further), KeyError::TooMany(1));
    for subject in ["s", "t"] {
        let created = registry.create_dek(&series("a", subject), &with_material(), false);
        created.unwrap();
    }
    let further = registry.create_dek(&series("a", "s"), &with_material(), false);
    assert_eq!(refused(further), KeyError::TooMany(1));
}

#[test]
fn a_kek_is_not_deleted_under_the_keys_that_others_are_creating() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry.create_kek(&kek("k", false), false).unwrap();
    let subjects: Vec<String> = (0..64).map(|number| format!("s-{number}")).collect();
    let created = std::thread::scope(|scope| {
        let creator = scope.spawn(|| {
            let create = |subject: &&String| {
                let series = series("k", subject);
                registry
                    .create_dek(&series, &with_material(), false)
                    .is_ok()
            };
            subjects.iter().take_while(create).count()
        });
        while !creator.is_finished() {
            if registry.delete_kek(&name("k"), Deletion::Soft).is_ok() {
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
