//! One evaluator: what a schema is told before it is registered is what it is told when it is (`governance.md` section 0,
//! G4).

use compat_rules::policy::{Disposition, Point};
use proptest::prelude::*;
use registry_core::{ConfigUpdate, Metadata, Rule, RuleSet, Scope, SubmittedReference, Update};

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
";

#[derive(Debug, Clone)]
struct Sent {
    fields: Vec<usize>,
    owner: Option<&'static str>,
    /// The version of the reference to the shared type.
    reference: Option<i32>,
    /// What the configuration gives to everything that comes in.
    default_owner: Option<&'static str>,
    /// With a rule that names a key and leaves out what follows from it.
    encrypted: bool,
}

fn sent() -> impl Strategy<Value = Sent> {
    let owner = || prop::sample::select(vec![None, Some("team/payments"), Some("nobody")]);
    (
        prop::collection::btree_set(0..6_usize, 1..4),
        owner(),
        prop::sample::select(vec![None, Some(-1), Some(1)]),
        owner(),
        any::<bool>(),
    )
        .prop_map(
            |(fields, owner, reference, default_owner, encrypted)| Sent {
                fields: fields.into_iter().collect(),
                owner,
                reference,
                default_owner,
                encrypted,
            },
        )
}

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
        let names = ["a", "a!", "Bad", "Bad!", "c", "c!"];
        let fields: Vec<&str> = self.fields.iter().map(|field| names[*field]).collect();
        let mut names_only: Vec<&str> = fields
            .iter()
            .map(|field| field.trim_end_matches('!'))
            .collect();
        names_only.dedup();
        let fields = if names_only.len() == fields.len() {
            fields
        } else {
            vec!["a"]
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
            ..avro(&record(&fields))
        }
    }

    /// Makes the configuration what it is while this is sent.
    fn prepare(&self, fixture: &Fixture) {
        let update = ConfigUpdate {
            level: Update::Set(compat_rules::Level::None),
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
            let tried = fixture.registry.evaluate(&caller, &subject, &submission).expect("a good schema");
            let checked = fixture.registry.check(&caller, &subject, &submission, false).expect("a good schema");
            let registered = fixture.registry.register(&caller, &subject, &submission, RegisterOptions::default());
            let registered = registered.expect("nothing refuses");
            let Some(policies) = registered.policies else {
                // What is registered already is not held to anything again.
                prop_assert_eq!(checked.policies, None);
                continue;
            };
            prop_assert_eq!(found(tried.as_deref()), found(Some(&policies)));
            prop_assert_eq!(found(checked.policies.as_deref()), found(Some(&policies)));
        }
    }
}
