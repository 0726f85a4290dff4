//! How much is registered.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use crate::SchemaId;
use crate::counts::Counts;
use crate::store::Fault;
use crate::store::body::BodyRow;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::VersionRow;
use crate::subject::{Context, Subject};

use super::View;

impl View<'_> {
    /// What each context holds, by the name of the context; those that hold nothing are left out. As cheap for a
    /// million versions as for ten.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn counts(&self) -> Result<Vec<(Context, Counts)>, Fault> {
        let mut counts = Vec::new();
        self.scan(&Key::new(Kind::Counts).bytes(), &mut |key, value| {
            counts.push((Parts::of(key).context()?, decode(value)?));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(counts)
    }

    pub(crate) fn counts_of(&self, context: &Context) -> Result<Counts, Fault> {
        Ok(self.row(&keys::counts(context))?.unwrap_or_default())
    }

    /// The figures as they follow from all rows: a walk over the whole store.
    pub(crate) fn counted_anew(&self) -> Result<BTreeMap<Context, Counts>, Fault> {
        let mut counted = BTreeMap::<Context, Counts>::new();
        self.each(Kind::Body, &mut |mut key, value| {
            let schema = BodyRow::decode(value)?;
            let counts = counted.entry(key.context()?).or_default();
            counts.schemas.add(schema.format);
            Ok(())
        })?;
        let mut active: Option<Subject> = None;
        self.each(Kind::Version, &mut |mut key, value| {
            let subject = Subject::new(key.context()?, key.name()?);
            let row: VersionRow = decode(value)?;
            let id = SchemaId::new(i64::from(row.id));
            let schema = id.map(|id| self.schema(&subject.context, id)).transpose()?;
            let counts = counted.entry(subject.context.clone()).or_default();
            // A version without content is a finding of its own.
            let Some(format) = schema.flatten().map(|schema| schema.format) else {
                return Ok(());
            };
            if row.deleted {
                counts.deleted_versions.add(format);
                return Ok(());
            }
            counts.versions.add(format);
            if active.as_ref() != Some(&subject) {
                counts.subjects += 1;
                active = Some(subject);
            }
            Ok(())
        })?;
        Ok(counted)
    }
}
