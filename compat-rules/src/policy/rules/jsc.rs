//! JSC: what only JSON Schema has to say.

use schemars::JsonSchema;
use serde::Deserialize;

use super::look;
use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Details, Element, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, CONTENT_POINTS, Category, NoParameters, PolicyRule};

use std::collections::{BTreeSet, HashSet};

use crate::policy::model::JsonDetails;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&JSC001, &JSC002, &JSC003, &JSC004, &JSC006, &JSC007];

const JSC001: PolicyRule = PolicyRule {
    code: "JSC001",
    slug: "draft-declared",
    title: "A schema says which draft it is written in.",
    formats: &[Format::Json],
    hint: "add \"$schema\" with a draft that is allowed",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Drafts>,
    prepare: |parameters| look::with::<Drafts>(parameters, draft),
};

const JSC002: PolicyRule = PolicyRule {
    code: "JSC002",
    slug: "id-declared",
    title: "A schema has an $id, which nothing else in it has.",
    formats: &[Format::Json],
    hint: "add \"$id\", an address of its own",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, id),
};

const JSC003: PolicyRule = PolicyRule {
    code: "JSC003",
    slug: "additional-properties",
    title: "An object says whether further properties are allowed.",
    formats: &[Format::Json],
    hint: "add \"additionalProperties\": true or false",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Content>,
    prepare: |parameters| look::with::<Content>(parameters, content),
};

const JSC004: PolicyRule = PolicyRule {
    code: "JSC004",
    slug: "root-object",
    title: "The root is an object.",
    formats: &[Format::Json],
    hint: "add \"type\": \"object\", or put the value into one",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, root_object),
};

const JSC006: PolicyRule = PolicyRule {
    code: "JSC006",
    slug: "required-listed",
    title: "Each name under required is defined.",
    formats: &[Format::Json],
    hint: "define the property, or remove it from required",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, listed),
};

const JSC007: PolicyRule = PolicyRule {
    code: "JSC007",
    slug: "pattern-linear",
    title: "Each pattern can be matched in linear time.",
    formats: &[Format::Json],
    hint: "remove look-around and back-references",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, linear),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Drafts {
    /// The drafts that are allowed.
    allow: Vec<Draft>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
enum Draft {
    #[serde(rename = "draft-04")]
    Four,
    #[serde(rename = "draft-06")]
    Six,
    #[serde(rename = "draft-07")]
    Seven,
    #[serde(rename = "2019-09")]
    Y2019,
    #[serde(rename = "2020-12")]
    Y2020,
}

impl Default for Drafts {
    fn default() -> Self {
        Self {
            allow: vec![Draft::Seven, Draft::Y2019, Draft::Y2020],
        }
    }
}

impl Draft {
    fn of(uri: &str) -> Option<Self> {
        let place = uri.trim_end_matches('#').split_once("://json-schema.org/");
        Some(match place?.1 {
            "draft-04/schema" => Self::Four,
            "draft-06/schema" => Self::Six,
            "draft-07/schema" => Self::Seven,
            "draft/2019-09/schema" => Self::Y2019,
            "draft/2020-12/schema" => Self::Y2020,
            _ => return None,
        })
    }
}

#[derive(Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields, default)]
struct Content {
    /// What an object has to say.
    expected: Expected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Default)]
#[serde(rename_all = "lowercase")]
enum Expected {
    /// No further properties are allowed.
    Closed,
    /// Further properties are allowed, and it says so.
    Open,
    /// One or the other is said.
    #[default]
    Stated,
}

const fn details<'a>(candidate: &Candidate<'a>) -> Option<&'a JsonDetails> {
    match &candidate.schema.details {
        Details::Json(details) => Some(details),
        _ => None,
    }
}

fn draft(drafts: &Drafts, candidate: &Candidate<'_>, found: &mut Found) {
    let dialect = details(candidate).and_then(|details| details.dialect.as_deref());
    match dialect {
        None => found.report_whole("the schema does not say its draft"),
        Some(uri) if !Draft::of(uri).is_some_and(|draft| drafts.allow.contains(&draft)) => {
            found.report_whole(format!("the draft \"{uri}\" is not allowed"));
        }
        Some(_) => {}
    }
}

fn id(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let id = details(candidate).and_then(|details| details.id.as_deref());
    if id.is_none_or(str::is_empty) {
        found.report_whole("the schema has no $id");
    }
    let Some(details) = details(candidate) else {
        return;
    };
    let mut seen = HashSet::new();
    for (element, id) in &details.ids {
        if !seen.insert(id) {
            report_id(element, id, "stands in the schema already", found);
        }
    }
    for id in &details.imported_ids {
        if details.id.as_ref() == Some(id) {
            report_id(
                &Element::default(),
                id,
                "is that of a reference, too",
                found,
            );
        }
    }
}

fn report_id(element: &Element, id: &str, what: &str, found: &mut Found) {
    found.add(Report {
        element: element.clone(),
        detail: id.to_owned(),
        message: format!("the $id \"{id}\" {what}"),
        hint: None,
    });
}

fn content(parameters: &Content, candidate: &Candidate<'_>, found: &mut Found) {
    let records = candidate
        .schema
        .types
        .iter()
        .filter(|one| one.kind == TypeKind::Record);
    for one in records {
        let (message, hint) = match (parameters.expected, one.is_open) {
            (Expected::Closed, Some(true) | None) => {
                ("the object is open", "add \"additionalProperties\": false")
            }
            (Expected::Open, Some(false) | None) => (
                "the object is not said to be open",
                "add \"additionalProperties\": true",
            ),
            (Expected::Stated, None) => ("the object does not say whether it is open", JSC003.hint),
            _ => continue,
        };
        found.add(Report {
            element: one.element.clone(),
            detail: String::new(),
            message: message.to_owned(),
            hint: Some(hint.to_owned()),
        });
    }
}

fn root_object(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    match details(candidate).map(|details| details.root_type.as_deref()) {
        Some(Some("object")) | None => {}
        Some(Some(other)) => found.report_whole(format!("the root is of type {other}")),
        Some(None) => found.report_whole("the root does not say that it is an object"),
    }
}

fn listed(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    // Schemas that mean the same value, such as the members of allOf, have the same path: one may define what
    // another requires.
    let types = &candidate.schema.types;
    let named = |one: &crate::policy::model::Type| {
        let path = one.element.path.clone();
        let names: Vec<_> = one.fields.iter().map(|field| field.name.clone()).collect();
        names.into_iter().map(move |name| (path.clone(), name))
    };
    let defined: BTreeSet<(String, String)> = types.iter().flat_map(named).collect();
    for one in types {
        for name in &one.required {
            if !defined.contains(&(one.element.path.clone(), name.clone())) {
                found.add(Report {
                    element: one.element.clone(),
                    detail: name.clone(),
                    message: format!("\"{name}\" is required and not defined"),
                    hint: None,
                });
            }
        }
    }
}

fn linear(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let patterns = details(candidate)
        .into_iter()
        .flat_map(|details| &details.patterns);
    for (element, pattern) in patterns {
        let built = regex::RegexBuilder::new(pattern)
            .size_limit(1 << 20)
            .build();
        if built.is_err() {
            let shown: String = pattern.chars().take(60).collect();
            found.add(Report {
                element: element.clone(),
                detail: pattern.clone(),
                message: format!("the pattern \"{shown}\" needs an engine that is not linear"),
                hint: None,
            });
        }
    }
}
