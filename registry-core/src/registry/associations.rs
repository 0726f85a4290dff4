//! The associations of topics with subjects: what one may ask to be changed.

use crate::Error;
use crate::association::{
    AssociationFilter, AssociationMutation, AssociationOp, AssociationRequest, AssociationType,
    AssociationWish, Intent,
};
use crate::caller::Caller;
use crate::decide::{self, Associated, PolicyEvaluation};
use crate::deed::{Action, Deed};
use crate::subject::Context;

use super::Registry;

/// Changes that are carried out together.
enum Run {
    /// Neighbours of one kind.
    Bind(Intent, Vec<AssociationWish>),
    /// One alone.
    Unbind {
        filter: AssociationFilter,
        cascade: bool,
    },
}

impl Registry {
    /// Binds a topic to subjects and registers the schemas that come with it: all of it, or nothing. Subjects without
    /// a context are taken in the given one. The answer is what was written; a dry run writes nothing.
    ///
    /// # Errors
    /// Every refusal of `semantics.md` section 10 in its order, those of a registration, or a fault.
    pub fn associate(
        &self,
        caller: &Caller<'_>,
        request: &AssociationRequest,
        intent: Intent,
        context: &Context,
        dry_run: bool,
    ) -> Result<Vec<Associated>, Error> {
        self.write(
            caller,
            Deed {
                action: Action::Associate.as_str(),
                resource: &request.resource.id.as_deref().unwrap_or_default(),
            },
            |judge| decide::associate(judge, request, intent, context, dry_run),
        )
    }

    /// Ends those associations of a topic that the filter admits; with `cascade`, what the topic owns goes along, and the
    /// answer is what policies had to say about that.
    ///
    /// # Errors
    /// [`Error::AssociationNotFound`], [`Error::NotPermitted`], [`Error::AssociationFrozen`],
    /// [`Error::ReferencesExist`], [`Error::RefusedByPolicy`], or a fault.
    pub fn dissociate(
        &self,
        caller: &Caller<'_>,
        resource_id: &str,
        filter: &AssociationFilter,
        cascade: bool,
        dry_run: bool,
    ) -> Result<Vec<PolicyEvaluation>, Error> {
        self.write(
            caller,
            Deed {
                action: Action::Dissociate.as_str(),
                resource: &resource_id,
            },
            |judge| decide::dissociate(judge, resource_id, filter, cascade, dry_run),
        )
    }

    /// Carries out several changes to one topic, in order. Neighbouring ones of one kind are one change; what was
    /// done before a refusal stays. The answer is what was written, and after an end what is left.
    ///
    /// # Errors
    /// As [`Self::associate`] and [`Self::dissociate`].
    pub fn mutate_associations(
        &self,
        caller: &Caller<'_>,
        mutation: &AssociationMutation,
        context: &Context,
        dry_run: bool,
    ) -> Result<Vec<Associated>, Error> {
        let resource = mutation.check(dry_run)?;
        let mut answer = Vec::new();
        for run in runs(&mutation.ops) {
            match run {
                Run::Bind(intent, wishes) => {
                    let request = AssociationRequest {
                        resource: mutation.resource.clone(),
                        wishes,
                    };
                    answer.extend(self.associate(caller, &request, intent, context, dry_run)?);
                }
                Run::Unbind { filter, cascade } => {
                    self.dissociate(caller, &resource.id, &filter, cascade, dry_run)?;
                    if !dry_run {
                        answer = self.left(&resource.id)?;
                    }
                }
            }
        }
        Ok(answer)
    }

    fn left(&self, resource_id: &str) -> Result<Vec<Associated>, Error> {
        let left = self.view().associations_of_resource(resource_id)?;
        Ok(left
            .into_iter()
            .map(|stored| Associated {
                association: stored.association,
                schema: None,
            })
            .collect())
    }
}

fn runs(ops: &[AssociationOp]) -> Vec<Run> {
    let mut runs = Vec::new();
    for op in ops {
        let (intent, wish) = match op {
            AssociationOp::Create(wish) => (Intent::Create, wish),
            AssociationOp::Upsert(wish) => (Intent::Upsert, wish),
            AssociationOp::Delete {
                association_type,
                cascade,
            } => {
                runs.push(unbinding(association_type.as_deref(), *cascade));
                continue;
            }
        };
        match runs.last_mut() {
            Some(Run::Bind(last, wishes)) if *last == intent => wishes.push(wish.clone()),
            _ => runs.push(Run::Bind(intent, vec![wish.clone()])),
        }
    }
    runs
}

fn unbinding(association_type: Option<&str>, cascade: bool) -> Run {
    let name = association_type.filter(|name| !name.is_empty());
    let name = name.unwrap_or(AssociationType::Value.as_str());
    let filter = AssociationFilter {
        types: vec![name.to_owned()],
        ..AssociationFilter::default()
    };
    Run::Unbind { filter, cascade }
}
