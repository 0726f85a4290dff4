//! The rules in force for one subject at one time, each with where its setting comes from.

use std::sync::Arc;

use super::rule::{Check, PolicyRule};
use super::setting::{Action, Baseline, Point, Severity};

/// The rules in force, in the order of the catalogue; rules that are off are not among them.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// The rules.
    pub rules: Vec<EffectiveRule>,
}

/// A rule in force.
#[derive(Clone)]
pub struct EffectiveRule {
    /// Which.
    pub rule: &'static PolicyRule,
    /// How grave its findings are.
    pub severity: Severity,
    /// The rule with its parameters.
    pub check: Arc<dyn Check>,
    /// What is done at each point, in the order of [`Point::ALL`]; the dates of a rollout are taken into account.
    pub actions: [Action; Point::ALL.len()],
    /// Which findings of old subjects count.
    pub baseline: Baseline,
    /// More findings than the version before had are refused, too.
    pub ratchet: bool,
    /// What to write instead, in place of the rule's own hint.
    pub hint: Option<String>,
    /// The policy that set it last.
    pub policy: String,
    /// Narrower policies cannot loosen it.
    pub is_locked: bool,
    /// Since when it has been effective, in milliseconds since 1970: what `new-subjects` is measured by.
    pub since: i64,
}

impl EffectiveRule {
    /// What is done at a point.
    #[must_use]
    pub fn action(&self, point: Point) -> Action {
        self.actions[point as usize]
    }
}

impl std::fmt::Debug for EffectiveRule {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("EffectiveRule")
            .field("rule", &self.rule)
            .field("severity", &self.severity)
            .field("actions", &self.actions)
            .field("baseline", &self.baseline)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
