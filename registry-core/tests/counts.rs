//! What the registry says it holds, after changes of every kind. Each figure is counted by hand.

use registry_core::{
    ByFormat, Caller, Context, Counts, Deletion, RegisterOptions, Registry, RegistryOptions,
    Subject, Submission, Version, VersionSpec,
};
use tempfile::TempDir;

fn submission(format: &str, text: &str) -> Submission {
    Submission {
        text: Some(text.to_owned()),
        schema_type: Some(format.to_owned()),
        ..Submission::default()
    }
}

fn register(registry: &Registry, subject: &str, submission: &Submission) {
    registry
        .register(
            &Caller::local(),
            &Subject::parse(subject),
            submission,
            RegisterOptions::default(),
        )
        .expect("a good schema");
}

fn delete_first(registry: &Registry, subject: &str, deletion: Deletion) {
    let first = VersionSpec::Number(Version::FIRST);
    registry
        .delete_version(&Caller::local(), &Subject::parse(subject), first, deletion)
        .expect("it is there");
}

fn delete(registry: &Registry, subject: &str, deletion: Deletion) {
    registry
        .delete_subject(&Caller::local(), &Subject::parse(subject), deletion)
        .expect("it is there");
}

fn counts(registry: &Registry) -> Vec<(Context, Counts)> {
    registry.view().counts().expect("the store reads")
}

fn numbers(avro: u64, json: u64, protobuf: u64) -> ByFormat {
    ByFormat {
        avro,
        json,
        protobuf,
    }
}

/// Registers something of each format; returns a schema of subjects `a` and `b`, and what the default context holds.
fn fill(registry: &Registry) -> (Submission, Counts) {
    let string = submission("JSON", r#"{"type":"string"}"#);
    let wider = submission("JSON", r#"{"type":["string","number"]}"#);
    register(registry, "a", &string);
    register(registry, "a", &wider);
    register(registry, "a", &wider); // Changes nothing.
    register(registry, "b", &string); // The same content.
    register(registry, "c", &submission("AVRO", r#""int""#));
    register(registry, ":.x:a", &submission("PROTOBUF", "message M {}"));
    let full = Counts {
        subjects: 3,
        versions: numbers(1, 3, 0),
        deleted_versions: numbers(0, 0, 0),
        schemas: numbers(1, 2, 0),
    };
    (string, full)
}

#[test]
fn registering_is_counted_by_context_and_format() {
    let folder = TempDir::new().expect("a temporary folder");
    let registry = Registry::open(folder.path(), RegistryOptions::default()).expect("it opens");
    assert_eq!(counts(&registry), []);
    let (_, full) = fill(&registry);
    let elsewhere = Counts {
        subjects: 1,
        versions: numbers(0, 0, 1),
        deleted_versions: numbers(0, 0, 0),
        schemas: numbers(0, 0, 1),
    };
    let other = Subject::parse(":.x:a").context;
    let both = [(Context::default_context(), full), (other, elsewhere)];
    assert_eq!(counts(&registry), both);
}

#[test]
fn deleting_and_coming_back_are_counted_too() {
    let folder = TempDir::new().expect("a temporary folder");
    let open = || Registry::open(folder.path(), RegistryOptions::default()).expect("it opens");
    let registry = open();
    let (string, full) = fill(&registry);
    let default = Context::default_context();
    let of_default = |registry: &Registry| counts(registry)[0].clone();

    delete_first(&registry, "a", Deletion::Soft);
    let fewer = Counts {
        versions: numbers(1, 2, 0),
        deleted_versions: numbers(0, 1, 0),
        ..full
    };
    assert_eq!(of_default(&registry), (default.clone(), fewer));
    delete_first(&registry, "a", Deletion::Permanent);
    let gone = Counts {
        deleted_versions: numbers(0, 0, 0),
        ..fewer
    };
    assert_eq!(of_default(&registry), (default.clone(), gone));

    delete(&registry, "a", Deletion::Soft);
    delete(&registry, "b", Deletion::Soft);
    let mostly_deleted = Counts {
        subjects: 1,
        versions: numbers(1, 0, 0),
        deleted_versions: numbers(0, 2, 0),
        schemas: numbers(1, 2, 0),
    };
    assert_eq!(of_default(&registry), (default.clone(), mostly_deleted));
    // A new version of the content that is there; the deleted one makes room for it (`semantics.md` section 3, 16).
    register(&registry, "b", &string);
    let back = Counts {
        subjects: 2,
        versions: numbers(1, 1, 0),
        deleted_versions: numbers(0, 1, 0),
        ..mostly_deleted
    };
    assert_eq!(of_default(&registry), (default.clone(), back));

    drop(registry);
    let registry = open();
    assert_eq!(of_default(&registry), (default.clone(), back));
    delete(&registry, ":.x:a", Deletion::Soft);
    delete(&registry, ":.x:a", Deletion::Permanent);
    assert_eq!(counts(&registry), [(default, back)]);
}
