//! Random values of a schema, as apache-avro has them.

use std::collections::HashMap;

use apache_avro::types::Value;

use super::dice::Dice;
use super::model::Type;

/// Makes values of one schema.
pub(crate) struct Values<'t> {
    named: HashMap<&'t str, &'t Type>,
}

impl<'t> Values<'t> {
    pub(crate) fn new(schema: &'t Type) -> Self {
        let named = schema.all().into_iter().filter_map(|r#type| match r#type {
            Type::Record { name, .. } | Type::Enum { name, .. } | Type::Fixed { name, .. } => {
                Some((name.as_str(), r#type))
            }
            _ => None,
        });
        Self {
            named: named.collect(),
        }
    }

    /// `None` where a value would never end, or a union has no branch.
    pub(crate) fn value(&self, r#type: &Type, dice: &mut Dice<'_>, depth: usize) -> Option<Value> {
        Some(match r#type {
            Type::Primitive(word) => primitive(word, dice),
            Type::Array(items) => Value::Array(self.several(items, dice, depth)?),
            Type::Map(values) => {
                let values = self.several(values, dice, depth)?;
                let keys = (0..).map(|number| format!("k{number}"));
                Value::Map(keys.zip(values).collect())
            }
            Type::Union(branches) => {
                let last_resort = depth == 0;
                let index = match last_resort {
                    true => branches
                        .iter()
                        .position(|branch| !matches!(branch, Type::Named(_)))?,
                    false => dice.below(branches.len().max(1)),
                };
                let value = self.value(branches.get(index)?, dice, depth.checked_sub(1)?)?;
                Value::Union(u32::try_from(index).ok()?, Box::new(value))
            }
            Type::Record { fields, .. } => {
                let fields = fields.iter().map(|field| {
                    let value = self.value(&field.r#type, dice, depth.checked_sub(1)?)?;
                    Some((field.name.clone(), value))
                });
                Value::Record(fields.collect::<Option<_>>()?)
            }
            Type::Enum { symbols, .. } => {
                let index = dice.below(symbols.len());
                Value::Enum(u32::try_from(index).ok()?, symbols[index].to_owned())
            }
            Type::Fixed { size, .. } => Value::Fixed(*size, vec![b'x'; *size]),
            Type::Named(name) => {
                self.value(self.named.get(name.as_str())?, dice, depth.checked_sub(1)?)?
            }
        })
    }

    fn several(&self, r#type: &Type, dice: &mut Dice<'_>, depth: usize) -> Option<Vec<Value>> {
        let count = if depth < 2 { 0 } else { dice.below(3) };
        (0..count)
            .map(|_| self.value(r#type, dice, depth.checked_sub(1)?))
            .collect()
    }
}

fn primitive(word: &str, dice: &mut Dice<'_>) -> Value {
    let number = i32::try_from(dice.below(256)).unwrap_or_default() - 128;
    match word {
        "null" => Value::Null,
        "boolean" => Value::Boolean(number > 0),
        "int" => Value::Int(number * 10_000_000),
        "long" => Value::Long(i64::from(number) << 40),
        "float" => Value::Float(number as f32 / 4.0),
        "double" => Value::Double(f64::from(number) / 3.0),
        // Only text can be read as a string and back.
        "bytes" => Value::Bytes(format!("b{number}").into_bytes()),
        _ => Value::String(format!("s{number}")),
    }
}
