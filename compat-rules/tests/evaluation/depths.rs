//! What holds at any depth and under any name: a type is found wherever it lies, and what became of a record does not
//! depend on what it is called.

use compat_rules::Format;
use compat_rules::policy::Point;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, proptest};
use proptest::prop_assert_eq;
use proptest::sample::select;

use super::ground::{Ground, policy};
use super::laws;

/// Something around a value: in Avro, in JSON, and what it adds to the path.
type Around = (&'static str, &'static str, &'static str);

const AROUND: [Around; 3] = [
    (
        r#"{"type":"array","items":#}"#,
        r#"{"type":"array","items":#}"#,
        "[]",
    ),
    (
        r#"{"type":"map","values":#}"#,
        r#"{"type":"object","additionalProperties":#}"#,
        "{}",
    ),
    // An optional value is the value; null in null is no schema of Avro, so it comes in a list.
    (
        r#"{"type":"array","items":["null",#]}"#,
        r#"{"type":"array","items":{"oneOf":[{"type":"null"},#]}}"#,
        "[]",
    ),
];

fn around() -> impl Strategy<Value = Vec<Around>> {
    vec(select(AROUND.to_vec()), 0..20)
}

/// Where there is binary floating point.
fn floats(format: Format, text: &str) -> Vec<String> {
    let bundle = policy("baseline: all\nrules: [{use: TYP002, severity: error}]");
    let ground = Ground {
        format,
        ..Ground::new(&[], text)
    };
    let findings = ground.judged(&bundle, Point::Register).findings;
    findings.into_iter().map(|one| one.path).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_type_is_found_however_deep_it_lies_and_nothing_else_is(around in around()) {
        let wrapped = |innermost: &str, which: fn(&Around) -> &'static str| {
            let outwards = around.iter().rev();
            outwards.fold(innermost.to_owned(), |inner, one| which(one).replace('#', &inner))
        };
        let suffix: String = around.iter().map(|one| one.2).collect();
        let avro = |leaf: &str| format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":{}}}]}}"#,
            wrapped(leaf, |one| one.0)
        );
        let json = |leaf: &str| format!(
            r#"{{"type":"object","properties":{{"f":{}}}}}"#,
            wrapped(leaf, |one| one.1)
        );
        let expected = vec![format!("f{suffix}")];
        prop_assert_eq!(&floats(Format::Avro, &avro(r#""double""#)), &expected);
        prop_assert_eq!(&floats(Format::Json, &json(r#"{"type":"number"}"#)), &expected);
        let nowhere: Vec<String> = Vec::new();
        prop_assert_eq!(&floats(Format::Avro, &avro(r#""long""#)), &nowhere);
        prop_assert_eq!(&floats(Format::Json, &json(r#"{"type":"integer"}"#)), &nowhere);
    }

    #[test]
    fn what_a_record_lost_does_not_depend_on_what_it_is_called(
        before in laws::schema(), after in laws::schema(),
    ) {
        let bundle = policy(
            "baseline: all\nrules:\n  - {use: DEF001, severity: error}\n  - {use: DEF006, severity: error}\n  \
             - {use: ENM005, severity: error}\n",
        );
        let told = |after: &str| {
            let findings = Ground::new(&[&before], after).judged(&bundle, Point::Register).findings;
            findings.into_iter().map(|one| (one.rule.code, one.path)).collect::<Vec<_>>()
        };
        let renamed = after.replace(r#""Order""#, r#""Purchase""#);
        prop_assert_eq!(told(&after), told(&renamed));
    }
}
