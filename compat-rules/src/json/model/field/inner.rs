//! The values within a value: items, values of maps, branches, at all depths.
//!
//! A `$ref` within the text is followed, so that a definition is seen from everywhere that it is used; what lies behind
//! one has the place of the reference. Since few texts can say much that way, there are limits: of each field, and of
//! what is seen behind references in one schema.

use crate::policy::model::{Element, FieldType, Held, Inner, Inside};
use crate::value::Value;

use super::super::parts::{escaped, items, member, members};
use super::{branches_besides_null, field_type, held, is_map, is_null, of_word, seen, type_words};

/// Values that are seen behind references, in one schema.
const BEHIND_REFERENCES_MAX: usize = 20_000;

/// Steps that are spent on the defaults of one schema: a list of values and an enum multiply.
const DEFAULT_STEPS_MAX: usize = 1_000_000;

/// Looks into values, and knows how much more may be looked at.
pub(in crate::json::model) struct Look<'v> {
    root: &'v Value,
    left: usize,
    /// Steps that may still be spent on defaults.
    steps: usize,
}

/// Part of the way into a value.
struct Step<'s> {
    element: &'s Element,
    depth: usize,
    /// Behind a reference: places are those of the reference.
    is_behind: bool,
}

impl<'v> Look<'v> {
    pub(in crate::json::model) const fn new(root: &'v Value) -> Self {
        Self {
            root,
            left: BEHIND_REFERENCES_MAX,
            steps: DEFAULT_STEPS_MAX,
        }
    }

    /// The whole text.
    pub(in crate::json::model) const fn root(&self) -> &'v Value {
        self.root
    }

    /// True if there are so many steps left for defaults, which then are spent.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                true
            }
            None => false,
        }
    }

    /// The values within the schema, which stands here.
    pub(super) fn inner(&mut self, schema: &'v Value, element: &Element) -> Vec<Inner> {
        let mut inside = Inside::default();
        let step = Step {
            element,
            depth: 1,
            is_behind: false,
        };
        self.value(schema, &step, &mut inside);
        inside.into_found()
    }

    /// What the schema of an object lets in besides its properties, and what is within.
    pub(in crate::json::model) fn besides(
        &mut self,
        schema: &'v Value,
        element: &Element,
    ) -> Vec<Inner> {
        let mut inside = Inside::default();
        let step = Step {
            element,
            depth: 1,
            is_behind: false,
        };
        self.further(schema, &step, &mut inside);
        let found = inside.into_found().into_iter();
        // What may be anything only says that the object is open.
        found
            .filter(|one| one.held.r#type != FieldType::Any)
            .collect()
    }

    /// The schema itself, if it is a schema of values that are no records, and what is within.
    pub(in crate::json::model) fn loose(&mut self) -> Vec<Inner> {
        let element = Element::default();
        let held = held(self.root, self.root);
        if matches!(held.r#type, FieldType::Record | FieldType::Any) {
            return Vec::new();
        }
        let mut loose = vec![Inner {
            element: element.clone(),
            held,
        }];
        loose.extend(self.inner(self.root, &element));
        loose
    }

    fn value(&mut self, schema: &'v Value, step: &Step<'_>, inside: &mut Inside) {
        let seen = seen(self.root, schema);
        let step = Step {
            is_behind: step.is_behind || !std::ptr::eq(seen, schema),
            ..*step
        };
        let words = type_words(seen);
        let is = |r#type, word| match words.is_empty() {
            true => field_type(seen) == r#type,
            false => words.contains(&word),
        };
        let (branches, is_plain) = (branches_besides_null(seen), member(seen, "enum").is_none());
        let of_words: Vec<_> = words.iter().filter(|word| **word != "null").collect();
        if of_words.len() > 1 && is_plain && branches <= 1 {
            for word in of_words {
                let held = Held {
                    r#type: of_word(word, seen),
                    type_name: (*word).to_owned(),
                    branches: 1,
                    // Of what is told by another word, only that it is a list or a map.
                    is_outer: false,
                    ..held(self.root, seen)
                };
                if self.has_room(&step) {
                    inside.add(step.element, held, step.depth);
                }
            }
        }
        if is(FieldType::Array, "array") {
            self.items(seen, &step, inside);
        }
        if is_map(seen) && is(FieldType::Map, "object") && member(seen, "properties").is_none() {
            self.further(seen, &step, inside);
        }
        if branches > 1 {
            self.branches(seen, &step, inside);
        }
    }

    fn items(&mut self, schema: &'v Value, step: &Step<'_>, inside: &mut Inside) {
        for keyword in ["prefixItems", "items"] {
            for (number, one) in items(schema, keyword).enumerate() {
                self.see(one, step, ("[]", &format!("/{keyword}/{number}")), inside);
            }
        }
        for keyword in ["items", "additionalItems", "unevaluatedItems"] {
            if let Some(one) = member(schema, keyword) {
                self.see(one, step, ("[]", &format!("/{keyword}")), inside);
            }
        }
    }

    fn further(&mut self, schema: &'v Value, step: &Step<'_>, inside: &mut Inside) {
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            if let Some(one) = member(schema, keyword) {
                self.see(one, step, ("{}", &format!("/{keyword}")), inside);
            }
        }
        for (pattern, one) in members(schema, "patternProperties") {
            let pointer = format!("/patternProperties/{}", escaped(pattern));
            self.see(one, step, ("{}", &pointer), inside);
        }
    }

    fn branches(&mut self, schema: &'v Value, step: &Step<'_>, inside: &mut Inside) {
        for keyword in ["oneOf", "anyOf"] {
            for (number, one) in items(schema, keyword).enumerate() {
                if !is_null(one) {
                    let (name, pointer) = (format!("<{number}>"), format!("/{keyword}/{number}"));
                    self.see(one, step, (&name, &pointer), inside);
                }
            }
        }
    }

    /// Takes a value and looks into it. What is no object says nothing of a type.
    fn see(
        &mut self,
        schema: &'v Value,
        step: &Step<'_>,
        (name, pointer): (&str, &str),
        inside: &mut Inside,
    ) {
        if schema.as_object().is_none() {
            return;
        }
        let (pointer, place) = match step.is_behind {
            true => ("", None),
            false => (pointer, Some(schema.place)),
        };
        let element = step.element.inside(name, pointer, place);
        let held = held(self.root, schema);
        let next = Step {
            element: &element,
            depth: step.depth + 1,
            is_behind: step.is_behind,
        };
        if self.has_room(step) && inside.add(&element, held, step.depth) {
            self.value(schema, &next, inside);
        }
    }

    /// What stands in the text itself is as much as the text; what is behind references is counted.
    fn has_room(&mut self, step: &Step<'_>) -> bool {
        let has_room = !step.is_behind || self.left > 0;
        self.left = self.left.saturating_sub(usize::from(step.is_behind));
        has_room
    }
}
