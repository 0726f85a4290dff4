//! What a registration writes, and what it must still find unchanged when it does (steps 13, 16 and 17).

use crate::draft::{Basis, Draft, Facts, Judgement, NewSchema, Topic};
use crate::fact::Fact;
use crate::schema::Schema;
use crate::store::codec::encode;
use crate::subject::Subject;
use crate::view::StoredVersion;
use crate::{Error, SchemaId, Version};

use super::super::admission::PolicyEvaluation;
use super::super::candidate::{Candidate, Content};
use super::{Registered, Registration};

impl Registration<'_> {
    pub(super) fn draft(
        self,
        content: &Content,
        candidate: Candidate,
        version: Version,
        id: Option<SchemaId>,
        policies: Option<Box<PolicyEvaluation>>,
    ) -> Result<Judgement<Registered>, Error> {
        self.check_size(&candidate)?;
        let schema = candidate.schema;
        let superseded = self.superseded(id, version)?;
        let targets: Vec<Subject> = schema
            .references
            .iter()
            .map(|reference| Subject::parse_in(&self.subject.context, &reference.subject))
            .collect();
        let basis = Basis {
            revision: self.judge.view.revision(),
            topics: self.looked_at(&schema, id, &targets, !superseded.is_empty()),
        };
        let admission = self.admission(content, &schema, policies.as_deref())?;
        let mut draft = Draft {
            basis,
            changes: self.changes(&schema, id, targets),
            facts: self.facts(&schema, version, id, superseded),
        };
        draft
            .facts
            .settled
            .extend(admission.map(|admission| Fact::Admitted {
                subject: self.subject.clone(),
                version,
                admission: Box::new(admission),
            }));
        Ok(Judgement::Write(
            Box::new(draft),
            Box::new(move |receipt| Registered {
                guid: schema.guid(),
                schema,
                id: id
                    .or_else(|| receipt.ids.first().copied())
                    .expect("the writer gives an id where none is given"),
                version,
                written: None,
                policies,
                is_new: true,
            }),
        ))
    }

    pub(super) fn check_size(&self, candidate: &Candidate) -> Result<(), Error> {
        if encode(&candidate.schema).len() > self.judge.options.schema_bytes_max {
            return Err(Error::SchemaTooLarge);
        }
        Ok(())
    }

    /// Step 16: softly deleted versions of the same content make room, unless something refers to them.
    fn superseded(
        &self,
        id: Option<SchemaId>,
        version: Version,
    ) -> Result<Vec<StoredVersion>, Error> {
        let Some(id) = id else { return Ok(Vec::new()) };
        let mut superseded = Vec::new();
        for old in self
            .versions
            .iter()
            .filter(|old| old.deleted && old.id == id && old.version < version)
        {
            if self
                .judge
                .view
                .referrers(self.subject, old.version)?
                .is_empty()
            {
                superseded.push(*old);
            }
        }
        Ok(superseded)
    }

    fn facts(
        &self,
        schema: &Schema,
        version: Version,
        id: Option<SchemaId>,
        superseded: Vec<StoredVersion>,
    ) -> Facts {
        let subject = self.subject.clone();
        let removed = superseded.into_iter().map(|old| Fact::Removed {
            subject: subject.clone(),
            version: old.version,
        });
        // Always, not only when it is missing: someone may be deleting the context right now.
        let context = (!subject.context.is_default()).then(|| Fact::Context {
            context: subject.context.clone(),
            exists: true,
        });
        let new = NewSchema {
            subject: subject.clone(),
            version,
            schema: schema.clone(),
        };
        let (new_schemas, registered) = match id {
            None => (vec![new], None),
            Some(id) => (Vec::new(), Some(new.with_id(id))),
        };
        let settled = registered.into_iter().chain(removed).chain(context);
        Facts {
            new_schemas,
            settled: settled.collect(),
        }
    }

    fn looked_at(
        &self,
        schema: &Schema,
        id: Option<SchemaId>,
        targets: &[Subject],
        referrers: bool,
    ) -> Vec<Topic> {
        let context = &self.subject.context;
        let mut topics = vec![
            Topic::Subject(self.subject.clone()),
            Topic::Settings,
            Topic::Policies,
            Topic::Content(context.clone(), schema.guid()),
        ];
        topics.extend(id.map(|id| Topic::Id(context.clone(), id)));
        for target in targets {
            topics.push(Topic::Subject(target.clone()));
            topics.push(Topic::Associations(target.clone()));
        }
        topics.extend(referrers.then(|| Topic::Referrers(self.subject.clone())));
        topics
    }

    fn changes(&self, schema: &Schema, id: Option<SchemaId>, targets: Vec<Subject>) -> Vec<Topic> {
        let context = &self.subject.context;
        let mut topics = vec![
            Topic::Subject(self.subject.clone()),
            Topic::Content(context.clone(), schema.guid()),
        ];
        topics.extend(id.map(|id| Topic::Id(context.clone(), id)));
        topics.extend(targets.into_iter().map(Topic::Referrers));
        topics.extend((!context.is_default()).then(|| Topic::Context(context.clone())));
        topics
    }
}
