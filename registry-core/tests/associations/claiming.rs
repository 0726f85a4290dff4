//! What a topic owns belongs to nobody else: neither to another topic, nor to a schema that refers to it.

use registry_core::{
    AssociationWish, Caller, Context, Deletion, Error, Intent, RegisterOptions, SchemaId, Scope,
    SentResource, Submission, SubmittedReference, WantedVersion,
};

use crate::{A, B, OWNED, json, of_key, open, strong, subject, topic, weak};

#[test]
fn a_subject_has_one_owner_or_many_users() {
    let fixture = open();
    fixture.create("r", strong(A)).unwrap();
    let user = fixture.bind(Intent::Create, topic("other", "r2"), vec![weak(OWNED)]);
    assert!(matches!(user, Err(Error::SubjectOwned(_))), "{user:?}");
    let twin = fixture.create("r3", strong(A));
    assert!(matches!(twin, Err(Error::SubjectAssociated(_))), "{twin:?}");

    fixture.register("s", A);
    for id in ["u1", "u2"] {
        fixture
            .bind(Intent::Create, topic(id, id), vec![weak("s")])
            .unwrap();
    }
    let users = fixture
        .registry
        .view()
        .associations_of_subject(&subject("s"));
    assert_eq!(users.unwrap().len(), 2);
    fixture.assert_sound();
}

#[test]
fn what_others_refer_to_can_have_no_owner_and_what_has_one_cannot_be_referred_to() {
    let fixture = open();
    let referring = |to: &str| Submission {
        references: vec![SubmittedReference {
            name: Some("a.json".to_owned()),
            subject: Some(to.to_owned()),
            version: Some(1),
        }],
        ..json(r#"{"$ref":"a.json"}"#)
    };
    let register = |to: &str| {
        let submission = referring(to);
        fixture.registry.register(
            &Caller::local(),
            &subject(":.ns:user"),
            &submission,
            RegisterOptions::default(),
        )
    };
    fixture.register(OWNED, A);
    register("orders-value").unwrap();
    // Even if the one that refers is softly deleted.
    fixture
        .registry
        .delete_subject(&Caller::local(), &subject(":.ns:user"), Deletion::Soft)
        .unwrap();
    let refused = fixture.create("r", strong(A));
    assert!(
        matches!(&refused, Err(Error::SubjectReferenced(target)) if *target == subject(OWNED)),
        "{refused:?}"
    );

    fixture
        .bind(Intent::Create, topic("free", "f"), vec![strong(A)])
        .unwrap();
    let refused = register("free-value");
    assert!(
        matches!(&refused, Err(Error::NotPermitted(why))
            if why == "Subject ':.ns:free-value' has a strong association and cannot be referenced"),
        "{refused:?}"
    );
    // Nor by a schema that comes in the same request.
    let within = AssociationWish {
        schema: Some(referring("pair-value")),
        ..of_key(AssociationWish::default())
    };
    let refused = fixture.bind(Intent::Create, topic("pair", "p"), vec![strong(A), within]);
    assert!(
        matches!(refused, Err(Error::SubjectReferenced(_))),
        "{refused:?}"
    );
}

#[test]
fn a_request_with_two_schemas_registers_both_or_none() {
    let fixture = open();
    let bind = |name: &str, wishes| fixture.bind(Intent::Create, topic(name, name), wishes);
    let written = bind("same", vec![of_key(strong(A)), strong(A)]).unwrap();
    let ids: Vec<u32> = written
        .iter()
        .map(|one| one.schema.as_ref().expect("a schema").id.get())
        .collect();
    assert_eq!(ids, [1, 1], "equal content has one id");
    let written = bind("two", vec![of_key(strong(A)), strong(B)]).unwrap();
    let ids: Vec<u32> = written
        .iter()
        .map(|one| one.schema.as_ref().expect("a schema").id.get())
        .collect();
    assert_eq!(ids, [1, 2]);

    let refused = bind("bad", vec![of_key(strong(A)), strong("{")]);
    assert!(
        matches!(refused, Err(Error::InvalidSchema(_))),
        "{refused:?}"
    );
    let elsewhere = SentResource {
        namespace: Some("elsewhere".to_owned()),
        ..topic("orders", "e")
    };
    let wrong_number = AssociationWish {
        schema: Some(Submission {
            version: WantedVersion::Exactly(7),
            ..json(B)
        }),
        ..AssociationWish::default()
    };
    let refused = fixture.bind(
        Intent::Create,
        elsewhere,
        vec![of_key(strong(A)), wrong_number],
    );
    assert!(
        matches!(refused, Err(Error::InvalidSchema(_))),
        "{refused:?}"
    );
    assert!(fixture.versions(":.ns:bad-key").is_empty());
    assert!(fixture.versions(":.elsewhere:orders-key").is_empty());
    let context = Context::named("elsewhere");
    assert!(!fixture.registry.view().has_context(&context).unwrap());
    assert!(fixture.bound("bad").is_empty());
    fixture.assert_sound();
}

#[test]
fn where_one_id_is_left_a_request_that_needs_two_gets_none() {
    let fixture = open();
    let mode = |mode| {
        let scope = Scope::Context(Context::named("ns"));
        fixture
            .registry
            .put_mode(&Caller::local(), &scope, Some(mode), true)
            .unwrap();
    };
    mode("IMPORT");
    let last_but_one = Submission {
        id: SchemaId::new(i64::from(i32::MAX) - 1),
        ..json(r#"{"type":"null"}"#)
    };
    fixture
        .registry
        .register(
            &Caller::local(),
            &subject(":.ns:s"),
            &last_but_one,
            RegisterOptions::default(),
        )
        .unwrap();
    mode("READWRITE");
    let both = vec![of_key(strong(A)), strong(B)];
    let refused = fixture.bind(Intent::Create, topic("orders", "r"), both);
    assert!(matches!(refused, Err(Error::NoIdLeft)), "{refused:?}");
    assert!(fixture.bound("r").is_empty());
    assert!(fixture.versions(":.ns:orders-key").is_empty());
    fixture.create("r", strong(B)).unwrap();
    fixture.assert_sound();
}

#[test]
fn of_an_owner_and_a_user_that_race_for_a_subject_one_wins() {
    for round in 0..16 {
        let fixture = open();
        fixture.register(OWNED, A);
        let (owner, user) = std::thread::scope(|scope| {
            let owner = scope.spawn(|| fixture.create("r", strong(A)).map(drop));
            let user = scope.spawn(|| {
                fixture
                    .bind(Intent::Create, topic("other", "o"), vec![weak(OWNED)])
                    .map(drop)
            });
            (owner.join().unwrap(), user.join().unwrap())
        });
        assert!(
            owner.is_ok() != user.is_ok(),
            "{round}: {owner:?}, {user:?}"
        );
        let bound = fixture
            .registry
            .view()
            .associations_of_subject(&subject(OWNED));
        assert_eq!(bound.unwrap().len(), 1);
    }
}

#[test]
fn of_an_owner_and_a_reference_that_race_for_a_subject_one_wins() {
    for round in 0..16 {
        let fixture = open();
        fixture.register(OWNED, A);
        let referring = Submission {
            references: vec![SubmittedReference {
                name: Some("a.json".to_owned()),
                subject: Some(OWNED.to_owned()),
                version: Some(1),
            }],
            ..json(r#"{"$ref":"a.json"}"#)
        };
        let (owner, referrer) = std::thread::scope(|scope| {
            let owner = scope.spawn(|| fixture.create("r", strong(A)).map(drop));
            let referrer = scope.spawn(|| {
                let options = RegisterOptions::default();
                fixture
                    .registry
                    .register(&Caller::local(), &subject("user"), &referring, options)
                    .map(drop)
            });
            (owner.join().unwrap(), referrer.join().unwrap())
        });
        assert!(
            owner.is_ok() != referrer.is_ok(),
            "{round}: {owner:?}, {referrer:?}"
        );
    }
}
