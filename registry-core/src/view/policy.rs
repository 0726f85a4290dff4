//! Governance documents: the revisions, and which is in force.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::Error;
use crate::policy::PolicyRevision;
use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::subject::Subject;

use super::View;

impl View<'_> {
    /// The number of the revision in force, if there ever was one.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn policy_number(&self) -> Result<Option<u64>, Fault> {
        self.row(&keys::policy_head())
    }

    /// A revision.
    ///
    /// # Errors
    /// [`Error::NoSuchPolicyRevision`], or a fault.
    pub fn policy_revision(&self, number: u64) -> Result<PolicyRevision, Error> {
        self.row(&keys::policy_revision(number))?
            .ok_or(Error::NoSuchPolicyRevision(number))
    }

    /// The newest revisions before one, newest first; at most so many.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn policy_revisions(
        &self,
        before: u64,
        count: usize,
    ) -> Result<Vec<PolicyRevision>, Fault> {
        let mut revisions = Vec::new();
        self.scan_back(&Key::new(Kind::PolicyRevision).bytes(), &mut |_, value| {
            let revision: PolicyRevision = decode(value)?;
            if revision.number < before {
                revisions.push(revision);
            }
            Ok(if revisions.len() < count {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        Ok(revisions)
    }

    /// Other subjects of the context that have a version which is not deleted, and whose names are the same but for case
    /// and separators. Only the first so many are looked at: a registration must not become dear because the registry is
    /// large.
    pub(crate) fn near_duplicates(&self, subject: &Subject) -> Result<Vec<String>, Fault> {
        const SUBJECTS_MAX: usize = 50_000;
        let wanted = folded(&subject.name);
        let prefix = Key::new(Kind::Latest).context(&subject.context).bytes();
        let mut found = BTreeSet::new();
        let mut left = SUBJECTS_MAX;
        self.scan(&prefix, &mut |key, _| {
            let name = Parts::after(&prefix, key).name()?;
            if name != subject.name && folded(&name) == wanted {
                found.insert(name);
            }
            left -= 1;
            Ok(if left > 0 {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            })
        })?;
        Ok(found.into_iter().collect())
    }
}

/// A name without what people spell in different ways.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|letter| !matches!(letter, '.' | '_' | '-'))
        .flat_map(char::to_lowercase)
        .collect()
}
