//! How long names are.

use schemars::JsonSchema;
use serde::Deserialize;

use super::names;
use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, BadParameters, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;

pub(super) const NAM013: PolicyRule = PolicyRule {
    code: "NAM013",
    slug: "name-length",
    title: "Names are neither too short nor too long.",
    formats: ALL_FORMATS,
    hint: "choose a name that says what it is",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Bounds>,
    prepare: |parameters| look::with_made::<Bounds, _>(parameters, Bounds::in_order, bounded),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Bounds {
    /// The fewest characters.
    min: usize,
    /// The most characters.
    max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { min: 2, max: 64 }
    }
}

impl Bounds {
    fn in_order(self) -> Result<Self, BadParameters> {
        if self.min <= self.max {
            return Ok(self);
        }
        let Self { min, max } = self;
        Err(BadParameters(format!(
            "min is {min}, which is above max, {max}"
        )))
    }
}

fn bounded(bounds: &Bounds, candidate: &Candidate<'_>, found: &mut Found) {
    let Bounds { min, max } = bounds;
    for one in names(candidate.schema) {
        let length = one.name.chars().count();
        if length < *min || length > *max {
            let message = format!(
                "{} \"{}\" has {length} characters, {min} to {max} are allowed",
                one.noun, one.name
            );
            found.report(one.element, message);
        }
    }
}
