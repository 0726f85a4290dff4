//! What is in force for a subject: the policies that mean it, folded from general to specific.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::settings::Setting;
use super::{Bundle, CompiledPolicy};
use crate::policy::document::Exemption;
use crate::policy::effective::{Effective, EffectiveRule, Passed, PolicyInForce, Step, Upcoming};
use crate::policy::matching::Scope;
use crate::policy::rule::PolicyRule;
use crate::policy::{Action, Point, Profile, Severity, catalogue};

/// Names that Protobuf serializers register for imports begin so and end in `.proto`.
const IMPORTS: [&str; 3] = ["google/protobuf/", "google/type/", "confluent/"];

impl Bundle {
    /// The rules in force for a subject at a time, in milliseconds since 1970.
    ///
    /// What comes out depends on nothing else, and does not change before [`Effective::upcoming`], so it may be kept
    /// for a revision and a scope until then.
    #[must_use]
    pub fn effective(&self, scope: &Scope<'_>, now: i64) -> Effective {
        let exemption = self.exemption(scope);
        let mut effective = Effective::default();
        let mut meant = Vec::new();
        for policy in &self.policies {
            let Some(rank) = policy.matcher.rank(scope) else {
                continue;
            };
            match exemption.filter(|exemption| policy.matcher.exempts(*exemption)) {
                Some(exemption) => effective.passed.push(Passed {
                    policy: Arc::clone(&policy.name),
                    exemption,
                }),
                None => meant.push((rank, policy)),
            }
        }
        meant.sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
        let mut rules: BTreeMap<&'static str, EffectiveRule> = BTreeMap::new();
        for (rank, policy) in meant {
            effective.policies.push(PolicyInForce {
                policy: Arc::clone(&policy.name),
                rank,
            });
            effective.upcoming.extend(upcoming(policy, now));
            if let Some(action) = policy.terms.on_compatibility_endpoint {
                effective.on_compatibility_endpoint = Some((action, Arc::clone(&policy.name)));
            }
            for setting in &policy.settings {
                self.fold(&mut rules, policy, setting, now);
            }
        }
        effective.upcoming.sort_by_key(|step| step.at);
        for rule in catalogue() {
            let Some(set) = rules.remove(rule.code) else {
                continue;
            };
            let of_format = scope
                .format
                .is_none_or(|format| rule.formats.contains(&format));
            if of_format && set.severity > Severity::Off {
                effective.rules.push(set);
            }
        }
        effective
    }

    /// The next step of each rollout, by policy.
    pub fn next_steps(&self, now: i64) -> impl Iterator<Item = Upcoming> {
        let policies = self.policies.iter();
        policies.filter_map(move |policy| upcoming(policy, now))
    }

    /// Which kind of subject of the system it is, if it is one.
    fn exemption(&self, scope: &Scope<'_>) -> Option<Exemption> {
        let is_import = scope.name.ends_with(".proto")
            && IMPORTS.iter().any(|start| scope.name.starts_with(start));
        if is_import {
            Some(Exemption::Imports)
        } else if scope.name.starts_with('_') {
            Some(Exemption::Internal)
        } else {
            let known = self.system_contexts.iter();
            let mut known = known.filter(|context| *context == scope.context);
            known.next().map(|_| Exemption::SystemContexts)
        }
    }

    fn fold(
        &self,
        rules: &mut BTreeMap<&'static str, EffectiveRule>,
        policy: &CompiledPolicy,
        setting: &Setting,
        now: i64,
    ) {
        let rule = setting.rule;
        let before = rules.remove(rule.code);
        let terms = &policy.terms;
        let held = before.as_ref().filter(|before| before.is_locked);
        let severity = setting.severity.unwrap_or_else(|| match &before {
            Some(before) => before.severity,
            None => usual_severity(rule),
        });
        let mut actions = Point::ALL.map(|point| terms.action(point, now));
        let mut baseline = terms.baseline.unwrap_or_default();
        let mut ratchet = terms.ratchet;
        let mut strictest = severity;
        if let Some(held) = held {
            strictest = severity.max(held.severity);
            actions = Point::ALL.map(|point| actions[point as usize].max(held.action(point)));
            baseline = baseline.max(held.baseline);
            ratchet |= held.ratchet;
        }
        let prepared = match (&before, &setting.prepared) {
            (Some(before), _) if before.is_locked => None,
            (_, Some(prepared)) => Some(prepared),
            (Some(_), None) => None,
            (None, None) => self.defaults.get(rule.code),
        };
        let (check, parameters) = match (prepared, &before) {
            (Some(prepared), _) => (&prepared.check, &prepared.parameters),
            (None, Some(before)) => (&before.check, &before.parameters),
            // Bundles without defaults for a rule that they use are not compiled.
            (None, None) => return,
        };
        let hint = setting.hint.as_deref().map(str::to_owned);
        let mut steps = before
            .as_ref()
            .map_or_else(Vec::new, |before| before.steps.clone());
        steps.push(Step {
            policy: Arc::clone(&policy.name),
            from: Arc::clone(&setting.from),
            severity: setting.severity,
            sets_parameters: setting.prepared.is_some(),
            is_held: held
                .is_some_and(|held| severity < held.severity || setting.prepared.is_some()),
        });
        let set = EffectiveRule {
            rule,
            severity: strictest,
            check: Arc::clone(check),
            parameters: Arc::clone(parameters),
            actions,
            baseline,
            ratchet,
            hint: hint.or_else(|| before.as_ref().and_then(|before| before.hint.clone())),
            policy: policy.name.to_string(),
            is_locked: setting.is_locked || held.is_some(),
            // Without a date no subject that exists is new.
            since: terms.since.unwrap_or(i64::MAX),
            steps,
        };
        rules.insert(rule.code, set);
    }
}

/// What a rule without a severity has: that of the standard profile, at least a warning.
pub(super) fn usual_severity(rule: &PolicyRule) -> Severity {
    rule.profiles
        .severity(Profile::Standard)
        .max(Severity::Warn)
}

fn upcoming(policy: &CompiledPolicy, now: i64) -> Option<Upcoming> {
    let step = policy.terms.next_step(now)?;
    Some(Upcoming {
        at: step.from.at(),
        day: step.from.as_str().to_owned(),
        policy: Arc::clone(&policy.name),
        register: step.register,
    })
}

impl Effective {
    /// True when nothing would be done at the point whatever a rule found.
    #[must_use]
    pub fn is_silent_at(&self, point: Point) -> bool {
        self.rules
            .iter()
            .all(|rule| rule.action(point) == Action::Off || !rule.rule.points.contains(&point))
    }
}
