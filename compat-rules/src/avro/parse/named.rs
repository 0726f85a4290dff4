//! Records, enums and fixed types, and the fields of records.

use std::collections::HashSet;
use std::hash::Hash;

use crate::value::{Kind, Number, Object, Value};
use crate::{InvalidSchema, Place, Strictness};

use super::super::equal;
use super::super::graph::{Enum, Field, Fixed, Naming, Node, Order, Record, Symbol, TypeId, Use};
use super::super::logical;
use super::super::name::{Name, check_simple};
use super::super::positions::Positions;
use super::{Parser, RESERVED, properties};

/// Java arrays cannot be longer.
const FIXED_SIZE_MAX: i32 = 2_147_483_639;

/// Attributes of a field that are no properties.
const FIELD_RESERVED: [&str; 6] = ["default", "doc", "name", "order", "type", "aliases"];

impl Parser {
    pub(super) fn record(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let naming = self.naming(object, value, namespace, |key| RESERVED.contains(&key))?;
        let Some(list) = object.get("fields").and_then(Value::as_array) else {
            return self.refuse_value("Record has no fields: ", value);
        };
        let mut fields = Vec::with_capacity(list.len());
        for field in list {
            // A type within the record is named relative to the record's own namespace.
            fields.push(self.field(field, naming.name.namespace())?);
        }
        self.finish_record(naming, fields, object, value)
    }

    fn finish_record(
        &mut self,
        mut naming: Naming,
        fields: Vec<Field>,
        object: &Object,
        value: &Value,
    ) -> Result<Use, InvalidSchema> {
        let name_at = |position: usize| fields[position].name.as_str();
        let by_name = Positions::new(fields.len(), name_at);
        if let Some((first, repeat)) = by_name.first_repeat(name_at) {
            let name = &fields[repeat].name;
            let reason = format!(
                "Duplicate field {name} in record {}: {name} type:{} pos:{repeat} and {name} type:{} pos:{first}.",
                naming.name.simple(),
                self.type_word_upper(&fields[repeat]),
                self.type_word_upper(&fields[first]),
            );
            return self.refuse(fields[repeat].place.unwrap_or(value.place), reason);
        }
        if logical::fits_record(&fields, &naming.properties, &self.graph) {
            naming.properties.put_logical_type_first();
        }
        let record = Node::Record(Box::new(Record {
            naming,
            is_error: object.get("type").and_then(Value::as_str) == Some("error"),
            fields,
            by_name,
        }));
        let defined = self.define(record, value)?;
        self.text.records.push(defined.id);
        Ok(defined)
    }

    fn type_word_upper(&self, field: &Field) -> String {
        self.graph[field.r#type.id].type_word().to_uppercase()
    }

    fn field(&mut self, value: &Value, namespace: Option<&str>) -> Result<Field, InvalidSchema> {
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
            properties: properties(object, |key| FIELD_RESERVED.contains(&key)),
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
            return self.refuse(value.place, format!("For input string: \"{text}\""));
        };
        Ok(Some(Value {
            place: value.place,
            kind: Kind::Number(Number::from_double(number)),
        }))
    }

    pub(super) fn enumeration(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let naming = self.naming(object, value, namespace, |key| {
            key == "default" || RESERVED.contains(&key)
        })?;
        let list = object.get("symbols");
        let Some(symbols) = list.and_then(Value::as_array) else {
            return self.refuse_value("Enum has no symbols: ", value);
        };
        let symbols = symbols
            .iter()
            .map(|symbol| self.symbol(symbol))
            .collect::<Result<Vec<Symbol>, InvalidSchema>>()?;
        let name_at = |position: usize| symbols[position].name.as_str();
        let by_name = Positions::new(symbols.len(), name_at);
        if let Some((_, repeat)) = by_name.first_repeat(name_at) {
            let symbol = &symbols[repeat];
            let reason = format!("Duplicate enum symbol: {}", symbol.name);
            return self.refuse(symbol.place.unwrap_or(value.place), reason);
        }
        let enumeration = Enum {
            naming,
            symbols_place: list.and_then(|list| self.place(list.place)),
            symbols,
            by_name,
            default: text_attribute(object, "default"),
        };
        self.check_enum_default(&enumeration, value.place)?;
        self.define(Node::Enum(Box::new(enumeration)), value)
    }

    fn symbol(&self, value: &Value) -> Result<Symbol, InvalidSchema> {
        let checked = value
            .as_str()
            .ok_or_else(|| "Null name".to_owned())
            .and_then(|name| check_simple(name, self.strictness).map(|()| name));
        match checked {
            Ok(name) => Ok(Symbol {
                name: name.to_owned(),
                place: self.place(value.place),
            }),
            Err(reason) => self.refuse(value.place, reason),
        }
    }

    fn check_enum_default(&self, enumeration: &Enum, place: Place) -> Result<(), InvalidSchema> {
        let Some(default) = &enumeration.default else {
            return Ok(());
        };
        if enumeration.has_symbol(default) {
            return Ok(());
        }
        let symbols: Vec<&str> = enumeration
            .symbols
            .iter()
            .take(Self::QUOTED_CHARS_MAX)
            .map(|symbol| symbol.name.as_str())
            .collect();
        let symbols = symbols.join(", ");
        self.refuse(
            place,
            format!("The Enum Default: {default} is not in the enum symbol set: [{symbols}]"),
        )
    }

    pub(super) fn fixed(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let mut naming = self.naming(object, value, namespace, |key| RESERVED.contains(&key))?;
        let size_value = object.get("size");
        let size = size_value
            .and_then(Value::as_number)
            .and_then(Number::as_i64)
            .and_then(|size| i32::try_from(size).ok());
        let (Some(size_value), Some(size)) = (size_value, size) else {
            return self.refuse_value("Invalid or no size: ", value);
        };
        if size < 0 {
            let reason = format!("Malformed data. Length is negative: {size}");
            return self.refuse(size_value.place, reason);
        }
        if size > FIXED_SIZE_MAX {
            let reason =
                format!("Cannot read arrays longer than {FIXED_SIZE_MAX} bytes in Java library");
            return self.refuse(size_value.place, reason);
        }
        naming.properties.logical = logical::fits_fixed(size, &naming.properties);
        let node = Node::Fixed(Box::new(Fixed {
            naming,
            size,
            size_place: self.place(size_value.place),
        }));
        self.define(node, value)
    }

    /// Name, doc, aliases and properties of a named type.
    fn naming(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
        is_reserved: impl Fn(&str) -> bool,
    ) -> Result<Naming, InvalidSchema> {
        let written = object.get("name");
        let Some((written, text)) = written.and_then(|name| Some((name, name.as_str()?))) else {
            return self.refuse_value("No name in schema: ", value);
        };
        let stated = object.get("namespace").and_then(Value::as_str);
        let namespace = stated.or(namespace);
        self.spend_on_name(text, namespace, written.place)?;
        let name = Name::new(text, namespace);
        if let Err(reason) = name.check(self.strictness) {
            return self.refuse(written.place, reason);
        }
        let aliases = self.aliases(object, value, |alias| Name::new(alias, name.namespace()))?;
        for alias in &aliases {
            if let Err(reason) = alias.check_alias(self.strictness) {
                return self.refuse(value.place, reason);
            }
        }
        Ok(Naming {
            place: self.place(written.place),
            doc: text_attribute(object, "doc"),
            aliases,
            properties: properties(object, is_reserved),
            name,
        })
    }

    /// The aliases without repetitions.
    fn aliases<Alias: Clone + Eq + Hash>(
        &self,
        object: &Object,
        value: &Value,
        complete: impl Fn(&str) -> Alias,
    ) -> Result<Vec<Alias>, InvalidSchema> {
        let Some(list) = object.get("aliases") else {
            return Ok(Vec::new());
        };
        let Some(list) = list.as_array() else {
            return self.refuse_value("aliases not an array: ", value);
        };
        let mut aliases = Vec::new();
        let mut seen = HashSet::new();
        for alias in list {
            let Some(text) = alias.as_str() else {
                return self.refuse_value("alias not a string: ", alias);
            };
            let alias = complete(text);
            if seen.insert(alias.clone()) {
                aliases.push(alias);
            }
        }
        Ok(aliases)
    }

    /// Makes a named type known. Defined a second time it must be the same again, and is the first one.
    fn define(&mut self, node: Node, value: &Value) -> Result<Use, InvalidSchema> {
        let name = node.naming().map(|naming| naming.name.full().to_owned());
        let name = name.unwrap_or_default();
        let id = match self.names.get(&name).copied() {
            Some(known) => self.define_awaited(known, node, &name, value.place)?,
            None => {
                let id = self.graph.add(node);
                self.names.insert(name, id);
                id
            }
        };
        Ok(Use {
            id,
            place: self.place(value.place),
            forward: false,
        })
    }

    fn define_awaited(
        &mut self,
        known: TypeId,
        node: Node,
        name: &str,
        place: Place,
    ) -> Result<TypeId, InvalidSchema> {
        if matches!(self.graph[known], Node::Undefined(_)) {
            self.graph.replace(known, node);
        } else if !equal::redefines(&self.graph, &self.graph[known], &node) {
            return self.refuse(place, format!("Can't redefine: {name}"));
        }
        Ok(known)
    }
}

/// An attribute that counts only as a text.
fn text_attribute(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::to_owned)
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
