//! Judges the binding of a topic to subjects: `semantics.md` section 10, step by step.
//!
//! A request is judged as a whole. The schemas that it brings and the associations that it makes are one draft, so
//! all of it becomes true, or nothing.

mod claims;
mod terms;

use crate::Error;
use crate::association::{
    Association, AssociationRequest, AssociationType, CheckedWish, Intent, Lifecycle, Resource,
    StoredAssociation, check_types, check_wishes,
};
use crate::draft::{Answer, Basis, Draft, Facts, Judgement, Receipt, Topic};
use crate::fact::Fact;
use crate::subject::{Context, Scope, Subject};

use super::Judge;
use super::register::{RegisterOptions, Registered, register};
use terms::Terms;

/// An association that was made or changed, and the schema that came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Associated {
    /// The association.
    pub association: Association,
    /// The schema.
    pub schema: Option<Registered>,
}

/// A request under judgement.
struct Binding<'a> {
    judge: &'a Judge<'a>,
    resource: Resource,
    intent: Intent,
    /// What the topic is bound to already.
    existing: Vec<StoredAssociation>,
}

/// A schema that may be registered: what that writes, if anything, and its answer.
struct Registration {
    part: Option<Box<Draft>>,
    answer: Answer<Registered>,
}

/// A schema that may not be registered, with the record of that, if there is one.
struct TurnedAway {
    record: Option<Box<Draft>>,
    refusal: Error,
}

impl From<Error> for TurnedAway {
    fn from(refusal: Error) -> Self {
        Self {
            record: None,
            refusal,
        }
    }
}

/// Judges whether, and on which terms, a topic may be bound. The answer names what is written; a dry run writes
/// nothing.
pub(crate) fn associate(
    judge: &Judge<'_>,
    request: &AssociationRequest,
    intent: Intent,
    context: &Context,
    dry_run: bool,
) -> Result<Judgement<Vec<Associated>>, Error> {
    let resource = request.resource.check(dry_run)?;
    let wishes = check_wishes(&request.wishes, &resource, intent)?;
    let mut named = Vec::with_capacity(wishes.len());
    for wish in wishes {
        let subject = wish
            .subject
            .map(|subject| judge.writable_subject(context, subject))
            .transpose()?;
        named.push((wish, subject));
    }
    check_types(named.iter().map(|(wish, _)| wish.association_type))?;
    let existing = existing(judge, &resource, intent)?;
    Binding {
        judge,
        resource,
        intent,
        existing,
    }
    .judge(named, dry_run)
}

/// What the topic is bound to. A topic whose id is not known yet is the one of its name that changed last.
fn existing(
    judge: &Judge<'_>,
    resource: &Resource,
    intent: Intent,
) -> Result<Vec<StoredAssociation>, Error> {
    if !resource.id.is_empty() {
        return Ok(judge.view.associations_of_resource(&resource.id)?);
    }
    if intent == Intent::Upsert {
        return Ok(Vec::new());
    }
    let mut namesakes = judge
        .view
        .associations_named(Some(&resource.name), Some(&resource.namespace))?;
    let newest = namesakes
        .iter()
        .map(|stored| (stored.updated, stored.association.resource.id.clone()))
        .max();
    namesakes.retain(|stored| {
        newest
            .as_ref()
            .is_some_and(|(_, id)| *id == stored.association.resource.id)
    });
    Ok(namesakes)
}

impl Judge<'_> {
    /// The subject that a request names, or the one that its alias stands for, if it may be changed.
    fn writable_subject(&self, context: &Context, text: &str) -> Result<Subject, Error> {
        let mut subject = Subject::parse_in(context, text);
        let own = self.view.config(&Scope::of(subject.clone()))?;
        let alias = own
            .and_then(|config| config.alias)
            .filter(|alias| !alias.is_empty() && !subject.name.is_empty());
        if let Some(alias) = alias {
            subject = Subject::parse_in(&subject.context, &alias);
        }
        self.check_subject_writable(&subject)?;
        Ok(subject)
    }

    pub(super) fn check_subject_writable(&self, subject: &Subject) -> Result<(), Error> {
        if self.mode(subject)?.is_read_only() {
            return Err(Error::read_only(&subject.name, subject.context.as_str()));
        }
        Ok(())
    }
}

impl Binding<'_> {
    fn judge(
        self,
        wishes: Vec<(CheckedWish<'_>, Option<Subject>)>,
        dry_run: bool,
    ) -> Result<Judgement<Vec<Associated>>, Error> {
        let mut terms = Vec::new();
        for (wish, subject) in wishes {
            terms.extend(self.terms(wish, subject)?);
        }
        self.check_one_lifecycle(&terms)?;
        for term in &terms {
            self.check_claim(term, &terms)?;
        }
        let mut registrations = Vec::new();
        for term in &terms {
            match self.registration(term) {
                Ok(registration) => registrations.push(registration),
                Err(TurnedAway {
                    record: Some(record),
                    refusal,
                }) if !dry_run => return Ok(Judgement::WriteThenRefuse(record, refusal)),
                Err(turned_away) => return Err(turned_away.refusal.unreported()),
            }
        }
        if dry_run || terms.is_empty() {
            return Ok(Judgement::Already(Vec::new()));
        }
        let associations: Vec<Association> = terms
            .into_iter()
            .map(|term| self.association(term))
            .collect();
        let mut draft = self.draft(&associations)?;
        let mut answers = Vec::new();
        for registration in registrations {
            let Some(Registration { part, answer }) = registration else {
                answers.push(None);
                continue;
            };
            let ids = part.as_ref().map_or(0, |part| part.facts.new_schemas.len());
            if let Some(part) = part {
                draft = draft.and(*part);
            }
            answers.push(Some((ids, answer)));
        }
        Ok(Judgement::Write(
            Box::new(draft),
            Box::new(move |receipt| answered(associations, answers, receipt)),
        ))
    }

    /// All associations of a topic have one lifecycle, those that are there and those that are asked for.
    fn check_one_lifecycle(&self, terms: &[Terms<'_>]) -> Result<(), Error> {
        let mut lifecycles: Vec<(AssociationType, Lifecycle)> = Vec::new();
        for association_type in AssociationType::ALL {
            let asked = terms
                .iter()
                .find(|term| term.association_type == association_type)
                .map(|term| term.lifecycle);
            let there = self.existing(association_type).map(|old| old.lifecycle);
            lifecycles.extend(
                asked
                    .or(there)
                    .map(|lifecycle| (association_type, lifecycle)),
            );
        }
        if lifecycles.windows(2).all(|pair| pair[0].1 == pair[1].1) {
            return Ok(());
        }
        let shown: Vec<String> = lifecycles
            .iter()
            .map(|(association_type, lifecycle)| format!("{association_type}={lifecycle}"))
            .collect();
        Err(Error::InvalidAssociation {
            property: "lifecycle",
            detail: format!(
                "all associations for a resource must have the same lifecycle, but got {}",
                shown.join(", ")
            ),
        })
    }

    fn existing(&self, association_type: AssociationType) -> Option<&Association> {
        self.existing
            .iter()
            .map(|stored| &stored.association)
            .find(|association| association.association_type == association_type)
    }

    /// The schema that comes with an association.
    fn registration(&self, term: &Terms<'_>) -> Result<Option<Registration>, TurnedAway> {
        let Some(schema) = term.schema else {
            return Ok(None);
        };
        let options = RegisterOptions {
            normalize: term.normalize,
            force: false,
        };
        match register(self.judge, &term.subject, schema, options)? {
            Judgement::Already(registered) => Ok(Some(Registration {
                part: None,
                answer: Box::new(|_| registered),
            })),
            Judgement::Write(part, answer) => Ok(Some(Registration {
                part: Some(part),
                answer,
            })),
            // A context does not become known by a binding that was refused; a report does.
            Judgement::WriteThenRefuse(record, refusal) => Err(TurnedAway {
                record: refusal.is_reported().then_some(record),
                refusal,
            }),
        }
    }

    fn association(&self, term: Terms<'_>) -> Association {
        let old = self.existing(term.association_type);
        Association {
            resource: old.map_or_else(|| self.resource.clone(), |old| old.resource.clone()),
            association_type: term.association_type,
            subject: term.subject,
            lifecycle: term.lifecycle,
            frozen: term.frozen,
            guid: old.map_or_else(uuid::Uuid::new_v4, |old| old.guid),
        }
    }

    fn draft(&self, associations: &[Association]) -> Result<Draft, Error> {
        let resource = Topic::Resource(self.resource.id.clone());
        let mut looked_at = vec![resource.clone(), Topic::Settings];
        let mut changes = vec![resource];
        for association in associations {
            let subject = &association.subject;
            looked_at.push(Topic::Subject(subject.clone()));
            looked_at.push(Topic::Referrers(subject.clone()));
            looked_at.push(Topic::Associations(subject.clone()));
            changes.push(Topic::Associations(subject.clone()));
            changes.extend(self.ousted(association)?);
        }
        let facts = associations.iter().cloned().map(Fact::Bound).collect();
        Ok(Draft {
            basis: Basis {
                revision: self.judge.view.revision(),
                topics: looked_at,
            },
            changes,
            facts: Facts::settled(facts),
        })
    }

    /// An earlier topic of the same name, whose association with the subject ends with the new one.
    fn ousted(&self, new: &Association) -> Result<Option<Topic>, Error> {
        let old = self.judge.view.association_like(new)?;
        let id = old.map(|old| old.association.resource.id);
        Ok(id.filter(|id| *id != new.resource.id).map(Topic::Resource))
    }
}

/// The associations, each with its schema; `answers` say how many of the receipt's ids belong to each.
fn answered(
    associations: Vec<Association>,
    answers: Vec<Option<(usize, Answer<Registered>)>>,
    receipt: Receipt,
) -> Vec<Associated> {
    let Receipt { ids, at } = receipt;
    let mut ids = ids.into_iter();
    let mut own = |count| Receipt {
        ids: ids.by_ref().take(count).collect(),
        at,
    };
    let schemas = answers
        .into_iter()
        .map(|answer| answer.map(|(count, answer)| answer(own(count))));
    associations
        .into_iter()
        .zip(schemas)
        .map(|(association, schema)| Associated {
            association,
            schema,
        })
        .collect()
}
