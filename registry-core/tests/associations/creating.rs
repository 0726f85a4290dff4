//! A topic is bound while it is being created.

use registry_core::{
    Associated, AssociationRequest, AssociationType, AssociationWish, Caller, Context, Deletion,
    Error, Intent, Lifecycle, Scope, SentResource, Version,
};

use crate::{A, B, OWNED, of_key, open, strong, subject, topic, weak, wrong};

#[test]
fn a_schema_makes_the_association_strong_and_its_subject_the_default_one() {
    let fixture = open();
    let written = fixture.create("r", strong(A)).unwrap();
    let [
        Associated {
            association,
            schema: Some(schema),
        },
    ] = written.as_slice()
    else {
        panic!("{written:?}");
    };
    assert_eq!(association.subject, subject(OWNED));
    assert_eq!(association.lifecycle, Lifecycle::Strong);
    assert!(association.frozen);
    assert_eq!((schema.id.get(), schema.version), (1, Version::FIRST));
    assert_eq!(fixture.versions(OWNED), [1]);
    let contexts = fixture.registry.view().contexts().unwrap();
    assert_eq!(contexts.len(), 2, "{contexts:?}");
    fixture.assert_sound();
}

#[test]
fn without_a_schema_it_is_weak_and_needs_a_subject_of_its_own_that_has_a_version() {
    let fixture = open();
    fixture.register("s", A);
    let written = fixture.create("r", weak("s")).unwrap();
    assert_eq!(written[0].association.lifecycle, Lifecycle::Weak);
    assert!(!written[0].association.frozen);
    let other = |wish| fixture.create("other", wish);
    assert_eq!(wrong(other(AssociationWish::default())), "subject");
    assert_eq!(wrong(other(weak(OWNED))), "subject");
    assert!(matches!(
        other(weak("none")),
        Err(Error::NoActiveVersion(none)) if none == subject("none")
    ));
    fixture.register("t", A);
    fixture
        .registry
        .delete_subject(&Caller::local(), &subject("t"), Deletion::Soft)
        .unwrap();
    assert!(matches!(other(weak("t")), Err(Error::NoActiveVersion(_))));
}

#[test]
fn what_contradicts_itself_is_refused_and_says_where() {
    let fixture = open();
    fixture.register("s", A);
    let lifecycle = |lifecycle, wish| AssociationWish {
        lifecycle: Some(lifecycle),
        ..wish
    };
    let frozen = |frozen, wish| AssociationWish {
        frozen: Some(frozen),
        ..wish
    };
    let cases = [
        (lifecycle(Lifecycle::Weak, strong(A)), "lifecycle"),
        (frozen(false, strong(A)), "frozen"),
        (frozen(true, weak("s")), "subject"),
        (
            frozen(true, lifecycle(Lifecycle::Weak, weak("s"))),
            "frozen",
        ),
        (
            frozen(
                false,
                lifecycle(Lifecycle::Strong, AssociationWish::default()),
            ),
            "frozen",
        ),
        (lifecycle(Lifecycle::Strong, weak("s")), "subject"),
        (
            lifecycle(Lifecycle::Strong, AssociationWish::default()),
            "schema",
        ),
        (weak(""), "subject"),
        (weak("a\nb"), "subject"),
        (
            AssociationWish {
                association_type: Some("header".to_owned()),
                ..weak("s")
            },
            "associationType",
        ),
    ];
    for (wish, property) in cases {
        assert_eq!(
            wrong(fixture.create("r", wish.clone())),
            property,
            "{wish:?}"
        );
    }
    assert!(fixture.bound("r").is_empty());
}

#[test]
fn a_topic_must_be_named_as_the_protocol_wants_it() {
    let fixture = open();
    fixture.register("s", A);
    let refused = |resource| wrong(fixture.bind(Intent::Create, resource, vec![weak("s")]));
    let named = |name: &str| topic(name, "r");
    assert_eq!(refused(named("")), "resourceName");
    assert_eq!(refused(named("a.b")), "resourceName");
    assert_eq!(refused(named(&"x".repeat(257))), "resourceName");
    assert_eq!(refused(topic("o", "")), "resourceId");
    let spaced = SentResource {
        namespace: Some("a b".to_owned()),
        ..named("o")
    };
    assert_eq!(refused(spaced), "resourceNamespace");
    let typed = SentResource {
        resource_type: Some("group".to_owned()),
        ..named("o")
    };
    assert_eq!(refused(typed), "resourceType");
    let nothing = fixture.bind(Intent::Create, named("o"), Vec::new());
    assert_eq!(wrong(nothing), "associations");
    let longest = fixture.bind(Intent::Create, named(&"x".repeat(256)), vec![weak("s")]);
    assert_eq!(longest.unwrap().len(), 1);
}

#[test]
fn creating_the_same_again_writes_nothing_and_anything_else_is_a_conflict() {
    let fixture = open();
    fixture.register("s", A);
    fixture.register("t", A);
    fixture.create("r", of_key(weak("s"))).unwrap();
    let guid = fixture.bound("r")[0].guid;
    assert_eq!(fixture.create("r", of_key(weak("s"))).unwrap(), []);
    assert_eq!(fixture.bound("r")[0].guid, guid);
    let refused = fixture.create("r", of_key(weak("t")));
    assert!(matches!(
        refused,
        Err(Error::ResourceAssociated { association_type: AssociationType::Key, resource }) if resource == "orders"
    ));

    fixture.create("owner", strong(A)).unwrap();
    assert_eq!(fixture.create("owner", strong(A)).unwrap(), []);
    let refused = fixture.create("owner", strong(B));
    assert!(matches!(refused, Err(Error::ResourceAssociated { .. })));
    // What is there is strong, so nothing else can be meant.
    assert_eq!(wrong(fixture.create("owner", weak("s"))), "subject");
    assert_eq!(fixture.versions(OWNED), [1]);
}

#[test]
fn a_topic_owns_only_what_begins_with_it() {
    let fixture = open();
    fixture.register(OWNED, A);
    fixture.create("r", strong(A)).unwrap();
    assert_eq!(fixture.versions(OWNED), [1]);

    let begun = ":.ns:begun-value";
    fixture.register(begun, A);
    let create = |text| fixture.bind(Intent::Create, topic("begun", "b"), vec![strong(text)]);
    assert_eq!(wrong(create(B)), "frozen");
    fixture.register(begun, B);
    assert_eq!(wrong(create(A)), "frozen");
    assert!(fixture.bound("b").is_empty());
}

#[test]
fn keys_and_values_of_a_topic_are_owned_alike() {
    let fixture = open();
    fixture.register("s", A);
    let mixed = vec![of_key(weak("s")), strong(A)];
    let refused = fixture.bind(Intent::Create, topic("orders", "r"), mixed);
    match &refused {
        Err(Error::InvalidAssociation { property, detail }) => {
            assert_eq!(*property, "lifecycle");
            assert!(
                detail.ends_with("but got key=WEAK, value=STRONG"),
                "{detail}"
            );
        }
        other => panic!("{other:?}"),
    }
    fixture.create("r", strong(A)).unwrap();
    assert_eq!(wrong(fixture.create("r", of_key(weak("s")))), "lifecycle");
    let twice = vec![weak("s"), weak("s")];
    let refused = fixture.bind(Intent::Create, topic("twice", "t"), twice);
    assert_eq!(wrong(refused), "associationType");
}

#[test]
fn subjects_are_taken_in_the_context_of_the_request_and_aliases_are_followed() {
    let fixture = open();
    fixture.register(":.c:s", A);
    let alias = registry_core::ConfigUpdate {
        alias: registry_core::Update::Set("s".to_owned()),
        ..registry_core::ConfigUpdate::default()
    };
    let scope = Scope::of(subject(":.c:alias"));
    fixture
        .registry
        .put_config(&Caller::local(), &scope, alias)
        .unwrap();
    for (id, name) in [("r1", "s"), ("r2", "alias"), ("r3", ":.c:alias")] {
        let request = AssociationRequest {
            resource: topic(id, id),
            wishes: vec![weak(name)],
        };
        let written = fixture
            .registry
            .associate(
                &Caller::local(),
                &request,
                Intent::Create,
                &Context::named("c"),
                false,
            )
            .unwrap();
        assert_eq!(written[0].association.subject, subject(":.c:s"), "{name}");
    }
}

#[test]
fn a_topic_of_the_same_name_takes_the_place_of_the_one_before_it() {
    let fixture = open();
    fixture.register("s", A);
    fixture.create("old", weak("s")).unwrap();
    fixture.create("new", weak("s")).unwrap();
    assert!(fixture.bound("old").is_empty());
    assert_eq!(fixture.bound("new").len(), 1);
    fixture.assert_sound();
}
