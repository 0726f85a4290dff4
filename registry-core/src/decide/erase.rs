//! Judges the erasure of a name beside the audit log.

use crate::Error;
use crate::draft::{Draft, Facts, Judgement};
use crate::fact::Fact;

use super::Judge;

/// How many places are erased at a time. Whoever is named more often is erased by asking again.
const PLACES_MAX: usize = 10_000;

/// The answer is in how many places the name stood.
pub(crate) fn erase_names(judge: &Judge<'_>, principal: &str) -> Result<Judgement<usize>, Error> {
    let records = judge.view.records_naming(principal, PLACES_MAX)?;
    if records.is_empty() {
        return Ok(Judgement::Already(0));
    }
    let places = records.len();
    let facts = records
        .into_iter()
        .map(|record| Fact::NamesErased { record });
    // Who is named beside a record does not change, and what goes meanwhile need not be erased.
    let draft = Draft {
        facts: Facts::settled(facts.collect()),
        ..Draft::of_nothing()
    };
    Ok(Judgement::Write(Box::new(draft), Box::new(move |_| places)))
}
