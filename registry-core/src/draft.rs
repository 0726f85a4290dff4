//! A wish judged admissible, and what the judgement rests on.
//!
//! Wishes are judged in parallel, each against its own view, and committed in order by one thread. The basis of a
//! draft names what the judgement looked at; if any of it changed meanwhile, the wish is judged again.

use crate::fact::Fact;
use crate::schema::Schema;
use crate::subject::{Context, Subject};
use crate::{DekSeries, Error, Guid, KekName, Revision, SchemaId, Timestamp, Version};

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
    /// Which topics are bound to a subject.
    Associations(Subject),
    /// What a topic, by its id, is bound to.
    Resource(String),
    /// Any configuration or mode. They change rarely, so one topic serves for all.
    Settings,
    /// The governance documents.
    Policies,
    /// Where the audit log starts.
    AuditStart,
    /// A key-encryption key itself.
    Kek(KekName),
    /// Which data-encryption keys a KEK wraps.
    Deks(KekName),
    /// The versions of a data-encryption key.
    DekSeries(DekSeries),
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

/// What the draft makes true, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Schemas that get a new id of their context when they are committed; equal ones get the same.
    pub(crate) new_schemas: Vec<NewSchema>,
    /// All the rest.
    pub(crate) settled: Vec<Fact>,
}

/// A registration whose id is still open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewSchema {
    pub(crate) subject: Subject,
    pub(crate) version: Version,
    pub(crate) schema: Schema,
}

impl Draft {
    /// A change of nothing, for those that only put something on record. It rests on nothing.
    pub(crate) fn of_nothing() -> Self {
        Self {
            basis: Basis {
                revision: Revision(u64::MAX),
                topics: Vec::new(),
            },
            changes: Vec::new(),
            facts: Facts::default(),
        }
    }

    /// Both changes as one, all or nothing. Both were judged against the same view.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.basis.topics.extend(other.basis.topics);
        self.changes.extend(other.changes);
        self.facts.new_schemas.extend(other.facts.new_schemas);
        self.facts.settled.extend(other.facts.settled);
        self
    }
}

impl Facts {
    /// True if an answer may depend on any of them.
    pub(crate) fn change_answers(&self) -> bool {
        !self.new_schemas.is_empty() || self.settled.iter().any(Fact::changes_answers)
    }

    /// Facts of which nothing is open.
    pub(crate) fn settled(settled: Vec<Fact>) -> Self {
        Self {
            new_schemas: Vec::new(),
            settled,
        }
    }
}

impl NewSchema {
    /// The fact, now that the id is known.
    pub(crate) fn with_id(&self, id: SchemaId) -> Fact {
        Fact::Registered {
            subject: self.subject.clone(),
            version: self.version,
            id,
            schema: self.schema.clone(),
        }
    }
}

/// What the writer says of a draft that it committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The ids that it gave to the new schemas, in their order.
    pub(crate) ids: Vec<SchemaId>,
    /// When it was written.
    pub(crate) at: Timestamp,
}

/// What is answered, once the writer has said its part.
pub(crate) type Answer<T> = Box<dyn FnOnce(Receipt) -> T>;

/// What came of judging a wish.
pub(crate) enum Judgement<T> {
    /// There is nothing to write; this is the answer.
    Already(T),
    /// Write this; then the answer follows from the receipt.
    Write(Box<Draft>, Answer<T>),
    /// Write this; then the answer is no.
    WriteThenRefuse(Box<Draft>, Error),
}
