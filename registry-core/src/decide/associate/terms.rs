//! What an association comes to, once every blank is filled in (step 3).

use crate::Error;
use crate::association::{Association, AssociationType, CheckedWish, Intent, Lifecycle};
use crate::settings::Mode;
use crate::subject::Subject;
use crate::submission::Submission;
use crate::{Version, view::StoredVersion};

use super::super::lookup::Versions;
use super::Binding;

/// An association that is to be written.
pub(super) struct Terms<'a> {
    pub(super) association_type: AssociationType,
    pub(super) subject: Subject,
    pub(super) lifecycle: Lifecycle,
    pub(super) frozen: bool,
    pub(super) schema: Option<&'a Submission>,
    pub(super) normalize: bool,
}

impl Binding<'_> {
    /// The terms of a wish; `None` when they hold already.
    pub(super) fn terms<'w>(
        &self,
        wish: CheckedWish<'w>,
        subject: Option<Subject>,
    ) -> Result<Option<Terms<'w>>, Error> {
        let existing = self.existing(wish.association_type);
        match (self.intent, existing) {
            (Intent::Create, Some(old)) => self.repeated(wish, subject, old).map(|()| None),
            (Intent::Create, None) => {
                let terms = self.new_terms(wish, subject, Lifecycle::Weak)?;
                self.check_frozen_is_first(&terms)?;
                Ok(Some(terms))
            }
            (Intent::Upsert, Some(old)) => self.changed_terms(wish, subject, old),
            (Intent::Upsert, None) => self.added_terms(wish, subject).map(Some),
        }
    }

    /// The terms of an association that is not there yet; `lifecycle` is what it has if none is asked for.
    fn new_terms<'w>(
        &self,
        wish: CheckedWish<'w>,
        subject: Option<Subject>,
        lifecycle: Lifecycle,
    ) -> Result<Terms<'w>, Error> {
        let lifecycle = wish.lifecycle.unwrap_or(lifecycle);
        let frozen = wish.frozen.unwrap_or(lifecycle.is_strong());
        check_frozen(lifecycle, frozen)?;
        let default = self.resource.default_subject(wish.association_type);
        let subject = match (subject, lifecycle) {
            (None, Lifecycle::Weak) => {
                return Err(invalid("subject", "must be provided for WEAK associations"));
            }
            (None, Lifecycle::Strong) => default.clone(),
            (Some(subject), _) => subject,
        };
        if lifecycle.is_strong() && subject != default {
            let detail = format!("frozen associations must use subject '{default}'");
            return Err(invalid("subject", detail));
        }
        if !lifecycle.is_strong() && subject == default {
            let detail = format!("WEAK associations cannot use subject '{default}'");
            return Err(invalid("subject", detail));
        }
        Ok(Terms {
            association_type: wish.association_type,
            subject,
            lifecycle,
            frozen,
            schema: wish.schema,
            normalize: wish.normalize,
        })
    }

    /// Creating again what is there is no conflict, if it says the same.
    fn repeated(
        &self,
        wish: CheckedWish<'_>,
        subject: Option<Subject>,
        old: &Association,
    ) -> Result<(), Error> {
        let terms = self.new_terms(wish, subject, old.lifecycle)?;
        let is_same = terms.subject == old.subject
            && terms.lifecycle == old.lifecycle
            && terms.frozen == old.frozen;
        let is_registered = || match terms.schema {
            Some(schema) => self.registered_version(&terms, schema).map(|v| v.is_some()),
            None => Ok(true),
        };
        if is_same && is_registered()? {
            return Ok(());
        }
        Err(Error::ResourceAssociated {
            association_type: old.association_type,
            resource: self.resource.name.clone(),
        })
    }

    /// An existing topic can get an association, but none that should have come with it.
    fn added_terms<'w>(
        &self,
        wish: CheckedWish<'w>,
        subject: Option<Subject>,
    ) -> Result<Terms<'w>, Error> {
        if wish.schema.is_some() {
            let detail = "cannot be provided when adding an association to an existing topic; an association \
                          with a schema must be created with the topic";
            return Err(invalid("schema", detail));
        }
        let terms = self.new_terms(wish, subject, Lifecycle::Weak)?;
        if terms.lifecycle.is_strong() && self.judge.mode(&terms.subject)? != Mode::Import {
            let detail = "cannot be STRONG when creating an association; STRONG associations must be created \
                          with the topic";
            return Err(invalid("lifecycle", detail));
        }
        Ok(terms)
    }

    fn changed_terms<'w>(
        &self,
        wish: CheckedWish<'w>,
        subject: Option<Subject>,
        old: &Association,
    ) -> Result<Option<Terms<'w>>, Error> {
        let moves = subject.as_ref().filter(|subject| **subject != old.subject);
        let thaws = wish.frozen.is_some_and(|frozen| frozen != old.frozen);
        let turns = wish
            .lifecycle
            .filter(|lifecycle| *lifecycle != old.lifecycle);
        if moves.is_none() && !thaws && turns.is_none() && wish.schema.is_none() {
            return Ok(None);
        }
        if wish.lifecycle.is_none() && wish.schema.is_none() {
            let detail = "at least lifecycle or schema must be provided for update";
            return Err(invalid("lifecycle", detail));
        }
        if let Some(subject) = moves {
            let detail = format!(
                "subject of association cannot be changed from '{}' to '{subject}'",
                old.subject
            );
            return Err(invalid("subject", detail));
        }
        if thaws {
            let detail = "frozen attribute of association cannot be changed";
            return Err(invalid("frozen", detail));
        }
        if let Some(lifecycle) = turns {
            self.check_turn(lifecycle, old)?;
        }
        let lifecycle = turns.unwrap_or(old.lifecycle);
        if wish.schema.is_some() && !lifecycle.is_strong() {
            return Err(invalid(
                "lifecycle",
                "cannot be WEAK when schema is provided",
            ));
        }
        check_frozen(lifecycle, old.frozen)?;
        Ok(Some(Terms {
            association_type: old.association_type,
            subject: old.subject.clone(),
            lifecycle,
            frozen: old.frozen,
            schema: wish.schema,
            normalize: wish.normalize,
        }))
    }

    /// Whether an association may change its lifecycle.
    fn check_turn(&self, to: Lifecycle, old: &Association) -> Result<(), Error> {
        let default = self.resource.default_subject(old.association_type);
        if !to.is_strong() && old.subject == default {
            let detail =
                format!("cannot change to WEAK when subject matches default format '{default}'");
            return Err(invalid("lifecycle", detail));
        }
        if old.frozen {
            return Err(Error::AssociationFrozen {
                association_type: old.association_type,
                subject: old.subject.clone(),
            });
        }
        Ok(())
    }

    /// What a topic owns begins with the schema that it brings. An import brings the schemas on another way.
    fn check_frozen_is_first(&self, terms: &Terms<'_>) -> Result<(), Error> {
        if !terms.frozen || self.judge.mode(&terms.subject)? == Mode::Import {
            return Ok(());
        }
        let Some(schema) = terms.schema else {
            let detail = "schema must be provided when creating a frozen association";
            return Err(invalid("schema", detail));
        };
        let active = self.judge.view.active_versions(&terms.subject)?;
        let is_first = match active.as_slice() {
            [] => true,
            [only] if only.version == Version::FIRST => {
                let registered = self.registered_version(terms, schema)?;
                registered.is_some_and(|registered| registered.version == only.version)
            }
            _ => false,
        };
        if is_first {
            return Ok(());
        }
        let detail = "cannot create a frozen association when schemas already exist in the subject";
        Err(invalid("frozen", detail))
    }

    /// The active version of the subject that holds a schema.
    fn registered_version(
        &self,
        terms: &Terms<'_>,
        schema: &Submission,
    ) -> Result<Option<StoredVersion>, Error> {
        let found = self
            .judge
            .lookup(&terms.subject, schema, terms.normalize, Versions::Active)?;
        Ok(found.map(|found| found.stored.version))
    }
}

/// Strong associations are frozen, weak ones are not.
fn check_frozen(lifecycle: Lifecycle, frozen: bool) -> Result<(), Error> {
    if frozen == lifecycle.is_strong() {
        return Ok(());
    }
    let detail = format!("association with lifecycle of {lifecycle} cannot be frozen={frozen}");
    Err(invalid("frozen", detail))
}

pub(super) fn invalid(property: &'static str, detail: impl Into<String>) -> Error {
    Error::InvalidAssociation {
        property,
        detail: detail.into(),
    }
}
