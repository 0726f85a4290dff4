//! The bytes on the disk. They may change only together with the encoding, or the format version: a store written
//! by an earlier version must stay readable.

use std::ops::ControlFlow;

use compat_rules::{CompatibilityPolicy, Format, Level};
use uuid::Uuid;

use super::*;
use crate::association::{Association, AssociationType, Lifecycle, Resource};
use crate::rule_set::{EnableAt, Rule, RuleSet};
use crate::schema::{Metadata, SchemaReference};
use crate::settings::{Config, Mode};
use crate::store::Store;
use crate::store::{Rows, StoreOptions};
use crate::{Dek, DekAlgorithm, DekSeries, DekVersion, Kek, KekName};

fn rule_set() -> RuleSet {
    let rule = Rule {
        name: Some("r".into()),
        rule_type: Some("CEL".into()),
        tags: ["PII".into()].into(),
        params: [("k".into(), "v".into())].into(),
        ..Rule::default()
    };
    RuleSet {
        domain_rules: vec![rule],
        enable_at: Some(EnableAt::Client),
        ..RuleSet::default()
    }
}

fn metadata() -> Metadata {
    Metadata {
        tags: [("p".into(), ["t".into()].into())].into(),
        properties: [("a".into(), "b".into())].into(),
        sensitive: ["a".into()].into(),
    }
}

fn schema(text: &str) -> Schema {
    Schema {
        format: Format::Avro,
        text: text.into(),
        references: vec![SchemaReference {
            name: "n".into(),
            subject: "t".into(),
            version: 3,
        }],
        metadata: Some(metadata()),
        rule_set: Some(rule_set()),
    }
}

fn facts_about_versions() -> Vec<Fact> {
    let subject = Subject::parse(":.c:s");
    let registered = |version, id, text| Fact::Registered {
        subject: subject.clone(),
        version: Version::new(version).expect("in range"),
        id: SchemaId::new(id).expect("in range"),
        schema: schema(text),
    };
    vec![
        registered(1, 7, "\"int\""),
        registered(2, 8, "\"long\""),
        Fact::SoftDeleted {
            subject: subject.clone(),
            version: Version::FIRST,
        },
        Fact::Context {
            context: subject.context,
            exists: true,
        },
    ]
}

fn facts_about_a_scope() -> Vec<Fact> {
    let subject = Subject::parse(":.c:s");
    let config = Config {
        alias: Some("x".into()),
        normalize: Some(true),
        level: Some(Level::FullTransitive),
        policy: Some(CompatibilityPolicy::Lenient),
        default_metadata: Some(metadata()),
        override_rule_set: Some(rule_set()),
        ..Config::default()
    };
    vec![
        Fact::Config {
            scope: Scope::of(subject),
            config: Some(config),
        },
        Fact::Mode {
            scope: Scope::Global,
            mode: Some(Mode::Forward),
        },
        Fact::Bound(Association {
            resource: Resource {
                name: "o".into(),
                namespace: "ns".into(),
                id: "r".into(),
            },
            association_type: AssociationType::Key,
            subject: Subject::parse(":.c:s"),
            lifecycle: Lifecycle::Weak,
            frozen: false,
            guid: Uuid::from_bytes([9; 16]),
        }),
    ]
}

fn facts_about_keys() -> Vec<Fact> {
    let series = DekSeries {
        kek: KekName::parse("k").expect("a name"),
        subject: Subject::parse(":.c:s"),
        algorithm: DekAlgorithm::Aes256Siv,
    };
    vec![
        Fact::Kek {
            name: series.kek.clone(),
            kek: Some(Kek {
                kms_type: "t".into(),
                kms_key_id: "i".into(),
                kms_props: [("k".into(), "v".into())].into(),
                doc: Some("d".into()),
                shared: true,
                deleted: false,
            }),
        },
        Fact::Dek {
            series,
            version: DekVersion::FIRST,
            dek: Some(Dek {
                encrypted: "AAEC".into(),
                deleted: true,
            }),
        },
    ]
}

#[test]
fn the_bytes_of_every_kind_of_row_are_as_they_were() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let store =
        Store::open(folder.path(), &StoreOptions::default()).expect("an empty folder opens");
    let mut pending = Pending::over(&store);
    for fact in [
        facts_about_versions(),
        facts_about_a_scope(),
        facts_about_keys(),
    ]
    .concat()
    {
        apply(&fact, Timestamp(1_700_000_000_000), &mut pending).expect("the store reads");
    }
    let mut rows = String::new();
    pending
        .scan(&[], &mut |key, value| {
            rows.push_str(&format!(
                "{}\n    {}\n",
                key.escape_ascii(),
                value.escape_ascii()
            ));
            Ok(ControlFlow::Continue(()))
        })
        .expect("the store reads");
    assert_eq!(rows, include_str!("rows.txt"));
}
