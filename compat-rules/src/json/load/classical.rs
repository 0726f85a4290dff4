//! Draft-04, draft-06 and draft-07 (`json-schema.md` sections 3.1 and 4.1).
//!
//! The parts of a schema are collected in the order in which the reference looks for them. What `type` names takes
//! the keywords of its kind; keywords that nobody took make a part of their own.

use super::kinds::{self, dependent_names, sorted, unknown_type};
use super::{Loader, Scope};
use crate::json::dialect::Dialect;
use crate::json::fault::Fault;
use crate::json::keywords::must_be;
use crate::json::tree::{Additional, ArrayRules, Criterion, Kind, NodeId, ObjectRules};
use crate::json::{uri, values};
use crate::value::{Kind as ValueKind, Member, Value};

/// The last one is unknown to draft-04.
const ARRAY: [&str; 6] = [
    "items",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
];
/// The last one is unknown to draft-04.
const OBJECT: [&str; 8] = [
    "properties",
    "required",
    "minProperties",
    "maxProperties",
    "dependencies",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
];

/// The kinds whose keywords were taken by `type`.
#[derive(Default)]
struct Taken {
    array: bool,
    object: bool,
    number: bool,
    string: bool,
}

impl<'v> Loader<'v> {
    pub(super) fn classical(&mut self, slot: NodeId, scope: &Scope<'v>) -> Result<Kind, Fault> {
        let keywords = scope.keywords;
        let dialect = keywords.dialect;
        keywords.string("title")?;
        keywords.string("description")?;
        let id_keyword = dialect.id_keyword();
        let id = keywords.string(id_keyword)?;
        if let (Some(false), Some(value)) = (id.map(uri::is_reference), keywords.get(id_keyword)) {
            return Err(must_be(id_keyword, value, "a URI reference"));
        }
        if let Some(reference) = keywords.get("$ref") {
            return self.reference(scope, reference);
        }
        let mut parts = Vec::new();
        if let Some(values) = keywords.array("enum")? {
            parts.push(Kind::Enum(values::texts(values)));
        }
        for criterion in [Criterion::All, Criterion::One, Criterion::Any] {
            parts.extend(self.combined(scope, criterion)?);
        }
        parts.extend(self.child_at(scope, "not")?.map(Kind::Not));
        if let (Some(value), true) = (keywords.get("const"), dialect != Dialect::Draft4) {
            parts.push(Kind::Const(values::text(value)));
        }
        let mut taken = Taken::default();
        if let Some(value) = keywords.get("type") {
            parts.push(self.types(slot, scope, value, &mut taken)?);
        }
        self.left_over(scope, &taken, &mut parts)?;
        if dialect == Dialect::Draft7 {
            keywords.boolean("readOnly")?;
            keywords.boolean("writeOnly")?;
            if keywords.has_any(&["if", "then", "else"]) {
                parts.push(self.conditional(scope)?);
            }
        }
        Ok(self.all_of(slot, parts))
    }

    fn types(
        &mut self,
        slot: NodeId,
        scope: &Scope<'v>,
        value: &Value,
        taken: &mut Taken,
    ) -> Result<Kind, Fault> {
        let words = match &value.kind {
            ValueKind::String(word) => return self.typed(scope, word, value, taken),
            ValueKind::Array(words) => words,
            _ => return Err(unknown_type(value)),
        };
        self.shapes.note_types(words);
        let mut known: Vec<(&str, NodeId)> = Vec::new();
        let mut children = Vec::new();
        for value in words {
            let word = value.as_str().ok_or_else(|| unknown_type(value))?;
            // A repeated word is the same node once more.
            let repeated = known.iter().find(|(other, _)| *other == word);
            let id = match repeated {
                Some((_, id)) => *id,
                None => {
                    let kind = self.typed(scope, word, value, taken)?;
                    let id = self.part(slot, kind);
                    known.push((word, id));
                    id
                }
            };
            children.push(id);
        }
        Ok(Kind::Combined(Criterion::Any, children))
    }

    fn typed(
        &mut self,
        scope: &Scope<'v>,
        word: &str,
        value: &Value,
        taken: &mut Taken,
    ) -> Result<Kind, Fault> {
        Ok(match word {
            "boolean" => Kind::Boolean,
            "null" => Kind::Null,
            "string" => {
                taken.string = true;
                Kind::String(Box::new(Self::string_rules(scope, true)?))
            }
            "integer" | "number" => {
                taken.number = true;
                let mut rules = Self::number_rules(scope)?;
                rules.typed = true;
                rules.integer = word == "integer";
                Kind::Number(Box::new(rules))
            }
            "array" => {
                taken.array = true;
                Kind::Array(Box::new(self.classical_array(scope, true)?))
            }
            "object" => {
                taken.object = true;
                Kind::Object(Box::new(self.classical_object(scope, true)?))
            }
            _ => return Err(unknown_type(value)),
        })
    }

    fn left_over(
        &mut self,
        scope: &Scope<'v>,
        taken: &Taken,
        parts: &mut Vec<Kind>,
    ) -> Result<(), Fault> {
        let keywords = scope.keywords;
        let unknown = usize::from(keywords.dialect == Dialect::Draft4);
        if !taken.array && keywords.has_any(&ARRAY[..ARRAY.len() - unknown]) {
            let rules = self.classical_array(scope, false)?;
            parts.push(Kind::Array(Box::new(rules)));
        }
        if !taken.object && keywords.has_any(&OBJECT[..OBJECT.len() - unknown]) {
            let rules = self.classical_object(scope, false)?;
            parts.push(Kind::Object(Box::new(rules)));
        }
        if !taken.number && keywords.has_any(&kinds::NUMBER) {
            parts.push(Kind::Number(Box::new(Self::number_rules(scope)?)));
        }
        if !taken.string && keywords.has_any(&kinds::STRING) {
            parts.push(Kind::String(Box::new(Self::string_rules(scope, false)?)));
        }
        Ok(())
    }

    fn classical_array(&mut self, scope: &Scope<'v>, typed: bool) -> Result<ArrayRules, Fault> {
        let keywords = scope.keywords;
        let draft4 = keywords.dialect == Dialect::Draft4;
        let mut rules = Self::array_rules(scope)?;
        rules.typed = typed;
        rules.additional = self.additional(scope, "additionalItems")?;
        if let Some(value) = keywords.get("items") {
            match &value.kind {
                ValueKind::Array(values) => rules.tuple = self.list(scope, "items", values)?,
                ValueKind::Boolean(_) if draft4 => {
                    return Err(must_be("items", value, "an object or an array"));
                }
                _ => rules.items = Some(self.child(scope, "items", value)?),
            }
        }
        // Where every item has its schema there are no additional ones to forbid.
        if rules.items.is_some() && rules.additional == Additional::Forbidden {
            rules.additional = Additional::Permitted;
        }
        if !draft4 {
            rules.contains = self.child_at(scope, "contains")?;
        }
        Ok(rules)
    }

    fn classical_object(&mut self, scope: &Scope<'v>, typed: bool) -> Result<ObjectRules, Fault> {
        let keywords = scope.keywords;
        let draft4 = keywords.dialect == Dialect::Draft4;
        let mut rules = self.object_rules(scope)?;
        rules.typed = typed;
        for Member { key, value, .. } in keywords.members("dependencies")? {
            if value.as_array().is_some() {
                rules.dependent_names.extend(dependent_names(key, value)?);
            } else if draft4 && value.as_bool().is_some() {
                return Err(must_be(key, value, "an object or an array of strings"));
            } else {
                let id = self.child(scope, key, value)?;
                rules.dependent_schemas.push((key.as_str().into(), id));
            }
        }
        rules.dependent_names = sorted(rules.dependent_names);
        rules.dependent_schemas = sorted(rules.dependent_schemas);
        if !draft4 {
            rules.names = self.child_at(scope, "propertyNames")?;
        }
        Ok(rules)
    }
}
