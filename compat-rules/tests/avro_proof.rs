//! Proof from outside: what we call readable, apache-avro reads.
//!
//! Random pairs of schemas, one edited from the other. Wherever we say that one reads what the other wrote, apache-avro
//! must read with the one what it wrote with the other. Where it does not, the reason must be in the list of
//! [`Reason`]s, each of them a limit of apache-avro that a person has looked at. The laws that hold for any two schemas
//! are tested on the same pairs. The cases are the same in every run.

mod avro_proof {
    pub(crate) mod dice;
    pub(crate) mod edit;
    pub(crate) mod model;
    pub(crate) mod value;
}

use std::cell::RefCell;
use std::collections::BTreeMap;

use apache_avro::Schema;
use apache_avro::reader::datum::GenericDatumReader;
use apache_avro::writer::datum::GenericDatumWriter;
use avro_proof::dice::Dice;
use avro_proof::edit::edit;
use avro_proof::model::{Generator, Type};
use avro_proof::value::Values;
use compat_rules::{
    Budget, CompatibilityPolicy, Earlier, Format, Incompatible, Level, ParsedSchema, References,
    Strictness, Violation, check, parse,
};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use proptest::{prop_assert, prop_assert_eq};

/// Why apache-avro cannot do what we promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// It does not look at the aliases of the reader's fields.
    FieldAliases,
}

const CASES: u32 = 6000;
const CASES_PER_LAW: u32 = 2000;
const VALUES_PER_PAIR: usize = 4;

#[test]
fn apache_avro_reads_what_we_call_readable() {
    let tally = Tally::default();
    for_each_pair(CASES, |pair, values| {
        for (reader, writer) in [(&pair.new, &pair.old), (&pair.old, &pair.new)] {
            if !violations(&reader.parsed, &writer.parsed).is_empty() {
                tally.count("unreadable");
                continue;
            }
            tally.count("readable");
            read_all(reader, writer, values, &tally)?;
        }
        Ok(())
    });
    // The proof is worth something only if both verdicts are common, if values are really read, and if few of them
    // need an excuse.
    assert!(tally.of("readable") > CASES / 3, "{tally:?}");
    assert!(tally.of("unreadable") > CASES / 3, "{tally:?}");
    assert!(tally.of("read") > CASES, "{tally:?}");
    assert!(tally.of("excused") < tally.of("read") / 20, "{tally:?}");
}

#[test]
fn every_schema_reads_itself_and_is_its_own_equal() {
    for_each_pair(CASES_PER_LAW, |pair, _| {
        for schema in [&pair.old.parsed, &pair.new.parsed] {
            let fields_match_several = violations(schema, schema)
                .iter()
                .all(|violation| violation.rule.id == "reader-field-matches-several");
            prop_assert!(fields_match_several);
            prop_assert!(schema.is_equivalent(schema));
        }
        Ok(())
    });
}

#[test]
fn canonical_and_normal_texts_are_fixed_points() {
    for_each_pair(CASES_PER_LAW, |pair, _| {
        for schema in [&pair.old.parsed, &pair.new.parsed] {
            let again = read_again(schema.canonical())?;
            prop_assert_eq!(again.canonical(), schema.canonical());
            prop_assert!(again.is_equivalent(schema));
            let normal = schema.normalized().map_err(refused)?;
            let twice = normal.normalized().map_err(refused)?;
            prop_assert_eq!(twice.canonical(), normal.canonical());
        }
        Ok(())
    });
}

#[test]
fn forward_is_backward_the_other_way_round() {
    for_each_pair(CASES_PER_LAW, |pair, _| {
        let (old, new) = (&pair.old.parsed, &pair.new.parsed);
        let found = |level, candidate, schema| {
            let earlier = [Earlier { version: 1, schema }];
            let report = check(level, CompatibilityPolicy::Strict, candidate, &earlier);
            match report.incompatible {
                Some(Incompatible::Violations {
                    forward, backward, ..
                }) => [forward, backward].concat(),
                _ => Vec::new(),
            }
        };
        prop_assert_eq!(
            found(Level::Forward, new, old),
            found(Level::Backward, old, new)
        );
        Ok(())
    });
}

/// A schema as the generator has it, and as we understand it.
struct Side {
    model: Type,
    parsed: ParsedSchema,
}

struct Pair {
    old: Side,
    new: Side,
}

/// Runs a test on the pairs; the bytes are for whatever else it wants to choose.
fn for_each_pair(cases: u32, test: impl Fn(&Pair, &[u8]) -> Result<(), TestCaseError>) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let bytes = |most| vec(any::<u8>(), 0..most);
    let choices = (bytes(120), bytes(40), bytes(200));
    let result = TestRunner::new_with_rng(config, rng).run(&choices, |(schema, edits, values)| {
        let old = Generator::new(&mut Dice::new(&schema), 0).record(2);
        let mut new = old.clone();
        let mut dice = Dice::new(&edits);
        for _ in 0..=dice.below(3) {
            edit(&mut new, &mut dice);
        }
        // An edit may take away a definition that is used elsewhere; such a pair says nothing.
        match (side(old), side(new)) {
            (Some(old), Some(new)) => test(&Pair { old, new }, &values),
            _ => Ok(()),
        }
    });
    if let Err(failure) = result {
        panic!("{failure}");
    }
}

fn side(model: Type) -> Option<Side> {
    let text = model.to_json().to_string();
    let parsed = parse(Format::Avro, &text, &References::none(), Strictness::New).ok()?;
    Some(Side { model, parsed })
}

fn read_again(text: &str) -> Result<ParsedSchema, TestCaseError> {
    parse(Format::Avro, text, &References::none(), Strictness::Stored).map_err(refused)
}

fn refused(invalid: compat_rules::InvalidSchema) -> TestCaseError {
    TestCaseError::fail(invalid.to_string())
}

fn violations(reader: &ParsedSchema, writer: &ParsedSchema) -> Vec<Violation> {
    reader
        .read_violations(writer, CompatibilityPolicy::Strict, &mut Budget::default())
        .expect("the schemas are small")
        .expect("both are Avro")
}

/// Writes values with one schema and reads them with the other.
fn read_all(
    reader: &Side,
    writer: &Side,
    values: &[u8],
    tally: &Tally,
) -> Result<(), TestCaseError> {
    let (reader_schema, writer_schema) = (theirs(&reader.parsed)?, theirs(&writer.parsed)?);
    let source = Values::new(&writer.model);
    let mut dice = Dice::new(values);
    for _ in 0..VALUES_PER_PAIR {
        let Some(value) = source.value(&writer.model, &mut dice, 6) else {
            continue;
        };
        let fail = |error: apache_avro::Error| {
            TestCaseError::fail(format!(
                "{error}\nreader {}\nwriter {}\nvalue {value:?}",
                reader.parsed.canonical(),
                writer.parsed.canonical()
            ))
        };
        let written = GenericDatumWriter::builder(&writer_schema)
            .build()
            .and_then(|writer| writer.write_value_to_vec(value.clone()))
            .map_err(fail)?;
        let read = GenericDatumReader::builder(&writer_schema)
            .reader_schema(&reader_schema)
            .build()
            .and_then(|reader| reader.read_value(&mut written.as_slice()));
        match (read, reason(&reader.model)) {
            (Ok(_), _) => tally.count("read"),
            (Err(_), Some(Reason::FieldAliases)) => tally.count("excused"),
            (Err(error), None) => return Err(fail(error)),
        }
    }
    Ok(())
}

/// The canonical text has each definition where it is used first, which apache-avro needs.
fn theirs(schema: &ParsedSchema) -> Result<Schema, TestCaseError> {
    let text = schema.canonical();
    Schema::parse_str(text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))
}

/// The limit of apache-avro that a reader may run into.
fn reason(reader: &Type) -> Option<Reason> {
    let has_field_aliases = |r#type: &&Type| match r#type {
        Type::Record { fields, .. } => fields.iter().any(|field| !field.aliases.is_empty()),
        _ => false,
    };
    reader
        .all()
        .iter()
        .any(has_field_aliases)
        .then_some(Reason::FieldAliases)
}

/// How often something happened.
#[derive(Debug, Default)]
struct Tally {
    counts: RefCell<BTreeMap<&'static str, u32>>,
}

impl Tally {
    fn count(&self, what: &'static str) {
        *self.counts.borrow_mut().entry(what).or_default() += 1;
    }

    fn of(&self, what: &str) -> u32 {
        self.counts.borrow().get(what).copied().unwrap_or_default()
    }
}
