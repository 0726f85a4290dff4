//! Keys become rows. Nothing is derived from them: a list of keys is a range of these rows.

use crate::store::codec::encode;
use crate::store::keys;
use crate::store::pending::Pending;
use crate::store::rows::{DekRow, KekRow};
use crate::{Dek, DekSeries, DekVersion, Kek, KekName, Timestamp};

pub(super) fn set_kek(name: &KekName, kek: Option<&Kek>, at: Timestamp, pending: &mut Pending<'_>) {
    let key = keys::kek(name);
    match kek {
        Some(kek) => pending.put(
            key,
            encode(&KekRow {
                kek: kek.clone(),
                written_ms: at.0,
            }),
        ),
        None => pending.delete(key),
    }
}

pub(super) fn set_dek(
    series: &DekSeries,
    version: DekVersion,
    dek: Option<&Dek>,
    at: Timestamp,
    pending: &mut Pending<'_>,
) {
    let key = keys::dek(series, version);
    match dek {
        Some(dek) => pending.put(
            key,
            encode(&DekRow {
                dek: dek.clone(),
                written_ms: at.0,
            }),
        ),
        None => pending.delete(key),
    }
}
