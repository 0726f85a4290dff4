//! The handle that everybody holds.

mod associations;
mod audit;
mod derive;
mod encryption;
mod open;
mod policies;
mod write;

use std::borrow::Cow;
use std::sync::Arc;

use compat_rules::{TaggedEntity, TextForm};

use crate::caller::Caller;
use crate::decide::{
    self, Checked, CheckedAgainst, Deletion, FoundSchema, Granted, Judge, RegisterOptions,
    Registered, TagChange, Versions,
};
use crate::deed::{Action, Deed};
use crate::figures::{Figures, Outcome};
use crate::library::Library;
use crate::policy::Policies;
use crate::schema::Schema;
use crate::settings::{Config, ConfigUpdate, Mode};
use crate::store::body::BodyRow;
use crate::store::{Fault, Rows, Store, keys};
use crate::subject::{Context, Scope, Subject};
use crate::submission::Submission;
use crate::view::{Stored, StoredJson, View};
use crate::writer::Writer;
pub use audit::{AuditPart, AuditWatch, AuditWatched};

use crate::{Error, RegistryOptions, Revision, SchemaId, Version, VersionSpec};

/// An open registry. Every method may be called from any thread; all of them may wait for the disk.
#[derive(Debug)]
pub struct Registry {
    // Before the store, so that it is closed first.
    writer: Writer,
    store: Arc<Store>,
    library: Library,
    options: RegistryOptions,
    policies: Policies,
}

impl Registry {
    /// The registry as it is now.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View::of_snapshot(self.store.snapshot())
    }

    /// Asks a question that takes a few reads, of the registry as it is now.
    ///
    /// A view is not for nothing: it is taken and given back under a lock that all share. Where nothing was written
    /// while the question was asked, what it read is of one moment without one; else it is asked again, of a view.
    pub fn ask<T>(&self, question: impl Fn(&View<'_>) -> T) -> T {
        let now = View::of_now(&self.store);
        let answer = question(&now);
        if self.store.revision() == now.revision() {
            return answer;
        }
        question(&self.view())
    }

    /// Looks at the first holder of an id in a context, by name, with the content as it is shown.
    ///
    /// It is one read, which sees one moment without a view.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn first_json<T, F: FnOnce(StoredJson<'_>) -> T>(
        &self,
        context: &Context,
        id: SchemaId,
        look: F,
    ) -> Result<Option<T>, Fault> {
        // What looks, back again, where the row does not name the holder.
        let seen = self.store.read(&keys::body(context, id), |value| {
            let mut body = BodyRow::decode(value)?;
            Ok(match body.first_holder.take() {
                Some(first) => Ok(look(StoredJson::of_holder(context, first, body)?)),
                None => Err(look),
            })
        })?;
        match seen {
            Some(Err(look)) => self.view().first_json(context, id, look),
            Some(Ok(seen)) => Ok(Some(seen)),
            None => Ok(None),
        }
    }

    /// The revision of what answers depend on, as a view would show it now. A change is durable before any view sees it,
    /// and its client is answered after. Records of who asked for what change no answer: they leave it as it is.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.store.shown_revision()
    }

    /// False once a write has failed: reads go on, writes do not.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.writer.is_healthy()
    }

    /// What the operator decided.
    #[must_use]
    pub const fn options(&self) -> &RegistryOptions {
        &self.options
    }

    /// What it counts and times of itself.
    #[must_use]
    pub fn figures(&self) -> &Figures {
        self.store.figures()
    }

    /// A figure of the store, such as `rocksdb.block-cache-usage`.
    #[must_use]
    pub fn store_figure(&self, property: &str) -> Option<u64> {
        self.store.figure(property)
    }

    /// Memory of the store's rows that were read lately, in bytes; a part of what the options allow.
    #[must_use]
    pub fn row_cache_bytes(&self) -> usize {
        self.store.row_cache_bytes()
    }

    /// Finishes the writes that wait, takes no more, and leaves the store so that it opens fast.
    pub fn close(&self) {
        let healthy = self.is_healthy();
        self.put_closing_on_record();
        self.writer.close();
        // After a failed write the files are left as they are: recovery decides.
        if healthy && let Err(fault) = self.store.flush() {
            tracing::warn!(%fault, "the next start has to read the log again");
        }
    }

    /// Registers a schema, or finds it registered.
    ///
    /// # Errors
    /// Every refusal of `protocol.md` section 7.3 in its order, or a fault.
    pub fn register(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        submission: &Submission,
        options: RegisterOptions,
    ) -> Result<Registered, Error> {
        self.write(
            caller,
            Deed {
                action: Action::Register.as_str(),
                resource: &subject,
            },
            |judge| decide::register(judge, subject, submission, options),
        )
    }

    /// What [`Self::register`] finds registered already, without options, where that is a matter of a few reads: for a
    /// text without references that was parsed lately. `None` says nothing.
    #[must_use]
    pub fn registered_already(
        &self,
        subject: &Subject,
        submission: &Submission,
    ) -> Option<Registered> {
        let found = decide::registered_already(&self.judge(), subject, submission)?;
        self.figures()
            .changed(Action::Register.as_str(), Outcome::Already);
        Some(found)
    }

    /// Finds the version of a subject that holds a schema; a subject of the default context is looked for in the
    /// others, too.
    ///
    /// # Errors
    /// [`Error::SubjectNotFound`], [`Error::SchemaNotFound`], [`Error::InvalidSchema`], or a fault.
    pub fn lookup(
        &self,
        subject: &Subject,
        submission: &Submission,
        normalize: bool,
        deleted: bool,
    ) -> Result<FoundSchema, Error> {
        let judge = self.judge();
        let versions = if deleted {
            Versions::All
        } else {
            Versions::Active
        };
        if let Some(found) = judge.lookup(subject, submission, normalize, versions)? {
            return Ok(found);
        }
        for elsewhere in judge.view.namesakes(subject)? {
            match judge.lookup(&elsewhere, submission, normalize, versions) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) | Err(Error::InvalidSchema(_)) => {}
                Err(error) => return Err(error),
            }
        }
        if judge.view.is_visible(subject, deleted)? {
            return Err(Error::SchemaNotFound);
        }
        Err(Error::SubjectNotFound(subject.to_string()))
    }

    /// What [`Self::lookup`] finds, without options, where that is a matter of a few reads: for a text without references
    /// that was parsed lately. `None` says nothing.
    #[must_use]
    pub fn lookup_known(&self, subject: &Subject, submission: &Submission) -> Option<FoundSchema> {
        let judge = self.judge();
        let config = judge.config(subject).ok()?;
        judge.known(subject, submission, &config)
    }

    /// Whether a schema goes with all versions of a subject that its level names, and with the policies where they want
    /// to be asked here.
    ///
    /// # Errors
    /// [`Error::InvalidSchema`], or a fault.
    pub fn check(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        submission: &Submission,
        normalize: bool,
    ) -> Result<Checked, Error> {
        self.judge_for(Some(caller))
            .check(subject, CheckedAgainst::All, submission, normalize)
    }

    /// The same against one version.
    ///
    /// # Errors
    /// [`Error::VersionNotFound`], [`Error::InvalidSchema`], or a fault.
    pub fn check_against(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        version: VersionSpec,
        submission: &Submission,
        normalize: bool,
    ) -> Result<Checked, Error> {
        self.judge_for(Some(caller)).check(
            subject,
            CheckedAgainst::One(version),
            submission,
            normalize,
        )
    }

    /// Registers a version with other tags, metadata or rules.
    ///
    /// # Errors
    /// [`Error::InvalidSubject`], [`Error::SubjectNotFound`], [`Error::VersionNotFound`], then those of a registration.
    pub fn edit_tags(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        version: VersionSpec,
        change: &TagChange,
    ) -> Result<Registered, Error> {
        self.write(
            caller,
            Deed {
                action: Action::EditTags.as_str(),
                resource: &format_args!("{subject}/versions/{version}"),
            },
            |judge| decide::edit_tags(judge, subject, version, change),
        )
    }

    /// Deletes every version of a subject and says which these were.
    ///
    /// # Errors
    /// Every refusal of `protocol.md` section 7.2 in its order, or a fault.
    pub fn delete_subject(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        deletion: Deletion,
    ) -> Result<Granted<Vec<Version>>, Error> {
        self.write(
            caller,
            Deed {
                action: match deletion {
                    Deletion::Soft => Action::DeleteSubject,
                    Deletion::Permanent => Action::EraseSubject,
                }
                .as_str(),
                resource: &subject,
            },
            |judge| decide::delete_subject(judge, subject, deletion),
        )
    }

    /// Deletes one version and says which it was.
    ///
    /// # Errors
    /// Every refusal of `protocol.md` section 7.3 in its order, or a fault.
    pub fn delete_version(
        &self,
        caller: &Caller<'_>,
        subject: &Subject,
        version: VersionSpec,
        deletion: Deletion,
    ) -> Result<Granted<Version>, Error> {
        self.write(
            caller,
            Deed {
                action: match deletion {
                    Deletion::Soft => Action::DeleteVersion,
                    Deletion::Permanent => Action::EraseVersion,
                }
                .as_str(),
                resource: &format_args!("{subject}/versions/{version}"),
            },
            |judge| decide::delete_version(judge, subject, version, deletion),
        )
    }

    /// Changes a configuration and answers the whole record.
    ///
    /// # Errors
    /// [`Error::InvalidRuleSet`], [`Error::InvalidSubject`], [`Error::NotPermitted`], or a fault.
    pub fn put_config(
        &self,
        caller: &Caller<'_>,
        scope: &Scope,
        update: ConfigUpdate,
    ) -> Result<Granted<Config>, Error> {
        self.write(
            caller,
            Deed {
                action: Action::PutConfig.as_str(),
                resource: &scope.subject(),
            },
            |judge| decide::put_config(judge, scope, update.clone()),
        )
    }

    /// Removes a configuration and answers what it was.
    ///
    /// # Errors
    /// [`Error::SubjectNotFound`], [`Error::NotPermitted`], or a fault.
    pub fn delete_config(
        &self,
        caller: &Caller<'_>,
        scope: &Scope,
    ) -> Result<Granted<Config>, Error> {
        self.write(
            caller,
            Deed {
                action: Action::DeleteConfig.as_str(),
                resource: &scope.subject(),
            },
            |judge| decide::delete_config(judge, scope),
        )
    }

    /// Sets a mode by its name, or with `None` removes it; `force` lets an import begin where schemas are.
    ///
    /// # Errors
    /// [`Error::InvalidSubject`], [`Error::InvalidMode`], [`Error::ForwardOnlyGlobally`],
    /// [`Error::NotPermitted`], [`Error::ReferencesExist`], or a fault.
    pub fn put_mode(
        &self,
        caller: &Caller<'_>,
        scope: &Scope,
        name: Option<&str>,
        force: bool,
    ) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::PutMode.as_str(),
                resource: &scope.subject(),
            },
            |judge| decide::put_mode(judge, scope, name, force),
        )
    }

    /// Removes a mode, and with `recursive` those of the subjects below it; answers the old one.
    ///
    /// # Errors
    /// [`Error::SubjectNotFound`], [`Error::NotPermitted`], or a fault.
    pub fn delete_mode(
        &self,
        caller: &Caller<'_>,
        scope: &Scope,
        recursive: bool,
    ) -> Result<Option<Mode>, Error> {
        self.write(
            caller,
            Deed {
                action: Action::DeleteMode.as_str(),
                resource: &scope.subject(),
            },
            |judge| decide::delete_mode(judge, scope, recursive),
        )
    }

    /// Removes an empty context.
    ///
    /// # Errors
    /// [`Error::ContextNotEmpty`], or a fault.
    pub fn delete_context(&self, caller: &Caller<'_>, context: &Context) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::DeleteContext.as_str(),
                resource: &context,
            },
            |judge| decide::delete_context(judge, context),
        )
    }

    /// The text of a schema that is stored in this context, in a form of it.
    ///
    /// # Errors
    /// [`Error::InvalidSchema`] when it has no such form, or a fault.
    pub fn render<'s>(
        &self,
        context: &Context,
        schema: &'s Schema,
        form: TextForm,
    ) -> Result<Cow<'s, str>, Error> {
        if form == TextForm::Canonical {
            return Ok(Cow::Borrowed(&schema.text));
        }
        let parsed = self.judge().parsed_in(context, schema)?;
        match parsed.render(form) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(invalid) => Err(Error::InvalidSchema(invalid.reason().to_owned())),
        }
    }

    /// The elements of a stored schema that carry inline tags.
    ///
    /// # Errors
    /// [`Error::InvalidSchema`] when it does not parse any more, or a fault.
    pub fn tags(&self, stored: &Stored) -> Result<Vec<TaggedEntity>, Error> {
        Ok(self.judge().parsed(stored)?.tags())
    }

    fn judge(&self) -> Judge<'_> {
        self.judge_for(None)
    }

    fn judge_for<'a>(&'a self, caller: Option<&'a Caller<'a>>) -> Judge<'a> {
        Judge {
            view: self.view(),
            library: &self.library,
            options: &self.options,
            policies: &self.policies,
            caller,
            figures: self.store.figures(),
        }
    }
}
