//! What the registry decides, on a real store in a temporary folder. Expected results are those of `semantics.md`,
//! section 16 and the places named.

use std::sync::atomic::{AtomicBool, Ordering};

use registry_core::{
    Caller, Deletion, Error, Latest, RegisterOptions, Registry, RegistryOptions, Scope, Subject,
    Submission, SubmittedReference, Version, VersionSpec,
};
use tempfile::TempDir;

struct Fixture {
    registry: Registry,
    folder: TempDir,
}

fn open() -> Fixture {
    let folder = TempDir::new().expect("a temporary folder");
    let registry =
        Registry::open(folder.path(), RegistryOptions::default()).expect("an empty folder opens");
    Fixture { registry, folder }
}

fn json(text: &str) -> Submission {
    Submission {
        text: Some(text.to_owned()),
        schema_type: Some("JSON".to_owned()),
        ..Submission::default()
    }
}

fn register(
    registry: &Registry,
    subject: &str,
    submission: &Submission,
) -> Result<(u32, u32), Error> {
    let registered = registry.register(
        &Caller::local(),
        &Subject::parse(subject),
        submission,
        RegisterOptions::default(),
    )?;
    Ok((registered.id.get(), registered.version.get()))
}

fn number(version: i64) -> VersionSpec {
    VersionSpec::Number(Version::new(version).expect("a version number"))
}

const A: &str = r#"{"type":"string"}"#;
const B: &str = r#"{"type":["string","number"]}"#;

#[test]
fn equal_content_has_one_id_within_a_context_and_each_context_counts_from_one() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    assert_eq!(register(&registry, "x", &json(B)).unwrap(), (1, 1));
    assert_eq!(register(&registry, "a", &json(A)).unwrap(), (2, 1));
    assert_eq!(register(&registry, "b", &json(A)).unwrap(), (2, 1));
    assert_eq!(register(&registry, ":.c:a", &json(A)).unwrap(), (1, 1));
    assert_eq!(register(&registry, "a", &json(A)).unwrap(), (2, 1));
}

#[test]
fn ids_are_not_given_out_again_after_a_permanent_deletion_and_a_restart() {
    let Fixture { registry, folder } = open();
    let subject = Subject::parse("s");
    assert_eq!(register(&registry, "s", &json(A)).unwrap(), (1, 1));
    registry
        .delete_subject(&Caller::local(), &subject, Deletion::Soft)
        .unwrap();
    registry
        .delete_subject(&Caller::local(), &subject, Deletion::Permanent)
        .unwrap();
    drop(registry);
    let registry = Registry::open(folder.path(), RegistryOptions::default()).unwrap();
    assert_eq!(registry.view().latest(&subject).unwrap(), Latest::Missing);
    assert_eq!(register(&registry, "s", &json(A)).unwrap(), (2, 1));
}

#[test]
fn content_of_a_softly_deleted_version_comes_back_as_a_new_version_with_its_old_id() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let subject = Subject::parse("s");
    register(&registry, "s", &json(A)).unwrap();
    registry
        .delete_version(&Caller::local(), &subject, number(1), Deletion::Soft)
        .unwrap();
    assert_eq!(register(&registry, "s", &json(A)).unwrap(), (1, 2));
    let left: Vec<u32> = registry
        .view()
        .versions(&subject)
        .unwrap()
        .iter()
        .map(|version| version.version.get())
        .collect();
    assert_eq!(left, [2]);
}

#[test]
fn a_version_that_is_referred_to_cannot_be_deleted() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    register(&registry, "base", &json(A)).unwrap();
    let reference = SubmittedReference {
        name: Some("base.json".to_owned()),
        subject: Some("base".to_owned()),
        version: Some(-1),
    };
    let user = Submission {
        references: vec![reference],
        ..json(r#"{"$ref":"base.json"}"#)
    };
    register(&registry, "user", &user).unwrap();
    let base = Subject::parse("base");
    let refused = registry.delete_version(&Caller::local(), &base, number(1), Deletion::Soft);
    assert!(
        matches!(refused, Err(Error::ReferencesExist { .. })),
        "{refused:?}"
    );
    registry
        .delete_subject(&Caller::local(), &Subject::parse("user"), Deletion::Soft)
        .unwrap();
    registry
        .delete_version(&Caller::local(), &base, number(1), Deletion::Soft)
        .unwrap();
    let refused = registry.delete_version(&Caller::local(), &base, number(1), Deletion::Permanent);
    assert!(
        matches!(refused, Err(Error::ReferencesExist { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_reference_to_a_schema_of_another_type_is_said_to_be_one() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let of = |schema_type: &str, text: &str| Submission {
        schema_type: Some(schema_type.to_owned()),
        ..json(text)
    };
    let record = r#"{"type":"record","name":"R","fields":[]}"#;
    register(&registry, "avro", &of("AVRO", record)).unwrap();
    let message = "syntax = \"proto3\"; message M {}";
    register(&registry, "protobuf", &of("PROTOBUF", message)).unwrap();
    register(&registry, "json", &json(r#"{"type":"object"}"#)).unwrap();
    let uses = r#"{"type":"record","name":"U","fields":[{"name":"f","type":"x"}]}"#;
    let imports = "syntax = \"proto3\"; import \"x\"; message U {}";
    for (sent, subject, other) in [
        (of("AVRO", uses), "protobuf", "PROTOBUF"),
        (of("AVRO", uses), "json", "JSON"),
        (of("PROTOBUF", imports), "avro", "AVRO"),
        (json(r#"{"$ref":"x"}"#), "avro", "AVRO"),
    ] {
        let reference = SubmittedReference {
            name: Some("x".to_owned()),
            subject: Some(subject.to_owned()),
            version: Some(1),
        };
        let sent = Submission {
            references: vec![reference],
            ..sent
        };
        let refused = register(&registry, "user", &sent).unwrap_err().to_string();
        let reason = format!(": this is a schema of type {other}, in the reference \"x\"");
        assert!(refused.ends_with(&reason), "{refused}");
    }
}

#[test]
fn racing_registrations_of_one_content_get_one_id_and_of_many_contents_get_each_their_own() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let (same, own): (Vec<u32>, Vec<u32>) = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|thread| {
                let registry = &registry;
                scope.spawn(move || {
                    let same = register(registry, &format!("same-{thread}"), &json(A))
                        .unwrap()
                        .0;
                    let text = format!(r#"{{"type":"string","title":"{thread}"}}"#);
                    (
                        same,
                        register(registry, &format!("own-{thread}"), &json(&text))
                            .unwrap()
                            .0,
                    )
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .unzip()
    });
    assert!(same.iter().all(|id| *id == same[0]), "{same:?}");
    let mut ids = [own.as_slice(), &same[..1]].concat();
    ids.sort_unstable();
    assert_eq!(ids, (1..=17).collect::<Vec<u32>>());
}

#[test]
fn a_question_beside_writes_is_answered_from_one_moment() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let subject = Subject::parse("s");
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                // A version whose content has gone is of no moment.
                let found = registry.ask(|view| match view.latest(&subject) {
                    Ok(Latest::Active(version)) => view.stored(&subject, version).map(|_| ()),
                    other => other.map(|_| ()),
                });
                if let Err(fault) = found {
                    return Some(fault.to_string());
                }
            }
            None
        });
        for _ in 0..300 {
            register(&registry, "s", &json(A)).unwrap();
            for deletion in [Deletion::Soft, Deletion::Permanent] {
                registry
                    .delete_subject(&Caller::local(), &subject, deletion)
                    .unwrap();
            }
        }
        is_over.store(true, Ordering::Relaxed);
        assert_eq!(asking.join().unwrap(), None);
    });
}

#[test]
fn racing_registrations_in_one_subject_get_versions_without_gaps() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    let update = registry_core::ConfigUpdate {
        level: registry_core::Update::Set(compat_rules::Level::None),
        ..registry_core::ConfigUpdate::default()
    };
    registry
        .put_config(&Caller::local(), &Scope::top_level(), update)
        .unwrap();
    let mut versions: Vec<u32> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                let registry = &registry;
                scope.spawn(move || {
                    let text = format!(r#"{{"type":"string","title":"{thread}"}}"#);
                    register(registry, "s", &json(&text)).unwrap().1
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    versions.sort_unstable();
    assert_eq!(versions, (1..=8).collect::<Vec<u32>>());
}

#[test]
fn the_last_id_can_be_imported_but_no_id_comes_after_it() {
    let Fixture {
        registry,
        folder: _folder,
    } = open();
    registry
        .put_mode(&Caller::local(), &Scope::top_level(), Some("IMPORT"), false)
        .unwrap();
    let last = Submission {
        id: registry_core::SchemaId::new(i64::from(i32::MAX)),
        ..json(A)
    };
    register(&registry, "s", &last).unwrap();
    registry
        .put_mode(
            &Caller::local(),
            &Scope::top_level(),
            Some("READWRITE"),
            false,
        )
        .unwrap();
    let refused = register(&registry, "t", &json(B));
    assert!(matches!(refused, Err(Error::NoIdLeft)), "{refused:?}");
    assert!(registry.is_healthy());
}

#[test]
fn a_directory_in_use_or_of_a_newer_format_is_refused_and_left_alone() {
    let Fixture { registry, folder } = open();
    let again = Registry::open(folder.path(), RegistryOptions::default());
    assert!(
        again
            .unwrap_err()
            .to_string()
            .ends_with("is in use by another process")
    );
    drop(registry);
    std::fs::write(folder.path().join("FORMAT"), "4\n").unwrap();
    let newer = Registry::open(folder.path(), RegistryOptions::default());
    assert!(
        newer
            .unwrap_err()
            .to_string()
            .contains("has format version 4, but this version reads up to 3")
    );
}

#[test]
fn the_revision_moves_with_every_change_and_with_nothing_else() {
    let Fixture { registry, folder } = open();
    let mut last = registry.revision();
    let mut moved = || {
        let now = registry.revision();
        std::mem::replace(&mut last, now) < now
    };
    register(&registry, "s", &json(A)).unwrap();
    assert!(moved(), "a registration");
    register(&registry, "s", &json(A)).unwrap();
    registry
        .lookup(&Subject::parse("s"), &json(A), false, false)
        .unwrap();
    assert_eq!(registry.view().revision(), registry.revision());
    assert!(!moved(), "finding what is there");
    let scope = Scope::of(Subject::parse("s"));
    registry
        .put_mode(&Caller::local(), &scope, Some("READONLY"), false)
        .unwrap();
    assert!(moved(), "a mode");
    registry
        .put_mode(&Caller::local(), &scope, None, false)
        .unwrap();
    assert!(moved(), "no mode");
    registry
        .delete_subject(&Caller::local(), &Subject::parse("s"), Deletion::Soft)
        .unwrap();
    assert!(moved(), "a deletion");
    drop(registry);
    let again = Registry::open(folder.path(), RegistryOptions::default()).unwrap();
    assert_eq!(again.revision(), last);
}
