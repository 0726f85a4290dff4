//! Fields of records: their type, default, order and names.

use crate::value::{Kind, Number, Object, Value};
use crate::{InvalidSchema, Strictness};

use super::super::graph::{Field, Order, Use};
use super::super::name::check_simple;
use super::named::text_attribute;
use super::{Parser, properties};

/// Attributes that are no properties.
const RESERVED: [&str; 6] = ["default", "doc", "name", "order", "type", "aliases"];

impl Parser {
    pub(super) fn field(
        &mut self,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Field, InvalidSchema> {
        let object = value.as_object();
        let Some(r#type) = object.and_then(|object| object.get("type")) else {
            let has_name = object
                .and_then(|object| object.get("name"))
                .and_then(Value::as_str)
                .is_some();
            let reason = if has_name {
                "No field type: "
            } else {
                "No field name: "
            };
            return self.refuse_value(reason, value);
        };
        let r#type = self.schema(r#type, namespace)?;
        self.finish_field(r#type, value)
    }

    fn finish_field(&mut self, r#type: Use, value: &Value) -> Result<Field, InvalidSchema> {
        let named = value.as_object().and_then(|object| {
            let name = object.get("name")?;
            Some((object, name, name.as_str()?))
        });
        let Some((object, name_value, name)) = named else {
            return self.refuse_value("No field name: ", value);
        };
        if let Err(reason) = check_simple(name, self.strictness) {
            return self.refuse(name_value.place, reason);
        }
        let order = self.order(object)?;
        let default = self.default(object, r#type)?;
        let field = Field {
            name: name.to_owned(),
            place: self.place(name_value.place),
            doc: text_attribute(object, "doc"),
            r#type,
            default,
            order,
            aliases: self.aliases(object, value, |alias| alias.to_owned())?,
            properties: properties(object, |key| RESERVED.contains(&key)),
        };
        if self.strictness == Strictness::New {
            self.check_default(&field)?;
        }
        Ok(field)
    }

    fn order(&self, object: &Object) -> Result<Order, InvalidSchema> {
        let Some(value) = object.get("order") else {
            return Ok(Order::Ascending);
        };
        let word = value.as_str().unwrap_or_default().to_uppercase();
        match word.as_str() {
            "ASCENDING" => Ok(Order::Ascending),
            "DESCENDING" => Ok(Order::Descending),
            "IGNORE" => Ok(Order::Ignore),
            _ => self.refuse(
                value.place,
                format!("No enum constant org.apache.avro.Schema.Field.Order.{word}"),
            ),
        }
    }

    /// The default of a field. For a floating type a text is read as the number that Java reads in it.
    fn default(&self, object: &Object, r#type: Use) -> Result<Option<Value>, InvalidSchema> {
        let Some(value) = object.get("default") else {
            return Ok(None);
        };
        let is_floating = matches!(self.graph[r#type.id].type_word(), "float" | "double");
        let (Kind::String(text), true) = (&value.kind, is_floating) else {
            return Ok(Some(value.clone()));
        };
        let Some(number) = java_parse_double(text) else {
            let reason = match text.trim_matches(|character| character <= ' ') {
                "" => "empty String".to_owned(),
                _ => format!("For input string: \"{text}\""),
            };
            return self.refuse(value.place, reason);
        };
        Ok(Some(Value {
            place: value.place,
            kind: Kind::Number(Number::from_double(number)),
        }))
    }
}

/// What Java's `Double.valueOf` reads, hexadecimal floats left aside.
fn java_parse_double(text: &str) -> Option<f64> {
    let text = text.trim_matches(|character| character <= ' ');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "NaN" || unsigned == "Infinity" {
        return text.parse().ok();
    }
    let digits = unsigned
        .strip_suffix(['f', 'F', 'd', 'D'])
        .unwrap_or(unsigned);
    let is_decimal = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let stem = &text[..text.len() - (unsigned.len() - digits.len())];
    is_decimal.then(|| stem.parse().ok()).flatten()
}
