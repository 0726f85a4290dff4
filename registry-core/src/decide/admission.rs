//! Holds a schema on its way into a subject to the policies in force (`governance.md` section 2.7, steps 5 and 7).
//!
//! Here is only gathered what the policies may look at; the evaluation is `compat_rules::policy::evaluate`. Without
//! documents nothing is gathered.

mod facts;
mod refused;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use compat_rules::policy::candidate::{
    Candidate as Judged, EarlierVersion, MetadataFacts, PrincipalFacts, ReferenceFacts,
    RequestFacts,
};
use compat_rules::policy::{
    Action, Effective, Evaluation, Point, Refusal, Verdict, evaluate_telling,
};
use compat_rules::{Format, ParsedSchema};

use crate::Error;
use crate::evidence::ReportId;
use crate::policy::{InForce, PoliciesInForce};
use crate::settings::Config;
use crate::subject::Subject;
use crate::view::StoredVersion;

use super::Judge;
use super::candidate::{Candidate, Content};
pub(crate) use facts::metadata_of;
pub use refused::Granted;
pub(crate) use refused::Wish;

/// How long rules took, by their codes, in nanoseconds.
pub type RuleTimes = Vec<(&'static str, u64)>;

/// What was found, under which documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyEvaluation {
    /// The findings.
    pub evaluation: Evaluation,
    /// Where it was evaluated.
    pub point: Point,
    /// The revision of the documents.
    pub revision: u64,
    /// The name of the report, if it refuses.
    pub report: Option<ReportId>,
    /// How long it took, the gathering included, in nanoseconds. Not a part of the judgement.
    pub took_ns: u64,
    /// How long each rule took of that, by its code.
    pub rules_ns: RuleTimes,
}

impl PolicyEvaluation {
    /// True if what was asked for must not happen.
    #[must_use]
    pub fn refuses(&self) -> bool {
        self.evaluation.verdict() == Verdict::Refuse
    }

    /// The line that a refused client is told.
    #[must_use]
    pub fn refusal(&self, subject: &str) -> String {
        let link = self
            .report
            .map(|report| format!("/governance/v1/reports/{report}"));
        let refusal = Refusal {
            point: self.point,
            subject,
            revision: self.revision,
            report: link.as_deref(),
        };
        refusal.line(&self.evaluation)
    }

    /// What follows in a message that tells something else first.
    pub(crate) fn appended(&self) -> String {
        const BYTES_MAX: usize = 900;
        match Refusal::findings(&self.evaluation, BYTES_MAX).as_str() {
            "" => String::new(),
            findings => format!(" Policy: {findings}"),
        }
    }
}

/// What is asked of the policies.
pub(crate) struct Asked<'a> {
    pub(crate) point: Point,
    pub(crate) subject: &'a Subject,
    /// The schema, its text as it was sent, and its metadata; none where a decision is about no schema.
    pub(crate) schema: Option<AskedSchema<'a>>,
    /// The versions of the subject, ascending.
    pub(crate) versions: &'a [StoredVersion],
    /// Those of them that it is compared with: the ones before it.
    pub(crate) earlier: &'a [StoredVersion],
    /// The configuration in force, or the one that shall be.
    pub(crate) config: &'a Config,
    pub(crate) request: RequestFacts,
    pub(crate) manner: Manner,
}

/// How policies are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// As they say.
    Usual,
    /// Nothing is refused or told: an import brings in what was decided elsewhere.
    Recorded,
    /// Only where they want to be asked here: the protocol's own check of compatibility.
    CompatibilityEndpoint,
}

pub(crate) struct AskedSchema<'a> {
    pub(crate) text: &'a str,
    pub(crate) parsed: Arc<ParsedSchema>,
    pub(crate) metadata: MetadataFacts,
    pub(crate) references: Vec<ReferenceFacts>,
}

impl Judge<'_> {
    /// A schema as policies look at it: places and comments are those of its author.
    pub(crate) fn asked_schema<'a>(
        &self,
        subject: &Subject,
        content: &'a Content,
        candidate: &Candidate,
    ) -> Result<AskedSchema<'a>, Error> {
        let resolved = &candidate.resolved.references;
        let mut references = self.reference_facts(&subject.context, resolved)?;
        // As it was sent: -1 has not become a number yet.
        for (facts, sent) in references.iter_mut().zip(&content.references) {
            facts.version = sent.version.map_or(facts.version, i64::from);
        }
        Ok(AskedSchema {
            text: &content.text,
            parsed: self.as_sent(content, candidate)?,
            metadata: metadata_of(&candidate.schema),
            references,
        })
    }

    /// Evaluates the policies in force; none where there are none, or none of them has anything to say.
    pub(crate) fn evaluate_policies(
        &self,
        asked: &Asked<'_>,
    ) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        let Some(policies) = self.policies.in_force(&self.view)? else {
            return Ok(None);
        };
        let started = Instant::now();
        let span = tracing::debug_span!("policy", point = asked.point.as_str());
        let evaluation = span.in_scope(|| self.evaluate_under(&policies, asked))?;
        Ok(evaluation.map(|(evaluation, rules_ns)| {
            Box::new(PolicyEvaluation {
                evaluation,
                point: asked.point,
                revision: policies.number,
                report: None,
                took_ns: nanoseconds(started.elapsed()),
                rules_ns,
            })
        }))
    }

    fn evaluate_under(
        &self,
        policies: &PoliciesInForce,
        asked: &Asked<'_>,
    ) -> Result<Option<(Evaluation, RuleTimes)>, Error> {
        let mut facts = self.subject_facts(asked.subject, asked.versions, asked.config)?;
        let no_metadata = MetadataFacts::default();
        let metadata = asked
            .schema
            .as_ref()
            .map_or(&no_metadata, |schema| &schema.metadata);
        let format = asked.schema.as_ref().map(|schema| schema.parsed.format());
        let InForce {
            mut effective,
            team,
        } = policies.of(&facts, metadata, format, self.now().0);
        match asked.manner {
            Manner::Recorded => quieten(Arc::make_mut(&mut effective)),
            Manner::CompatibilityEndpoint if !effective.answers_compatibility_endpoint() => {
                return Ok(None);
            }
            Manner::CompatibilityEndpoint | Manner::Usual => {}
        }
        if effective.rules.is_empty() || effective.is_silent_at(asked.point) {
            return Ok(None);
        }
        if facts.is_new
            && effective
                .rules
                .iter()
                .any(|rule| rule.rule.code == "SUB009")
        {
            facts.near_duplicates = self.view.near_duplicates(asked.subject)?;
        }
        let history = self.history(asked.subject, asked.earlier, format)?;
        let (parsed, text) = match &asked.schema {
            Some(schema) => (Arc::clone(&schema.parsed), schema.text),
            None => (nothing(), NOTHING),
        };
        let principal = self.principal_facts();
        let captures = captures(&effective, &facts.name);
        let no_references = Vec::new();
        let candidate = Judged {
            subject: &facts,
            captures: &captures,
            schema: &parsed.model(text),
            parsed: &parsed,
            metadata,
            references: asked
                .schema
                .as_ref()
                .map_or(&no_references, |schema| &schema.references),
            history: &history,
            principal: principal.as_ref(),
            request: asked.request,
            team: team.and_then(|team| policies.bundle.team(&team)),
            vocabulary: policies.bundle.vocabulary(),
            now: self.now().0,
        };
        Ok(Some(timed(&effective, &candidate, asked.point)))
    }

    /// The rules in force for a subject as it is, for those who want to know before they write.
    pub(crate) fn effective_policies(
        &self,
        subject: &Subject,
        policies: &PoliciesInForce,
    ) -> Result<InForce, Error> {
        let versions = self.view.versions(subject)?;
        let latest = self.latest_schema(subject, &versions)?;
        let metadata = latest.as_ref().map(metadata_of).unwrap_or_default();
        let format = latest.map(|schema| schema.format);
        let config = self.config(subject)?;
        self.in_force(policies, subject, &versions, &config, &metadata, format)
    }

    /// The rules in force for a version with that metadata.
    pub(crate) fn in_force(
        &self,
        policies: &PoliciesInForce,
        subject: &Subject,
        versions: &[StoredVersion],
        config: &Config,
        metadata: &MetadataFacts,
        format: Option<Format>,
    ) -> Result<InForce, Error> {
        let facts = self.subject_facts(subject, versions, config)?;
        Ok(policies.of(&facts, metadata, format, self.now().0))
    }

    /// The versions that rules compare with, newest first: the last one, and for Protobuf, where a number is taken for
    /// ever, more of them.
    fn history(
        &self,
        subject: &Subject,
        versions: &[StoredVersion],
        format: Option<Format>,
    ) -> Result<Vec<EarlierVersion>, Error> {
        const PROTOBUF_MAX: usize = 200;
        let count = if format == Some(Format::Protobuf) {
            PROTOBUF_MAX
        } else {
            1
        };
        let active = versions.iter().rev().filter(|version| !version.deleted);
        active
            .take(count)
            .map(|version| self.earlier(subject, *version))
            .collect()
    }

    fn principal_facts(&self) -> Option<PrincipalFacts> {
        let principal = self.caller?.principal?;
        Some(PrincipalFacts {
            name: principal.name.clone(),
            groups: principal.groups.clone(),
            roles: principal.roles.clone(),
        })
    }
}

/// Evaluates the rules, and notes how long each took.
fn timed(effective: &Effective, candidate: &Judged<'_>, point: Point) -> (Evaluation, RuleTimes) {
    let mut times = Vec::with_capacity(effective.rules.len());
    let mut begun = Instant::now();
    let evaluation = evaluate_telling(effective, candidate, point, |rule| {
        let now = Instant::now();
        times.push((rule.code, nanoseconds(now - begun)));
        begun = now;
    });
    (evaluation, times)
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// What is left of rules where nobody is to be held up: what they find is recorded.
fn quieten(effective: &mut Effective) {
    for action in effective
        .rules
        .iter_mut()
        .flat_map(|rule| &mut rule.actions)
    {
        *action = (*action).min(Action::DryRun);
    }
}

/// What the subject's name says, by the first rule that reads it.
fn captures(effective: &Effective, name: &str) -> BTreeMap<String, String> {
    let mut rules = effective.rules.iter();
    rules
        .find_map(|rule| rule.check.captures(name))
        .unwrap_or_default()
}

/// The schema that stands where a decision is about none: rules about settings look at the subject alone.
const NOTHING: &str = "\"null\"";

fn nothing() -> Arc<ParsedSchema> {
    let none = compat_rules::References::none();
    let parsed = compat_rules::parse(
        Format::Avro,
        NOTHING,
        &none,
        compat_rules::Strictness::Stored,
    );
    Arc::new(parsed.expect("null is a schema"))
}
