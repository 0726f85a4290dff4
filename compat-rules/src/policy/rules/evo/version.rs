//! EVO004: the semantic version moves as far as the change demands.

use std::cmp::Ordering;

use crate::policy::candidate::{Candidate, MetadataFacts};
use crate::policy::change::{Change, ChangeClass, changes};
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CHANGE_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;

pub(super) const EVO004: PolicyRule = PolicyRule {
    code: "EVO004",
    slug: "semver-bump",
    title: "The property version moves as far as the change demands.",
    formats: ALL_FORMATS,
    hint: "raise version as far as the change goes",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, bump),
};

/// A semantic version; what follows `-` or `+` does not count here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Semantic([u64; 3]);

impl Semantic {
    fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.').map(|part| {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse().ok()).flatten()
        });
        let version = Self([parts.next()??, parts.next()??, parts.next()??]);
        parts.next().is_none().then_some(version)
    }

    /// Before 1.0.0 the second number stands for breaks, and the third for the rest.
    const fn after(self, class: ChangeClass) -> Self {
        let [major, minor, patch] = self.0;
        Self(match (class, major) {
            (ChangeClass::Breaking, 0) | (ChangeClass::Addition, 1..) => {
                [major, minor.saturating_add(1), 0]
            }
            (ChangeClass::Breaking, _) => [major.saturating_add(1), 0, 0],
            (ChangeClass::Addition, 0) | (ChangeClass::Text, _) => {
                [major, minor, patch.saturating_add(1)]
            }
        })
    }
}

impl std::fmt::Display for Semantic {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.0;
        write!(out, "{major}.{minor}.{patch}")
    }
}

fn version_of(metadata: &MetadataFacts) -> Option<&str> {
    metadata.properties.get("version").map(String::as_str)
}

fn bump(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(earlier) = candidate.history.first() else {
        return;
    };
    let Some(before) = version_of(&earlier.metadata).and_then(Semantic::parse) else {
        return;
    };
    let text = version_of(candidate.metadata).unwrap_or_default();
    let Some(after) = Semantic::parse(text) else {
        report(
            found,
            format!("the property version is \"{text}\", and was {before}"),
            before,
        );
        return;
    };
    let list = changes(&earlier.schema, candidate.schema);
    let gravest = list.iter().max_by(|one, other| graver(one, other));
    let is_other = candidate.parsed.canonical() != earlier.parsed.canonical();
    // What the list does not tell is a change of text at least.
    let class = gravest
        .map(Change::class)
        .or_else(|| is_other.then_some(ChangeClass::Text));
    let needed = class.map_or(before, |class| before.after(class));
    if after < needed {
        let why = match (gravest, class) {
            (Some(change), Some(class)) if !change.element.path.is_empty() => {
                format!(
                    "{} at \"{}\" is {}",
                    change.kind.as_str(),
                    change.element.path,
                    class.as_str()
                )
            }
            (Some(change), Some(class)) => {
                format!("{} is {}", change.kind.as_str(), class.as_str())
            }
            _ => "versions do not go back".to_owned(),
        };
        report(
            found,
            format!("the version moves from {before} to {after}: {why}"),
            needed,
        );
    }
}

/// Of equals the first counts, so that the message stays.
fn graver(one: &Change, other: &Change) -> Ordering {
    one.class().cmp(&other.class()).then(Ordering::Greater)
}

fn report(found: &mut Found, message: String, needed: Semantic) {
    found.add(Report {
        element: Element::default(),
        detail: String::new(),
        message,
        hint: Some(format!("send the property version={needed} or higher")),
    });
}
