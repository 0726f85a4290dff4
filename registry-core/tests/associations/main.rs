//! What may be bound to what. Expected results are those of `semantics.md` section 10 and `protocol.md` section 7.10.

mod changing;
mod claiming;
mod creating;
mod ending;

use registry_core::{
    Associated, Association, AssociationFilter, AssociationRequest, AssociationWish, Caller,
    Context, Error, Intent, RegisterOptions, Registry, RegistryOptions, SentResource, Subject,
    Submission,
};
use tempfile::TempDir;

const A: &str = r#"{"type":"string"}"#;
const B: &str = r#"{"type":["string","number"]}"#;
const OWNED: &str = ":.ns:orders-value";

struct Fixture {
    registry: Registry,
    _folder: TempDir,
}

fn open() -> Fixture {
    let folder = TempDir::new().expect("a temporary folder");
    let registry =
        Registry::open(folder.path(), RegistryOptions::default()).expect("an empty folder opens");
    Fixture {
        registry,
        _folder: folder,
    }
}

fn json(text: &str) -> Submission {
    Submission {
        text: Some(text.to_owned()),
        schema_type: Some("JSON".to_owned()),
        ..Submission::default()
    }
}

fn subject(text: &str) -> Subject {
    Subject::parse(text)
}

fn topic(name: &str, id: &str) -> SentResource {
    SentResource {
        name: Some(name.to_owned()),
        namespace: Some("ns".to_owned()),
        id: Some(id.to_owned()).filter(|id| !id.is_empty()),
        resource_type: None,
    }
}

fn weak(to: &str) -> AssociationWish {
    AssociationWish {
        subject: Some(to.to_owned()),
        ..AssociationWish::default()
    }
}

fn strong(text: &str) -> AssociationWish {
    AssociationWish {
        schema: Some(json(text)),
        ..AssociationWish::default()
    }
}

fn of_key(wish: AssociationWish) -> AssociationWish {
    AssociationWish {
        association_type: Some("key".to_owned()),
        ..wish
    }
}

impl Fixture {
    fn register(&self, to: &str, text: &str) {
        self.registry
            .register(
                &Caller::local(),
                &subject(to),
                &json(text),
                RegisterOptions::default(),
            )
            .expect("a good schema");
    }

    fn bind(
        &self,
        intent: Intent,
        resource: SentResource,
        wishes: Vec<AssociationWish>,
    ) -> Result<Vec<Associated>, Error> {
        let request = AssociationRequest { resource, wishes };
        self.registry.associate(
            &Caller::local(),
            &request,
            intent,
            &Context::default_context(),
            false,
        )
    }

    fn create(&self, id: &str, wish: AssociationWish) -> Result<Vec<Associated>, Error> {
        self.bind(Intent::Create, topic("orders", id), vec![wish])
    }

    fn upsert(&self, id: &str, wish: AssociationWish) -> Result<Vec<Associated>, Error> {
        self.bind(Intent::Upsert, topic("orders", id), vec![wish])
    }

    fn dry_run(&self, id: &str, wish: AssociationWish) -> Result<Vec<Associated>, Error> {
        let request = AssociationRequest {
            resource: topic("orders", id),
            wishes: vec![wish],
        };
        self.registry.associate(
            &Caller::local(),
            &request,
            Intent::Create,
            &Context::default_context(),
            true,
        )
    }

    fn delete(&self, id: &str, cascade: bool) -> Result<(), Error> {
        let filter = AssociationFilter::default();
        self.registry
            .dissociate(&Caller::local(), id, &filter, cascade, false)
            .map(drop)
    }

    fn bound(&self, id: &str) -> Vec<Association> {
        let stored = self.registry.view().associations_of_resource(id);
        let stored = stored.expect("a readable store").into_iter();
        stored.map(|stored| stored.association).collect()
    }

    fn versions(&self, of: &str) -> Vec<u32> {
        let versions = self.registry.view().versions(&subject(of));
        let versions = versions.expect("a readable store").into_iter();
        versions.map(|version| version.version.get()).collect()
    }

    fn assert_sound(&self) {
        let mut findings = Vec::new();
        self.registry
            .view()
            .examine(&mut |finding| findings.push(finding))
            .expect("a readable store");
        assert_eq!(findings, []);
    }
}

/// The property of an association that is refused as wrong.
#[track_caller]
fn wrong<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::InvalidAssociation { property, .. }) => property,
        other => panic!("{other:?}"),
    }
}
