//! The rules in force may be kept ready or not: nobody can tell by the answers.

use compat_rules::policy::Disposition;
use proptest::prelude::*;
use registry_core::Timestamp;

use super::*;

const DAY: i64 = 86_400_000;
/// 2027-01-01.
const NEW_YEAR: i64 = 1_798_761_600_000;

/// What the documents of a step say about fields without text.
const POLICIES: [&str; 4] = [
    "
apiVersion: governance/v1
kind: Policy
metadata: {name: documented}
spec:
  rollout:
    - {from: 2027-01-02, register: dryrun}
    - {from: 2027-01-03, register: warn}
    - {from: 2027-01-04, register: enforce}
  rules: [{use: DOC002, severity: error}]
",
    "
apiVersion: governance/v1
kind: Policy
metadata: {name: documented}
spec:
  match: {subjects: ['a**'], newSubject: only}
  rules: [{use: DOC002, severity: error}]
---
apiVersion: governance/v1
kind: Policy
metadata: {name: soft}
spec:
  match: {subjects: ['b**'], contexts: ['.other']}
  rules: [{use: DOC002, severity: warn}]
",
    "
apiVersion: governance/v1
kind: Policy
metadata: {name: owned}
spec:
  match: {teams: [payments]}
  rules: [{use: DOC002, severity: error}]
---
apiVersion: governance/v1
kind: Team
metadata: {name: payments}
spec: {title: Payments}
",
    "
apiVersion: governance/v1
kind: Policy
metadata: {name: draft}
spec:
  match: {lifecycle: [draft]}
  rules: [{use: DOC002, severity: error}]
---
apiVersion: governance/v1
kind: Policy
metadata: {name: avro}
spec:
  match: {formats: [json]}
  rules: [{use: DOC002, severity: error}]
",
];

const SUBJECTS: [&str; 4] = ["a", "b", ":.other:a", ":.other:b"];
const PROPERTIES: [Option<(&str, &str)>; 4] = [
    None,
    Some(("owner", "payments")),
    Some(("owner", "team/nobody")),
    Some(("lifecycle.state", "draft")),
];

#[derive(Debug, Clone)]
enum Step {
    Apply(usize),
    RollBack(u64),
    /// The clock goes to that day of the year, which may be an earlier one.
    Clock(i64),
    Register {
        subject: usize,
        property: usize,
        fields: usize,
        is_json: bool,
    },
}

fn mostly_the_first() -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(0), 1 => 1..4_usize]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (0..POLICIES.len()).prop_map(Step::Apply),
        1 => (1..4_u64).prop_map(Step::RollBack),
        6 => (0..5_i64).prop_map(Step::Clock),
        // Often the same one, since nothing is kept of what is asked once.
        12 => (mostly_the_first(), mostly_the_first(), 0..30_usize, prop::bool::weighted(0.2)).prop_map(
            |(subject, property, fields, is_json)| Step::Register {
                subject,
                property,
                fields,
                is_json,
            }
        ),
    ]
}

/// What came of a step, as far as it does not depend on the moment.
type Outcome = Result<Vec<(String, Disposition)>, String>;

fn found(policies: Option<&PolicyEvaluation>) -> Vec<(String, Disposition)> {
    let findings = policies.map(|policies| policies.evaluation.findings.iter());
    let findings = findings.into_iter().flatten();
    findings
        .map(|finding| (finding.path.clone(), finding.disposition))
        .collect()
}

fn submission(property: usize, fields: usize, is_json: bool) -> Submission {
    let metadata = PROPERTIES[property].map(|(name, value)| registry_core::Metadata {
        properties: [(name.to_owned(), value.to_owned())].into(),
        ..registry_core::Metadata::default()
    });
    let text = if is_json {
        format!(r#"{{"type":"object","properties":{{"f{fields}":{{"type":"string"}}}}}}"#)
    } else {
        record(&[&format!("f{fields}")])
    };
    Submission {
        metadata,
        schema_type: is_json.then(|| "JSON".to_owned()),
        ..avro(&text)
    }
}

fn play(steps: &[Step], kept_max: usize) -> Vec<Outcome> {
    let options = RegistryOptions {
        level: compat_rules::Level::None,
        policy_subjects_kept_max: kept_max,
        ..RegistryOptions::default()
    };
    let fixture = open_with(options);
    let mut at = Timestamp(NEW_YEAR);
    let step = |step: &Step| {
        let caller = Caller {
            at,
            ..Caller::local()
        };
        match step {
            Step::Clock(day) => {
                at = Timestamp(NEW_YEAR + day * DAY);
                Ok(Vec::new())
            }
            Step::Apply(policy) => {
                fixture.apply(POLICIES[*policy]);
                Ok(Vec::new())
            }
            Step::RollBack(to) => fixture
                .registry
                .roll_back_policies(&caller, *to, &PolicyBase::Any, "")
                .map(|_| Vec::new())
                .map_err(|error| error.to_string()),
            Step::Register {
                subject,
                property,
                fields,
                is_json,
            } => {
                let subject = Subject::parse(SUBJECTS[*subject]);
                let submission = submission(*property, *fields, *is_json);
                let registered = fixture.registry.register(
                    &caller,
                    &subject,
                    &submission,
                    RegisterOptions::default(),
                );
                match registered {
                    Ok(registered) => Ok(found(registered.policies.as_deref())),
                    Err(Error::RefusedByPolicy { policies, .. }) => Err(format!(
                        "under revision {}: {:?}",
                        policies.revision,
                        found(Some(&policies))
                    )),
                    Err(other) => Err(other.to_string()),
                }
            }
        }
    };
    steps.iter().map(step).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn verdicts_do_not_depend_on_what_rules_are_kept_ready(
        first in 0..POLICIES.len(),
        steps in prop::collection::vec(step(), 1..60)
    ) {
        let steps: Vec<Step> = std::iter::once(Step::Apply(first)).chain(steps).collect();
        let never = play(&steps, 0);
        prop_assert_eq!(&never, &play(&steps, 1), "room for one subject");
        prop_assert_eq!(&never, &play(&steps, 10_000), "room for all");
    }
}
