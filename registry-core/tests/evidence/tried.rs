//! One evaluator: what a schema is told before it is registered is what it is told when it is (`governance.md` section 0,
//! G4).

use compat_rules::policy::{Disposition, Point};
use compat_rules::{EntityKind, TagEdit, TaggedEntity};
use proptest::prelude::*;
use registry_core::{
    ConfigUpdate, Metadata, Mode, Rule, RuleSet, SchemaId, Scope, SubmittedReference, Update,
    WantedVersion,
};

use super::*;

/// Every rule of the standard profile, told at both points and refusing at neither.
const TOLD: &str = "
apiVersion: governance/v1
kind: Policy
metadata: {name: told}
spec:
  extends: [profile/standard]
  enforcement: {register: warn, check: warn}
  check: {onCompatibilityEndpoint: enforce}
---
apiVersion: governance/v1
kind: Vocabulary
metadata: {name: words}
spec:
  tags: [PII]
  properties: {'confluent:version': ['1', '3']}
";

#[derive(Debug, Clone)]
struct Sent {
    /// None: the text of the version before, with other metadata.
    fields: Option<Vec<usize>>,
    tags: Tags,
    /// The next version is asked for, and its number goes into the metadata.
    is_stamped: bool,
    /// Normal forms are wanted by the client, or by the configuration.
    normalize: (bool, bool),
    owner: Option<&'static str>,
    /// The version of the reference to the shared type.
    reference: Option<i32>,
    /// What the configuration gives to everything that comes in.
    default_owner: Option<&'static str>,
    /// With a rule that names a key and leaves out what follows from it.
    encrypted: bool,
}

/// Which tags it gets on its way in.
#[derive(Debug, Clone, Copy)]
enum Tags {
    AsSent,
    Added,
    OfVersionBefore,
}

fn sent() -> impl Strategy<Value = Sent> {
    let owner = || prop::sample::select(vec![None, Some("team/payments"), Some("nobody")]);
    (
        prop::option::weighted(0.9, prop::collection::btree_set(0..NAMES.len(), 1..4)),
        prop::sample::select(vec![Tags::AsSent, Tags::Added, Tags::OfVersionBefore]),
        any::<bool>(),
        any::<(bool, bool)>(),
        owner(),
        prop::sample::select(vec![None, Some(-1), Some(1)]),
        owner(),
        any::<bool>(),
    )
        .prop_map(
            |(fields, tags, is_stamped, normalize, owner, reference, default_owner, encrypted)| {
                Sent {
                    fields: fields.map(Vec::from_iter),
                    tags,
                    is_stamped,
                    normalize,
                    owner,
                    reference,
                    default_owner,
                    encrypted,
                }
            },
        )
}

/// Fields, with a text if they end in `!`; an e-mail address is personal data, and wants a tag.
const NAMES: [&str; 8] = ["a", "a!", "Bad", "Bad!", "email", "email!", "c", "c!"];

fn owned(owner: &str) -> Metadata {
    Metadata {
        properties: [("owner".to_owned(), owner.to_owned())].into(),
        ..Metadata::default()
    }
}

fn encryption() -> RuleSet {
    let key = (
        "encrypt.kms.key.id".to_owned(),
        "arn:aws:kms:eu:1:key/2".to_owned(),
    );
    RuleSet {
        domain_rules: vec![Rule {
            name: Some("secret".to_owned()),
            rule_type: Some("ENCRYPT".to_owned()),
            params: [key].into(),
            ..Rule::default()
        }],
        ..RuleSet::default()
    }
}

impl Sent {
    fn submission(&self) -> Submission {
        let mut fields: Vec<&str> = Vec::new();
        for name in self.fields.iter().flatten().map(|field| NAMES[*field]) {
            // One of each name.
            if fields
                .last()
                .is_none_or(|last| *last != name.trim_end_matches('!'))
            {
                fields.push(name);
            }
        }
        let email = TaggedEntity {
            kind: EntityKind::Field,
            path: "R.email".to_owned(),
            tags: vec!["PII".to_owned()],
        };
        let reference = self.reference.map(|version| SubmittedReference {
            name: Some("acme.Shared".to_owned()),
            subject: Some("shared".to_owned()),
            version: Some(version),
        });
        Submission {
            metadata: self.owner.map(owned),
            references: reference.into_iter().collect(),
            rule_set: self.encrypted.then(encryption),
            version: match self.is_stamped {
                true => WantedVersion::Latest,
                false => WantedVersion::Any,
            },
            tags: match self.tags {
                Tags::Added if fields.iter().any(|field| field.starts_with("email")) => TagEdit {
                    add: vec![email],
                    remove: Vec::new(),
                },
                _ => TagEdit::default(),
            },
            propagate_tags: matches!(self.tags, Tags::OfVersionBefore),
            text: self.fields.is_some().then(|| record(&fields)),
            ..Submission::default()
        }
    }

    /// Makes the configuration what it is while this is sent.
    fn prepare(&self, fixture: &Fixture) {
        let update = ConfigUpdate {
            level: Update::Set(compat_rules::Level::None),
            normalize: Update::Set(self.normalize.1),
            default_metadata: match self.default_owner {
                Some(owner) => Update::Set(owned(owner)),
                None => Update::Clear,
            },
            ..ConfigUpdate::default()
        };
        let scope = Scope::top_level();
        let done = fixture
            .registry
            .put_config(&Caller::local(), &scope, update);
        done.expect("a good configuration");
    }
}

/// What was found by rules that look at both points.
fn found(policies: Option<&PolicyEvaluation>) -> Vec<(&'static str, String, Disposition)> {
    let findings = policies.map(|policies| policies.evaluation.findings.iter());
    let both =
        |points: &[Point]| points.contains(&Point::Register) && points.contains(&Point::Check);
    findings
        .into_iter()
        .flatten()
        .filter(|finding| both(finding.rule.points))
        .map(|finding| (finding.rule.code, finding.path.clone(), finding.disposition))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_before_a_registration_is_told_at_it(all in prop::collection::vec(sent(), 1..6)) {
        let fixture = open();
        let shared = r#"{"type":"record","name":"Shared","namespace":"acme","fields":[]}"#;
        let (caller, subject) = (Caller::local(), Subject::parse("orders-value"));
        let registered = fixture.registry.register(
            &caller, &Subject::parse("shared"), &avro(shared), RegisterOptions::default(),
        );
        registered.expect("a shared type");
        fixture.apply(TOLD);
        for sent in all {
            sent.prepare(&fixture);
            let submission = sent.submission();
            let options = RegisterOptions { normalize: sent.normalize.0, force: false };
            let tried = fixture.registry.evaluate(&caller, &subject, &submission, options);
            let checked = fixture.registry.check(&caller, &subject, &submission, options.normalize);
            let registered = fixture.registry.register(&caller, &subject, &submission, options);
            let Ok(registered) = registered else {
                prop_assert_eq!(tried.err().map(|error| error.to_string()), registered.err().map(|error| error.to_string()));
                continue;
            };
            let tried = tried.expect("it is registered");
            // The check of compatibility wants a text.
            let checked = submission.text.is_some().then(|| checked.expect("it is registered").policies);
            let Some(policies) = registered.policies else {
                // What is registered already is not held to anything again.
                prop_assert!(checked.is_none_or(|policies| policies.is_none()));
                let told = tried.map(|policies| policies.evaluation).unwrap_or_default();
                prop_assert_eq!(told.counts.total(), told.counts.preexisting);
                continue;
            };
            prop_assert_eq!(found(tried.as_deref()), found(Some(&policies)));
            if let Some(checked) = checked {
                prop_assert_eq!(found(checked.as_deref()), found(Some(&policies)));
            }
        }
    }
}

#[test]
fn what_an_import_would_bring_in_is_refused_by_nobody_who_is_asked_before() {
    let fixture = open();
    let strict = DOCUMENTED.replace(
        "rules:",
        "check: {onCompatibilityEndpoint: enforce}\n  rules:",
    );
    fixture.apply(&strict);
    let (caller, subject) = (Caller::local(), Subject::parse("orders-value"));
    let ask = |submission: &Submission| {
        let registry = &fixture.registry;
        let options = RegisterOptions::default();
        let tried = registry.evaluate(&caller, &subject, submission, options);
        let checked = registry.check(&caller, &subject, submission, false);
        let refuses = |policies: Option<Box<PolicyEvaluation>>| {
            policies.is_some_and(|policies| policies.refuses())
        };
        (
            refuses(tried.expect("a good schema")),
            refuses(checked.expect("a good schema").policies),
        )
    };
    let submission = Submission {
        id: SchemaId::new(7),
        ..avro(&record(&["id"]))
    };
    assert_eq!(ask(&avro(&record(&["id"]))), (true, true));
    let import = fixture.registry.put_mode(
        &caller,
        &Scope::of(subject.clone()),
        Some(Mode::Import.as_str()),
        false,
    );
    import.expect("an empty subject");
    assert_eq!(ask(&submission), (false, false));
    let options = RegisterOptions::default();
    let imported = fixture
        .registry
        .register(&caller, &subject, &submission, options);
    assert!(imported.is_ok(), "{imported:?}");
}
