//! A wish judged admissible, and what the judgement rests on.
//!
//! Wishes are judged in parallel, each against its own view, and committed in order by one thread. The basis of a
//! draft names what the judgement looked at; if any of it changed meanwhile, the wish is judged again.

use crate::fact::Fact;
use crate::schema::Schema;
use crate::subject::{Context, Subject};
use crate::{Guid, Revision, SchemaId, Timestamp, Version};

/// Something that judgements look at, and writes change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// The versions of a subject.
    Subject(Subject),
    /// Which schemas refer to versions of a subject.
    Referrers(Subject),
    /// Which id a content has in a context.
    Content(Context, Guid),
    /// Which content an id has in a context.
    Id(Context, SchemaId),
    /// Whether a context exists and what lives in it.
    Context(Context),
    /// Any configuration or mode. They change rarely, so one topic serves for all.
    Settings,
}

/// What a judgement looked at, and at which revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) revision: Revision,
    pub(crate) topics: Vec<Topic>,
}

/// A change that may be made as long as its basis stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) basis: Basis,
    /// What the change is about, for the judgements of others.
    pub(crate) changes: Vec<Topic>,
    pub(crate) facts: Facts,
}

/// What the draft makes true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Facts {
    /// All is known.
    Settled(Vec<Fact>),
    /// A schema gets a new id of its context when it is committed.
    NewSchema(Box<NewSchema>),
}

/// A registration whose id is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewSchema {
    pub(crate) subject: Subject,
    pub(crate) version: Version,
    pub(crate) schema: Schema,
    /// What is true once it is registered.
    pub(crate) then: Vec<Fact>,
}

impl NewSchema {
    /// The facts, now that the id is known.
    pub(crate) fn with_id(&self, id: SchemaId) -> Vec<Fact> {
        let Self {
            subject,
            version,
            schema,
            then,
        } = self.clone();
        let registered = Fact::Registered {
            subject,
            version,
            id,
            schema,
        };
        std::iter::once(registered).chain(then).collect()
    }
}

/// What the writer says of a draft that it committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The id that it gave, if it had to give one.
    pub(crate) id: Option<SchemaId>,
    /// When it was written.
    pub(crate) at: Timestamp,
}

/// What came of judging a wish.
pub(crate) enum Judgement<T> {
    /// There is nothing to write; this is the answer.
    Already(T),
    /// Write this; then the answer follows from the receipt.
    Write(Box<Draft>, Box<dyn FnOnce(Receipt) -> T>),
}
