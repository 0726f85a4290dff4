//! The end of a text: every name that was used must be defined by now.

use std::collections::HashMap;

use crate::{InvalidSchema, Strictness};

use super::super::graph::{Node, TypeId, Undefined, Use};
use super::Parser;

impl Parser {
    /// Settles the names that were used before their definition, and returns the root.
    pub(super) fn finish(&mut self, root: Use) -> Result<Use, InvalidSchema> {
        let mut renamed = HashMap::new();
        for id in &self.text.awaited {
            let Node::Undefined(undefined) = &self.graph[*id] else {
                continue;
            };
            let Some(other) = self.in_null_namespace(undefined) else {
                return Err(not_defined(undefined));
            };
            renamed.insert(*id, other);
        }
        if self.text.awaited.is_empty() {
            return Ok(root);
        }
        if self.strictness == Strictness::New {
            self.check_defaults_again()?;
        }
        Ok(self.settle(root, &renamed))
    }

    /// What a simple name means if it is not defined in the namespace where it is used.
    ///
    /// The reference knows this rule for types that are complete, not for a record within itself, although its
    /// canonical text needs that at times: such a text can be stored, but not be read again. We read it.
    fn in_null_namespace(&self, undefined: &Undefined) -> Option<TypeId> {
        match self.strictness {
            Strictness::New => None,
            Strictness::Stored => self.defined(&undefined.written),
        }
    }

    /// From here on no use tells that it came before the definition.
    fn settle(&mut self, root: Use, renamed: &HashMap<TypeId, TypeId>) -> Use {
        let settled = |r#use: Use| Use {
            id: renamed.get(&r#use.id).copied().unwrap_or(r#use.id),
            forward: false,
            ..r#use
        };
        for node in self.graph.nodes_from_mut(self.text.first_node) {
            for r#use in node.uses_mut() {
                *r#use = settled(*r#use);
            }
        }
        settled(root)
    }
}

fn not_defined(undefined: &Undefined) -> InvalidSchema {
    let reason = format!("Undefined schema: {}", undefined.full_name);
    match undefined.place {
        Some(place) => InvalidSchema::at(place, reason),
        None => InvalidSchema::new(reason),
    }
}
