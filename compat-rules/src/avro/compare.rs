//! Whether a reader's schema reads what a writer's schema wrote (`avro.md` section 6).
//!
//! One joint walk over two graphs, in the reference's order. A pair of types met again while it is compared counts as
//! compatible; met again later it gives what was found the first time, under the paths of the first time. Rules live
//! in the file of their construct: `compare/{record,named,union}.rs`; the texts are made in `compare/difference.rs`.

mod difference;
mod named;
mod path;
mod record;
mod union;

use std::collections::HashMap;

use crate::value::Rules;
use crate::{Budget, Exhausted, Format, Rule, Violation};

use super::graph::{Graph, Node, Primitive, TypeId, Use};
use difference::{Detail, Difference};
use path::{PathId, Paths};

/// Every rule of the comparison.
pub(crate) const RULES: &[&Rule] = &[
    &TYPE_MISMATCH,
    &named::NAME_MISMATCH,
    &named::FIXED_SIZE_MISMATCH,
    &named::MISSING_ENUM_SYMBOLS,
    &union::MISSING_UNION_BRANCH,
    &record::READER_FIELD_MISSING_DEFAULT_VALUE,
    &record::READER_FIELD_MATCHES_SEVERAL,
];

const TYPE_MISMATCH: Rule = Rule {
    id: "type-mismatch",
    format: Format::Avro,
    wire_name: "TYPE_MISMATCH",
    summary: "The reader expects a type to which the writer's type cannot be promoted.",
    advice: "Widen the type instead (int, long, float, double), or add a new field and keep the old one.",
};

/// Everything that the reader cannot read.
pub(super) fn compare(
    reader: (&Graph, Use),
    writer: (&Graph, Use),
    budget: &mut Budget,
) -> Result<Vec<Violation>, Exhausted> {
    let mut comparison = Comparison {
        reader: reader.0,
        writer: writer.0,
        budget,
        paths: Paths::new(),
        differences: Vec::new(),
        met: HashMap::new(),
        depth: 0,
    };
    let mut found = Found::new();
    match comparison.pair(reader.1, writer.1, Paths::ROOT, &mut found) {
        Ok(()) => comparison.violations(&found),
        Err(Stop::Exhausted) => Err(Exhausted),
        Err(Stop::Alone(violation)) => Ok(vec![*violation]),
    }
}

struct Comparison<'g, 'b> {
    reader: &'g Graph,
    writer: &'g Graph,
    budget: &'b mut Budget,
    paths: Paths,
    /// Everything that was found, also where it does not count.
    differences: Vec<Difference>,
    met: HashMap<(TypeId, TypeId), Met>,
    depth: usize,
}

/// Numbers of differences.
type Found = Vec<u32>;

/// A pair of types that the walk met before.
enum Met {
    InProgress,
    Compared(Box<[u32]>),
}

/// Why the walk ends early.
enum Stop {
    Exhausted,
    /// This is all there is to say.
    Alone(Box<Violation>),
}

impl From<Exhausted> for Stop {
    fn from(Exhausted: Exhausted) -> Self {
        Self::Exhausted
    }
}

impl Comparison<'_, '_> {
    /// Two of the deepest schemas that can be read take less: at most three pairs for two levels of JSON. Only cycles
    /// of unequal length can get here.
    const DEPTH_MAX: usize = 2 * Rules::DEPTH_MAX;
    /// What each difference costs more than a step, for its texts.
    const STEPS_PER_VIOLATION: u64 = 50;

    fn pair(
        &mut self,
        reader: Use,
        writer: Use,
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        if let (Node::Primitive(one, _), Node::Primitive(other, _)) =
            (&self.reader[reader.id], &self.writer[writer.id])
        {
            // Paid for with whatever holds the two.
            if !reads(*one, *other) {
                self.report(Detail::Types, reader, writer, path, found);
            }
            return Ok(());
        }
        self.budget.spend()?;
        let key = (reader.id, writer.id);
        // Two types without a name cannot be met again unless two with a name are.
        let can_recur =
            self.reader[reader.id].naming().is_some() || self.writer[writer.id].naming().is_some();
        if can_recur && self.met_before(key, found)? {
            return Ok(());
        }
        self.depth += 1;
        if self.depth > Self::DEPTH_MAX {
            return Err(Stop::Exhausted);
        }
        let start = found.len();
        self.types(reader, writer, path, found)?;
        self.depth -= 1;
        if can_recur {
            let compared = &found[start..];
            self.budget.spend_many(cost(compared.len()))?;
            self.met.insert(key, Met::Compared(compared.into()));
        }
        Ok(())
    }

    /// Reports again what a pair gave before; marks a new pair as in progress.
    fn met_before(&mut self, key: (TypeId, TypeId), found: &mut Found) -> Result<bool, Stop> {
        match self.met.get(&key) {
            Some(Met::InProgress) => Ok(true),
            Some(Met::Compared(compared)) => {
                self.budget.spend_many(cost(compared.len()))?;
                found.extend(compared);
                Ok(true)
            }
            None => {
                self.met.insert(key, Met::InProgress);
                Ok(false)
            }
        }
    }

    fn types(
        &mut self,
        reader: Use,
        writer: Use,
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        match (&self.reader[reader.id], &self.writer[writer.id]) {
            (Node::Union(_), Node::Union(branches)) => {
                self.union_from_union(reader, branches, path, found)
            }
            (_, Node::Union(branches)) => self.one_from_union(reader, branches, path, found),
            (Node::Union(branches), _) => {
                self.union_from_one(branches, reader, writer, path, found)
            }
            (Node::Array(reader, _), Node::Array(writer, _)) => {
                let path = self.paths.word(path, "items");
                self.pair(*reader, *writer, path, found)
            }
            (Node::Map(reader, _), Node::Map(writer, _)) => {
                let path = self.paths.word(path, "values");
                self.pair(*reader, *writer, path, found)
            }
            (Node::Record(one), Node::Record(other)) => {
                self.names(reader, writer, path, found);
                self.records((one, reader), (other, writer), path, found)
            }
            (Node::Enum(one), Node::Enum(other)) => {
                self.names(reader, writer, path, found);
                self.symbols((one, reader), (other, writer), path, found)
            }
            (Node::Fixed(one), Node::Fixed(other)) => {
                self.names(reader, writer, path, found);
                self.sizes((one, reader), (other, writer), path, found);
                Ok(())
            }
            _ => {
                self.report(Detail::Types, reader, writer, path, found);
                Ok(())
            }
        }
    }

    /// Notes a difference whose places are those of the two uses.
    fn report(
        &mut self,
        detail: Detail,
        reader: Use,
        writer: Use,
        path: PathId,
        found: &mut Found,
    ) {
        let number = u32::try_from(self.differences.len()).expect("the budget ends before that");
        self.differences.push(Difference {
            detail,
            path,
            reader,
            writer,
        });
        found.push(number);
    }

    fn violations(&mut self, found: &Found) -> Result<Vec<Violation>, Exhausted> {
        let mut violations = Vec::with_capacity(found.len());
        for number in found {
            let difference = &self.differences[*number as usize];
            let violation = difference.violation(self.reader, self.writer, &self.paths);
            let length = violation.message.render("new", "old").len();
            self.budget
                .spend_many(Self::STEPS_PER_VIOLATION + cost(length / 16))?;
            violations.push(violation);
        }
        Ok(violations)
    }
}

fn cost(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// True when the writer's type is the reader's, or can be promoted to it.
fn reads(reader: Primitive, writer: Primitive) -> bool {
    use Primitive::{Bytes, Double, Float, Int, Long, String};
    reader == writer
        || matches!(
            (reader, writer),
            (Long, Int)
                | (Float, Int | Long)
                | (Double, Int | Long | Float)
                | (String, Bytes)
                | (Bytes, String)
        )
}
