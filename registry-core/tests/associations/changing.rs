//! A topic that exists already, imports, read-only subjects, dry runs.

use registry_core::{
    AssociationMutation, AssociationOp, AssociationType, AssociationWish, Caller, Context, Error,
    Lifecycle, RegisterOptions, SchemaId, Scope, Submission, WantedVersion,
};

use crate::{A, B, OWNED, json, of_key, open, strong, subject, topic, weak, wrong};

#[test]
fn a_dry_run_says_no_where_the_real_one_would_and_writes_nothing() {
    let fixture = open();
    assert_eq!(fixture.dry_run("", strong(A)).unwrap(), []);
    let refused = fixture.dry_run("", strong("{"));
    assert!(
        matches!(refused, Err(Error::InvalidSchema(_))),
        "{refused:?}"
    );
    assert!(fixture.versions(OWNED).is_empty());
    assert_eq!(fixture.registry.view().contexts().unwrap().len(), 1);

    // The topic is found by its name as long as its id is not known.
    fixture.create("r", strong(A)).unwrap();
    assert_eq!(fixture.dry_run("", strong(A)).unwrap(), []);
    let refused = fixture.dry_run("", strong(B));
    assert!(matches!(refused, Err(Error::ResourceAssociated { .. })));
    fixture.register("s", A);
    assert_eq!(wrong(fixture.dry_run("", of_key(weak("s")))), "lifecycle");
}

#[test]
fn a_name_without_an_id_means_the_topic_that_changed_last() {
    let fixture = open();
    fixture.register("s", A);
    fixture.create("a-older", of_key(strong(A))).unwrap();
    fixture.create("z-newer", weak("s")).unwrap();
    // Both together would be of two lifecycles; but they are two topics.
    assert_eq!(fixture.dry_run("", weak("s")).unwrap(), []);
}

#[test]
fn an_existing_topic_gets_weak_associations_only() {
    let fixture = open();
    fixture.register("s", A);
    assert_eq!(wrong(fixture.upsert("r", strong(A))), "schema");
    let owned = AssociationWish {
        lifecycle: Some(Lifecycle::Strong),
        ..AssociationWish::default()
    };
    assert_eq!(wrong(fixture.upsert("r", owned)), "lifecycle");
    let written = fixture.upsert("r", weak("s")).unwrap();
    assert_eq!(written[0].association.lifecycle, Lifecycle::Weak);
    assert_eq!(fixture.upsert("r", weak("s")).unwrap(), []);
}

#[test]
fn of_an_existing_association_nothing_can_be_changed_but_the_schema_that_it_owns() {
    let fixture = open();
    fixture.register("s", A);
    fixture.register("t", A);
    fixture.create("weak", weak("s")).unwrap();
    let lifecycle = |lifecycle| AssociationWish {
        lifecycle: Some(lifecycle),
        ..AssociationWish::default()
    };
    let moved = AssociationWish {
        subject: Some("t".to_owned()),
        ..lifecycle(Lifecycle::Weak)
    };
    assert_eq!(wrong(fixture.upsert("weak", moved)), "subject");
    assert_eq!(wrong(fixture.upsert("weak", weak("t"))), "lifecycle");
    assert_eq!(wrong(fixture.upsert("weak", strong(A))), "lifecycle");
    let promoted = fixture.upsert("weak", lifecycle(Lifecycle::Strong));
    assert_eq!(wrong(promoted), "frozen");

    fixture.create("owner", strong(A)).unwrap();
    let before = fixture.bound("owner");
    let demoted = fixture.upsert("owner", lifecycle(Lifecycle::Weak));
    assert_eq!(wrong(demoted), "lifecycle");
    let written = fixture.upsert("owner", strong(B)).unwrap();
    assert_eq!(written.len(), 1);
    assert_eq!(fixture.versions(OWNED), [1, 2]);
    assert_eq!(fixture.bound("owner"), before);
    let refused = fixture.upsert("owner", strong(r#"{"type":"boolean"}"#));
    assert!(
        matches!(refused, Err(Error::Incompatible { .. })),
        "{refused:?}"
    );
    fixture.assert_sound();
}

#[test]
fn an_import_brings_its_schemas_before_its_associations() {
    let fixture = open();
    let mode = |mode| {
        let scope = Scope::of(subject(OWNED));
        fixture
            .registry
            .put_mode(&Caller::local(), &scope, Some(mode), true)
            .unwrap();
    };
    let owned = AssociationWish {
        lifecycle: Some(Lifecycle::Strong),
        ..AssociationWish::default()
    };
    mode("IMPORT");
    let empty = fixture.create("r", owned.clone());
    assert!(matches!(empty, Err(Error::NoActiveVersion(_))), "{empty:?}");
    let imported = Submission {
        id: SchemaId::new(42),
        version: WantedVersion::Exactly(7),
        ..json(A)
    };
    fixture
        .registry
        .register(
            &Caller::local(),
            &subject(OWNED),
            &imported,
            RegisterOptions::default(),
        )
        .unwrap();
    assert_eq!(wrong(fixture.create("r", strong(A))), "schema");
    let written = fixture.upsert("r", owned).unwrap();
    assert!(written[0].association.frozen);
    // An import takes nothing along.
    fixture.delete("r", true).unwrap();
    assert_eq!(fixture.versions(OWNED), [7]);
}

#[test]
fn a_read_only_subject_is_neither_bound_nor_freed() {
    let fixture = open();
    fixture.register("s", A);
    fixture.create("r", weak("s")).unwrap();
    fixture
        .registry
        .put_mode(
            &Caller::local(),
            &Scope::top_level(),
            Some("READONLY"),
            false,
        )
        .unwrap();
    let text = "Subject s in context . is in read-only mode";
    for refused in [
        fixture.create("r2", weak("s")).map(drop),
        fixture.delete("r", false),
    ] {
        assert!(
            matches!(&refused, Err(Error::NotPermitted(why)) if why == text),
            "{refused:?}"
        );
    }
}

#[test]
fn neighbouring_operations_of_one_kind_are_one_change_and_what_came_before_a_refusal_stays() {
    let fixture = open();
    fixture.register("s", A);
    let mutate = |ops| {
        let mutation = AssociationMutation {
            resource: topic("orders", "r"),
            ops,
        };
        fixture.registry.mutate_associations(
            &Caller::local(),
            &mutation,
            &Context::default_context(),
            false,
        )
    };
    let key = || of_key(weak("s"));
    let pair = vec![
        AssociationOp::Create(key()),
        AssociationOp::Create(strong(A)),
    ];
    assert_eq!(wrong(mutate(pair)), "lifecycle");
    assert!(fixture.bound("r").is_empty());

    let twice = vec![AssociationOp::Create(key()), AssociationOp::Upsert(key())];
    assert_eq!(wrong(mutate(twice)), "associationType");
    assert!(fixture.bound("r").is_empty());

    let then = vec![
        AssociationOp::Create(key()),
        AssociationOp::Upsert(strong(A)),
    ];
    assert_eq!(wrong(mutate(then)), "schema");
    assert_eq!(fixture.bound("r").len(), 1);

    let swap = vec![
        AssociationOp::Create(weak("s")),
        AssociationOp::Delete {
            association_type: Some("key".to_owned()),
            cascade: false,
        },
    ];
    let left = mutate(swap).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].association.association_type, AssociationType::Value);
}
