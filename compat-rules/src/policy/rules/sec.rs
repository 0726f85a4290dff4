//! SEC: who registers, and that no secret is registered.
//!
//! Signatures of provenance are not looked at.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::texts;
use crate::policy::setting::Point;

mod secret;

pub(super) use secret::is_token;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&SEC001, &SEC002, &SEC003];

const SEC001: PolicyRule = PolicyRule {
    code: "SEC001",
    slug: "principal-known",
    title: "Who registers has proved who they are.",
    formats: ALL_FORMATS,
    hint: "give the client a name and a password, or a token",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: &[Point::Register],
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, known),
};

const SEC002: PolicyRule = PolicyRule {
    code: "SEC002",
    slug: "register-from-ci",
    title: "Schemas are registered by a pipeline, not by applications as they start.",
    formats: ALL_FORMATS,
    hint: "set auto.register.schemas=false in the client",
    category: Category::Security,
    is_pattern: true,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: &[Point::Register],
    parameters: rule::schema::<Publishers>,
    prepare: |parameters| look::with(parameters, publisher),
};

const SEC003: PolicyRule = PolicyRule {
    code: "SEC003",
    slug: "secret-in-schema",
    title: "No credential stands in defaults, documentation or properties.",
    formats: ALL_FORMATS,
    hint: "remove the secret, and make it invalid",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, no_secret),
};

fn known(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    if candidate.principal.is_none() {
        found.report_whole("the client has not said who it is");
    }
}

/// Parameters of SEC002.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Publishers {
    /// The roles that may register.
    roles: Vec<String>,
}

impl Default for Publishers {
    fn default() -> Self {
        Self {
            roles: vec!["publisher".to_owned()],
        }
    }
}

fn publisher(parameters: &Publishers, candidate: &Candidate<'_>, found: &mut Found) {
    let publishes = candidate.principal.is_some_and(|principal| {
        principal
            .roles
            .iter()
            .any(|role| parameters.roles.contains(role))
    });
    if publishes {
        return;
    }
    let who = candidate.principal.map_or_else(
        || "a client without a name".to_owned(),
        |principal| format!("\"{}\"", principal.name),
    );
    found.report_whole(format!(
        "{who} does not have the role {}; a producer should not register: auto.register.schemas=false",
        parameters.roles.join(" or ")
    ));
}

/// The secret itself is not repeated: messages end in logs.
fn no_secret(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    texts::each(candidate.schema, |what, element, text| {
        if let Some(kind) = secret::find(text) {
            found.add(Report {
                element: element.clone(),
                detail: format!("{} {kind}", what.as_str()),
                message: format!("{} looks like {kind}", what.of(element)),
                hint: None,
            });
        }
    });
    for (key, value) in &candidate.metadata.properties {
        if let Some(kind) = secret::find_in_property(key, value) {
            found.add(Report {
                element: Element::default(),
                detail: format!("{key} {kind}"),
                message: format!("the property \"{key}\" of the metadata looks like {kind}"),
                hint: None,
            });
        }
    }
}
