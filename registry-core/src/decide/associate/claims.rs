//! Whether a subject is free to be bound (step 5).

use crate::Error;
use crate::association::Association;
use crate::settings::Mode;
use crate::subject::Subject;

use super::Binding;
use super::terms::{Terms, invalid};

impl Binding<'_> {
    /// Whether a subject may be bound on these terms; `all` are those of the whole request.
    pub(super) fn check_claim(&self, terms: &Terms<'_>, all: &[Terms<'_>]) -> Result<(), Error> {
        let subject = &terms.subject;
        if terms.schema.is_some() && self.judge.mode(subject)? == Mode::Import {
            let detail = format!("cannot be provided while subject '{subject}' is in IMPORT mode");
            return Err(invalid("schema", detail));
        }
        if terms.schema.is_none() && !self.judge.view.is_visible(subject, false)? {
            return Err(Error::NoActiveVersion(subject.clone()));
        }
        if !terms.lifecycle.is_strong() {
            let owner = self.judge.view.owner(subject)?;
            return match owner.filter(|owner| !self.is_replaced(&owner.association, terms)) {
                Some(_) => Err(Error::SubjectOwned(subject.clone())),
                None => Ok(()),
            };
        }
        // At most one of two is the one that is being written.
        let others = self.judge.view.first_associations(subject, 2)?;
        if others
            .iter()
            .any(|other| !self.is_replaced(&other.association, terms))
        {
            return Err(Error::SubjectAssociated(subject.clone()));
        }
        let is_referred_to = self.judge.view.is_referred_to(subject)?
            || all.iter().any(|other| refers_to(other, subject));
        if is_referred_to {
            return Err(Error::SubjectReferenced(subject.clone()));
        }
        Ok(())
    }

    /// True for the association that the terms are about.
    fn is_replaced(&self, other: &Association, terms: &Terms<'_>) -> bool {
        self.existing(terms.association_type)
            .is_some_and(|old| old == other)
    }
}

/// True when the schema of these terms has a reference to the subject.
fn refers_to(terms: &Terms<'_>, subject: &Subject) -> bool {
    let references = terms.schema.map_or(&[][..], |schema| &schema.references);
    references
        .iter()
        .filter_map(|reference| reference.subject.as_deref())
        .any(|target| Subject::parse_in(&terms.subject.context, target) == *subject)
}
