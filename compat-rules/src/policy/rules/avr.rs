//! AVR: what only Avro has to say.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::look;
use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Details, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, CONTENT_POINTS, Category, NoParameters, PolicyRule};

use super::parameter::Expression;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&AVR001, &AVR002, &AVR003, &AVR004];

const AVR001: PolicyRule = PolicyRule {
    code: "AVR001",
    slug: "root-record",
    title: "The top level is a record.",
    formats: &[Format::Avro],
    hint: "put it into a record, to which fields can be added",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, root_record),
};

const AVR002: PolicyRule = PolicyRule {
    code: "AVR002",
    slug: "avro-name-valid",
    title: "Names follow the specification strictly.",
    formats: &[Format::Avro],
    hint: "use letters, digits and _, a letter first",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, valid_names),
};

const AVR003: PolicyRule = PolicyRule {
    code: "AVR003",
    slug: "alias-valid",
    title: "Aliases are valid and mean one thing.",
    formats: &[Format::Avro],
    hint: "remove the alias, or give it another name",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, valid_aliases),
};

const AVR004: PolicyRule = PolicyRule {
    code: "AVR004",
    slug: "generator-properties",
    title: "No property comes from a generator of code.",
    formats: &[Format::Avro],
    hint: "remove the property from the text",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Properties>,
    prepare: |parameters| look::with::<Properties>(parameters, no_properties),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Properties {
    /// Keys of properties that match one of these come from generators.
    keys: Vec<Expression>,
}

impl Default for Properties {
    fn default() -> Self {
        Self {
            keys: vec![Expression::shipped(
                r"^(avro\.java\.string|java-class|java-key-class|java-element-class)$",
            )],
        }
    }
}

fn root_record(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    if let Details::Avro(details) = &candidate.schema.details
        && details.root != "record"
    {
        found.report_whole(format!("the top level is of type {}", details.root));
    }
}

/// One part of a name.
fn is_valid(part: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    part.chars().all(is_letter) && part.starts_with(|first: char| !first.is_ascii_digit())
}

fn is_valid_full(name: &str) -> bool {
    name.split('.').all(is_valid)
}

fn valid_names(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for one in &candidate.schema.types {
        if one.kind != TypeKind::Union && !is_valid_full(&one.full_name) {
            found.report(
                &one.element,
                format!("\"{}\" is no name of a type", one.full_name),
            );
        }
        for field in one.fields.iter().filter(|field| !is_valid(&field.name)) {
            found.report(
                &field.element,
                format!("\"{}\" is no name of a field", field.name),
            );
        }
        for symbol in one.symbols.iter().filter(|symbol| !is_valid(&symbol.name)) {
            found.report(&symbol.element, format!("\"{}\" is no symbol", symbol.name));
        }
    }
}

fn valid_aliases(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let types = &candidate.schema.types;
    let meant = Meant::by(types.iter().map(|one| (&one.full_name, &one.aliases)));
    for (position, one) in types.iter().enumerate() {
        for alias in &one.aliases {
            let is_taken = meant.by_another(position, alias);
            wrong_alias(&one.element, alias, is_valid_full(alias), is_taken, found);
        }
        let meant = Meant::by(one.fields.iter().map(|field| (&field.name, &field.aliases)));
        for (position, field) in one.fields.iter().enumerate() {
            for alias in &field.aliases {
                let is_taken = meant.by_another(position, alias);
                wrong_alias(&field.element, alias, is_valid(alias), is_taken, found);
            }
        }
    }
}

/// What each name and alias of a list of siblings means.
struct Meant<'a> {
    /// The first that it means, and whether it means a second one as well.
    siblings: HashMap<&'a str, (usize, bool)>,
}

impl<'a> Meant<'a> {
    fn by(siblings: impl Iterator<Item = (&'a String, &'a Vec<String>)>) -> Self {
        let mut meant: HashMap<&str, (usize, bool)> = HashMap::new();
        for (position, (name, aliases)) in siblings.enumerate() {
            for word in std::iter::once(name).chain(aliases) {
                let (first, several) = meant.entry(word).or_insert((position, false));
                *several |= *first != position;
            }
        }
        Self { siblings: meant }
    }

    fn by_another(&self, position: usize, alias: &str) -> bool {
        let meant = self.siblings.get(alias);
        meant.is_some_and(|(first, several)| *several || *first != position)
    }
}

fn wrong_alias(
    element: &crate::policy::model::Element,
    alias: &str,
    is_valid: bool,
    is_taken: bool,
    found: &mut Found,
) {
    let message = match (is_valid, is_taken) {
        (false, _) => format!("the alias \"{alias}\" is no name"),
        (_, true) => format!("the alias \"{alias}\" means something else as well"),
        _ => return,
    };
    found.add(Report {
        element: element.clone(),
        detail: alias.to_owned(),
        message,
        hint: None,
    });
}

fn no_properties(parameters: &Properties, candidate: &Candidate<'_>, found: &mut Found) {
    let mut look = |element, properties: &crate::policy::model::Properties| {
        for key in properties.keys() {
            if parameters.keys.iter().any(|one| one.is_match(key)) {
                found.add(Report {
                    element: crate::policy::model::Element::clone(element),
                    detail: key.clone(),
                    message: format!("the property \"{key}\" comes from a generator"),
                    hint: Some(format!("remove \"{key}\"")),
                });
            }
        }
    };
    for one in &candidate.schema.types {
        look(&one.element, &one.properties);
        for field in &one.fields {
            look(&field.element, &field.properties);
        }
    }
    for remark in &candidate.schema.remarks {
        look(&remark.element, &remark.properties);
    }
}
