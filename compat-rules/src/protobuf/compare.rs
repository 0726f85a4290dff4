//! Why a reader cannot read what a writer wrote (`protobuf.md` section 11).
//!
//! One joint walk over two files, by name for types and by number for fields. Only what breaks is reported; the
//! reference finds more and calls it harmless. The rules stand beside the construct that they belong to:
//! `message.rs` and `oneof.rs` hold what happens to members, `field.rs` what happens to one field.

mod field;
mod message;
mod oneof;
mod rule;

use std::collections::HashMap;

use super::Schema;
use super::document::{Document, Message};
use super::names::{Names, Scope};
pub(crate) use field::map_types;
pub(crate) use rule::RULES;

use crate::{Budget, Exhausted, Place, Violation};

/// Every breaking difference between two schemas.
///
/// # Errors
/// [`Exhausted`] when types that lead to each other in too many ways cost more than the budget.
pub(crate) fn compare(
    reader: &Schema,
    writer: &Schema,
    budget: &mut Budget,
) -> Result<Vec<Violation>, Exhausted> {
    let names = Pair {
        reader: reader.names(),
        writer: writer.names(),
    };
    let mut walk = Walk {
        names: &names,
        scope: Pair {
            reader: package_scope(&names.reader, &reader.document),
            writer: package_scope(&names.writer, &writer.document),
        },
        path: Vec::new(),
        active: Vec::new(),
        outermost_repeat: usize::MAX,
        finished: HashMap::new(),
        found: Vec::new(),
        budget,
    };
    walk.documents(&reader.document, &writer.document)?;
    Ok(walk.found)
}

fn package_scope(names: &Names<'_>, document: &Document) -> Scope {
    names.scope(document.package.as_deref().unwrap_or_default())
}

/// The same thing on both sides.
#[derive(Debug, Clone, Copy)]
struct Pair<T> {
    reader: T,
    writer: T,
}

/// What a difference costs: making and keeping one is dearer than a step of the walk.
const FINDING_STEPS: u64 = 20;

type MessagePair = (*const Message, *const Message);

struct Walk<'a, 'b> {
    names: &'b Pair<Names<'a>>,
    /// Where names are looked up now.
    scope: Pair<Scope>,
    /// The segments of the path that a difference found now would get.
    path: Vec<String>,
    /// The pairs of messages being compared, outermost first. A pair that comes up again inside itself is not
    /// compared again.
    active: Vec<MessagePair>,
    /// The outermost active pair that was met again since this was last reset.
    outermost_repeat: usize,
    /// What the comparison in depth of two types found, where that did not depend on what was active.
    finished: HashMap<MessagePair, Vec<Violation>>,
    found: Vec<Violation>,
    budget: &'b mut Budget,
}

impl<'a> Walk<'a, '_> {
    fn documents(&mut self, reader: &'a Document, writer: &'a Document) -> Result<(), Exhausted> {
        if reader.package != writer.package {
            let start = Some(Place::START);
            self.report(&rule::PACKAGE_CHANGED, start, start)?;
        }
        self.level(&reader.messages, &writer.messages)
    }

    fn enter(&mut self, name: &str) {
        self.path.push(name.to_owned());
        self.scope.reader.enter(&self.names.reader, name);
        self.scope.writer.enter(&self.names.writer, name);
    }

    fn leave(&mut self) {
        self.path.pop();
        self.scope.reader.leave();
        self.scope.writer.leave();
    }

    /// Reports a difference at the current path.
    fn report(
        &mut self,
        breaking: &'static rule::Breaking,
        reader_place: Option<Place>,
        writer_place: Option<Place>,
    ) -> Result<(), Exhausted> {
        let path = format!("#/{}", self.path.join("/"));
        self.budget
            .spend_many(FINDING_STEPS + path.len() as u64 / 64)?;
        let message = breaking.message(&path);
        self.found.push(Violation {
            reader_place,
            writer_place,
            ..Violation::new(&breaking.rule, path, message)
        });
        Ok(())
    }

    fn report_below(
        &mut self,
        segments: &[&str],
        breaking: &'static rule::Breaking,
        reader_place: Option<Place>,
        writer_place: Option<Place>,
    ) -> Result<(), Exhausted> {
        self.path
            .extend(segments.iter().map(|segment| (*segment).to_owned()));
        self.report(breaking, reader_place, writer_place)?;
        self.path.truncate(self.path.len() - segments.len());
        Ok(())
    }
}
