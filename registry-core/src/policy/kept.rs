//! The rules in force for subjects that were asked about, kept for one revision of the documents.
//!
//! [`Bundle::effective`] folds every policy that means a subject, which costs more than the rules of a small profile
//! themselves. What it answers depends on the scope alone until the next date of a rollout, so it is kept under
//! everything that the scope is made of. Most subjects share their rules with many others: equal ones are kept once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use compat_rules::Format;
use compat_rules::policy::candidate::{MetadataFacts, SubjectFacts};
use compat_rules::policy::{
    Bundle, Effective, LifecycleName, Passed, PolicyInForce, Scope, Upcoming,
};

/// So many rules may be kept in all; one takes some hundred bytes.
const RULES_MAX: usize = 50_000;

/// What is in force for a subject at one time.
#[derive(Debug, Clone, Default)]
pub struct InForce {
    /// The rules.
    pub effective: Arc<Effective>,
    /// The team that owns it.
    pub team: Option<Arc<str>>,
}

/// The rules of subjects, within a bound. What does not fit any more makes room by dropping everything: it comes back
/// as it is asked for.
#[derive(Debug)]
pub(super) struct KeptRules {
    subjects_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    by_scope: HashMap<Asked, Entry>,
    shared: HashMap<Shape, Arc<Effective>>,
    /// Of all that are shared.
    rules: usize,
}

/// All that a scope is made of; the role follows from the name, and the team from context, name and property.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    name: String,
    context: String,
    owner: Option<String>,
    lifecycle: LifecycleName,
    format: Option<Format>,
    is_new: bool,
}

#[derive(Debug)]
struct Entry {
    in_force: InForce,
    /// From when until when, in milliseconds since 1970. Clocks also go back.
    since: i64,
    until: i64,
}

/// What two equal sets of rules have in common: the policies, and where each of them is in its rollout.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Shape {
    policies: Vec<PolicyInForce>,
    passed: Vec<Passed>,
    upcoming: Vec<Upcoming>,
    format: Option<Format>,
}

impl KeptRules {
    /// Room for so many subjects; 0 keeps nothing.
    pub(super) fn new(subjects_max: usize) -> Self {
        Self {
            subjects_max,
            kept: Mutex::default(),
        }
    }

    /// What is in force for a subject.
    pub(super) fn of(
        &self,
        bundle: &Bundle,
        facts: &SubjectFacts,
        metadata: &MetadataFacts,
        format: Option<Format>,
        now: i64,
    ) -> InForce {
        let property = |name: &str| metadata.properties.get(name).map(String::as_str);
        let asked = Asked {
            name: facts.name.clone(),
            context: facts.context.clone(),
            owner: property("owner").map(str::to_owned),
            lifecycle: LifecycleName::named(property("lifecycle.state")),
            format,
            is_new: facts.is_new,
        };
        if let Some(found) = self.find(&asked, now) {
            return found;
        }
        let owner = bundle.owner(&facts.context, &facts.name, None, asked.owner.as_deref());
        let team = owner.map(|owner| owner.name);
        let scope = Scope::of(facts, format, property("lifecycle.state"), team);
        let in_force = InForce {
            effective: Arc::new(bundle.effective(&scope, now)),
            team: team.map(Arc::from),
        };
        self.keep(asked, in_force, now)
    }

    fn find(&self, asked: &Asked, now: i64) -> Option<InForce> {
        if self.subjects_max == 0 {
            return None;
        }
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = kept.by_scope.get(asked)?;
        (entry.since..entry.until)
            .contains(&now)
            .then(|| entry.in_force.clone())
    }

    fn keep(&self, asked: Asked, in_force: InForce, now: i64) -> InForce {
        if self.subjects_max == 0 {
            return in_force;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.by_scope.len() >= self.subjects_max || kept.rules > RULES_MAX {
            *kept = Kept::default();
        }
        let effective = kept.share(in_force.effective, asked.format);
        let in_force = InForce {
            effective,
            ..in_force
        };
        let next = in_force.effective.upcoming.first();
        let entry = Entry {
            in_force: in_force.clone(),
            since: now,
            until: next.map_or(i64::MAX, |step| step.at),
        };
        kept.by_scope.insert(asked, entry);
        in_force
    }
}

impl Kept {
    /// The one of equal sets of rules that is kept.
    fn share(&mut self, effective: Arc<Effective>, format: Option<Format>) -> Arc<Effective> {
        let shape = Shape {
            policies: effective.policies.clone(),
            passed: effective.passed.clone(),
            upcoming: effective.upcoming.clone(),
            format,
        };
        let rules = &mut self.rules;
        let shared = self.shared.entry(shape).or_insert_with(|| {
            *rules += effective.rules.len();
            effective
        });
        Arc::clone(shared)
    }
}
