//! The compatibility level that a subject keeps, and that nobody goes around it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::Level;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, BadParameters, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;
use crate::policy::setting::Point;

pub(super) const EVO001: PolicyRule = PolicyRule {
    code: "EVO001",
    slug: "compatibility-floor",
    title: "The compatibility level in force asks for enough.",
    formats: ALL_FORMATS,
    hint: "set a higher compatibility level",
    category: Category::Technical,
    is_pattern: true,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: &[Point::Register, Point::Check, Point::Config],
    parameters: rule::schema::<Floor>,
    prepare: |parameters| look::with_made(parameters, Floor::level, floor),
};

pub(super) const EVO003: PolicyRule = PolicyRule {
    code: "EVO003",
    slug: "no-force",
    title: "The compatibility check is not skipped.",
    formats: ALL_FORMATS,
    hint: "register without force=true, or under a new subject",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: &[Point::Register],
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, no_force),
};

/// Parameters of EVO001.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Floor {
    /// The least level, such as `BACKWARD` or `FULL_TRANSITIVE`.
    level: String,
}

impl Default for Floor {
    fn default() -> Self {
        Self {
            level: Level::Backward.as_str().to_owned(),
        }
    }
}

impl Floor {
    fn level(self) -> Result<Level, BadParameters> {
        let level = self.level.parse::<Level>();
        level.map_err(|unknown| BadParameters(format!("level: {unknown}")))
    }
}

/// A level asks for at least what another asks for, if it looks in all its directions and at all its versions.
fn is_enough(level: Level, floor: Level) -> bool {
    let mut directions = floor.directions().iter();
    let scope = |level: Level| level.scope() == crate::Scope::All;
    directions.all(|direction| level.directions().contains(direction))
        && (scope(level) || !scope(floor))
}

fn floor(floor: &Level, candidate: &Candidate<'_>, found: &mut Found) {
    let level = candidate.subject.level;
    if !is_enough(level, *floor) {
        found.add(Report {
            element: Element::default(),
            detail: String::new(),
            message: format!("the compatibility level {level} asks for less than {floor}"),
            hint: Some(format!("set the compatibility level to {floor} or higher")),
        });
    }
}

fn no_force(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    if candidate.request.force {
        found.report_whole("force=true skips the compatibility check");
    }
}

#[cfg(test)]
mod tests {
    use super::is_enough;
    use crate::Level;

    #[test]
    fn levels_are_ordered_by_what_they_ask_for() {
        use Level::{Backward, BackwardTransitive, Forward, Full, FullTransitive, None};
        for (level, floor, expected) in [
            (Full, Backward, true),
            (Full, Forward, true),
            (Backward, Full, false),
            (Forward, Backward, false),
            (BackwardTransitive, Backward, true),
            (Full, BackwardTransitive, false),
            (FullTransitive, BackwardTransitive, true),
            (None, Backward, false),
            (None, None, true),
        ] {
            assert_eq!(is_enough(level, floor), expected, "{level} for {floor}");
        }
    }
}
