//! What a file says at its top, and what it holds besides messages and enums.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;

use super::details;
use crate::policy::model::Element;
use crate::policy::rules::words::Style;

pub(super) const PRO001: PolicyRule = PolicyRule {
    code: "PRO001",
    slug: "syntax-allowed",
    title: "The syntax is stated and allowed.",
    formats: &[Format::Protobuf],
    hint: "begin the file with syntax = \"proto3\";",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Syntaxes>,
    prepare: |parameters| look::with::<Syntaxes>(parameters, syntax),
};

pub(super) const PRO002: PolicyRule = PolicyRule {
    code: "PRO002",
    slug: "package-version",
    title: "The package ends in a version.",
    formats: &[Format::Protobuf],
    hint: "end the package in a version, such as acme.orders.v1",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, package_version),
};

pub(super) const PRO003: PolicyRule = PolicyRule {
    code: "PRO003",
    slug: "package-style",
    title: "The package is written in lower_snake_case, divided by dots.",
    formats: &[Format::Protobuf],
    hint: "write the package in lower case, such as acme.orders",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, package_style),
};

pub(super) const PRO005: PolicyRule = PolicyRule {
    code: "PRO005",
    slug: "no-groups",
    title: "There are no groups and no extensions.",
    formats: &[Format::Protobuf],
    hint: "use a message, or a field of type Any",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, no_groups),
};

pub(super) const PRO007: PolicyRule = PolicyRule {
    code: "PRO007",
    slug: "unused-import",
    title: "Every import is used.",
    formats: &[Format::Protobuf],
    hint: "remove the import",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, imports_used),
};

pub(super) const PRO009: PolicyRule = PolicyRule {
    code: "PRO009",
    slug: "no-services",
    title: "There are no services.",
    formats: &[Format::Protobuf],
    hint: "move the service to a file of its own",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, no_services),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Syntaxes {
    /// The syntaxes that are allowed.
    allow: Vec<String>,
}

impl Default for Syntaxes {
    fn default() -> Self {
        Self {
            allow: ["proto2", "proto3"].map(str::to_owned).to_vec(),
        }
    }
}

fn syntax(parameters: &Syntaxes, candidate: &Candidate<'_>, found: &mut Found) {
    let stated = details(candidate).and_then(|details| details.syntax.as_ref());
    match stated {
        None => found.report_whole("the file does not state its syntax"),
        Some(syntax) if !parameters.allow.contains(syntax) => {
            found.report_whole(format!("the syntax {syntax} is not allowed"));
        }
        Some(_) => {}
    }
}

fn package<'a>(candidate: &Candidate<'a>) -> Option<&'a str> {
    details(candidate)?.package.as_deref()
}

/// `v1`, `v2beta1`, `v1alpha`.
fn is_version(part: &str) -> bool {
    let Some(rest) = part.strip_prefix('v') else {
        return false;
    };
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let has_number = rest.len() + 1 < part.len();
    let stage = ["alpha", "beta", "test"]
        .iter()
        .find_map(|stage| rest.strip_prefix(stage));
    has_number
        && (rest.is_empty()
            || stage.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())))
}

fn package_version(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    if let Some(package) = package(candidate) {
        let last = package.rsplit('.').next().unwrap_or_default();
        if !is_version(last) {
            found.report_whole(format!(
                "the package \"{package}\" does not end in a version"
            ));
        }
    }
}

fn package_style(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    if let Some(package) = package(candidate)
        && !package
            .split('.')
            .all(|part| Style::SnakeCase.is_kept_by(part))
    {
        found.report_whole(format!(
            "the package \"{package}\" is not in lower_snake_case"
        ));
    }
}

fn no_groups(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let elements = details(candidate)
        .into_iter()
        .flat_map(|details| &details.extensions);
    for element in elements {
        let name = &element.path;
        found.report(
            element,
            format!("\"{name}\" is a group, or extends or is extended"),
        );
    }
}

fn imports_used(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let imports = details(candidate)
        .into_iter()
        .flat_map(|details| &details.imports);
    // A public import is for those who import this file.
    for import in imports.filter(|import| !import.is_used && !import.is_public) {
        found.add(Report {
            element: import.element.clone(),
            detail: String::new(),
            message: format!("the import \"{}\" is not used", import.file),
            hint: None,
        });
    }
}

fn no_services(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let services = details(candidate)
        .into_iter()
        .flat_map(|details| &details.services);
    let message = |element: &Element| format!("\"{}\" is a service", element.path);
    for service in services {
        found.report(service, message(service));
    }
}
