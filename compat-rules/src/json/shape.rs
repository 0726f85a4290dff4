//! Which nodes of a tree are the same JSON.
//!
//! Equal children of a combined schema count once. Comparing every two of them deeply could take for ever, so
//! equal nodes get equal numbers, children before parents, and nobody has to look twice.

use std::collections::BTreeMap;

use super::keywords::Keywords;
use super::tree::{Kind, Node, NodeId};
use super::values;

/// Keywords that a [`Kind`] holds, or that leave no trace in the reference.
const HELD: [&str; 47] = [
    "$dynamicRef",
    "$ref",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "required",
    "then",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "$schema",
    "$anchor",
    "$dynamicAnchor",
    "$comment",
    "deprecated",
];

/// What a schema says beyond its kind: id, title, description, default and keywords that nobody knows.
pub(super) struct Other(String);

impl Other {
    pub(super) fn new(keywords: Keywords<'_>, is_reference: bool) -> Self {
        let counts = |keyword: &str| match is_reference {
            true => matches!(keyword, "title" | "description"),
            false => !HELD.contains(&keyword),
        };
        let mut said: Vec<String> = keywords
            .object
            .members()
            .iter()
            .filter(|member| counts(&member.key))
            .map(|member| format!("{:?}:{}", member.key, values::text(&member.value)))
            .collect();
        said.sort();
        Self(said.join(","))
    }
}

/// Numbers nodes by what they are.
#[derive(Default)]
pub(super) struct Shapes {
    others: BTreeMap<NodeId, Other>,
}

impl Shapes {
    /// Remembers what a node says beyond its kind.
    pub(super) fn note(&mut self, id: NodeId, other: Other) {
        self.others.insert(id, other);
    }

    /// Gives every node its number; does nothing if nobody will ask.
    pub(super) fn fill_in(&self, nodes: &mut [Node]) {
        if self.others.is_empty() {
            return;
        }
        let mut known: BTreeMap<(Kind, &str), u32> = BTreeMap::new();
        // A child stands behind its parent.
        for id in (0..nodes.len()).rev() {
            let mut kind = nodes[id].kind.clone();
            if let Kind::Reference(target, _) = &mut kind {
                *target = 0;
            } else {
                kind.each_child(&mut |child| *child = nodes[*child as usize].shape);
            }
            let other = NodeId::try_from(id)
                .ok()
                .and_then(|id| self.others.get(&id))
                .map_or("", |other| other.0.as_str());
            let next = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
            nodes[id].shape = *known.entry((kind, other)).or_insert(next);
        }
    }
}
