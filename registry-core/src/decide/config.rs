//! Judges changes of configuration (`semantics.md` section 9.3).

use compat_rules::policy::Point;

use crate::Error;
use crate::draft::{Basis, Draft, Facts, Judgement, Topic};
use crate::fact::Fact;
use crate::settings::{Config, ConfigUpdate};
use crate::subject::Scope;

use super::{Granted, Judge};

/// Judges a change; the answer is the whole record after it.
pub(crate) fn put_config(
    judge: &Judge<'_>,
    scope: &Scope,
    update: ConfigUpdate,
) -> Result<Judgement<Granted<Config>>, Error> {
    for rule_set in update.rule_sets() {
        rule_set.validate().map_err(Error::InvalidRuleSet)?;
    }
    if !scope.subject().may_have_settings() {
        return Err(Error::InvalidSubject(scope.subject()));
    }
    check_writable(judge, scope)?;
    let config = judge
        .view
        .config(scope)?
        .unwrap_or_default()
        .updated(update);
    let in_force = Config {
        level: config.level.or(judge.view.config_in_force(scope)?.level),
        ..config.clone()
    };
    judge.unless_policies_refuse(Point::Config, &scope.subject(), &in_force, || {
        Ok((draft(judge, scope, Some(config.clone())), config))
    })
}

/// Judges a removal; the answer is what was in force for the record before.
pub(crate) fn delete_config(
    judge: &Judge<'_>,
    scope: &Scope,
) -> Result<Judgement<Granted<Config>>, Error> {
    let old = judge.view.config(scope)?;
    if old.is_none() && !scope.always_answers() {
        return Err(Error::SubjectNotFound(scope.subject().to_string()));
    }
    check_writable(judge, scope)?;
    let in_force = judge.view.config_around(scope)?;
    judge.unless_policies_refuse(Point::Config, &scope.subject(), &in_force, || {
        Ok((draft(judge, scope, None), old.unwrap_or_default()))
    })
}

fn check_writable(judge: &Judge<'_>, scope: &Scope) -> Result<(), Error> {
    if !judge.view.mode_in_force(scope)?.is_read_only() {
        return Ok(());
    }
    let subject = scope.subject();
    // The reference has no name for its top level.
    let shown = if *scope == Scope::top_level() {
        "null".to_owned()
    } else {
        subject.to_string()
    };
    Err(Error::read_only(&shown, &subject.context.qualifier()))
}

fn draft(judge: &Judge<'_>, scope: &Scope, config: Option<Config>) -> Draft {
    Draft {
        basis: Basis {
            revision: judge.view.revision(),
            topics: vec![Topic::Settings, Topic::Policies],
        },
        changes: vec![Topic::Settings],
        facts: Facts::settled(vec![Fact::Config {
            scope: scope.clone(),
            config,
        }]),
    }
}
