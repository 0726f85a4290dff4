//! What holds for any documents and any schemas.

use compat_rules::policy::rule::Parameters;
use compat_rules::policy::{Evaluation, Point, Verdict, catalogue};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use proptest::{prop_assert, prop_assert_eq};

use super::ground::{Ground, NOW, policy};

const DAY: i64 = 86_400_000;

/// Names, types and texts that one rule or another finds fault with.
fn field() -> impl Strategy<Value = String> {
    let names = [
        "id",
        "orderId",
        "order_id",
        "x",
        "class",
        "amount",
        "created_at",
        "email",
        "ip_black_list",
        "State",
        "notes",
    ];
    let types = [
        r#""string""#,
        r#""double""#,
        r#"["null","long"]"#,
        r#"["string","null"]"#,
        r#"["int","string","null"]"#,
        r#"{"type":"long","logicalType":"timestamp-millis"}"#,
        r#"{"type":"long","logicalType":"local-timestamp-millis"}"#,
        r#"{"type":"string","logicalType":"date"}"#,
        r#"{"type":"bytes","logicalType":"decimal","precision":40,"scale":2}"#,
        r#"{"type":"map","values":"bytes"}"#,
        r#"{"type":"array","items":"Order"}"#,
        r#"{"type":"array","items":{"type":"array","items":"double"}}"#,
        r#"{"type":"map","values":{"type":"array","items":["null","float",{"type":"long","logicalType":"date"}]}}"#,
        r#"{"type":"array","items":[{"type":"bytes","logicalType":"decimal","precision":9},"string"]}"#,
    ];
    let docs = [
        "",
        r#","doc":"In cents.""#,
        r#","doc":"The order id.""#,
        r#","doc":" ""#,
    ];
    (
        select(names.to_vec()),
        select(types.to_vec()),
        select(docs.to_vec()),
    )
        .prop_map(|(name, r#type, doc)| format!(r#"{{"name":"{name}","type":{type}{doc}}}"#))
}

/// A record of fields with which one rule or another finds fault.
pub(super) fn schema() -> impl Strategy<Value = String> {
    let namespaces = [
        "",
        r#""namespace":"acme.orders","#,
        r#""namespace":"Acme","#,
    ];
    (vec(field(), 0..6), select(namespaces.to_vec())).prop_map(|(fields, namespace)| {
        // A record has no name twice.
        let mut kept: Vec<String> = Vec::new();
        for field in fields {
            let name = |field: &str| field.split('"').nth(3).map(str::to_owned);
            if !kept.iter().any(|other| name(other) == name(&field)) {
                kept.push(field);
            }
        }
        let fields = kept.join(",");
        format!(r#"{{"type":"record","name":"Order",{namespace}"fields":[{fields}]}}"#)
    })
}

fn ground() -> impl Strategy<Value = Ground> {
    let last = prop_oneof![schema(), Just(String::new())];
    // Before and after the day from which subjects count as new.
    let created = select(vec![NOW - 40 * DAY, NOW - DAY]);
    (vec(schema(), 0..3), last, created).prop_map(|(earlier, mut candidate, created)| {
        if candidate.is_empty() {
            // The same again, or the plainest.
            candidate = earlier
                .last()
                .cloned()
                .unwrap_or_else(|| r#""string""#.to_owned());
        }
        let texts: Vec<&str> = earlier.iter().map(String::as_str).collect();
        let mut ground = Ground::new(&texts, &candidate);
        ground.created = ground.created.map(|_| created);
        ground
    })
}

/// Each setting as a number, from lax to strict.
#[derive(Debug, Clone)]
struct Settings {
    rules: Vec<(&'static str, usize)>,
    action: usize,
    baseline: usize,
}

const SEVERITIES: [&str; 3] = ["off", "warn", "error"];
const ACTIONS: [&str; 4] = ["off", "dryrun", "warn", "enforce"];
const BASELINES: [&str; 3] = ["new-subjects", "changed-elements", "all"];

fn settings() -> impl Strategy<Value = Settings> {
    let codes: Vec<&'static str> = catalogue().map(|rule| rule.code).collect();
    let count = codes.len();
    let rules = subsequence(codes, 0..=count.min(20));
    (rules, vec(0..3_usize, 20), 0..4_usize, 0..3_usize).prop_map(
        |(rules, severities, action, baseline)| Settings {
            rules: rules.into_iter().zip(severities).collect(),
            action,
            baseline,
        },
    )
}

impl Settings {
    fn judged(&self, ground: &Ground) -> Evaluation {
        let rule = |(code, severity): &(&str, usize)| {
            format!("  - {{use: {code}, severity: {}}}\n", SEVERITIES[*severity])
        };
        let rules: String = self.rules.iter().map(rule).collect();
        let rules = if rules.is_empty() {
            "rules: []".to_owned()
        } else {
            format!("rules:\n{rules}")
        };
        let (action, baseline) = (ACTIONS[self.action], BASELINES[self.baseline]);
        let spec = format!(
            "enforcement: {{register: {action}}}\nbaseline: {baseline}\nsince: 2025-12-20\n{rules}"
        );
        ground.judged(&policy(&spec), Point::Register)
    }

    /// Something that is stricter, or the same where nothing is left to tighten.
    fn stricter(&self, which: usize, rule: usize) -> Self {
        let mut stricter = self.clone();
        match which {
            0 => stricter.action = (self.action + 1).min(3),
            1 => stricter.baseline = (self.baseline + 1).min(2),
            2 => {
                let missing = catalogue()
                    .map(|rule| rule.code)
                    .filter(|code| !self.rules.iter().any(|(known, _)| known == code));
                let missing: Vec<_> = missing.collect();
                if !missing.is_empty() {
                    stricter.rules.push((missing[rule % missing.len()], 2));
                }
            }
            _ => {
                if !self.rules.is_empty() {
                    let position = rule % self.rules.len();
                    let severity = &mut stricter.rules[position].1;
                    *severity = (*severity + 1).min(2);
                }
            }
        }
        stricter
    }
}

/// How hard a client is hit.
fn hardness(evaluation: &Evaluation) -> (Verdict, usize) {
    (evaluation.verdict(), evaluation.counts.enforced)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_question_has_one_answer(ground in ground(), settings in settings()) {
        let one = format!("{:?}", settings.judged(&ground));
        let mut turned = settings.clone();
        turned.rules.reverse();
        prop_assert_eq!(&one, &format!("{:?}", settings.judged(&ground)));
        prop_assert_eq!(&one, &format!("{:?}", turned.judged(&ground)));
    }

    #[test]
    fn stricter_documents_never_accept_more(
        ground in ground(), settings in settings(), which in 0..4_usize, rule in any::<usize>(),
    ) {
        let before = hardness(&settings.judged(&ground));
        let after = hardness(&settings.stricter(which, rule).judged(&ground));
        prop_assert!(after >= before, "{:?} became {:?}", before, after);
    }

    #[test]
    fn what_stands_already_has_no_fresh_finding_that_a_rule_about_what_stands_makes(
        ground in ground(), settings in settings(),
    ) {
        // The version before, sent again with nothing changed but its place in the history.
        let mut again = ground.clone();
        again.earlier.push(ground.candidate);
        let settings = Settings { baseline: 1, ..settings };
        for finding in settings.judged(&again).findings {
            let looks_at_what_stands = finding.rule.points.contains(&Point::Audit);
            let is_excused = finding.disposition == compat_rules::policy::Disposition::Preexisting;
            prop_assert!(is_excused || !looks_at_what_stands, "{:?}", finding);
        }
    }
}

#[test]
fn every_rule_is_ready_without_parameters_and_refuses_unknown_ones() {
    for rule in catalogue() {
        assert!((rule.prepare)(&Parameters::new()).is_ok(), "{rule:?}");
        let mut unknown = Parameters::new();
        unknown.insert("noSuchParameter".to_owned(), true.into());
        assert!((rule.prepare)(&unknown).is_err(), "{rule:?}");
        let schema = (rule.parameters)();
        let closed = schema.get("additionalProperties");
        assert_eq!(closed, Some(&serde_json::Value::Bool(false)), "{rule:?}");
    }
}
