//! What is in force for a subject, with the origin of every setting: as JSON for programs, as text for people.

use std::collections::BTreeMap;
use std::fmt;

use compat_rules::policy::{Effective, EffectiveRule, EndpointAction, Exemption, Point};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The rules in force for one subject at one time.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The subject.
    pub subject: String,
    /// The team that owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The policies that mean it, from general to specific.
    pub policies: Vec<PolicyLine>,
    /// The policies that leave it alone because it belongs to tools.
    pub exempt_from: Vec<ExemptLine>,
    /// What the protocol's compatibility endpoint does, where a policy says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_compatibility_endpoint: Option<EndpointLine>,
    /// The rules that are on.
    pub rules: Vec<RuleLine>,
    /// The next step of each rollout.
    pub upcoming: Vec<UpcomingLine>,
}

/// A policy that means the subject.
#[derive(Debug, Serialize, Deserialize)]
pub struct PolicyLine {
    /// Its name.
    pub policy: String,
    /// By what it was found.
    pub by: String,
}

/// A policy that leaves the subject alone.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExemptLine {
    /// Its name.
    pub policy: String,
    /// Why.
    pub because: Exemption,
}

/// What the protocol's compatibility endpoint does.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndpointLine {
    /// What.
    pub action: EndpointAction,
    /// The policy that said so last.
    pub policy: String,
}

/// A rule that is on.
#[derive(Debug, Serialize, Deserialize)]
pub struct RuleLine {
    /// Such as `DOC002`.
    pub code: String,
    /// Such as `doc-field-required`.
    pub slug: String,
    /// How grave a finding is.
    pub severity: String,
    /// What is done, by point.
    pub actions: BTreeMap<String, String>,
    /// Which findings of old subjects count.
    pub baseline: String,
    /// More findings than before are refused.
    pub ratchet: bool,
    /// The parameters that were written.
    pub parameters: Map<String, Value>,
    /// The policy that set it last.
    pub policy: String,
    /// Narrower policies cannot loosen it.
    pub locked: bool,
    /// Who said what, from general to specific.
    pub said: Vec<SaidLine>,
}

/// One policy's say about a rule.
#[derive(Debug, Serialize, Deserialize)]
pub struct SaidLine {
    /// The policy.
    pub policy: String,
    /// Where it is written, if elsewhere: a policy that it extends, or a profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
    /// What it said of the severity, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<String>,
    /// A lock kept it from loosening the rule.
    pub held: bool,
}

/// A step of a rollout that is still to come.
#[derive(Debug, Serialize, Deserialize)]
pub struct UpcomingLine {
    /// The date.
    pub from: String,
    /// The policy.
    pub policy: String,
    /// What is done at `register` from then on.
    pub register: String,
}

impl Explanation {
    /// Puts into words what is in force.
    #[must_use]
    pub fn new(subject: &str, team: Option<&str>, effective: &Effective) -> Self {
        Self {
            subject: subject.to_owned(),
            team: team.map(str::to_owned),
            policies: effective
                .policies
                .iter()
                .map(|policy| PolicyLine {
                    policy: policy.policy.to_string(),
                    by: policy.rank.level.to_string(),
                })
                .collect(),
            exempt_from: effective
                .passed
                .iter()
                .map(|passed| ExemptLine {
                    policy: passed.policy.to_string(),
                    because: passed.exemption,
                })
                .collect(),
            on_compatibility_endpoint: effective.on_compatibility_endpoint.as_ref().map(
                |(action, policy)| EndpointLine {
                    action: *action,
                    policy: policy.to_string(),
                },
            ),
            rules: effective.rules.iter().map(RuleLine::new).collect(),
            upcoming: effective
                .upcoming
                .iter()
                .map(|step| UpcomingLine {
                    from: step.day.clone(),
                    policy: step.policy.to_string(),
                    register: step.register.to_string(),
                })
                .collect(),
        }
    }
}

impl RuleLine {
    fn new(set: &EffectiveRule) -> Self {
        let evaluated = Point::ALL
            .into_iter()
            .filter(|point| set.rule.points.contains(point));
        Self {
            code: set.rule.code.to_owned(),
            slug: set.rule.slug.to_owned(),
            severity: set.severity.to_string(),
            actions: evaluated
                .map(|point| (point.to_string(), set.action(point).to_string()))
                .collect(),
            baseline: set.baseline.to_string(),
            ratchet: set.ratchet,
            parameters: (*set.parameters).clone(),
            policy: set.policy.clone(),
            locked: set.is_locked,
            said: set
                .steps
                .iter()
                .map(|step| SaidLine {
                    policy: step.policy.to_string(),
                    extends: (step.from != step.policy).then(|| step.from.to_string()),
                    severity: step.severity.map(|severity| severity.to_string()),
                    held: step.is_held,
                })
                .collect(),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.subject)?;
        match &self.team {
            Some(team) => writeln!(out, ", owned by {team}")?,
            None => writeln!(out, ", owned by nobody")?,
        }
        if self.policies.is_empty() {
            writeln!(out, "no policy is for it")?;
        } else {
            writeln!(out, "policies, from general to specific:")?;
        }
        for policy in &self.policies {
            writeln!(out, "  {} ({})", policy.policy, policy.by)?;
        }
        for exempt in &self.exempt_from {
            writeln!(
                out,
                "left alone by {}: {}",
                exempt.policy,
                reason(exempt.because)
            )?;
        }
        if let Some(endpoint) = &self.on_compatibility_endpoint {
            let what = match endpoint.action {
                EndpointAction::Enforce => "answers for the policies, too",
                EndpointAction::Off => "speaks of compatibility alone",
            };
            writeln!(
                out,
                "the compatibility endpoint {what}; set by {}",
                endpoint.policy
            )?;
        }
        if !self.rules.is_empty() {
            writeln!(out, "rules:")?;
        }
        for rule in &self.rules {
            rule.write(out)?;
        }
        for step in &self.upcoming {
            let UpcomingLine {
                from,
                policy,
                register,
            } = step;
            writeln!(
                out,
                "from {from} on, {policy} does this at register: {register}"
            )?;
        }
        Ok(())
    }
}

impl RuleLine {
    fn write(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            slug,
            severity,
            baseline,
            policy,
            ..
        } = self;
        write!(out, "  {severity:<5} {code} {slug}: ")?;
        let actions: Vec<String> = self
            .actions
            .iter()
            .map(|(point, action)| format!("{point} {action}"))
            .collect();
        write!(out, "{}; {baseline}", actions.join(", "))?;
        if self.ratchet {
            write!(out, ", ratchet")?;
        }
        write!(out, "; set by {policy}")?;
        if self.locked {
            write!(out, ", locked")?;
        }
        writeln!(out)?;
        if !self.parameters.is_empty() {
            let parameters = Value::Object(self.parameters.clone());
            writeln!(out, "        with {parameters}")?;
        }
        if self.said.len() > 1
            || self
                .said
                .iter()
                .any(|said| said.extends.is_some() || said.held)
        {
            let said: Vec<String> = self.said.iter().map(ToString::to_string).collect();
            writeln!(out, "        from {}", said.join(", then "))?;
        }
        Ok(())
    }
}

impl fmt::Display for SaidLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.policy)?;
        if let Some(extends) = &self.extends {
            write!(out, " by {extends}")?;
        }
        write!(out, " ({}", self.severity.as_deref().unwrap_or("as before"))?;
        if self.held {
            write!(out, ", held by the lock")?;
        }
        write!(out, ")")
    }
}

fn reason(exemption: Exemption) -> &'static str {
    match exemption {
        Exemption::Imports => "serializers register it for imports",
        Exemption::Internal => "its name begins with _",
        Exemption::SystemContexts => "its context is one of the system",
    }
}
