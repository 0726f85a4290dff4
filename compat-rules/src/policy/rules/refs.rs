//! REF: what a schema refers to.
//!
//! Whether a type that is copied could have been referred to is not looked at.

use std::collections::{BTreeSet, HashSet};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::{Candidate, ReferenceFacts};
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Details, Element};
use crate::policy::pattern::SubjectPattern;
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, ALL_FORMATS, BadParameters, CONTENT_POINTS, Category, NoParameters, PolicyRule,
};
use crate::policy::rules::look;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[
    &REF001, &REF002, &REF003, &REF004, &REF005, &REF007, &REF008,
];

const REF001: PolicyRule = PolicyRule {
    code: "REF001",
    slug: "reference-pinned",
    title: "References name a version.",
    formats: ALL_FORMATS,
    hint: "send the number of the version in place of -1",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, pinned),
};

const REF002: PolicyRule = PolicyRule {
    code: "REF002",
    slug: "reference-live",
    title: "What is referred to is neither deprecated nor retired.",
    formats: ALL_FORMATS,
    hint: "refer to its successor, or to a newer version",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, live),
};

const REF003: PolicyRule = PolicyRule {
    code: "REF003",
    slug: "reference-scope",
    title: "References stay within the own domain and what is shared.",
    formats: ALL_FORMATS,
    hint: "refer to a shared type, or copy what you need",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Allowed>,
    prepare: |parameters| look::with_made(parameters, Reach::make, scope),
};

const REF004: PolicyRule = PolicyRule {
    code: "REF004",
    slug: "reference-used",
    title: "Every reference is used.",
    formats: ALL_FORMATS,
    hint: "take the reference out of the request",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, used),
};

const REF005: PolicyRule = PolicyRule {
    code: "REF005",
    slug: "reference-depth",
    title: "Chains of references are not too long.",
    formats: ALL_FORMATS,
    hint: "refer to what is needed at once",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Depth>,
    prepare: |parameters| look::with(parameters, depth),
};

const REF007: PolicyRule = PolicyRule {
    code: "REF007",
    slug: "remote-reference",
    title: "No `$ref` leads out of the registry.",
    formats: &[Format::Json],
    hint: "register what it leads to, and refer to it",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, remote),
};

const REF008: PolicyRule = PolicyRule {
    code: "REF008",
    slug: "import-kind",
    title: "No import is public or weak.",
    formats: &[Format::Protobuf],
    hint: "write a plain import",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, import_kind),
};

fn pinned(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for reference in candidate.references {
        if reference.version < 1 {
            let what = format!("names no version of subject \"{}\"", reference.subject);
            report(candidate, reference, &what, found);
        }
    }
}

fn live(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for reference in candidate.references {
        let state = reference.properties.get("lifecycle.state");
        let state = match state.map(String::as_str) {
            _ if reference.is_deleted => "deleted",
            Some(state @ ("deprecated" | "retired")) => state,
            _ => continue,
        };
        let what = format!(
            "leads to subject \"{}\" version {}, which is {state}",
            reference.subject, reference.version
        );
        let hint = reference.properties.get("lifecycle.successor");
        found.add(Report {
            hint: hint.map(|successor| format!("refer to {successor}")),
            ..about(candidate, reference, &what)
        });
    }
}

/// Parameters of REF003.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Allowed {
    /// Patterns of subjects that every schema may refer to; a subject of another context is written `:.context:name`.
    allow: Vec<String>,
    /// Subjects of the own domain may be referred to, too. The domain is the group of that name of SUB001; where there
    /// is none, the part of the subject before the first dot.
    own_domain: bool,
}

impl Default for Allowed {
    fn default() -> Self {
        Self {
            allow: vec!["shared.**".to_owned()],
            own_domain: true,
        }
    }
}

struct Reach {
    allow: Vec<SubjectPattern>,
    own_domain: bool,
}

impl Reach {
    fn make(allowed: Allowed) -> Result<Self, BadParameters> {
        let patterns = allowed.allow.iter().map(|text| SubjectPattern::parse(text));
        Ok(Self {
            allow: patterns
                .collect::<Result<_, _>>()
                .map_err(|bad| BadParameters(format!("allow: {bad}")))?,
            own_domain: allowed.own_domain,
        })
    }
}

fn scope(reach: &Reach, candidate: &Candidate<'_>, found: &mut Found) {
    let subject = candidate.subject;
    let domain = match candidate.captures.get("domain") {
        Some(domain) => domain.as_str(),
        None => subject.name.split('.').next().unwrap_or_default(),
    };
    let is_own = |name: &str| {
        let rest = name.strip_prefix(domain);
        !domain.is_empty() && rest.is_some_and(|rest| rest.starts_with('.'))
    };
    for reference in candidate.references {
        let name = reference.subject.as_str();
        let allowed = (reach.own_domain && (name == subject.name || is_own(name)))
            || reach.allow.iter().any(|pattern| pattern.matches(name));
        if !allowed {
            let what = format!(
                "leads to subject \"{name}\", which is neither shared nor of the domain \"{domain}\""
            );
            report(candidate, reference, &what, found);
        }
    }
}

/// The name by which an Avro schema knows a type need not be that of the reference: where a name is used that no
/// reference has, nobody can tell which of them it comes from.
fn used(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let uses = candidate.schema.uses.iter();
    let uses: BTreeSet<&str> = uses.map(|used| used.name.as_str()).collect();
    let is_named = |name: &&str| {
        candidate
            .references
            .iter()
            .any(|one| means(&one.name, name))
    };
    if candidate.schema.format == Format::Avro && !uses.iter().all(is_named) {
        return;
    }
    for reference in candidate.references {
        if !uses.iter().any(|used| means(&reference.name, used)) {
            report(candidate, reference, "is not used", found);
        }
    }
}

/// A `$ref` may lead into a document; what stands after `#` is not part of its name.
fn means(reference: &str, used: &str) -> bool {
    let document = document(used);
    reference == used
        || reference == document
        || document.rsplit('/').next() == Some(reference)
        || reference.strip_suffix('#') == Some(document)
}

/// Parameters of REF005.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Depth {
    /// The most references in a row.
    max: usize,
}

impl Default for Depth {
    fn default() -> Self {
        Self { max: 10 }
    }
}

fn depth(parameters: &Depth, candidate: &Candidate<'_>, found: &mut Found) {
    for reference in candidate.references {
        if reference.depth > parameters.max {
            let what = format!(
                "begins a chain of {}, at most {} are allowed",
                reference.depth, parameters.max
            );
            report(candidate, reference, &what, found);
        }
    }
}

fn remote(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let own = own_addresses(candidate);
    for used in &candidate.schema.uses {
        let leads_out = used
            .name
            .split_once("://")
            .is_some_and(|(scheme, _)| scheme.chars().all(|one| one.is_ascii_alphanumeric()));
        let is_given = |reference: &ReferenceFacts| means(&reference.name, &used.name);
        let is_own = own.contains(document(&used.name));
        let is_dialect = used.name.contains("://json-schema.org/");
        if leads_out && !is_dialect && !is_own && !candidate.references.iter().any(is_given) {
            found.add(Report {
                element: used.element.clone(),
                detail: used.name.clone(),
                message: format!("`$ref` leads to {}, out of the registry", used.name),
                hint: None,
            });
        }
    }
}

/// The addresses that the schema and its parts have.
fn own_addresses<'a>(candidate: &Candidate<'a>) -> HashSet<&'a str> {
    match &candidate.schema.details {
        Details::Json(details) => details.ids.iter().map(|(_, id)| document(id)).collect(),
        _ => HashSet::new(),
    }
}

/// What stands before `#`.
fn document(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}

fn import_kind(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Details::Protobuf(file) = &candidate.schema.details else {
        return;
    };
    for import in &file.imports {
        let kind = match (import.is_public, import.is_weak) {
            (true, _) => "public",
            (_, true) => "weak",
            _ => continue,
        };
        found.add(Report {
            element: import.element.clone(),
            detail: String::new(),
            message: format!("the import of \"{}\" is {kind}", import.file),
            hint: Some(format!("write import \"{}\";", import.file)),
        });
    }
}

fn report(candidate: &Candidate<'_>, reference: &ReferenceFacts, what: &str, found: &mut Found) {
    found.add(about(candidate, reference, what));
}

/// A reference belongs to the schema as a whole; where it is first used is where the finding stands.
fn about(candidate: &Candidate<'_>, reference: &ReferenceFacts, what: &str) -> Report {
    let mut uses = candidate.schema.uses.iter();
    let used = uses.find(|used| means(&reference.name, &used.name));
    Report {
        element: used.map_or_else(Element::default, |used| Element {
            path: String::new(),
            ..used.element.clone()
        }),
        detail: reference.name.clone(),
        message: format!("reference \"{}\" {what}", reference.name),
        hint: None,
    }
}
