//! What the handle does with keys for the fields of records (`dek-registry.md` section 3).

use std::fmt;

use crate::caller::Caller;
use crate::decide::{self, Deletion};
use crate::deed::{Action, Deed};
use crate::{
    DekSeries, Error, KekName, KekUpdate, ServedDek, StoredKek, SubmittedDek, SubmittedKek,
    VersionSpec,
};

use super::Registry;

impl Registry {
    /// Creates a key-encryption key, or deletes or brings back one that is otherwise the same. With `trial` a shared
    /// one is tried first.
    ///
    /// # Errors
    /// [`Error::Key`], or a fault.
    pub fn create_kek(
        &self,
        caller: &Caller<'_>,
        submitted: &SubmittedKek,
        trial: bool,
    ) -> Result<StoredKek, Error> {
        self.write(
            caller,
            Deed {
                action: Action::CreateKek.as_str(),
                resource: &submitted.name.as_deref().unwrap_or_default(),
            },
            |judge| decide::create_kek(judge, submitted, trial),
        )
    }

    /// Changes a key-encryption key. With `trial` a shared one is tried first.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn update_kek(
        &self,
        caller: &Caller<'_>,
        name: &KekName,
        update: &KekUpdate,
        trial: bool,
    ) -> Result<StoredKek, Error> {
        self.write(
            caller,
            Deed {
                action: Action::UpdateKek.as_str(),
                resource: &name,
            },
            |judge| decide::update_kek(judge, name, update, trial),
        )
    }

    /// Tries a shared key-encryption key.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn test_kek(&self, name: &KekName) -> Result<StoredKek, Error> {
        decide::test_kek(&self.judge(), name)
    }

    /// Deletes a key-encryption key that wraps nothing any more.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn delete_kek(
        &self,
        caller: &Caller<'_>,
        name: &KekName,
        deletion: Deletion,
    ) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::DeleteKek.as_str(),
                resource: &name,
            },
            |judge| decide::delete_kek(judge, name, deletion),
        )
    }

    /// Brings a softly deleted key-encryption key back.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn undelete_kek(&self, caller: &Caller<'_>, name: &KekName) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::RestoreKek.as_str(),
                resource: &name,
            },
            |judge| decide::undelete_kek(judge, name),
        )
    }

    /// A data-encryption key, in the clear if the server may unwrap it.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn dek(
        &self,
        series: &DekSeries,
        spec: VersionSpec,
        deleted: bool,
    ) -> Result<ServedDek, Error> {
        decide::serve_dek(&self.judge(), series, spec, deleted)
    }

    /// Creates a data-encryption key. `rewrap` lets one that is there be wrapped again.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn create_dek(
        &self,
        caller: &Caller<'_>,
        series: &DekSeries,
        submitted: &SubmittedDek,
        rewrap: bool,
    ) -> Result<ServedDek, Error> {
        self.write(
            caller,
            Deed {
                action: Action::CreateDek.as_str(),
                resource: &shown(series),
            },
            |judge| decide::create_dek(judge, series, submitted, rewrap),
        )
    }

    /// Deletes every version of a data-encryption key.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn delete_deks(
        &self,
        caller: &Caller<'_>,
        series: &DekSeries,
        deletion: Deletion,
    ) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::DeleteDek.as_str(),
                resource: &shown(series),
            },
            |judge| decide::delete_deks(judge, series, deletion),
        )
    }

    /// Deletes one version of a data-encryption key.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn delete_dek(
        &self,
        caller: &Caller<'_>,
        series: &DekSeries,
        spec: VersionSpec,
        deletion: Deletion,
    ) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::DeleteDek.as_str(),
                resource: &shown(series),
            },
            |judge| decide::delete_dek(judge, series, spec, deletion),
        )
    }

    /// Brings every softly deleted version of a data-encryption key back.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn undelete_deks(&self, caller: &Caller<'_>, series: &DekSeries) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::RestoreDek.as_str(),
                resource: &shown(series),
            },
            |judge| decide::undelete_deks(judge, series),
        )
    }

    /// Brings one version of a data-encryption key back.
    ///
    /// # Errors
    /// As [`Self::create_kek`].
    pub fn undelete_dek(
        &self,
        caller: &Caller<'_>,
        series: &DekSeries,
        spec: VersionSpec,
    ) -> Result<(), Error> {
        self.write(
            caller,
            Deed {
                action: Action::RestoreDek.as_str(),
                resource: &shown(series),
            },
            |judge| decide::undelete_dek(judge, series, spec),
        )
    }
}

/// A series as the path of its versions.
fn shown(series: &DekSeries) -> impl fmt::Display {
    let DekSeries {
        kek,
        subject,
        algorithm,
    } = series;
    fmt::from_fn(move |out| write!(out, "{kek}/{subject}/{algorithm}"))
}
