//! Bindings of topics to subjects (`protocol.md` section 5.14, `semantics.md` section 10).
//!
//! A topic has at most one association for its keys and one for its values. What a client may ask to be bound is in
//! [`request`]; whether it may be is judged in `decide/associate.rs`.

mod request;

use std::fmt;

use uuid::Uuid;

use crate::Timestamp;
use crate::subject::Subject;

pub use request::{
    AssociationMutation, AssociationOp, AssociationRequest, AssociationWish, Intent, SentResource,
};
pub(crate) use request::{CheckedWish, check_types, check_wishes};

/// The only kind of resource that can be bound.
pub const RESOURCE_TYPE: &str = "topic";

/// What is bound: a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The topic's name.
    pub name: String,
    /// Where that name counts, such as the id of a cluster.
    pub namespace: String,
    /// What tells it from an earlier topic of the same name; empty only in a dry run that does not know it yet.
    pub id: String,
}

/// Which part of a topic's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AssociationType {
    /// The keys.
    Key,
    /// The values.
    Value,
}

/// How closely the subject's life is tied to the topic's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifecycle {
    /// The topic owns the subject, alone, and takes it along when it goes.
    Strong,
    /// The subject lives on its own and may be shared.
    Weak,
}

/// A binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// The topic.
    pub resource: Resource,
    /// Its keys or its values.
    pub association_type: AssociationType,
    /// Where their schemas are.
    pub subject: Subject,
    /// Whether the topic owns the subject.
    pub lifecycle: Lifecycle,
    /// It cannot be changed, and goes only together with what it owns. So are the strong ones, and no others.
    pub frozen: bool,
    /// Its own random id.
    pub guid: Uuid,
}

/// A binding as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAssociation {
    /// The binding.
    pub association: Association,
    /// When the topic was first bound to the subject.
    pub created: Timestamp,
    /// When that was last written.
    pub updated: Timestamp,
}

/// Which associations are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssociationFilter {
    /// The kind of resource; all of them are topics.
    pub resource_type: Option<String>,
    /// The association types by name; none means any.
    pub types: Vec<String>,
    /// The lifecycles; none means any.
    pub lifecycles: Vec<Lifecycle>,
}

impl Resource {
    /// The subject that a strong association of this topic has.
    pub(crate) fn default_subject(&self, association_type: AssociationType) -> Subject {
        let Self {
            name, namespace, ..
        } = self;
        Subject::parse(&format!(":.{namespace}:{name}-{association_type}"))
    }
}

impl AssociationType {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Key, Self::Value];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Value => "value",
        }
    }

    /// The type of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

impl fmt::Display for AssociationType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Lifecycle {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "STRONG",
            Self::Weak => "WEAK",
        }
    }

    /// Whether the topic owns the subject. Then the association is frozen, else it is not.
    #[must_use]
    pub const fn is_strong(self) -> bool {
        matches!(self, Self::Strong)
    }
}

impl fmt::Display for Lifecycle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl AssociationFilter {
    /// True when an association is meant.
    #[must_use]
    pub fn admits(&self, association: &Association) -> bool {
        self.admits_type(association)
            && (self.lifecycles.is_empty() || self.lifecycles.contains(&association.lifecycle))
    }

    /// True when an association is meant, but for its lifecycle.
    #[must_use]
    pub fn admits_type(&self, association: &Association) -> bool {
        let name = association.association_type.as_str();
        let is_topic = |kind: &String| kind.is_empty() || kind == RESOURCE_TYPE;
        self.resource_type.as_ref().is_none_or(is_topic)
            && (self.types.is_empty() || self.types.iter().any(|wanted| wanted == name))
    }
}
