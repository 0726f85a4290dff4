//! LIF: the life of subjects and versions, as their metadata tells it.
//!
//! State is what the merged properties say (`lifecycle.state` and its companions). Who uses what is not known here.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::candidate::{Candidate, MetadataFacts};
use crate::policy::document::Day;
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, ALL_FORMATS, CHANGE_POINTS, CONTENT_POINTS, Category, NoParameters, PolicyRule,
};
use crate::policy::rules::look;

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&LIF001, &LIF002, &LIF003, &LIF004, &LIF005];

const LIF001: PolicyRule = PolicyRule {
    code: "LIF001",
    slug: "deprecation-successor",
    title: "What is deprecated names its successor, or says why there is none.",
    formats: ALL_FORMATS,
    hint: "send lifecycle.successor, or none with a reason",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, successor),
};

const LIF002: PolicyRule = PolicyRule {
    code: "LIF002",
    slug: "deprecation-sunset",
    title: "What is deprecated names its last day, and early enough.",
    formats: ALL_FORMATS,
    hint: "send a later day as lifecycle.sunset",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<Notice>,
    prepare: |parameters| look::with(parameters, sunset),
};

const LIF003: PolicyRule = PolicyRule {
    code: "LIF003",
    slug: "sunset-not-earlier",
    title: "A last day that was published is not moved forward.",
    formats: ALL_FORMATS,
    hint: "leave lifecycle.sunset as it was, or later",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, not_earlier),
};

const LIF004: PolicyRule = PolicyRule {
    code: "LIF004",
    slug: "no-new-on-deprecated",
    title: "A deprecated or retired subject gets no new version.",
    formats: ALL_FORMATS,
    hint: "register under the successor",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, no_new),
};

const LIF005: PolicyRule = PolicyRule {
    code: "LIF005",
    slug: "draft-not-here",
    title: "Drafts stay out of the contexts of production.",
    formats: ALL_FORMATS,
    hint: "send lifecycle.state=active, or use a test context",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Production>,
    prepare: |parameters| look::with(parameters, no_draft),
};

const STATE: &str = "lifecycle.state";
const SUCCESSOR: &str = "lifecycle.successor";
const SUNSET: &str = "lifecycle.sunset";
const REASON: &str = "lifecycle.reason";

fn successor(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let metadata = candidate.metadata;
    if said(metadata, STATE) != Some("deprecated") {
        return;
    }
    match said(metadata, SUCCESSOR) {
        None => found.report_whole(format!("deprecated without {SUCCESSOR}")),
        Some("none") if said(metadata, REASON).is_none() => {
            report(
                found,
                REASON,
                format!("{SUCCESSOR} is none, and {REASON} does not say why"),
            );
        }
        Some(_) => {}
    }
}

/// Parameters of LIF002.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Notice {
    /// How many days lie at least between the announcement and the last day.
    days: u32,
}

impl Default for Notice {
    fn default() -> Self {
        Self { days: 90 }
    }
}

/// A last day that stood there before was announced in time, or was let through.
fn sunset(notice: &Notice, candidate: &Candidate<'_>, found: &mut Found) {
    const DAY: i64 = 86_400_000;
    if said(candidate.metadata, STATE) != Some("deprecated") {
        return;
    }
    let Some(text) = said(candidate.metadata, SUNSET) else {
        found.report_whole(format!("deprecated without {SUNSET}"));
        return;
    };
    let Some(day) = day(text) else {
        report(
            found,
            "form",
            format!("{SUNSET} is \"{text}\", which is no day such as 2027-06-30"),
        );
        return;
    };
    let before = candidate.history.first();
    let is_known = before.is_some_and(|before| said(&before.metadata, SUNSET) == Some(text));
    let earliest = candidate.now.saturating_add(i64::from(notice.days) * DAY);
    // A day begins at midnight: the day of the announcement is not held against the author.
    if !is_known && day.saturating_add(DAY) <= earliest {
        let message = format!("{SUNSET} is {text}, less than {} days ahead", notice.days);
        report(found, "early", message);
    }
}

fn not_earlier(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let published = candidate
        .history
        .first()
        .and_then(|before| said(&before.metadata, SUNSET));
    let asked = said(candidate.metadata, SUNSET);
    if let (Some(published), Some(asked)) = (published, asked)
        && let (Some(before), Some(after)) = (day(published), day(asked))
        && after < before
    {
        found.report_whole(format!(
            "{SUNSET} moves from {published} to the earlier {asked}"
        ));
    }
}

/// A version that changes what is said of the end, and nothing else, is let through: there is no other way to say it.
fn no_new(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(before) = candidate.history.first() else {
        return;
    };
    let ended = |metadata| match said(metadata, STATE) {
        Some(state @ ("deprecated" | "retired")) => Some(state),
        _ => None,
    };
    let Some(state) = ended(&before.metadata) else {
        return;
    };
    let is_announcement = ended(candidate.metadata).is_some()
        && candidate.parsed.canonical() == before.parsed.canonical();
    if is_announcement {
        return;
    }
    let successor = said(&before.metadata, SUCCESSOR).filter(|name| *name != "none");
    found.add(Report {
        element: Element::default(),
        detail: String::new(),
        message: format!("subject \"{}\" is {state}", candidate.subject.name),
        hint: successor.map(|name| format!("register under the successor, {name}")),
    });
}

/// Parameters of LIF005.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Production {
    /// The contexts in which there are no drafts: `.` for the default one, `.payments`, `*` for any.
    contexts: Vec<String>,
}

impl Default for Production {
    fn default() -> Self {
        Self {
            contexts: vec![".".to_owned()],
        }
    }
}

fn no_draft(production: &Production, candidate: &Candidate<'_>, found: &mut Found) {
    let context = &candidate.subject.context;
    let is_production = production
        .contexts
        .iter()
        .any(|one| one == "*" || one == context);
    if is_production && said(candidate.metadata, STATE) == Some("draft") {
        found.report_whole(format!(
            "a draft in context \"{context}\", which is for production"
        ));
    }
}

fn report(found: &mut Found, detail: &str, message: String) {
    found.add(Report {
        element: Element::default(),
        detail: detail.to_owned(),
        message,
        hint: None,
    });
}

/// What the metadata says, if it says anything.
fn said<'m>(metadata: &'m MetadataFacts, key: &str) -> Option<&'m str> {
    let value = metadata.properties.get(key)?.trim();
    (!value.is_empty()).then_some(value)
}

/// Milliseconds since 1970.
fn day(text: &str) -> Option<i64> {
    Day::try_from(text.to_owned()).ok().map(|day| day.at())
}
