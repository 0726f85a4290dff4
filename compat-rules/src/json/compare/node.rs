//! Two nodes of whatever kind (`json-schema.md` section 6.1).

use super::difference::{Difference, wording};
use super::judge::Judge;
use crate::Exhausted;
use crate::json::tree::{Criterion, Kind, NodeId};

pub(super) static SCHEMA_ADDED: Difference = Difference::new(
    "schema-added",
    "SCHEMA_ADDED",
    wording::NOTHING,
    "The reader demands something of values about which the writer said nothing.",
    "Leave the values unconstrained, or state the schema from the first version on.",
);
pub(super) static TYPE_CHANGED: Difference = Difference::new(
    "type-changed",
    "TYPE_CHANGED",
    wording::TYPE_DIFFERS,
    "The reader expects another kind of value than the writer wrote.",
    "Accept both kinds for a while, with a list of types or with oneOf, and add a property for the new kind.",
);

impl Judge<'_, '_, '_> {
    pub(super) fn nodes(&mut self) -> Result<(), Exhausted> {
        self.spend(1)?;
        if self.is_accepted_by_a_part()? {
            return Ok(());
        }
        let forest = self.forest();
        let (original, update) = (
            forest.node(self.pair.original),
            forest.node(self.pair.update),
        );
        match (&original.kind, &update.kind) {
            (Kind::String(original), Kind::String(update)) => self.strings(original, update),
            (Kind::Number(original), Kind::Number(update)) => self.numbers(original, update)?,
            (Kind::Array(original), Kind::Array(update)) => self.arrays(original, update)?,
            (Kind::Object(original), Kind::Object(update)) => self.objects(original, update)?,
            (Kind::Enum(original), Kind::Enum(update)) => self.enums(original, update)?,
            (Kind::Const(original), Kind::Const(update)) => self.constants(original, update),
            (Kind::Not(original), Kind::Not(update)) => self.negations(*original, *update),
            (Kind::Combined(one, original), Kind::Combined(other, update)) => {
                self.combined((*one, original), (*other, update))?;
            }
            // Nothing more is compared of these.
            (Kind::Boolean, Kind::Boolean)
            | (Kind::Null, Kind::Null)
            | (Kind::Conditional(_), Kind::Conditional(_))
            | (Kind::Reference(..), Kind::Reference(..))
            // Who wrote nothing is understood, and so is who reads anything.
            | (Kind::False, _)
            | (_, Kind::Empty | Kind::True) => {}
            _ if original.is_connect_bytes && update.is_connect_bytes => {}
            _ => self.report(&TYPE_CHANGED),
        }
        Ok(())
    }

    /// Where one of the two is combined, one of its parts may be enough.
    fn is_accepted_by_a_part(&mut self) -> Result<bool, Exhausted> {
        let forest = self.forest();
        let (original, update) = (self.pair.original, self.pair.update);
        match (forest.kind(original), forest.kind(update)) {
            (Kind::Combined(..), Kind::Combined(..)) => Ok(false),
            (_, Kind::Combined(criterion, parts)) => {
                let enough = *criterion != Criterion::All || parts.len() == 1;
                let try_part = |judge: &mut Self, part| judge.accepts(original, judge.update(part));
                self.is_enough(enough, parts, try_part)
            }
            (Kind::Combined(criterion, parts), _) => {
                let enough = *criterion == Criterion::All || parts.len() == 1;
                let try_part = |judge: &mut Self, part| judge.accepts(judge.original(part), update);
                self.is_enough(enough, parts, try_part)
            }
            _ => Ok(false),
        }
    }

    fn is_enough(
        &mut self,
        one_is_enough: bool,
        parts: &[NodeId],
        mut try_part: impl FnMut(&mut Self, NodeId) -> bool,
    ) -> Result<bool, Exhausted> {
        if !one_is_enough {
            return Ok(false);
        }
        self.spend(parts.len())?;
        Ok(parts.iter().any(|part| try_part(self, *part)))
    }
}
