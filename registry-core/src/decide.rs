//! Judges wishes against a view. Reads, never writes: what may be done comes out as a draft.

mod admission;
mod associate;
mod candidate;
mod compatibility;
mod complete;
mod config;
mod context;
mod delete;
mod dissociate;
mod encryption;
mod equivalence;
mod erase;
mod lookup;
mod mode;
mod policy;
mod prune;
mod refusal;
mod register;
mod resolve;
mod tags;

use crate::caller::Caller;
use crate::figures::Figures;
use crate::library::Library;
use crate::policy::Policies;
use crate::view::View;
use crate::{RegistryOptions, Timestamp};

pub use admission::{Granted, PolicyEvaluation, RuleTimes};
pub use associate::Associated;
pub(crate) use associate::associate;
pub use compatibility::Checked;
pub(crate) use compatibility::CheckedAgainst;
pub(crate) use config::{delete_config, put_config};
pub(crate) use context::delete_context;
pub use delete::Deletion;
pub(crate) use delete::{delete_subject, delete_version};
pub(crate) use dissociate::dissociate;
pub(crate) use encryption::{
    create_dek, create_kek, delete_dek, delete_deks, delete_kek, serve_dek, test_kek, undelete_dek,
    undelete_deks, undelete_kek, update_kek,
};
pub(crate) use erase::erase_names;
pub use lookup::Found as FoundSchema;
pub(crate) use lookup::Versions;
pub(crate) use mode::{delete_mode, put_mode};
pub use policy::Examined;
pub(crate) use policy::{apply_policies, change_class, examine, roll_back_policies, try_policies};
pub use prune::Pruned;
pub(crate) use prune::prune_audit;
pub use register::{RegisterOptions, Registered};
pub(crate) use register::{evaluate, register, registered_already};
pub use tags::TagChange;
pub(crate) use tags::edit_tags;

/// Everything a judgement may look at.
pub(crate) struct Judge<'a> {
    pub(crate) view: View<'a>,
    pub(crate) library: &'a Library,
    pub(crate) options: &'a RegistryOptions,
    pub(crate) figures: &'a Figures,
    pub(crate) policies: &'a Policies,
    /// Who asks; none where only something is looked up.
    pub(crate) caller: Option<&'a Caller<'a>>,
}

impl Judge<'_> {
    /// The one clock value of the decision.
    pub(crate) fn now(&self) -> Timestamp {
        self.caller.map_or_else(Timestamp::now, |caller| caller.at)
    }
}
