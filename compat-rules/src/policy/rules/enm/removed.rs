//! ENM005: values that were there, and with them enums that are gone as a whole.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::change::Pairs;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, Field, FieldType, Held, Model, Type, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CHANGE_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::before::{self, Fields};
use crate::policy::rules::look;

use super::called;

pub(super) const ENM005: PolicyRule = PolicyRule {
    code: "ENM005",
    slug: "enum-value-removed",
    title: "No value of an enum disappears.",
    formats: ALL_FORMATS,
    hint: "keep the value and mark it as deprecated",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, kept),
};

fn kept(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(before) = before::pairs(candidate) else {
        return;
    };
    for (one, was) in &before.pairs {
        let has: HashSet<&str> = one.symbols.iter().map(|one| one.name.as_str()).collect();
        for symbol in &was.symbols {
            if !has.contains(symbol.name.as_str()) {
                found.add(Report {
                    element: one.element.clone(),
                    detail: symbol.name.clone(),
                    message: format!(
                        "{} has lost the value \"{}\"",
                        called(&one.name),
                        symbol.name
                    ),
                    hint: None,
                });
            }
        }
    }
    gone(&before, candidate.schema, found);
}

/// Enums that are gone, where the fields that held them are not.
fn gone(before: &Pairs<'_>, schema: &Model, found: &mut Found) {
    let enums = before.removed.iter();
    let enums: HashMap<&str, &Type> = enums
        .filter(|one| one.kind == TypeKind::Enum)
        .map(|one| (name_of(schema.format, one), *one))
        .collect();
    if enums.is_empty() {
        return;
    }
    let now: HashMap<&str, HashSet<&str>> = schema
        .enums()
        .map(|one| {
            let symbols = one.symbols.iter().map(|symbol| symbol.name.as_str());
            (name_of(schema.format, one), symbols.collect())
        })
        .collect();
    // Thousands of fields may have held the same enum, and hold the same now.
    let mut judged: HashMap<(&str, Taken), bool> = HashMap::new();
    for (one, was) in &before.pairs {
        let had = Fields::of(was);
        for field in &one.fields {
            let Some(old) = had.was(field) else { continue };
            let held = old
                .values()
                .filter(|(_, held)| held.r#type == FieldType::Enum);
            let held = held.filter_map(|(element, held)| {
                let name = held_name(schema.format, element, held);
                enums.get_key_value(name.as_ref())
            });
            for (name, lost) in held {
                let taken = Taken::by(field, &now, schema.format);
                let is_lost = *judged
                    .entry((name, taken))
                    .or_insert_with_key(|(_, taken)| taken.lacks(lost, &now));
                if is_lost {
                    report(field, lost, found);
                }
            }
        }
    }
}

fn name_of(format: Format, one: &Type) -> &str {
    match format {
        Format::Json => &one.element.path,
        Format::Avro | Format::Protobuf => &one.full_name,
    }
}

/// The name of the enum that is held: in JSON the path of its definition, or of the value itself.
fn held_name<'h>(format: Format, element: &'h Element, held: &'h Held) -> Cow<'h, str> {
    match (format, held.type_name.strip_prefix("#/")) {
        (Format::Json, Some(pointer)) => Cow::Owned(pointer.replace('/', ".")),
        (Format::Json, None) => Cow::Borrowed(&element.path),
        (Format::Avro | Format::Protobuf, _) => Cow::Borrowed(&held.type_name),
    }
}

/// What a field takes of the values of an enum.
#[derive(Default, PartialEq, Eq, Hash)]
struct Taken {
    /// Whatever it was: an enum that is imported cannot be looked at; in JSON any text.
    all: bool,
    /// The values of other enums.
    enums: Vec<String>,
    /// JSON: values are numbers and truths whatever they were called.
    numbers: bool,
    booleans: bool,
}

impl Taken {
    fn by(field: &Field, now: &HashMap<&str, HashSet<&str>>, format: Format) -> Self {
        let mut taken = Self::default();
        for (element, held) in field.values() {
            match (format, held.r#type) {
                (_, FieldType::Enum) => {
                    let name = held_name(format, element, held).into_owned();
                    taken.all |= !now.contains_key(name.as_str());
                    taken.enums.push(name);
                }
                (Format::Json, FieldType::String | FieldType::Any) => taken.all = true,
                (Format::Json, FieldType::Int64 | FieldType::Float64) => taken.numbers = true,
                (Format::Json, FieldType::Boolean) => taken.booleans = true,
                _ => {}
            }
        }
        taken
    }

    /// True if a value is not taken any more.
    fn lacks(&self, lost: &Type, now: &HashMap<&str, HashSet<&str>>) -> bool {
        let enums = self.enums.iter();
        let enums: Vec<_> = enums.filter_map(|name| now.get(name.as_str())).collect();
        let is_taken = |value: &str| {
            enums.iter().any(|known| known.contains(value))
                || (self.numbers && value.parse::<f64>().is_ok())
                || (self.booleans && matches!(value, "true" | "false"))
        };
        !self.all && lost.symbols.iter().any(|value| !is_taken(&value.name))
    }
}

fn report(field: &Field, lost: &Type, found: &mut Found) {
    found.add(Report {
        element: field.element.clone(),
        detail: lost.full_name.clone(),
        message: format!(
            "field \"{}\" held {}, which is gone with its values",
            field.name,
            called(&lost.name)
        ),
        hint: None,
    });
}
