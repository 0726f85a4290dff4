//! 2019-09 and 2020-12, which the reference reads alike (`json-schema.md` sections 3.2 and 4.2).
//!
//! Keywords of one kind make one part, together with the word in `type`. Where `type` is a list, they go to the
//! first branch of their kind. `format`, `readOnly` and `writeOnly` are checked and forgotten.

use super::kinds::{self, dependent_names, sorted, unknown_type};
use super::{Loader, Scope};
use crate::json::fault::Fault;
use crate::json::keywords::must_be;
use crate::json::tree::{
    Additional, ArrayRules, Criterion, Kind, NodeId, NumberRules, ObjectRules, StringRules,
};
use crate::json::{uri, values};
use crate::value::{Kind as ValueKind, Member, Value};

const ARRAY: [&str; 7] = [
    "prefixItems",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "unevaluatedItems",
];
/// Apart from these, `properties` and `patternProperties` count if there is something in them.
const OBJECT: [&str; 8] = [
    "required",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "additionalProperties",
    "unevaluatedProperties",
    "propertyNames",
];

/// The keywords of each kind, as long as no type has taken them.
struct Kinds {
    array: Option<ArrayRules>,
    object: Option<ObjectRules>,
    number: Option<NumberRules>,
    string: Option<StringRules>,
}

impl<'v> Loader<'v> {
    pub(super) fn modern(&mut self, slot: NodeId, scope: &Scope<'v>) -> Result<Kind, Fault> {
        let keywords = scope.keywords;
        self.check_modern(scope)?;
        let mut parts = Vec::new();
        if let Some(reference) = keywords.get("$ref") {
            parts.push(self.reference(scope, reference)?);
        }
        let dynamic = keywords.get("$dynamicRef");
        if let Some(reference) = dynamic {
            parts.push(self.reference(scope, reference)?);
        }
        if let Some(values) = keywords.array("enum")? {
            parts.push(Kind::Enum(values::texts(values)));
        }
        for criterion in [Criterion::All, Criterion::One, Criterion::Any] {
            parts.extend(self.combined(scope, criterion)?);
        }
        parts.extend(self.child_at(scope, "not")?.map(Kind::Not));
        parts.extend(keywords.get("const").map(values::text).map(Kind::Const));
        let mut kinds = self.kinds(scope)?;
        if let Some(value) = keywords.get("type") {
            parts.extend(self.modern_types(slot, value, &mut kinds)?);
        }
        parts.extend(kinds.array.map(|rules| Kind::Array(Box::new(rules))));
        parts.extend(kinds.object.map(|rules| Kind::Object(Box::new(rules))));
        parts.extend(kinds.number.map(|rules| Kind::Number(Box::new(rules))));
        parts.extend(kinds.string.map(|rules| Kind::String(Box::new(rules))));
        if keywords.get("if").is_some() {
            parts.push(self.conditional(scope)?);
        }
        // The reference joins what is named dynamically with the rest, even if there is no rest.
        if dynamic.is_some() && parts.len() == 1 {
            parts.push(Kind::Empty);
        }
        Ok(self.all_of(slot, parts))
    }

    fn check_modern(&mut self, scope: &Scope<'v>) -> Result<(), Fault> {
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
        // Definitions are read whether or not somebody refers to them.
        for keyword in ["$defs", "definitions"] {
            for Member { key, value, .. } in keywords.members(keyword)? {
                self.child(scope, key, value)?;
            }
        }
        Ok(())
    }

    fn kinds(&mut self, scope: &Scope<'v>) -> Result<Kinds, Fault> {
        let keywords = scope.keywords;
        let lists_properties = ["properties", "patternProperties"]
            .into_iter()
            .map(|keyword| keywords.members(keyword))
            .collect::<Result<Vec<_>, Fault>>()?
            .into_iter()
            .any(|members| !members.is_empty());
        let mut kinds = Kinds {
            array: None,
            object: None,
            number: None,
            string: None,
        };
        if keywords.has_any(&ARRAY) {
            kinds.array = Some(self.modern_array(scope)?);
        }
        if lists_properties || keywords.has_any(&OBJECT) {
            kinds.object = Some(self.modern_object(scope)?);
        }
        if keywords.has_any(&kinds::NUMBER) {
            kinds.number = Some(Self::number_rules(scope)?);
        }
        // `format` alone says nothing here.
        if keywords.has_any(&kinds::STRING[..3]) {
            kinds.string = Some(Self::string_rules(scope, false)?);
        }
        Ok(kinds)
    }

    fn modern_types(
        &mut self,
        slot: NodeId,
        value: &Value,
        kinds: &mut Kinds,
    ) -> Result<Option<Kind>, Fault> {
        let words = match &value.kind {
            ValueKind::String(word) => return kinds.take(word, value).map(Some),
            ValueKind::Array(words) => words,
            // Neither a word nor a list: the reference does not look further.
            _ => return Ok(None),
        };
        let children: Result<_, Fault> = words
            .iter()
            .map(|value| {
                let word = value.as_str().ok_or_else(|| unknown_type(value))?;
                let kind = kinds.take(word, value)?;
                Ok(self.part(slot, kind))
            })
            .collect();
        Ok(Some(Kind::Combined(Criterion::Any, children?)))
    }

    fn modern_array(&mut self, scope: &Scope<'v>) -> Result<ArrayRules, Fault> {
        let keywords = scope.keywords;
        let mut rules = Self::array_rules(scope)?;
        let prefix = keywords.array("prefixItems")?;
        if let Some(values) = prefix {
            rules.tuple = self.list(scope, "prefixItems", values)?;
        }
        match keywords.get("items") {
            None => {}
            Some(value) if value.as_bool() == Some(true) => {}
            Some(value) if value.as_bool() == Some(false) => {
                rules.additional = Additional::Forbidden;
            }
            Some(value) => {
                let id = self.child(scope, "items", value)?;
                if prefix.is_some_and(|values| !values.is_empty()) {
                    rules.additional = Additional::Schema(id);
                } else {
                    rules.items = Some(id);
                }
            }
        }
        rules.contains = self.child_at(scope, "contains")?;
        if rules.contains.is_some() {
            // What is no number is as good as absent.
            let count = |keyword| {
                let number = keywords.get(keyword).and_then(Value::as_number);
                number.map(|_| keywords.count(keyword)).transpose()
            };
            rules.min_contains = Some(count("minContains")?.flatten().unwrap_or(1));
            rules.max_contains = count("maxContains")?.flatten();
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

impl Kinds {
    /// The part for a word in `type`, with the keywords of its kind if nobody had them yet.
    fn take(&mut self, word: &str, value: &Value) -> Result<Kind, Fault> {
        Ok(match word {
            "boolean" => Kind::Boolean,
            "null" => Kind::Null,
            "string" => {
                let mut rules = self.string.take().unwrap_or_default();
                rules.typed = true;
                Kind::String(Box::new(rules))
            }
            "integer" | "number" => {
                let mut rules = self.number.take().unwrap_or_default();
                rules.typed = true;
                rules.integer = word == "integer";
                Kind::Number(Box::new(rules))
            }
            "array" => {
                let mut rules = self.array.take().unwrap_or_default();
                rules.typed = true;
                Kind::Array(Box::new(rules))
            }
            "object" => {
                let mut rules = self.object.take().unwrap_or_default();
                rules.typed = true;
                Kind::Object(Box::new(rules))
            }
            _ => return Err(unknown_type(value)),
        })
    }
}
