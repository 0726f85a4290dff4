//! OWN: who answers for a subject, and what is said about it.
//!
//! Service levels and runbooks are not looked at.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::principals::Principals;
use crate::policy::setting::Point;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&OWN001, &OWN002, &OWN003, &OWN004, &OWN005, &OWN008];

const OWN001: PolicyRule = PolicyRule {
    code: "OWN001",
    slug: "owner-required",
    title: "The subject belongs to a team that is known.",
    formats: ALL_FORMATS,
    hint: "send the property owner with the name of a team",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, owner),
};

const OWN002: PolicyRule = PolicyRule {
    code: "OWN002",
    slug: "owner-contact",
    title: "The owning team can be reached.",
    formats: ALL_FORMATS,
    hint: "add contact.email or contact.chat to the Team document",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<OnCall>,
    prepare: |parameters| look::with(parameters, contact),
};

const OWN003: PolicyRule = PolicyRule {
    code: "OWN003",
    slug: "owner-acts",
    title: "Who registers acts for the owning team.",
    formats: ALL_FORMATS,
    hint: "register as a member or principal of the owning team",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: &[Point::Register],
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, acts),
};

const OWN004: PolicyRule = PolicyRule {
    code: "OWN004",
    slug: "property-required",
    title: "The metadata has the required properties.",
    formats: ALL_FORMATS,
    hint: "send the property under metadata.properties",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Keys>,
    prepare: |parameters| look::with(parameters, required),
};

const OWN005: PolicyRule = PolicyRule {
    code: "OWN005",
    slug: "property-value",
    title: "The values of properties come from the vocabulary.",
    formats: ALL_FORMATS,
    hint: "use a value of the vocabulary",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Known>,
    prepare: |parameters| look::with(parameters, values),
};

const OWN008: PolicyRule = PolicyRule {
    code: "OWN008",
    slug: "source-link",
    title: "The metadata says from which repository and commit the schema comes.",
    formats: ALL_FORMATS,
    hint: "send the properties source.repo and source.commit",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, source),
};

fn owner(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    if candidate.team.is_some() {
        return;
    }
    let name = &candidate.subject.name;
    found.report_whole(match value(candidate, "owner") {
        Some(owner) => format!("subject \"{name}\" names the owner \"{owner}\", which is no team"),
        None => format!("subject \"{name}\" belongs to no team"),
    });
}

/// Parameters of OWN002.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct OnCall {
    /// The criticalities for which somebody has to be on call.
    on_call_for: Vec<String>,
}

impl Default for OnCall {
    fn default() -> Self {
        Self {
            on_call_for: vec!["tier-1".to_owned()],
        }
    }
}

/// The criticality is that of the subject; where it names none, that of the team.
fn contact(parameters: &OnCall, candidate: &Candidate<'_>, found: &mut Found) {
    let Some((name, team)) = candidate.team else {
        return;
    };
    let given = |way: Option<&String>| way.is_some_and(|way| !way.trim().is_empty());
    let contact = team.contact.clone().unwrap_or_default();
    let tier = value(candidate, "criticality").or(team.tier.as_deref());
    let has_on_call = given(contact.oncall.as_ref());
    if !has_on_call && !given(contact.email.as_ref()) && !given(contact.chat.as_ref()) {
        found.report_whole(format!("team \"{name}\" has no contact"));
    } else if let Some(tier) = tier
        && parameters.on_call_for.iter().any(|one| one == tier)
        && !has_on_call
    {
        found.add(Report {
            element: Element::default(),
            detail: "oncall".to_owned(),
            message: format!("the subject is {tier}, and team \"{name}\" has nobody on call"),
            hint: Some(format!("add contact.oncall to the Team document {name}")),
        });
    }
}

fn acts(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some((name, team)) = candidate.team else {
        return;
    };
    // A team that lists nobody, or what names nobody, has nobody who acts for it.
    let acts = Principals::parse(&team.principals).is_ok_and(|principals| {
        candidate
            .principal
            .is_some_and(|principal| principals.include(principal))
    });
    if !acts {
        let who = candidate.principal.map_or_else(
            || "a client without a name".to_owned(),
            |principal| format!("\"{}\"", principal.name),
        );
        found.report_whole(format!(
            "the subject belongs to team \"{name}\", for which {who} does not act"
        ));
    }
}

/// Parameters of OWN004.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Keys {
    /// The properties that are required.
    keys: Vec<String>,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            keys: vec!["domain".to_owned()],
        }
    }
}

fn required(parameters: &Keys, candidate: &Candidate<'_>, found: &mut Found) {
    missing(candidate, parameters.keys.iter().map(String::as_str), found);
}

fn source(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    missing(candidate, ["source.repo", "source.commit"], found);
}

fn missing<'k>(
    candidate: &Candidate<'_>,
    keys: impl IntoIterator<Item = &'k str>,
    found: &mut Found,
) {
    for key in keys {
        if value(candidate, key).is_none() {
            found.add(Report {
                element: Element::default(),
                detail: key.to_owned(),
                message: format!("the metadata lacks the property \"{key}\""),
                hint: None,
            });
        }
    }
}

/// Parameters of OWN005.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Known {
    /// Properties whose key the vocabulary does not have are reported, too.
    known_keys_only: bool,
}

fn values(parameters: &Known, candidate: &Candidate<'_>, found: &mut Found) {
    let vocabulary = candidate.vocabulary;
    for (key, value) in &candidate.metadata.properties {
        let allowed = match vocabulary.properties.get(key) {
            Some(allowed) => allowed,
            None if key == "domain" => &vocabulary.domains,
            None => {
                if parameters.known_keys_only && !vocabulary.properties.is_empty() {
                    report(
                        found,
                        key,
                        format!("the property \"{key}\" is not in the vocabulary"),
                    );
                }
                continue;
            }
        };
        // A list without words allows any.
        if !allowed.is_empty() && !allowed.contains(value) {
            let message = format!(
                "the property \"{key}\" has the value \"{value}\", which is not in the vocabulary"
            );
            report(found, key, message);
        }
    }
}

fn report(found: &mut Found, key: &str, message: String) {
    found.add(Report {
        element: Element::default(),
        detail: key.to_owned(),
        message,
        hint: None,
    });
}

/// The value of a property that says something.
fn value<'c>(candidate: &Candidate<'c>, key: &str) -> Option<&'c str> {
    let value = candidate.metadata.properties.get(key)?;
    (!value.trim().is_empty()).then_some(value)
}
