//! Judges wishes about keys for the fields of records (`dek-registry.md` section 4).
//!
//! Here keys are wrapped and unwrapped, too: in parallel, before anything is written. What a service of keys does with a
//! wish that turns out stale is forgotten.

mod dek;
mod kek;

use crate::draft::{Basis, Draft, Facts, Topic};
use crate::fact::Fact;
use crate::{DekAlgorithm, DekSeries, Error, Kek, KeyError, KeyMaterial, StoredDek};

pub(crate) use dek::{create_dek, delete_dek, delete_deks, serve_dek, undelete_dek, undelete_deks};
pub(crate) use kek::{create_kek, delete_kek, test_kek, undelete_kek, update_kek};

use super::Judge;

/// The subject of keys that are made to be tried and thrown away.
const TRIAL_SUBJECT: &str = "__TEST";

impl Judge<'_> {
    fn wrap(&self, kek: &Kek, subject: &str, clear: &KeyMaterial) -> Result<String, KeyError> {
        self.options
            .key_services
            .wrap(kek, clear)
            .map_err(|failure| KeyError::NotWrapped(subject.to_owned(), failure))
    }

    fn unwrap(&self, kek: &Kek, subject: &str, encrypted: &str) -> Result<KeyMaterial, KeyError> {
        self.options
            .key_services
            .unwrap(kek, encrypted)
            .map_err(|failure| KeyError::NotUnwrapped(subject.to_owned(), failure))
    }

    /// Unwraps a stored key, if the server may.
    fn in_the_clear(&self, kek: &Kek, stored: &StoredDek) -> Result<Option<KeyMaterial>, KeyError> {
        let subject = stored.series.subject.to_string();
        kek.shared
            .then(|| self.unwrap(kek, &subject, &stored.dek.encrypted))
            .transpose()
    }

    /// A new key, wrapped.
    fn generate(
        &self,
        kek: &Kek,
        subject: &str,
        algorithm: DekAlgorithm,
    ) -> Result<String, KeyError> {
        let clear = KeyMaterial::generate(algorithm)
            .map_err(|failure| KeyError::NotWrapped(subject.to_owned(), failure))?;
        self.wrap(kek, subject, &clear)
    }

    /// Wraps and unwraps a key that nobody uses.
    fn try_out(&self, kek: &Kek) -> Result<(), KeyError> {
        let encrypted = self.generate(kek, TRIAL_SUBJECT, DekAlgorithm::default())?;
        self.unwrap(kek, TRIAL_SUBJECT, &encrypted).map(|_| ())
    }
}

/// Refuses a further key where there are more than enough.
fn check_room(judge: &Judge<'_>, is_full: bool) -> Result<(), Error> {
    if is_full {
        return Err(KeyError::TooMany(judge.options.key_count_max).into());
    }
    Ok(())
}

fn draft(
    judge: &Judge<'_>,
    topics: Vec<Topic>,
    changes: Vec<Topic>,
    facts: Vec<Fact>,
) -> Box<Draft> {
    Box::new(Draft {
        basis: Basis {
            revision: judge.view.revision(),
            topics,
        },
        changes,
        facts: Facts::settled(facts),
    })
}

/// A change of a DEK rests on its KEK and on its series. Other series do not stand in its way.
fn dek_draft(judge: &Judge<'_>, series: &DekSeries, facts: Vec<Fact>) -> Box<Draft> {
    let kek = series.kek.clone();
    draft(
        judge,
        vec![
            Topic::Kek(kek.clone()),
            Topic::DekSeries(series.clone()),
            // The mode of the subject decides what becomes of a new key.
            Topic::Settings,
        ],
        vec![Topic::DekSeries(series.clone()), Topic::Deks(kek)],
        facts,
    )
}
