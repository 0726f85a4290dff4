//! What policies did (`governance.md` section 2.13).

use std::time::Duration;

use compat_rules::policy::Point;
use prometheus::{
    CounterVec, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry,
};
use registry_core::PolicyEvaluation;

use super::standing::StandingMetrics;

/// Upper bounds of the buckets of evaluations, in seconds.
const SECONDS: [f64; 9] = [
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.01, 0.05, 0.25,
];

/// The figures of the policy engine.
pub struct PolicyMetrics {
    /// The revision in force; 0 where there is none.
    pub revision: IntGauge,
    /// 1 while the watched folder holds documents that cannot be taken.
    pub load_failed: IntGauge,
    /// What was found in what stands.
    pub standing: StandingMetrics,
    rule_seconds: CounterVec,
    evaluations: IntCounterVec,
    findings: IntCounterVec,
    seconds: HistogramVec,
}

impl PolicyMetrics {
    /// Figures that all stand at zero.
    pub fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name, help| {
            let gauge = IntGauge::new(name, help)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let counters = |name, help, labels: &[&str]| {
            let counters = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(counters.clone()))?;
            Ok::<_, prometheus::Error>(counters)
        };
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "concord_policy_evaluation_seconds",
                "Time of evaluating the policies in force, the gathering of facts included.",
            )
            .buckets(SECONDS.to_vec()),
            &["point"],
        )?;
        registry.register(Box::new(seconds.clone()))?;
        let rule_seconds = CounterVec::new(
            Opts::new(
                "concord_policy_rule_seconds_total",
                "Time of evaluating a rule.",
            ),
            &["rule"],
        )?;
        registry.register(Box::new(rule_seconds.clone()))?;
        Ok(Self {
            rule_seconds,
            standing: StandingMetrics::new(registry)?,
            revision: gauge(
                "concord_policy_revision",
                "Revision of the governance documents in force; 0 where there is none.",
            )?,
            load_failed: gauge(
                "concord_policy_load_failed",
                "1 while the watched folder holds documents that cannot be taken.",
            )?,
            evaluations: counters(
                "concord_policy_evaluations_total",
                "Evaluations of the policies in force.",
                &["point", "outcome"],
            )?,
            findings: counters(
                "concord_policy_findings_total",
                "Findings of rules.",
                &["rule", "severity", "disposition"],
            )?,
            seconds,
        })
    }

    /// Counts an evaluation, and its findings if somebody did what they are about: what merely stands would be counted
    /// again with every examination, and has a gauge of its own.
    pub fn observe(&self, policies: &PolicyEvaluation) {
        let point = policies.point.as_str();
        let outcome = policies.evaluation.verdict().as_str();
        self.evaluations.with_label_values(&[point, outcome]).inc();
        let seconds: Histogram = self.seconds.with_label_values(&[point]);
        seconds.observe(Duration::from_nanos(policies.took_ns).as_secs_f64());
        for (rule, took_ns) in &policies.rules_ns {
            let seconds = Duration::from_nanos(*took_ns).as_secs_f64();
            self.rule_seconds.with_label_values(&[rule]).inc_by(seconds);
        }
        if policies.point == Point::Audit {
            return;
        }
        for finding in &policies.evaluation.findings {
            let labels = [
                finding.rule.code,
                finding.severity.as_str(),
                finding.disposition.as_str(),
            ];
            self.findings.with_label_values(&labels).inc();
        }
    }
}
