//! Keys for the fields of records: which there are, and what is kept of them.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::store::codec::decode;
use crate::store::keys::{self, Key, Kind, Parts};
use crate::store::rows::{DekRow, KekRow};
use crate::store::{Fault, Visit};
use crate::{
    DekSeries, DekVersion, Error, KekName, KeyError, StoredDek, StoredKek, Subject, Timestamp,
    VersionSpec,
};

use super::View;

impl View<'_> {
    /// A KEK, softly deleted or not.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot be read.
    pub fn kek(&self, name: &KekName) -> Result<Option<StoredKek>, Fault> {
        self.read(&keys::kek(name), |value| stored_kek(name.clone(), value))
    }

    /// A KEK that must be there; with `deleted` a softly deleted one counts.
    ///
    /// # Errors
    /// [`KeyError::NotFound`], or a fault.
    pub fn kek_named(&self, name: &KekName, deleted: bool) -> Result<StoredKek, Error> {
        self.kek(name)?
            .filter(|stored| deleted || !stored.kek.deleted)
            .ok_or_else(|| KeyError::NotFound(name.to_string()).into())
    }

    /// The names of the KEKs, sorted; with `deleted` those of softly deleted ones, too.
    ///
    /// # Errors
    /// As [`Self::kek`].
    pub fn kek_names(&self, deleted: bool) -> Result<Vec<KekName>, Fault> {
        let mut names = Vec::new();
        self.scan(&Key::new(Kind::Kek).bytes(), &mut |key, value| {
            let stored = stored_kek(Parts::of(key).kek_name()?, value)?;
            if deleted || !stored.kek.deleted {
                names.push(stored.name);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(names)
    }

    /// The names of the KEKs that wrap a DEK of a subject that starts with one of the prefixes; `deleted` is about the
    /// DEKs.
    ///
    /// # Errors
    /// As [`Self::kek`].
    pub fn kek_names_of_subjects(
        &self,
        prefixes: &[&str],
        deleted: bool,
    ) -> Result<BTreeSet<KekName>, Fault> {
        let mut names = BTreeSet::new();
        self.scan(&Key::new(Kind::Dek).bytes(), &mut |key, value| {
            let stored = stored_dek(key, value)?;
            let subject = stored.series.subject.to_string();
            if (deleted || !stored.dek.deleted)
                && prefixes.iter().any(|prefix| subject.starts_with(prefix))
            {
                names.insert(stored.series.kek);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(names)
    }

    /// The subjects that a KEK wraps DEKs of, by context and name; with `deleted` softly deleted DEKs count.
    ///
    /// # Errors
    /// As [`Self::kek`].
    pub fn dek_subjects(&self, kek: &KekName, deleted: bool) -> Result<BTreeSet<Subject>, Fault> {
        let mut subjects = BTreeSet::new();
        self.scan(&keys::deks(kek), &mut |key, value| {
            let stored = stored_dek(key, value)?;
            if deleted || !stored.dek.deleted {
                subjects.insert(stored.series.subject);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(subjects)
    }

    /// The versions of a DEK, ascending, softly deleted ones included.
    ///
    /// # Errors
    /// As [`Self::kek`].
    pub fn deks(&self, series: &DekSeries) -> Result<Vec<StoredDek>, Fault> {
        let mut deks = Vec::new();
        self.scan(&keys::dek_series(series), &mut |key, value| {
            deks.push(stored_dek(key, value)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(deks)
    }

    /// One version of a DEK, softly deleted or not.
    ///
    /// # Errors
    /// As [`Self::kek`].
    pub fn dek(&self, series: &DekSeries, version: DekVersion) -> Result<Option<StoredDek>, Fault> {
        let key = keys::dek(series, version);
        self.read(&key, |value| stored_dek(&key, value))
    }

    /// The version of a DEK that a request names; the latest is the highest.
    ///
    /// # Errors
    /// [`KeyError::NotFound`], or a fault.
    pub fn dek_addressed(
        &self,
        series: &DekSeries,
        spec: VersionSpec,
        deleted: bool,
    ) -> Result<StoredDek, Error> {
        let visible = |stored: &StoredDek| deleted || !stored.dek.deleted;
        let found = match spec {
            VersionSpec::Number(version) => self.dek(series, version.into())?.filter(visible),
            VersionSpec::Latest => self.deks(series)?.into_iter().rfind(visible),
        };
        found.ok_or_else(|| KeyError::NotFound(series.subject.to_string()).into())
    }

    /// True when a KEK wraps a DEK; with `deleted` a softly deleted one counts.
    pub(crate) fn wraps_any(&self, kek: &KekName, deleted: bool) -> Result<bool, Fault> {
        let mut found = false;
        self.scan(&keys::deks(kek), &mut |_, value| {
            let row: DekRow = decode(value)?;
            found = deleted || !row.dek.deleted;
            Ok(if found {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
        Ok(found)
    }

    /// True when there are more KEKs than that, softly deleted ones included.
    pub(crate) fn has_more_keks_than(&self, count: usize) -> Result<bool, Fault> {
        self.has_more_than(Kind::Kek, count)
    }

    /// True when there are more DEKs than that, softly deleted ones included.
    pub(crate) fn has_more_deks_than(&self, count: usize) -> Result<bool, Fault> {
        self.has_more_than(Kind::Dek, count)
    }

    fn has_more_than(&self, kind: Kind, count: usize) -> Result<bool, Fault> {
        let mut counted = 0_usize;
        let visit: &mut Visit<'_> = &mut |_, _| {
            counted += 1;
            Ok(if counted > count {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        };
        self.scan(&Key::new(kind).bytes(), visit)?;
        Ok(counted > count)
    }
}

fn stored_kek(name: KekName, value: &[u8]) -> Result<StoredKek, Fault> {
    let row: KekRow = decode(value)?;
    Ok(StoredKek {
        name,
        kek: row.kek,
        written: Timestamp(row.written_ms),
    })
}

fn stored_dek(key: &[u8], value: &[u8]) -> Result<StoredDek, Fault> {
    let mut parts = Parts::of(key);
    let row: DekRow = decode(value)?;
    Ok(StoredDek {
        series: parts.dek_series()?,
        version: parts.dek_version()?,
        dek: row.dek,
        written: Timestamp(row.written_ms),
    })
}
