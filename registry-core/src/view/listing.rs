//! Lists over many subjects.

use std::ops::ControlFlow;

use crate::store::Fault;
use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::VersionRow;
use crate::subject::{Context, Subject, SubjectFilter};

use super::View;

/// Which of the softly deleted a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleted {
    /// None of them.
    Without,
    /// Them, too.
    With,
    /// Nothing else.
    Only,
}

/// A subject, and whether anything of it is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubjectState {
    /// The subject.
    pub subject: Subject,
    /// True when at least one version is not deleted.
    pub active: bool,
}

impl View<'_> {
    /// Every context that something was registered in: the default one first, the others by name.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn contexts(&self) -> Result<Vec<Context>, Fault> {
        let mut contexts = vec![Context::default_context()];
        contexts.extend(self.named_contexts()?);
        Ok(contexts)
    }

    /// The contexts other than the default one, by name.
    ///
    /// # Errors
    /// As [`Self::contexts`].
    pub fn named_contexts(&self) -> Result<Vec<Context>, Fault> {
        let mut contexts = Vec::new();
        self.scan(&Key::new(Kind::Context).bytes(), &mut |key, _| {
            let context = Parts::of(key).context()?;
            if !context.is_default() {
                contexts.push(context);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(contexts)
    }

    /// True when something was registered in the context, or nearly was.
    ///
    /// # Errors
    /// As [`Self::contexts`].
    pub fn has_context(&self, context: &Context) -> Result<bool, Fault> {
        self.has(&keys::context(context))
    }

    /// The subjects that a filter lets through, by context and name.
    ///
    /// # Errors
    /// As [`Self::contexts`].
    pub fn subjects(&self, filter: &SubjectFilter) -> Result<Vec<SubjectState>, Fault> {
        let mut subjects = Vec::new();
        match filter {
            SubjectFilter::Within(subject) => {
                self.collect_subjects(&subject.context, &subject.name, &mut subjects)?
            }
            SubjectFilter::EveryContext { prefix } => {
                for context in self.contexts()? {
                    self.collect_subjects(&context, prefix, &mut subjects)?;
                }
            }
        }
        Ok(subjects)
    }

    fn collect_subjects(
        &self,
        context: &Context,
        prefix: &str,
        subjects: &mut Vec<SubjectState>,
    ) -> Result<(), Fault> {
        let start = Key::new(Kind::Version).context(context);
        let skipped = start.clone().bytes();
        self.scan(&start.name_start(prefix).bytes(), &mut |key, value| {
            let name = Parts::after(&skipped, key).name()?;
            let row: VersionRow = decode(value)?;
            match subjects.last_mut() {
                Some(last) if last.subject.name == name && last.subject.context == *context => {
                    last.active |= !row.deleted;
                }
                _ => {
                    let subject = Subject::new(context.clone(), name);
                    subjects.push(SubjectState {
                        subject,
                        active: !row.deleted,
                    });
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    /// True when some subject lives in the context, softly deleted ones included.
    ///
    /// # Errors
    /// As [`Self::contexts`].
    pub fn has_subjects(&self, context: &Context) -> Result<bool, Fault> {
        self.any(&Key::new(Kind::Version).context(context).bytes())
    }

    /// True when some subject lives in any context.
    ///
    /// # Errors
    /// As [`Self::contexts`].
    pub fn has_any_subject(&self) -> Result<bool, Fault> {
        self.any(&Key::new(Kind::Version).bytes())
    }

    pub(super) fn any(&self, prefix: &[u8]) -> Result<bool, Fault> {
        let mut found = false;
        self.scan(prefix, &mut |_, _| {
            found = true;
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}

impl SubjectState {
    /// True when the list that was asked for shows it.
    #[must_use]
    pub const fn is_shown(&self, deleted: Deleted) -> bool {
        match deleted {
            Deleted::Without => self.active,
            Deleted::With => true,
            Deleted::Only => !self.active,
        }
    }
}
