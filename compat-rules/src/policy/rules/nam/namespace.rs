//! The namespace of Avro, the package of Protobuf, the `$id` of JSON Schema.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, Model, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::parameter::Expression;
use crate::policy::rules::words::folded;

pub(super) const NAM001: PolicyRule = PolicyRule {
    code: "NAM001",
    slug: "namespace-required",
    title: "A schema has a namespace, a package or an $id.",
    formats: ALL_FORMATS,
    hint: "add \"namespace\", a package, or \"$id\"",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, required),
};

pub(super) const NAM002: PolicyRule = PolicyRule {
    code: "NAM002",
    slug: "namespace-pattern",
    title: "The namespace, package or $id is written in one way.",
    formats: ALL_FORMATS,
    hint: "name it as the registry demands, such as acme.orders",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Patterns>,
    prepare: |parameters| look::with::<Patterns>(parameters, patterned),
};

pub(super) const NAM003: PolicyRule = PolicyRule {
    code: "NAM003",
    slug: "namespace-domain",
    title: "The namespace contains the domain of the subject.",
    formats: ALL_FORMATS,
    hint: "make the domain of the subject a part of the namespace",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, of_domain),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Patterns {
    /// What namespaces of Avro and packages of Protobuf match.
    pattern: Expression,
    /// What the `$id` of a JSON schema matches.
    id_pattern: Expression,
}

impl Default for Patterns {
    fn default() -> Self {
        Self {
            pattern: Expression::shipped(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"),
            id_pattern: Expression::shipped(r"^(https?://|urn:)\S+$"),
        }
    }
}

/// Each namespace once, with the first element that is in it; an empty one where there is none.
fn namespaces(schema: &Model) -> Vec<(&Element, &str)> {
    if schema.format != Format::Avro {
        let namespace = schema.namespace.as_deref().unwrap_or_default();
        return vec![(&WHOLE, namespace)];
    }
    let mut known: Vec<(&Element, &str)> = Vec::new();
    let named = schema.types.iter();
    for one in named.filter(|one| one.kind != TypeKind::Union) {
        let namespace = one
            .full_name
            .rsplit_once('.')
            .map_or("", |(space, _)| space);
        if !known.iter().any(|(_, other)| *other == namespace) {
            known.push((&one.element, namespace));
        }
    }
    known
}

/// The schema as a whole.
static WHOLE: Element = Element {
    path: String::new(),
    pointer: String::new(),
    place: None,
};

const fn called(format: Format) -> &'static str {
    match format {
        Format::Avro => "namespace",
        Format::Json => "$id",
        Format::Protobuf => "package",
    }
}

fn required(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let noun = called(candidate.schema.format);
    for (element, namespace) in namespaces(candidate.schema) {
        if namespace.is_empty() {
            found.report(element, format!("the schema has no {noun}"));
        }
    }
}

fn patterned(patterns: &Patterns, candidate: &Candidate<'_>, found: &mut Found) {
    let format = candidate.schema.format;
    let (noun, pattern) = match format {
        Format::Json => (called(format), &patterns.id_pattern),
        _ => (called(format), &patterns.pattern),
    };
    for (element, namespace) in namespaces(candidate.schema) {
        if !namespace.is_empty() && !pattern.is_match(namespace) {
            found.add(Report {
                element: element.clone(),
                detail: namespace.to_owned(),
                message: format!("{noun} \"{namespace}\" does not match {}", pattern.as_str()),
                hint: None,
            });
        }
    }
}

fn of_domain(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(domain) = candidate.captures.get("domain") else {
        return;
    };
    let noun = called(candidate.schema.format);
    let is_part = |namespace: &str| {
        let mut parts = namespace.split(['.', '/', ':', '#']);
        parts.any(|part| folded(part) == folded(domain))
    };
    for (element, namespace) in namespaces(candidate.schema) {
        if !namespace.is_empty() && !is_part(namespace) {
            found.add(Report {
                element: element.clone(),
                detail: namespace.to_owned(),
                message: format!("{noun} \"{namespace}\" does not contain the domain \"{domain}\""),
                hint: Some(format!("make \"{domain}\" a part of the {noun}")),
            });
        }
    }
}
