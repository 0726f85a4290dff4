//! Oneofs: fields that moved into one, and oneofs that went away.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::Message;
use super::message::Member;
use super::{Walk, rule};
use crate::Exhausted;

impl<'a> Walk<'a, '_> {
    /// For each oneof of the reader: where its members came from. Fields of more than one origin exclude each
    /// other now and did not before.
    pub(super) fn oneofs(
        &mut self,
        reader: &Message,
        written: &BTreeMap<i32, Member<'a>>,
    ) -> Result<(), Exhausted> {
        for oneof in &reader.oneofs {
            let mut plain = 0;
            let mut oneofs = BTreeSet::new();
            for field in &oneof.fields {
                self.budget.spend()?;
                match written.get(&field.number).map(|member| member.oneof) {
                    Some(Some(origin)) => drop(oneofs.insert(origin)),
                    Some(None) => plain += 1,
                    None => {}
                }
            }
            if plain + oneofs.len() > 1 {
                let broken = if plain > 1 {
                    &rule::MULTIPLE_FIELDS_MOVED_TO_ONEOF
                } else {
                    &rule::FIELD_MOVED_TO_EXISTING_ONEOF
                };
                self.report_below(&[&oneof.name], broken, Some(oneof.place), None)?;
            }
        }
        Ok(())
    }

    /// False for a oneof of the writer that went away with all its members: that breaks nobody.
    pub(super) fn leaves_a_trace(
        &self,
        oneof: &str,
        reader: &Message,
        read: &BTreeMap<i32, Member<'a>>,
        written: &BTreeMap<i32, Member<'a>>,
    ) -> bool {
        let is_there = reader.oneofs.iter().any(|other| other.name == oneof);
        is_there
            || written
                .iter()
                .any(|(number, member)| member.oneof == Some(oneof) && read.contains_key(number))
    }
}
