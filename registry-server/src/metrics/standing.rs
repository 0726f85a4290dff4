//! What policies find in what stands, and what they are going to do (`governance.md` section 2.13).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prometheus::{Gauge, IntGauge, IntGaugeVec, Opts, Registry};
use registry_core::Registry as Registered;

/// The figures of the last examination of everything that stands, and of rollouts.
pub struct StandingMetrics {
    violations: IntGaugeVec,
    examined: Gauge,
    took: Gauge,
    rollouts: IntGaugeVec,
}

impl StandingMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauges = |name, help, labels: &[&str]| {
            let gauges = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(gauges.clone()))?;
            Ok::<_, prometheus::Error>(gauges)
        };
        let number = |name, help| {
            let gauge = Gauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        Ok(Self {
            violations: gauges(
                "concord_policy_violations",
                "Findings in the latest versions of all subjects, as of the last examination.",
                &["rule", "severity", "team"],
            )?,
            examined: number(
                "concord_policy_audit_last_success_timestamp_seconds",
                "When the latest versions of all subjects were examined last; 0 if never.",
            )?,
            took: number(
                "concord_policy_audit_duration_seconds",
                "How long the last examination of all subjects took, its pauses included.",
            )?,
            rollouts: gauges(
                "concord_policy_rollout_next_timestamp_seconds",
                "When the next step of a policy's rollout begins.",
                &["policy"],
            )?,
        })
    }

    /// Shows what an examination found, in place of what the one before it did.
    pub fn show<'a>(
        &self,
        violations: impl Iterator<Item = (&'a str, &'a str, &'a str, i64)>,
        took: Duration,
    ) {
        self.violations.reset();
        for (rule, severity, team, count) in violations {
            let violations: IntGauge = self.violations.with_label_values(&[rule, severity, team]);
            violations.set(count);
        }
        self.examined.set(now().as_secs_f64());
        self.took.set(took.as_secs_f64());
    }

    /// Shows the next steps of rollouts. Documents that cannot be read any more have none, and other figures say so.
    pub(super) fn refresh(&self, registered: &Registered) {
        self.rollouts.reset();
        let Ok(Some(policies)) = registered.policies_in_force() else {
            return;
        };
        let now_ms = i64::try_from(now().as_millis()).unwrap_or(i64::MAX);
        for step in policies.bundle.next_steps(now_ms) {
            let next = self.rollouts.with_label_values(&[&*step.policy]);
            next.set(step.at / 1000);
        }
    }
}

fn now() -> Duration {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default()
}
