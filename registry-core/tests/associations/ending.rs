//! Associations end, and what that means for their subjects.

use registry_core::{
    AssociationFilter, AssociationType, Caller, Deletion, Error, Intent, Latest, Version,
    VersionSpec,
};

use crate::{A, B, OWNED, of_key, open, strong, subject, topic, weak};

#[test]
fn an_associated_subject_keeps_an_active_version() {
    let fixture = open();
    fixture.register("s", A);
    fixture.register("s", B);
    fixture.create("r", weak("s")).unwrap();
    let delete = |number, deletion| {
        let version = VersionSpec::Number(Version::new(number).expect("a version"));
        fixture
            .registry
            .delete_version(&Caller::local(), &subject("s"), version, deletion)
    };
    let refused = fixture
        .registry
        .delete_subject(&Caller::local(), &subject("s"), Deletion::Soft);
    assert!(
        matches!(refused, Err(Error::SubjectAssociated(_))),
        "{refused:?}"
    );
    delete(1, Deletion::Soft).unwrap();
    delete(1, Deletion::Permanent).unwrap();
    let refused = delete(2, Deletion::Soft);
    assert!(
        matches!(refused, Err(Error::LastVersionAssociated)),
        "{refused:?}"
    );
    fixture.delete("r", false).unwrap();
    delete(2, Deletion::Soft).unwrap();
}

#[test]
fn what_is_owned_goes_only_with_its_topic() {
    let fixture = open();
    let none = fixture.delete("r", true);
    assert!(matches!(none, Err(Error::AssociationNotFound(id)) if id == "r"));
    fixture.create("r", strong(A)).unwrap();
    fixture.upsert("r", strong(B)).unwrap();
    let version = VersionSpec::Number(Version::FIRST);
    fixture
        .registry
        .delete_version(&Caller::local(), &subject(OWNED), version, Deletion::Soft)
        .unwrap();
    let alone = fixture.delete("r", false);
    assert!(
        matches!(alone, Err(Error::AssociationFrozen { .. })),
        "{alone:?}"
    );
    let filter = AssociationFilter::default();
    fixture
        .registry
        .dissociate(&Caller::local(), "r", &filter, true, true)
        .unwrap();
    assert_eq!(fixture.versions(OWNED), [1, 2], "a dry run");
    fixture.delete("r", true).unwrap();
    let latest = fixture.registry.view().latest(&subject(OWNED)).unwrap();
    assert_eq!(latest, Latest::Missing);
    assert!(fixture.bound("r").is_empty());
    fixture.assert_sound();
}

#[test]
fn a_weak_association_leaves_its_subject_behind() {
    let fixture = open();
    fixture.register("s", A);
    let both = vec![weak("s"), of_key(weak("s"))];
    fixture
        .bind(Intent::Create, topic("orders", "r"), both)
        .unwrap();
    let keys = AssociationFilter {
        types: vec!["key".to_owned()],
        ..AssociationFilter::default()
    };
    fixture
        .registry
        .dissociate(&Caller::local(), "r", &keys, true, false)
        .unwrap();
    let left = fixture.bound("r");
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].association_type, AssociationType::Value);
    assert_eq!(fixture.versions("s"), [1]);
}
