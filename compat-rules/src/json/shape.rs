//! Which nodes of a tree are the same JSON.
//!
//! Equal children of a combined schema count once. Comparing every two of them deeply could take for ever, so
//! equal nodes get equal numbers, children before parents, and nobody has to look twice.

use std::collections::BTreeMap;

use super::keywords::Keywords;
use super::tree::{Kind, Node, NodeId};
use super::values;
use crate::value::Value;

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
    is_wanted: bool,
}

impl Shapes {
    /// Remembers what a node says beyond its kind.
    pub(super) fn note(&mut self, id: NodeId, other: Other) {
        self.is_wanted = true;
        self.others.insert(id, other);
    }

    /// Takes note of a list of types: one that repeats a word has equal children.
    pub(super) fn note_types(&mut self, words: &[Value]) {
        let repeats = |at: usize| {
            let word = words[at].as_str();
            words[..at].iter().any(|other| other.as_str() == word)
        };
        // There are seven words, so a longer list repeats one.
        self.is_wanted |= words.len() > 7 || (1..words.len()).any(repeats);
    }

    /// Gives every node its number, children before parents; does nothing if nobody will ask.
    pub(super) fn fill_in(&self, nodes: &mut [Node], bottom_up: &[NodeId]) {
        if !self.is_wanted {
            return;
        }
        let mut known: BTreeMap<(Kind, &str), u32> = BTreeMap::new();
        for id in bottom_up {
            let mut kind = nodes[*id as usize].kind.clone();
            if let Kind::Reference(target, _) = &mut kind {
                *target = 0;
            } else {
                kind.each_child(&mut |child| *child = nodes[*child as usize].shape);
            }
            let other = self.others.get(id).map_or("", |other| other.0.as_str());
            let next = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
            nodes[*id as usize].shape = *known.entry((kind, other)).or_insert(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::json::tree::Kind;
    use crate::{References, Strictness};

    /// Whether the two members of a `oneOf` count as one.
    fn are_same(one: &str, other: &str) -> bool {
        let text = format!(r#"{{"oneOf":[{one},{other}]}}"#);
        let schema = crate::json::parse(&text, &References::none(), Strictness::New).unwrap();
        let tree = schema.tree.as_ref().as_ref().unwrap();
        let Kind::Combined(_, members) = &tree.node(tree.root).kind else {
            panic!("{text} is not combined");
        };
        tree.node(members[0]).shape == tree.node(members[1]).shape
    }

    #[test]
    fn members_that_are_the_same_json_have_one_shape() {
        let object = r#"{"type":"object","properties":{"a":{"type":"string"}},"x":{"p":1,"q":2}}"#;
        assert!(are_same(object, object));
        let reordered =
            r#"{"x":{"q":2,"p":1},"properties":{"a":{"type":"string"}},"type":"object"}"#;
        assert!(are_same(object, reordered));
        assert!(are_same(r#"{"required":[]}"#, r#"{"properties":{}}"#));
    }

    #[test]
    fn a_word_that_a_list_of_types_repeats_is_one_child() {
        for start in [
            "{",
            r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","#,
        ] {
            let text = format!(r#"{start}"type":["string","null","string"]}}"#);
            let schema = crate::json::parse(&text, &References::none(), Strictness::New).unwrap();
            let tree = schema.tree.as_ref().as_ref().unwrap();
            let Kind::Combined(_, members) = &tree.node(tree.root).kind else {
                panic!("{text} is not combined");
            };
            let shapes: Vec<u32> = members.iter().map(|id| tree.node(*id).shape).collect();
            assert!(shapes[0] == shapes[2] && shapes[0] != shapes[1], "{text}");
            assert_ne!(shapes[0], 0);
        }
    }

    #[test]
    fn members_that_differ_anywhere_have_different_shapes() {
        let pairs = [
            (r#"{"type":"string"}"#, r#"{"minLength":1}"#),
            (r#"{"type":"string"}"#, r#"{"type":"string","title":"t"}"#),
            (r#"{"type":"string"}"#, r#"{"type":"string","x":1}"#),
            (r#"{"maximum":1}"#, r#"{"maximum":1.0}"#),
            (r##"{"$ref":"#"}"##, r##"{"$ref":"#/oneOf/0"}"##),
            // The difference is inside of a part.
            (
                r#"{"type":["object","null"],"properties":{"a":{"type":"string"}}}"#,
                r#"{"type":["object","null"],"properties":{"a":{"type":"integer"}}}"#,
            ),
            (
                r#"{"type":"object","not":{},"properties":{"a":{"type":"string"}}}"#,
                r#"{"type":"object","not":{},"properties":{"a":{"type":"integer"}}}"#,
            ),
        ];
        for (one, other) in pairs {
            assert!(!are_same(one, other), "{one} {other}");
        }
    }
}
