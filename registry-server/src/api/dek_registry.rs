//! The key registry: keys for the fields of records, and the keys that wrap them (`dek-registry.md`).
//!
//! Parameters that its resources share are here. A KEK's name and a DEK's subject are refused where no key could have
//! them, also by requests that only read.

mod body;
pub mod deks;
mod entities;
pub mod keks;

use registry_core::{DekAlgorithm, DekSeries, Deletion, KekName, Subject, View};

use super::call::Call;
use super::error::Refusal;
use super::parameters::{self, PageLimits};
use crate::app::App;

/// The KEK of a path.
fn kek_name(call: &Call) -> Result<KekName, Refusal> {
    Ok(KekName::parse(call.parameter("kek"))?)
}

/// The algorithm of a query; a word that is none is as unknown as a path.
fn algorithm(call: &Call) -> Result<DekAlgorithm, Refusal> {
    match call.query.first("algorithm") {
        None => Ok(DekAlgorithm::default()),
        Some(name) => name.parse().map_err(|()| Refusal::not_found()),
    }
}

/// The DEKs that a path and a query name.
fn series(view: &View<'_>, call: &Call) -> Result<DekSeries, Refusal> {
    let algorithm = algorithm(call)?;
    let kek = kek_name(call)?;
    Ok(DekSeries::new(kek, subject(view, call)?, algorithm)?)
}

/// The subject of a path, or the one that its alias for keys stands for.
fn subject(view: &View<'_>, call: &Call) -> Result<Subject, Refusal> {
    parameters::subject_of_deks(view, call)
}

fn deletion(call: &Call) -> Deletion {
    if call.query.flag("permanent") {
        Deletion::Permanent
    } else {
        Deletion::Soft
    }
}

fn kek_limits(app: &App) -> PageLimits {
    PageLimits {
        default: app.options.kek_search_default_limit,
        max: app.options.kek_search_max_limit,
    }
}

fn subject_limits(app: &App) -> PageLimits {
    PageLimits {
        default: app.options.dek_subject_search_default_limit,
        max: app.options.dek_subject_search_max_limit,
    }
}

fn version_limits(app: &App) -> PageLimits {
    PageLimits {
        default: app.options.dek_version_search_default_limit,
        max: app.options.dek_version_search_max_limit,
    }
}
