//! Judges changes of mode (`semantics.md` section 2, `protocol.md` section 7.7).

use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::settings::Mode;
use crate::subject::{Context, Scope, Subject, SubjectFilter};
use crate::{Error, Version};

use super::Judge;

/// Judges a new mode, or with `None` the removal of the old one. `name` is the text that was sent: only its exact
/// spelling is held to the rule about forwarding.
pub(crate) fn put_mode(
    judge: &Judge<'_>,
    scope: &Scope,
    name: Option<&str>,
    force: bool,
) -> Result<Judgement<()>, Error> {
    if !scope.subject().may_have_settings() {
        return Err(Error::InvalidSubject(scope.subject()));
    }
    let mode: Option<Mode> = name
        .map(|name| name.parse().map_err(|()| Error::InvalidMode))
        .transpose()?;
    if name == Some(Mode::Forward.as_str()) && *scope != Scope::Global {
        return Err(Error::ForwardOnlyGlobally);
    }
    check_mutable(judge)?;
    let mut facts = Vec::new();
    let mut changes = vec![Topic::Settings];
    if mode == Some(Mode::Import) && !force && judge.view.mode_in_force(scope)? != Mode::Import {
        for (subject, versions) in removable(judge, scope)? {
            changes.push(Topic::Subject(subject.clone()));
            facts.extend(versions.into_iter().map(|version| Fact::Removed {
                subject: subject.clone(),
                version,
            }));
        }
    }
    facts.push(Fact::Mode {
        scope: scope.clone(),
        mode,
    });
    let mut draft = draft(judge, facts);
    draft.basis.topics.extend(changes.iter().cloned());
    draft.changes = changes;
    Ok(Judgement::Write(Box::new(draft), Box::new(|_| ())))
}

/// Judges the removal of a mode; the answer is the old one, if there was one.
pub(crate) fn delete_mode(
    judge: &Judge<'_>,
    scope: &Scope,
    recursive: bool,
) -> Result<Judgement<Option<Mode>>, Error> {
    let old = judge.view.mode(scope)?;
    if old.is_none() && !recursive && !scope.always_answers() {
        return Err(Error::SubjectNotFound(scope.subject().to_string()));
    }
    check_mutable(judge)?;
    let mut facts = vec![Fact::Mode {
        scope: scope.clone(),
        mode: None,
    }];
    if let (true, Scope::Context(context)) = (recursive, scope) {
        let below = judge.view.subjects_with_mode(context)?;
        facts.extend(below.into_iter().map(|subject| Fact::Mode {
            scope: Scope::Subject(subject),
            mode: None,
        }));
    }
    let answer = old.or_else(|| scope.always_answers().then_some(Mode::ReadWrite));
    Ok(Judgement::Write(
        Box::new(draft(judge, facts)),
        Box::new(move |_| answer),
    ))
}

fn check_mutable(judge: &Judge<'_>) -> Result<(), Error> {
    if judge.options.mode_mutable {
        return Ok(());
    }
    Err(Error::NotPermitted(
        "Mode changes are not allowed".to_owned(),
    ))
}

fn draft(judge: &Judge<'_>, facts: Vec<Fact>) -> Draft {
    Draft {
        basis: Basis {
            revision: judge.view.revision(),
            topics: vec![Topic::Settings],
        },
        changes: vec![Topic::Settings],
        facts: Facts::settled(facts),
    }
}

/// Section 2.1: what is left of deleted subjects must go before their ids can be imported again. An active subject
/// forbids the import, and so does a reference to what is to go.
fn removable(judge: &Judge<'_>, scope: &Scope) -> Result<Vec<(Subject, Vec<Version>)>, Error> {
    let mut removable = Vec::new();
    for subject in covered(judge, scope)? {
        let versions = judge.view.versions(&subject)?;
        if versions.iter().any(|version| !version.deleted) {
            return Err(Error::NotPermitted(
                "Cannot import since found existing subjects".to_owned(),
            ));
        }
        removable.push((subject, versions));
    }
    let mut numbers = Vec::new();
    for (subject, versions) in removable {
        for version in &versions {
            if !judge.view.referrers(&subject, version.version)?.is_empty() {
                return Err(Error::ReferencesExist {
                    subject,
                    version: version.version,
                });
            }
        }
        numbers.push((
            subject,
            versions.iter().map(|version| version.version).collect(),
        ));
    }
    Ok(numbers)
}

/// The subjects that a scope covers; the top level covers every context.
fn covered(judge: &Judge<'_>, scope: &Scope) -> Result<Vec<Subject>, Error> {
    let everywhere = SubjectFilter::EveryContext {
        prefix: String::new(),
    };
    let within = |context: &Context| SubjectFilter::Within(Subject::new(context.clone(), ""));
    let filter = match scope {
        Scope::Global => everywhere,
        Scope::Context(context) if context.is_default() => everywhere,
        Scope::Context(context) => within(context),
        Scope::Subject(subject) => return Ok(vec![subject.clone()]),
    };
    Ok(judge
        .view
        .subjects(&filter)?
        .into_iter()
        .map(|state| state.subject)
        .collect())
}
