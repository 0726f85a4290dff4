//! 2019-09 and 2020-12, which the reference reads alike (`json-schema.md` sections 3.2 and 4.2).
//!
//! Each keyword is a piece of its own; `join.rs` puts pieces together to parts. `format`, `readOnly` and `writeOnly`
//! are checked and forgotten.

use super::join::{Group, Joined, Piece, in_order_of_the_reference};
use super::kinds::{dependent_names, sorted, unknown_type};
use super::{Loader, Scope};
use crate::json::fault::Fault;
use crate::json::keywords::{Class, Keywords, Part, cut, must_be};
use crate::json::tree::{Additional, ArrayRules, Criterion, Kind, NodeId, ObjectRules};
use crate::json::{uri, values};
use crate::value::{Kind as ValueKind, Member, Value};

/// Keywords that the reference looks at after all others, in this order.
const LAST: [&str; 4] = [
    "properties",
    "patternProperties",
    "unevaluatedItems",
    "unevaluatedProperties",
];

impl<'v> Loader<'v> {
    pub(super) fn modern(&mut self, slot: NodeId, scope: &Scope<'v>) -> Result<Kind, Fault> {
        let keywords = scope.keywords;
        Self::check_modern(scope)?;
        let mut joined = Joined::default();
        for member in in_order_of_the_reference(keywords.object.members()) {
            let keyword = member.key.as_str();
            if LAST.contains(&keyword) {
                continue;
            }
            match Class::of(keyword) {
                Some(class) => joined.add(Piece::Group(Group::of(class, keyword))),
                None => self.piece(scope, member, &mut joined)?,
            }
        }
        for keyword in LAST {
            if let (Some(class), true) = (Class::of(keyword), says_something(keywords, keyword)?) {
                joined.add(Piece::Group(Group::of(class, keyword)));
            }
        }
        let mut parts = Vec::new();
        for piece in joined.pieces() {
            parts.push(self.part_of(slot, scope, piece)?);
        }
        // The reference joins what is named dynamically with the rest, even if there is no rest.
        if let Some(reference) = keywords.get("$dynamicRef") {
            if parts.is_empty() {
                parts.push(Kind::Empty);
            }
            parts.insert(0, self.reference(scope, reference)?);
        }
        if parts.len() > 1 {
            self.joined.insert(slot);
        }
        Ok(self.all_of(slot, parts))
    }

    fn check_modern(scope: &Scope<'v>) -> Result<(), Fault> {
        let keywords = scope.keywords;
        for keyword in ["title", "description", "format", "$dynamicAnchor"] {
            keywords.string(keyword)?;
        }
        for keyword in ["readOnly", "writeOnly", "deprecated"] {
            keywords.boolean(keyword)?;
        }
        match keywords.get("$id") {
            Some(value) if value.as_str().is_some_and(|id| !uri::is_reference(id)) => {
                return Err(must_be("$id", value, "a URI reference"));
            }
            _ => {}
        }
        Ok(())
    }

    /// A keyword that does not belong to one kind of value.
    fn piece(
        &mut self,
        scope: &Scope<'v>,
        member: &'v Member,
        joined: &mut Joined,
    ) -> Result<(), Fault> {
        let Member { key, value, .. } = member;
        let combined = match key.as_str() {
            "$ref" => Some(self.reference(scope, value)?),
            "enum" => scope
                .keywords
                .array("enum")?
                .map(|values| Kind::Enum(values::texts(values))),
            "const" => Some(Kind::Const(values::text(value))),
            "allOf" => self.combined(scope, Criterion::All)?,
            "anyOf" => self.combined(scope, Criterion::Any)?,
            "oneOf" => self.combined(scope, Criterion::One)?,
            "not" => Some(Kind::Not(self.child(scope, key, value)?)),
            "if" => Some(self.conditional(scope)?),
            "type" => {
                self.shapes.note_types(value.as_array().unwrap_or_default());
                joined.add(types(value)?);
                None
            }
            "format" => {
                joined.add_nothing();
                None
            }
            "readOnly" | "writeOnly" if value.as_bool() == Some(true) => {
                joined.add_nothing();
                None
            }
            _ => None,
        };
        if let Some(kind) = combined {
            joined.add(Piece::Whole(kind));
        }
        Ok(())
    }

    fn part_of(&mut self, slot: NodeId, scope: &Scope<'v>, piece: Piece) -> Result<Kind, Fault> {
        match piece {
            Piece::Whole(kind) => Ok(kind),
            Piece::Group(group) => self.group(scope, &group),
            Piece::Types(branches) => {
                let mut children = Vec::new();
                for branch in branches {
                    let kind = self.part_of(slot, scope, branch)?;
                    children.push(self.part(slot, kind));
                }
                Ok(Kind::Combined(Criterion::Any, children))
            }
        }
    }

    fn group(&mut self, scope: &Scope<'v>, group: &Group) -> Result<Kind, Fault> {
        let scope = &Scope {
            spot: scope.spot.clone(),
            keywords: scope.keywords.only(group.part),
            shaped: scope.shaped,
        };
        let typed = group.word.is_some();
        Ok(match group.class {
            Class::String => Kind::String(Box::new(Self::string_rules(scope, typed)?)),
            Class::Number => {
                let mut rules = Self::number_rules(scope)?;
                rules.typed = typed;
                rules.integer = group.word == Some("integer");
                Kind::Number(Box::new(rules))
            }
            Class::Array => {
                let mut rules = self.modern_array(scope)?;
                rules.typed = typed;
                Kind::Array(Box::new(rules))
            }
            Class::Object => {
                let mut rules = self.modern_object(scope)?;
                rules.typed = typed;
                Kind::Object(Box::new(rules))
            }
        })
    }

    fn modern_array(&mut self, scope: &Scope<'v>) -> Result<ArrayRules, Fault> {
        let keywords = scope.keywords;
        let mut rules = Self::array_rules(scope)?;
        if let Some(values) = keywords.array("prefixItems")? {
            rules.tuple = self.list(scope, "prefixItems", values)?;
        }
        match keywords.get("items") {
            Some(value) if value.as_bool() == Some(false) => {
                rules.additional = Additional::Forbidden;
            }
            Some(value) if value.as_bool() != Some(true) => {
                let id = self.child(scope, "items", value)?;
                let prefix = keywords.object.get("prefixItems").and_then(Value::as_array);
                if prefix.is_some_and(|values| !values.is_empty()) {
                    rules.additional = Additional::Schema(id);
                } else {
                    rules.items = Some(id);
                }
            }
            _ => {}
        }
        rules.contains = self.child_at(scope, "contains")?;
        if rules.contains.is_some() {
            // What is no number is as good as absent.
            let count = |keyword| {
                let number = keywords.object.get(keyword).and_then(Value::as_number);
                number.map(cut)
            };
            rules.min_contains = Some(count("minContains").unwrap_or(1));
            rules.max_contains = count("maxContains");
        }
        rules.unevaluated = self.child_at(scope, "unevaluatedItems")?;
        Ok(rules)
    }

    fn modern_object(&mut self, scope: &Scope<'v>) -> Result<ObjectRules, Fault> {
        let keywords = scope.keywords;
        let mut rules = self.object_rules(scope)?;
        for Member { key, value, .. } in keywords.members("dependentRequired")? {
            rules.dependent_names.extend(dependent_names(key, value)?);
        }
        rules.dependent_names = sorted(rules.dependent_names);
        rules.dependent_schemas = self.schemas(scope, keywords.members("dependentSchemas")?)?;
        rules.unevaluated = self.child_at(scope, "unevaluatedProperties")?;
        rules.names = self.child_at(scope, "propertyNames")?;
        Ok(rules)
    }
}

/// An empty list of properties says nothing.
fn says_something(keywords: Keywords<'_>, keyword: &str) -> Result<bool, Fault> {
    match keyword {
        "properties" | "patternProperties" => Ok(!keywords.members(keyword)?.is_empty()),
        _ => Ok(keywords.get(keyword).is_some()),
    }
}

/// What `type` says: one word, or a list of branches.
fn types(value: &Value) -> Result<Piece, Fault> {
    match &value.kind {
        ValueKind::String(word) => typed(word, value),
        ValueKind::Array(words) => {
            let branches: Result<_, Fault> = words
                .iter()
                .map(|value| {
                    let word = value.as_str().ok_or_else(|| unknown_type(value))?;
                    typed(word, value)
                })
                .collect();
            Ok(Piece::Types(branches?))
        }
        _ => Err(unknown_type(value)),
    }
}

fn typed(word: &str, value: &Value) -> Result<Piece, Fault> {
    let group = |class, word| {
        Piece::Group(Group {
            class,
            word: Some(word),
            part: Part::default(),
        })
    };
    Ok(match word {
        "boolean" => Piece::Whole(Kind::Boolean),
        "null" => Piece::Whole(Kind::Null),
        "string" => group(Class::String, "string"),
        "integer" => group(Class::Number, "integer"),
        "number" => group(Class::Number, "number"),
        "array" => group(Class::Array, "array"),
        "object" => group(Class::Object, "object"),
        _ => return Err(unknown_type(value)),
    })
}
