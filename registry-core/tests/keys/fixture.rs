//! A registry with a local key service, and what the tests send to it.

pub(super) use std::collections::BTreeMap;

pub(super) use registry_core::{
    Caller, DekAlgorithm, DekSeries, DekVersion, Deletion, Error, KekName, KekUpdate, KeyError,
    KeyServices, KmsFailure, LocalSecret, Registry, RegistryOptions, Scope, ServedDek, StoredKek,
    Subject, SubmittedDek, SubmittedKek, Update, Version, VersionSpec,
};
pub(super) use tempfile::TempDir;

/// Eight bytes that no service has wrapped, in base64.
pub(super) const MATERIAL: &str = "AAECAwQFBgc=";

pub(super) struct Fixture {
    pub(super) registry: Registry,
    pub(super) folder: TempDir,
}

pub(super) fn options(secret: Option<&str>) -> RegistryOptions {
    RegistryOptions {
        key_services: KeyServices {
            local: secret.map(|secret| LocalSecret::new(secret.to_owned())),
        },
        ..RegistryOptions::default()
    }
}

pub(super) fn open_with(options: RegistryOptions) -> Fixture {
    let folder = TempDir::new().expect("a temporary folder");
    let registry = Registry::open(folder.path(), options).expect("an empty folder opens");
    Fixture { registry, folder }
}

pub(super) fn open() -> Fixture {
    open_with(options(Some("a secret")))
}

pub(super) fn kek(name: &str, shared: bool) -> SubmittedKek {
    SubmittedKek {
        name: Some(name.to_owned()),
        kms_type: Some("local-kms".to_owned()),
        kms_key_id: Some("key".to_owned()),
        shared,
        ..SubmittedKek::default()
    }
}

pub(super) fn name(text: &str) -> KekName {
    KekName::parse(text).expect("a name")
}

pub(super) fn series(kek: &str, subject: &str) -> DekSeries {
    DekSeries::new(name(kek), Subject::parse(subject), DekAlgorithm::default()).expect("a subject")
}

pub(super) fn with_material() -> SubmittedDek {
    SubmittedDek {
        encrypted: Some(MATERIAL.to_owned()),
        ..SubmittedDek::default()
    }
}

pub(super) fn version(number: i32) -> SubmittedDek {
    SubmittedDek {
        version: DekVersion::new(number),
        ..SubmittedDek::default()
    }
}

pub(super) fn number(version: i64) -> VersionSpec {
    VersionSpec::Number(Version::new(version).expect("a version number"))
}

pub(super) fn shared_from(registry: &Registry, kek: &str) -> Result<StoredKek, Error> {
    let update = KekUpdate {
        shared: Some(true),
        ..KekUpdate::default()
    };
    registry.update_kek(&Caller::local(), &name(kek), &update, false)
}

pub(super) fn read(registry: &Registry, kek: &str, subject: &str) -> Result<ServedDek, Error> {
    registry.dek(&series(kek, subject), number(1), false)
}

/// The refusal of the key registry, which must be one.
#[track_caller]
pub(super) fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> KeyError {
    match result {
        Err(Error::Key(error)) => error,
        other => panic!("expected a refusal, got {other:?}"),
    }
}
