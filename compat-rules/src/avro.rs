//! Avro schemas (`avro.md`).
//!
//! [`mod@parse`] reads a text and its imports into one graph of types; the texts, the comparison and everything else are
//! walks over that graph. A schema is refused if it nests deeper, written out, than its own text could be read again.

mod compare;
mod equal;
mod graph;
mod logical;
mod model;
mod name;
mod parse;
mod positions;
mod print;
mod style;
mod tags;

use std::sync::Arc;

use crate::value::Rules;
use crate::{Budget, Exhausted, InvalidSchema, References, Strictness, Violation};

pub(crate) use compare::RULES;
use graph::{Graph, Node, TypeId, Use};
use parse::{Parser, Source};
use print::{Form, NullNamespace, Unprintable};

/// A schema that was understood.
#[derive(Debug, Clone)]
pub struct Schema {
    canonical: String,
    graph: Arc<Graph>,
    root: Use,
    /// The roots of the imports.
    imported: Vec<TypeId>,
    references: References,
}

pub(crate) fn parse(
    text: &str,
    references: &References,
    strictness: Strictness,
) -> Result<Schema, InvalidSchema> {
    let mut parser = Parser::new(strictness);
    let mut imported = Vec::new();
    for import in references.iter() {
        let root = parser.text(&import.text, Source::Import);
        imported.push(root.map_err(|invalid| invalid.in_import(&import.name))?.id);
    }
    let root = parser.text(text, Source::Main)?;
    let moves_definitions = parser.moves_definitions() || !imported.is_empty();
    let graph = parser.graph;
    // Only the root of an import is written as a name; the types nested in it are written where they are used.
    let canonical = print::text(&graph, root, &imported, Form::Canonical)?;
    if moves_definitions {
        let resolved = print::text(&graph, root, &[], Form::Canonical)?;
        if depth(&resolved).max(depth(&canonical)) > Rules::DEPTH_MAX {
            return Err(Unprintable::TooDeep.into());
        }
    }
    Ok(Schema {
        canonical,
        graph: Arc::new(graph),
        root,
        imported,
        references: references.clone(),
    })
}

/// How deep a JSON text nests.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
    }
    deepest
}

pub(crate) fn compare(
    reader: &Schema,
    writer: &Schema,
    budget: &mut Budget,
) -> Result<Vec<Violation>, Exhausted> {
    compare::compare(
        (&reader.graph, reader.root),
        (&writer.graph, writer.root),
        budget,
    )
}

impl Schema {
    pub(crate) fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The normal form: a text written for that, and read again.
    pub(crate) fn normalized(&self) -> Result<Self, InvalidSchema> {
        // A type without a namespace may not go where it would move to; then it stays. Never refuse.
        let normal = |null_namespace| {
            let form = Form::Normal(null_namespace);
            let text = print::text(&self.graph, self.root, &self.imported, form)?;
            parse(&text, &self.references, Strictness::Stored)
        };
        let normal = normal(NullNamespace::Moves).or_else(|_| normal(NullNamespace::Stays));
        Ok(normal.unwrap_or_else(|_| self.clone()))
    }

    /// There is nothing that parsing does not demand already.
    pub(crate) const fn validate(&self, _fields: bool) -> Result<(), InvalidSchema> {
        Ok(())
    }

    pub(crate) fn has_top_level_field(&self, name: &str) -> bool {
        match &self.graph[self.root.id] {
            Node::Record(record) => record.field(name).is_some(),
            _ => false,
        }
    }

    /// The text with everything imported written out.
    pub(crate) fn resolved(&self) -> String {
        // It was written once when the schema was read, so it can be again.
        let text = print::text(&self.graph, self.root, &[], Form::Canonical);
        text.unwrap_or_else(|_| self.canonical.clone())
    }

    pub(crate) fn is_equivalent(&self, other: &Self) -> bool {
        equal::same_schema((&self.graph, self.root), (&other.graph, other.root))
    }

    /// The graphs hold what is imported, so where a definition comes from makes no difference.
    pub(crate) fn is_resolved_form_of(&self, other: &Self) -> bool {
        self.is_equivalent(other)
    }
}
