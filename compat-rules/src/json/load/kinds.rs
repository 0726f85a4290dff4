//! The keywords that belong to one kind of value: strings, numbers, arrays, objects.

use super::{Loader, Scope};
use crate::json::dialect::Dialect;
use crate::json::fault::Fault;
use crate::json::keywords::{must_be, strings};
use crate::json::pattern;
use crate::json::tree::{Additional, ArrayRules, NodeId, NumberRules, ObjectRules, StringRules};
use crate::value::{Kind as ValueKind, Member, Value};

/// The keywords that make a schema say something about strings.
pub(super) const STRING: [&str; 4] = ["minLength", "maxLength", "pattern", "format"];
/// The same for numbers.
pub(super) const NUMBER: [&str; 5] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// A schema and the name that it has.
pub(super) type Named = (Box<str>, NodeId);
/// Names that have to be there when another is.
pub(super) type Dependent = (Box<str>, Vec<Box<str>>);

impl<'v> Loader<'v> {
    pub(super) fn string_rules(scope: &Scope<'v>, typed: bool) -> Result<StringRules, Fault> {
        let keywords = scope.keywords;
        let pattern = keywords.string("pattern")?;
        if let (Some(pattern), Some(value)) = (pattern, keywords.get("pattern")) {
            check_pattern(pattern, value)?;
        }
        let format = keywords.string("format")?;
        Ok(StringRules {
            typed,
            min_length: keywords.count("minLength")?,
            max_length: keywords.count("maxLength")?,
            pattern: pattern.map(Into::into),
            // The modern loader of the reference forgets it.
            format: format
                .filter(|_| !keywords.dialect.is_modern())
                .map(Into::into),
        })
    }

    pub(super) fn number_rules(scope: &Scope<'v>) -> Result<NumberRules, Fault> {
        let keywords = scope.keywords;
        let multiple_of = keywords.number("multipleOf")?;
        if let (Some(number), Some(value)) = (multiple_of, keywords.get("multipleOf")) {
            let is_zero = number
                .decimal()
                .is_some_and(|decimal| decimal.digits == "0");
            if is_zero && !keywords.dialect.is_modern() {
                return Err(Fault::new(value.place, "multipleOf must not be 0"));
            }
        }
        let mut rules = NumberRules {
            minimum: keywords.number("minimum")?.cloned(),
            maximum: keywords.number("maximum")?.cloned(),
            multiple_of: multiple_of.cloned(),
            ..NumberRules::default()
        };
        if keywords.dialect == Dialect::Draft4 {
            rules.exclusive_flags = [
                keywords.boolean("exclusiveMinimum")?,
                keywords.boolean("exclusiveMaximum")?,
            ];
        } else {
            rules.exclusive_minimum = keywords.number("exclusiveMinimum")?.cloned();
            rules.exclusive_maximum = keywords.number("exclusiveMaximum")?.cloned();
        }
        Ok(rules)
    }

    /// What the drafts have in common: everything but which keyword lists the items.
    pub(super) fn array_rules(scope: &Scope<'v>) -> Result<ArrayRules, Fault> {
        let keywords = scope.keywords;
        Ok(ArrayRules {
            min_items: keywords.count("minItems")?,
            max_items: keywords.count("maxItems")?,
            unique: keywords.boolean("uniqueItems")?.unwrap_or(false),
            ..ArrayRules::default()
        })
    }

    /// What the drafts have in common: everything but the dependencies.
    pub(super) fn object_rules(&mut self, scope: &Scope<'v>) -> Result<ObjectRules, Fault> {
        let keywords = scope.keywords;
        let id_keyword = keywords.dialect.id_keyword();
        let mut properties = Vec::new();
        for Member { key, value, .. } in keywords.members("properties")? {
            // The classical reference takes such a member for the id of the object that lists the properties.
            let is_id = !keywords.dialect.is_modern() && key == id_keyword;
            if !(is_id && value.as_object().is_none()) {
                properties.push((key.as_str().into(), self.child(scope, key, value)?));
            }
        }
        let mut patterns = Vec::new();
        for member in keywords.members("patternProperties")? {
            check_pattern(&member.key, &member.value)?;
            let id = self.child(scope, &member.key, &member.value)?;
            patterns.push((member.key.as_str().into(), id));
        }
        let required = keywords.strings("required")?.unwrap_or_default();
        Ok(ObjectRules {
            properties: sorted(properties),
            patterns,
            required: set(&required),
            additional: self.additional(scope, "additionalProperties")?,
            min_properties: keywords.count("minProperties")?,
            max_properties: keywords.count("maxProperties")?,
            ..ObjectRules::default()
        })
    }

    pub(super) fn additional(
        &mut self,
        scope: &Scope<'v>,
        keyword: &str,
    ) -> Result<Additional, Fault> {
        let Some(value) = scope.keywords.get(keyword) else {
            return Ok(Additional::Permitted);
        };
        Ok(match value.kind {
            ValueKind::Boolean(true) => Additional::Permitted,
            ValueKind::Boolean(false) => Additional::Forbidden,
            _ => Additional::Schema(self.child(scope, keyword, value)?),
        })
    }

    /// The members of an object whose values are schemas.
    pub(super) fn schemas(
        &mut self,
        scope: &Scope<'v>,
        members: &'v [Member],
    ) -> Result<Vec<Named>, Fault> {
        let mut named = Vec::new();
        for Member { key, value, .. } in members {
            named.push((key.as_str().into(), self.child(scope, key, value)?));
        }
        Ok(sorted(named))
    }

    /// The schemas in an array.
    pub(super) fn list(
        &mut self,
        scope: &Scope<'v>,
        keyword: &str,
        values: &'v [Value],
    ) -> Result<Vec<NodeId>, Fault> {
        values
            .iter()
            .map(|value| self.child(scope, keyword, value))
            .collect()
    }
}

/// An empty list of names says nothing, and is forgotten.
pub(super) fn dependent_names(key: &str, value: &Value) -> Result<Option<Dependent>, Fault> {
    let names = strings(key, value)?;
    Ok((!names.is_empty()).then(|| (key.into(), set(&names))))
}

pub(super) fn sorted<T>(mut named: Vec<(Box<str>, T)>) -> Vec<(Box<str>, T)> {
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    named
}

fn set(names: &[&str]) -> Vec<Box<str>> {
    let mut set: Vec<Box<str>> = names.iter().map(|name| Box::from(*name)).collect();
    set.sort();
    set.dedup();
    set
}

fn check_pattern(pattern: &str, value: &Value) -> Result<(), Fault> {
    pattern::check(pattern)
        .map_err(|reason| Fault::new(value.place, format!("{pattern} is no pattern: {reason}")))
}

/// The fault of a type that is none of the seven.
pub(super) fn unknown_type(value: &Value) -> Fault {
    match value.as_str() {
        Some(word) => Fault::new(
            value.place,
            format!(
                "type must be array, boolean, integer, null, number, object or string, not {word:?}"
            ),
        ),
        None => must_be("type", value, "one of the seven types, or an array of them"),
    }
}
