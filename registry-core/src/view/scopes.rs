//! Settings: what a scope says itself, and what is in force for a subject (`semantics.md` section 9.1).

use std::ops::ControlFlow;

use crate::settings::{Config, Mode};
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::subject::{Context, Scope, Subject};

use super::{Source, View};

impl View<'_> {
    /// What is configured for exactly this scope.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn config(&self, scope: &Scope) -> Result<Option<Config>, Fault> {
        self.row(&keys::setting(Kind::Config, scope))
    }

    /// The mode of exactly this scope.
    ///
    /// # Errors
    /// As [`Self::config`].
    pub fn mode(&self, scope: &Scope) -> Result<Option<Mode>, Fault> {
        let name: Option<String> = self.row(&keys::setting(Kind::Mode, scope))?;
        name.map(|name| {
            name.parse()
                .map_err(|()| Fault::damaged("reading a mode", name))
        })
        .transpose()
    }

    /// The configuration in force in a scope: the first that is found from the inside out, used whole; a subject's
    /// own is completed with what the top level says about the members that come down from there.
    ///
    /// # Errors
    /// As [`Self::config`].
    pub fn config_in_force(&self, scope: &Scope) -> Result<Config, Fault> {
        for outer in outwards(scope) {
            let Some(config) = self.config(&outer)? else {
                continue;
            };
            if matches!(outer, Scope::Subject(_)) {
                let top_level = self.config(&Scope::top_level())?.unwrap_or_default();
                return Ok(config.under(&top_level));
            }
            return Ok(config);
        }
        Ok(Config::default())
    }

    /// The configuration that would be in force in a scope without its own.
    pub(crate) fn config_around(&self, scope: &Scope) -> Result<Config, Fault> {
        for outer in outwards(scope).into_iter().filter(|outer| outer != scope) {
            if let Some(config) = self.config(&outer)? {
                return Ok(config);
            }
        }
        Ok(Config::default())
    }

    /// The mode in force in a scope.
    ///
    /// # Errors
    /// As [`Self::config`].
    pub fn mode_in_force(&self, scope: &Scope) -> Result<Mode, Fault> {
        for outer in outwards(scope) {
            if let Some(mode) = self.mode(&outer)? {
                return Ok(mode);
            }
        }
        Ok(Mode::ReadWrite)
    }

    /// The subjects of a context that have a mode of their own.
    ///
    /// # Errors
    /// As [`Self::config`].
    pub fn subjects_with_mode(&self, context: &Context) -> Result<Vec<Subject>, Fault> {
        let prefix = Key::new(Kind::Mode).context(context).bytes();
        let mut subjects = Vec::new();
        self.scan(&prefix, &mut |key, _| {
            let name = Parts::after(&prefix, key).name()?;
            if !name.is_empty() {
                subjects.push(Subject::new(context.clone(), name));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(subjects)
    }

    /// Every subject whose own configuration names another one as its alias.
    ///
    /// # Errors
    /// As [`Self::config`].
    pub fn aliases(&self) -> Result<Vec<(Subject, String)>, Fault> {
        let mut aliases = Vec::new();
        self.each(Kind::Alias, &mut |mut key, value| {
            let subject = Subject::new(key.context()?, key.name()?);
            aliases.push((subject, decode(value)?));
            Ok(())
        })?;
        Ok(aliases)
    }

    /// The same as the configurations say.
    pub(crate) fn each_configured_alias(
        &self,
        visit: &mut dyn FnMut(&Subject, &str) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.each(Kind::Config, &mut |mut key, value| {
            let scope = Scope::of(Subject::new(key.context()?, key.name()?));
            let config: Config = decode(value)?;
            match (&scope, config.alias()) {
                (Scope::Subject(subject), Some(alias)) => visit(subject, alias),
                _ => Ok(()),
            }
        })
    }

    /// The subject that the subject's own configuration names as its alias. Hardly any registry has one: that there is
    /// none is found once for a revision.
    ///
    /// # Errors
    /// As [`Self::config`].
    pub fn alias(&self, subject: &Subject) -> Result<Option<String>, Fault> {
        let has_aliases = match &self.rows {
            Source::Snapshot(rows) => {
                let find = || self.any(&Key::new(Kind::Alias).bytes());
                rows.has_aliases().of(self.revision, find)?
            }
            Source::Now(store) => match store.has_aliases().known(self.revision) {
                Some(known) => known,
                // Only what a snapshot shows may be known of its revision.
                None => return View::of_snapshot(store.snapshot()).alias(subject),
            },
            Source::Pending(_) => true,
        };
        match has_aliases {
            true => self.alias_row(subject),
            false => Ok(None),
        }
    }

    pub(super) fn alias_row(&self, subject: &Subject) -> Result<Option<String>, Fault> {
        self.row(&keys::alias(subject))
    }
}

/// The scopes that are asked, from the inside out.
fn outwards(scope: &Scope) -> Vec<Scope> {
    match scope {
        Scope::Global => vec![Scope::Global],
        Scope::Context(_) => vec![scope.clone(), Scope::Global],
        Scope::Subject(subject) => {
            vec![
                scope.clone(),
                Scope::of(Subject::new(subject.context.clone(), "")),
                Scope::Global,
            ]
        }
    }
}
