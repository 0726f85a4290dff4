//! The rules of each policy: found by name, their parameters read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CompiledPolicy, Findings, extension};
use crate::policy::document::{
    Content, Day, Document, DocumentFault, EndpointAction, PolicySpec, RolloutStep, RuleUse,
};
use crate::policy::matching::Matcher;
use crate::policy::rule::{Check, Parameters, PolicyRule};
use crate::policy::{Action, Baseline, Enforcement, Point, Severity, rule_named};

/// A rule with parameters, ready to look.
#[derive(Clone)]
pub(super) struct Prepared {
    pub(super) parameters: Arc<Parameters>,
    pub(super) check: Arc<dyn Check>,
}

/// One setting of a rule by a policy.
#[derive(Debug, Clone)]
pub(super) struct Setting {
    pub(super) rule: &'static PolicyRule,
    /// `None` leaves what was said before.
    pub(super) severity: Option<Severity>,
    /// `None` leaves what was said before.
    pub(super) prepared: Option<Prepared>,
    pub(super) is_locked: bool,
    pub(super) hint: Option<Arc<str>>,
    /// Where it is written: a policy, or `profile/standard`.
    pub(super) from: Arc<str>,
    /// Its index in the policy's own rules; `None` for what is extended.
    pub(super) own: Option<usize>,
}

/// What a policy says about all of its rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Terms {
    pub(super) enforcement: Enforcement,
    /// By date.
    pub(super) rollout: Vec<RolloutStep>,
    pub(super) baseline: Option<Baseline>,
    pub(super) ratchet: bool,
    pub(super) since: Option<i64>,
    pub(super) on_compatibility_endpoint: Option<EndpointAction>,
}

impl Terms {
    /// What is done at a point at a time.
    pub(super) fn action(&self, point: Point, now: i64) -> Action {
        let written = self.enforcement.at(point);
        if point != Point::Register || self.rollout.is_empty() {
            return written.unwrap_or_default();
        }
        let mut steps = self.rollout.iter().rev();
        match steps.find(|step| step.from.at() <= now) {
            Some(step) => step.register,
            // A rollout begins with its first date; before it the rules are not there yet.
            None => written.unwrap_or(Action::Off),
        }
    }

    /// The first step of the rollout that is still to come.
    pub(super) fn next_step(&self, now: i64) -> Option<&RolloutStep> {
        self.rollout.iter().find(|step| step.from.at() > now)
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parameters.fmt(out)
    }
}

/// Compiles every policy. What is wrong is put into the findings, and what is left is still compiled.
pub(super) fn compile(
    documents: &[Document],
    defaults: &mut BTreeMap<&'static str, Prepared>,
    findings: &mut Findings,
) -> Vec<CompiledPolicy> {
    let mut compiled = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let Content::Policy(envelope) = &document.content else {
            continue;
        };
        let spec = &envelope.spec;
        let mut faults = Vec::new();
        let matcher = Matcher::prepare(spec.matches.as_ref(), &mut faults);
        let faults = faults
            .into_iter()
            .map(|(key, message)| document.fault(format!("spec.match.{key}"), message));
        findings.faults.extend(faults);
        compiled.push(CompiledPolicy {
            name: Arc::from(document.name()),
            matcher,
            settings: own_settings(document, spec, findings),
            terms: terms(document, spec, findings),
            document: index,
        });
        check_tests(document, spec, findings);
    }
    extension::extend(documents, &mut compiled, findings);
    for setting in compiled.iter().flat_map(|policy| &policy.settings) {
        let rule = setting.rule;
        if defaults.contains_key(rule.code) {
            continue;
        }
        match prepare(rule, &Parameters::new()) {
            Ok(prepared) => {
                defaults.insert(rule.code, prepared);
            }
            Err(reason) => findings.faults.push(DocumentFault::of_all(format!(
                "{} cannot be used without parameters: {reason}",
                rule.code
            ))),
        }
    }
    compiled
}

fn own_settings(document: &Document, spec: &PolicySpec, findings: &mut Findings) -> Vec<Setting> {
    let from: Arc<str> = Arc::from(document.name());
    let mut settings: Vec<Setting> = Vec::with_capacity(spec.rules.len());
    for (index, uses) in spec.rules.iter().enumerate() {
        match own_setting(uses, index, &from) {
            Ok(setting) => {
                let twice = settings.iter().any(|other| other.rule == setting.rule);
                if twice {
                    findings.warnings.push(document.fault(
                        format!("spec.rules[{index}].use"),
                        format!("{} is set above, too; this replaces it", setting.rule.code),
                    ));
                }
                settings.push(setting);
            }
            Err((key, message)) => findings
                .faults
                .push(document.fault(format!("spec.rules[{index}].{key}"), message)),
        }
    }
    settings
}

fn own_setting(
    uses: &RuleUse,
    index: usize,
    from: &Arc<str>,
) -> Result<Setting, (&'static str, String)> {
    let rule = rule_named(&uses.rule).ok_or_else(|| {
        let name: String = uses.rule.chars().take(60).collect();
        (
            "use",
            format!("there is no rule {name:?}; `concord rule list` shows all"),
        )
    })?;
    let prepared = uses
        .parameters
        .as_ref()
        .map(|parameters| prepare(rule, parameters))
        .transpose()
        .map_err(|reason| ("with", format!("{}: {reason}", rule.code)))?;
    Ok(Setting {
        rule,
        severity: uses.severity,
        prepared,
        is_locked: uses.locked.unwrap_or(false),
        hint: uses.hint.as_deref().map(Arc::from),
        from: Arc::clone(from),
        own: Some(index),
    })
}

fn prepare(rule: &'static PolicyRule, parameters: &Parameters) -> Result<Prepared, String> {
    let check = (rule.prepare)(parameters).map_err(|bad| {
        // One line, whatever a parser of expressions draws.
        bad.to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    })?;
    Ok(Prepared {
        parameters: Arc::new(parameters.clone()),
        check: Arc::from(check),
    })
}

fn terms(document: &Document, spec: &PolicySpec, findings: &mut Findings) -> Terms {
    for (index, pair) in spec.rollout.windows(2).enumerate() {
        if pair[0].from.at() >= pair[1].from.at() {
            findings.faults.push(document.fault(
                format!("spec.rollout[{}].from", index + 1),
                format!("{} is not after {}", pair[1].from, pair[0].from),
            ));
        }
    }
    let first_step = spec.rollout.first().map(|step| &step.from);
    let since = spec.since.as_ref().or(first_step);
    if spec.baseline == Some(Baseline::NewSubjects) && since.is_none() {
        findings.warnings.push(document.fault(
            "spec.baseline",
            "without `since` or a rollout only the first version of a subject is held to new-subjects",
        ));
    }
    for (index, context) in spec.system_contexts.iter().enumerate() {
        if !context.starts_with('.') {
            findings.faults.push(document.fault(
                format!("spec.systemContexts[{index}]"),
                format!("{context:?} is no context: `.`, or a name such as `.payments`"),
            ));
        }
    }
    Terms {
        enforcement: spec.enforcement.unwrap_or_default(),
        rollout: spec.rollout.clone(),
        baseline: spec.baseline,
        ratchet: spec.ratchet.unwrap_or(false),
        since: since.map(Day::at),
        on_compatibility_endpoint: spec.check.and_then(|check| check.on_compatibility_endpoint),
    }
}

fn check_tests(document: &Document, spec: &PolicySpec, findings: &mut Findings) {
    for (index, test) in spec.tests.iter().enumerate() {
        let at = |key: &str| format!("spec.tests[{index}].{key}");
        if test.expect.is_some() == test.expect_exactly.is_some() {
            findings.faults.push(document.fault(
                at("expect"),
                "an example says either `expect` or `expectExactly`",
            ));
        }
        let promised = test.expect.iter().chain(&test.expect_exactly).flatten();
        for expectation in promised {
            if rule_named(&expectation.rule).is_none() {
                let name: String = expectation.rule.chars().take(60).collect();
                findings
                    .faults
                    .push(document.fault(at("expect"), format!("there is no rule {name:?}")));
            }
        }
    }
}
