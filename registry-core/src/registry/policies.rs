//! Governance documents: what is in force, how it is changed, and what it would say.

use std::sync::Arc;

use compat_rules::policy::{Bundle, ChangeClass, Document};

use crate::caller::Caller;
use crate::decide::{self, Examined, PolicyEvaluation, RegisterOptions};
use crate::deed::{Action, Deed};
use crate::policy::{
    InForce, PoliciesInForce, PolicyBase, PolicyClaim, PolicyOrigin, PolicyRevision,
};
use crate::subject::Subject;
use crate::submission::Submission;
use crate::{Error, Fault, Version, VersionSpec};

use super::Registry;

impl Registry {
    /// The documents in force; none as long as none were ever applied.
    ///
    /// # Errors
    /// [`Error::InvalidPolicies`] for documents that this version does not understand, or a fault.
    pub fn policies_in_force(&self) -> Result<Option<Arc<PoliciesInForce>>, Error> {
        self.policies.in_force(&self.view())
    }

    /// Puts documents in force in place of all that were, or of those that the claim is about. The answer is the revision
    /// in force; it is the old one if the documents say the same.
    ///
    /// # Errors
    /// [`Error::InvalidPolicies`], [`Error::PoliciesChanged`], [`Error::PoliciesManagedElsewhere`], or a fault.
    pub fn apply_policies(
        &self,
        caller: &Caller<'_>,
        documents: &[Document],
        claim: &PolicyClaim,
        base: &PolicyBase,
        origin: &PolicyOrigin,
    ) -> Result<PolicyRevision, Error> {
        self.write(caller, Self::of_policies(), |judge| {
            decide::apply_policies(judge, documents, claim, base, origin)
        })
    }

    /// What would be in force if these documents were applied; nothing is.
    ///
    /// # Errors
    /// As [`Self::apply_policies`].
    pub fn try_policies(
        &self,
        caller: &Caller<'_>,
        documents: &[Document],
        claim: &PolicyClaim,
        base: &PolicyBase,
    ) -> Result<Bundle, Error> {
        decide::try_policies(&self.judge_for(Some(caller)), documents, claim, base)
    }

    /// Puts the documents of an earlier revision in force again, as a new one.
    ///
    /// # Errors
    /// [`Error::NoSuchPolicyRevision`], and as [`Self::apply_policies`].
    pub fn roll_back_policies(
        &self,
        caller: &Caller<'_>,
        to: u64,
        base: &PolicyBase,
        comment: &str,
    ) -> Result<PolicyRevision, Error> {
        self.write(caller, Self::of_policies(), |judge| {
            decide::roll_back_policies(judge, to, base, comment)
        })
    }

    /// The rules in force for a subject; none as long as no documents were applied.
    ///
    /// # Errors
    /// As [`Self::policies_in_force`].
    pub fn effective_policies(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
    ) -> Result<Option<InForce>, Error> {
        let judge = self.judge_for(Some(caller));
        let Some(policies) = self.policies.in_force(&judge.view)? else {
            return Ok(None);
        };
        judge.effective_policies(subject, &policies).map(Some)
    }

    /// What the policies in force would say to a registration; nothing is registered. What the subject holds already is
    /// excused altogether.
    ///
    /// # Errors
    /// Those of a registration, but for its mode, its compatibility and its number; or a fault.
    pub fn evaluate(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        submission: &Submission,
        options: RegisterOptions,
    ) -> Result<Option<Box<PolicyEvaluation>>, Error> {
        decide::evaluate(&self.judge_for(Some(caller)), subject, submission, options)
    }

    /// What the policies in force find in a version where it stands, at the point `audit`.
    ///
    /// # Errors
    /// [`Error::SubjectNotFound`], [`Error::VersionNotFound`], or a fault.
    pub fn examine(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        version: VersionSpec,
    ) -> Result<Examined, Error> {
        decide::examine(&self.judge_for(Some(caller)), subject, version)
    }

    /// What a version changed against the one before it that is still there; none if that is nothing, or there is none.
    ///
    /// # Errors
    /// [`Error::InvalidSchema`] if a stored schema is not understood any more, or a fault.
    pub fn change_class(
        &self,
        subject: &Subject,
        version: Version,
    ) -> Result<Option<ChangeClass>, Error> {
        decide::change_class(&self.judge_for(None), subject, version)
    }

    /// The number of the documents in force.
    pub(super) fn policy_number(&self) -> Result<Option<u64>, Fault> {
        match self.options.policies_enabled {
            true => self.view().policy_number(),
            false => Ok(None),
        }
    }

    const fn of_policies() -> Deed<'static> {
        Deed {
            action: Action::ApplyPolicies.as_str(),
            resource: &"policies",
        }
    }
}
