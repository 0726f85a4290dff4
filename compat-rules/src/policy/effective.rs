//! The rules in force for one subject at one time, each with where its setting comes from.

use std::sync::Arc;

use super::document::{EndpointAction, Exemption};
use super::matching::Rank;
use super::rule::{Check, Parameters, PolicyRule};
use super::setting::{Action, Baseline, Point, Severity};

/// The rules in force, in the order of the catalogue; rules that are off are not among them.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// The rules.
    pub rules: Vec<EffectiveRule>,
    /// The policies that mean the subject, from general to specific.
    pub policies: Vec<PolicyInForce>,
    /// What the protocol's compatibility endpoint does, and the policy that said so last.
    pub on_compatibility_endpoint: Option<(EndpointAction, Arc<str>)>,
    /// The policies that would mean it, if it were not a subject of the system.
    pub passed: Vec<Passed>,
    /// The next step of each rollout, by date. Until the first of them nothing here changes.
    pub upcoming: Vec<Upcoming>,
}

impl Effective {
    /// True where the protocol's compatibility endpoint answers for the policies, too.
    #[must_use]
    pub fn answers_compatibility_endpoint(&self) -> bool {
        let set = self.on_compatibility_endpoint.as_ref();
        set.is_some_and(|(action, _)| *action == EndpointAction::Enforce)
    }
}

/// A policy that means the subject.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PolicyInForce {
    /// Its name.
    pub policy: Arc<str>,
    /// How specifically it means it.
    pub rank: Rank,
}

/// A policy that leaves the subject alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Passed {
    /// Its name.
    pub policy: Arc<str>,
    /// Why.
    pub exemption: Exemption,
}

/// A step of a rollout that is still to come.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Upcoming {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The date as it is written.
    pub day: String,
    /// Of which policy.
    pub policy: Arc<str>,
    /// What is done at `register` from then on.
    pub register: Action,
}

/// One policy's say about a rule, in the order in which they were folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The policy.
    pub policy: Arc<str>,
    /// Where it is written: the policy itself, one that it extends, or `profile/standard`.
    pub from: Arc<str>,
    /// What it said; `None` leaves what was said before.
    pub severity: Option<Severity>,
    /// True if it gave parameters.
    pub sets_parameters: bool,
    /// True if a lock kept a part of it from taking effect.
    pub is_held: bool,
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
    /// Its parameters as they were written; what is left out has the rule's default.
    pub parameters: Arc<Parameters>,
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
    /// Who said what about it.
    pub steps: Vec<Step>,
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
