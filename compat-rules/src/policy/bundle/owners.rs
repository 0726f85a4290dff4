//! Teams, and who owns which subject.

use std::collections::BTreeMap;

use super::{CompiledPolicy, Findings};
use crate::policy::document::{Content, Document, TeamSpec};
use crate::policy::matching::contexts;
use crate::policy::pattern::SubjectPattern;

/// The team of a subject, and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The name of the team.
    pub name: &'a str,
    /// The team.
    pub team: &'a TeamSpec,
    /// How it was found.
    pub source: OwnerSource<'a>,
}

/// How the team of a subject was found, in the order in which it is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerSource<'a> {
    /// It was set on the subject.
    Subject,
    /// A rule of the `Ownership` of that name.
    Ownership(&'a str),
    /// The property `owner` of the version.
    Property,
}

/// All teams and all rules of ownership.
#[derive(Debug, Default)]
pub(super) struct Owners {
    teams: BTreeMap<String, TeamSpec>,
    /// In the order in which the last one wins.
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    ownership: String,
    contexts: Option<Vec<String>>,
    patterns: Vec<SubjectPattern>,
    team: String,
}

impl Owners {
    pub(super) fn compile(documents: &[Document], findings: &mut Findings) -> Self {
        let mut owners = Self::default();
        for document in documents {
            match &document.content {
                Content::Team(envelope) => {
                    let name = envelope.metadata.name.clone();
                    owners.teams.insert(name, envelope.spec.clone());
                }
                Content::Ownership(envelope) => {
                    for (index, rule) in envelope.spec.rules.iter().enumerate() {
                        let at = |key: &str| format!("spec.rules[{index}].{key}");
                        let mut faults = Vec::new();
                        let contexts = contexts(rule.contexts.as_deref(), &mut faults);
                        let mut patterns = Vec::with_capacity(rule.subjects.len());
                        for (number, text) in rule.subjects.iter().enumerate() {
                            match SubjectPattern::parse(text) {
                                Ok(pattern) => patterns.push(pattern),
                                Err(bad) => {
                                    faults.push((format!("subjects[{number}]"), bad.to_string()));
                                }
                            }
                        }
                        let faults = faults
                            .into_iter()
                            .map(|(key, message)| document.fault(at(&key), message));
                        findings.faults.extend(faults);
                        owners.rules.push(Rule {
                            ownership: envelope.metadata.name.clone(),
                            contexts,
                            patterns,
                            team: rule.team.clone(),
                        });
                    }
                }
                Content::Policy(_) | Content::Vocabulary(_) => {}
            }
        }
        owners
    }

    /// Warns about teams that no document describes: their subjects are orphans.
    pub(super) fn check_teams(
        &self,
        documents: &[Document],
        policies: &[CompiledPolicy],
        findings: &mut Findings,
    ) {
        let unknown = |team: &str| format!("there is no team {team:?}");
        for document in documents {
            let Content::Ownership(envelope) = &document.content else {
                continue;
            };
            for (index, rule) in envelope.spec.rules.iter().enumerate() {
                if !self.teams.contains_key(&rule.team) {
                    let path = format!("spec.rules[{index}].team");
                    findings
                        .warnings
                        .push(document.fault(path, unknown(&rule.team)));
                }
            }
        }
        for policy in policies {
            for (index, team) in policy.matcher.teams().iter().enumerate() {
                if !self.teams.contains_key(team) {
                    let path = format!("spec.match.teams[{index}]");
                    let document = &documents[policy.document];
                    findings.warnings.push(document.fault(path, unknown(team)));
                }
            }
        }
    }
}

impl super::Bundle {
    /// The team of that name; `team/` in front of it is left aside.
    #[must_use]
    pub fn team(&self, name: &str) -> Option<(&str, &TeamSpec)> {
        let name = name.strip_prefix("team/").unwrap_or(name);
        let (name, team) = self.owners.teams.get_key_value(name)?;
        Some((name, team))
    }

    /// Every team, by name.
    pub fn teams(&self) -> impl Iterator<Item = (&str, &TeamSpec)> {
        let teams = self.owners.teams.iter();
        teams.map(|(name, team)| (name.as_str(), team))
    }

    /// The team that owns a subject: by what was set on it, else by the rules of ownership, else by its property
    /// `owner`. The first of these that is given decides; if it names no known team, the subject is an orphan.
    #[must_use]
    pub fn owner(
        &self,
        context: &str,
        name: &str,
        set: Option<&str>,
        property: Option<&str>,
    ) -> Option<Owner<'_>> {
        let by_rule = || {
            let mut rules = self.owners.rules.iter().rev();
            rules.find(|rule| {
                let in_context = rule
                    .contexts
                    .as_ref()
                    .is_none_or(|contexts| contexts.iter().any(|known| known == context));
                in_context && rule.patterns.iter().any(|pattern| pattern.matches(name))
            })
        };
        let (named, source) = if let Some(set) = set {
            (set, OwnerSource::Subject)
        } else if let Some(rule) = by_rule() {
            (rule.team.as_str(), OwnerSource::Ownership(&rule.ownership))
        } else {
            (property?, OwnerSource::Property)
        };
        let (name, team) = self.team(named)?;
        Some(Owner { name, team, source })
    }
}
