//! What refers to what.

use std::ops::ControlFlow;

use crate::store::Fault;
use crate::store::keys::{self, Parts};
use crate::subject::{Context, Subject};
use crate::{SchemaId, Version};

use super::View;

impl View<'_> {
    /// The schemas that refer to a version, by context and id.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn referrers(
        &self,
        target: &Subject,
        version: Version,
    ) -> Result<Vec<(Context, SchemaId)>, Fault> {
        let prefix = keys::referrers(target, version);
        let mut referrers = Vec::new();
        self.scan(&prefix, &mut |key, _| {
            let mut parts = Parts::after(&prefix, key);
            referrers.push((parts.context()?, parts.id()?));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(referrers)
    }

    /// True when a schema refers to some version of a subject, whatever is deleted.
    ///
    /// # Errors
    /// As [`Self::referrers`].
    pub fn is_referred_to(&self, target: &Subject) -> Result<bool, Fault> {
        self.any(&keys::referrers_of_subject(target))
    }

    /// True when an active version of some subject has that id.
    ///
    /// # Errors
    /// As [`Self::referrers`].
    pub fn is_active(&self, context: &Context, id: SchemaId) -> Result<bool, Fault> {
        for (subject, version) in self.holders(context, id)? {
            if self
                .version(&subject, version)?
                .is_some_and(|version| !version.deleted)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// True when a version of a subject other than the given one has that id.
    ///
    /// # Errors
    /// As [`Self::referrers`].
    pub fn is_held_outside(
        &self,
        context: &Context,
        id: SchemaId,
        inside: &Subject,
    ) -> Result<bool, Fault> {
        Ok(self
            .holders(context, id)?
            .iter()
            .any(|(subject, _)| subject != inside))
    }
}
