//! Whether a default is a value of its schema, as far as a rule has to know.

use crate::value::{Kind, Number, NumberStyle, Value};

use super::super::parts::member;
use super::inner::Look;
use super::{seen, type_words};

impl Look<'_> {
    /// False where `type`, `enum` or `const` plainly exclude the value, or what is in it. Recursion ends with the
    /// value; what is left when the steps for all defaults are spent is taken to fit.
    pub(super) fn fits(&mut self, value: &Value, schema: &Value) -> bool {
        let listed = member(schema, "enum").and_then(Value::as_array);
        if !self.spend(1 + listed.map_or(0, <[Value]>::len)) {
            return true;
        }
        let same = |one: &Value| one.same(value, NumberStyle::Decimal);
        is_of_type(value, schema)
            && listed.is_none_or(|listed| listed.iter().any(same))
            && member(schema, "const").is_none_or(same)
            && self.is_filled_right(value, schema)
    }

    fn is_filled_right(&mut self, value: &Value, schema: &Value) -> bool {
        let root = self.root();
        match &value.kind {
            Kind::Array(values) => member(schema, "items").is_none_or(|items| {
                let items = seen(root, items);
                values.iter().all(|value| self.fits(value, items))
            }),
            Kind::Object(object) => {
                let properties = member(schema, "properties").and_then(Value::as_object);
                object.members().iter().all(|member| {
                    let schema = properties.and_then(|properties| properties.get(&member.key));
                    schema.is_none_or(|schema| self.fits(&member.value, seen(root, schema)))
                })
            }
            _ => true,
        }
    }
}

fn is_of_type(value: &Value, schema: &Value) -> bool {
    let words = type_words(schema);
    let word = match &value.kind {
        Kind::Null => "null",
        Kind::Boolean(_) => "boolean",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::Array(_) => "array",
        Kind::Object(_) => "object",
    };
    let is_whole = value.as_number().is_some_and(Number::is_integer);
    words.is_empty() || words.contains(&word) || (is_whole && words.contains(&"integer"))
}
