//! Tries a schema under documents, without a registry: what `concord policy test` and `concord lint` ask.
//!
//! It makes up the facts that only a registry has (there is nobody who asks, no other subject, the default
//! compatibility level) and then takes the same path as every decision.

use std::sync::Arc;

use super::candidate::{
    Candidate, EarlierVersion, MetadataFacts, RequestFacts, Role, SubjectFacts,
};
use super::model::Properties;
use super::{
    Action, Bundle, Effective, EffectiveRule, Evaluation, LifecycleName, Point, PolicyTest, Scope,
    evaluate, rule_named,
};
use crate::{Format, InvalidSchema, Level, References, Strictness, parse};

/// A schema that might be registered.
#[derive(Debug, Clone)]
pub struct Trial<'a> {
    /// The context of the subject; `.` for the default one.
    pub context: &'a str,
    /// The subject, without its context.
    pub subject: &'a str,
    /// The format of both texts.
    pub format: Format,
    /// The schema.
    pub text: &'a str,
    /// The version before; the subject is new where there is none.
    pub previous: Option<&'a str>,
    /// What the schema imports.
    pub references: &'a References,
    /// The properties of the version.
    pub properties: Properties,
    /// Milliseconds since 1970.
    pub now: i64,
    /// Every rule that is on is enforced, whatever its policy does about findings at that time.
    pub enforce_all: bool,
}

/// What came of a trial.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What was found.
    pub evaluation: Evaluation,
    /// The rules that were asked, in the order of the catalogue: those without a finding are kept.
    pub rules: Vec<EffectiveRule>,
}

impl Bundle {
    /// What the documents find in the schema at a point.
    ///
    /// # Errors
    /// [`InvalidSchema`] when a text is no schema.
    pub fn try_schema(&self, trial: &Trial<'_>, point: Point) -> Result<Tried, InvalidSchema> {
        let read = |text: &str| {
            parse(trial.format, text, trial.references, Strictness::New)
                .map(|parsed| (parsed.model(text), parsed))
        };
        let (schema, parsed) = read(trial.text)?;
        let history = match trial.previous.map(read).transpose()? {
            Some((schema, parsed)) => vec![EarlierVersion {
                version: 1,
                schema,
                parsed: Arc::new(parsed),
                metadata: MetadataFacts::default(),
                references: Vec::new(),
                written: trial.now,
            }],
            None => Vec::new(),
        };
        let subject = facts(trial);
        let owner = trial.properties.get("owner").map(String::as_str);
        let owner = self.owner(trial.context, trial.subject, None, owner);
        let mut effective = self.effective_of(trial, &subject, owner.map(|owner| owner.name));
        if trial.enforce_all {
            for rule in &mut effective.rules {
                rule.actions = [Action::Enforce; Point::ALL.len()];
            }
        }
        let metadata = MetadataFacts {
            properties: trial.properties.clone(),
            ..MetadataFacts::default()
        };
        let captured = |rule: &EffectiveRule| rule.check.captures(trial.subject);
        let captures = effective.rules.iter().find_map(captured);
        let candidate = Candidate {
            subject: &subject,
            captures: &captures.unwrap_or_default(),
            schema: &schema,
            parsed: &parsed,
            metadata: &metadata,
            references: &[],
            history: &history,
            principal: None,
            request: RequestFacts::default(),
            team: owner.map(|owner| (owner.name, owner.team)),
            vocabulary: self.vocabulary(),
            now: trial.now,
        };
        let evaluation = evaluate(&effective, &candidate, point);
        let mut rules = effective.rules;
        rules.retain(|rule| rule.is_asked(trial.format, point));
        Ok(Tried { evaluation, rules })
    }

    fn effective_of(
        &self,
        trial: &Trial<'_>,
        subject: &SubjectFacts,
        team: Option<&str>,
    ) -> Effective {
        let state = trial.properties.get("lifecycle.state").map(String::as_str);
        let scope = Scope {
            lifecycle: LifecycleName::named(state),
            ..Scope::of(subject, Some(trial.format), state, team)
        };
        self.effective(&scope, trial.now)
    }
}

fn facts(trial: &Trial<'_>) -> SubjectFacts {
    SubjectFacts {
        name: trial.subject.to_owned(),
        context: trial.context.to_owned(),
        role: Role::of(trial.subject),
        is_new: trial.previous.is_none(),
        created: trial.previous.map(|_| trial.now),
        version_count: usize::from(trial.previous.is_some()),
        level: Level::Backward,
        compatibility_group: None,
        near_duplicates: Vec::new(),
    }
}

impl PolicyTest {
    /// What is not as the example promises, one line each; empty when all is.
    #[must_use]
    pub fn faults(&self, bundle: &Bundle, now: i64) -> Vec<String> {
        let (context, subject) = split(&self.subject);
        let properties = self.properties.iter().map(|(key, value)| {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            (key.clone(), value)
        });
        let trial = Trial {
            context,
            subject,
            format: self.format.format(),
            text: &self.schema,
            previous: self.previous.as_deref(),
            references: &References::none(),
            properties: properties.collect(),
            now,
            // Examples are about rules; a rollout does not change what they find.
            enforce_all: true,
        };
        let found = match bundle.try_schema(&trial, Point::Register) {
            Ok(tried) => tried.evaluation.findings,
            Err(invalid) => return vec![format!("the schema is refused: {invalid}")],
        };
        let promised = self.expect.iter().chain(&self.expect_exactly).flatten();
        let mut faults = Vec::new();
        let mut met = vec![false; found.len()];
        for expectation in promised {
            let rule = rule_named(&expectation.rule);
            let mut any = false;
            for (finding, met) in found.iter().zip(&mut met) {
                let at = expectation.at.as_ref();
                if Some(finding.rule) == rule && at.is_none_or(|at| *at == finding.path) {
                    (any, *met) = (true, true);
                }
            }
            if !any {
                let place = expectation.at.as_deref().unwrap_or("any element");
                faults.push(format!("{} is not found at {place}", expectation.rule));
            }
        }
        if self.expect_exactly.is_some() {
            let others = found.iter().zip(&met).filter(|(_, met)| !**met);
            faults.extend(others.map(|(finding, _)| {
                format!(
                    "{} is found at {:?}, too: {}",
                    finding.rule.code, finding.path, finding.message
                )
            }));
        }
        faults
    }
}

/// Context and name of a subject as it is written in an example.
fn split(subject: &str) -> (&str, &str) {
    let qualified = subject.strip_prefix(":.");
    match qualified.and_then(|rest| rest.split_once(':')) {
        Some((context, name)) => (&subject[1..context.len() + 2], name),
        None => (".", subject),
    }
}

#[cfg(test)]
mod tests;
