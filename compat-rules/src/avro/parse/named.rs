//! Records, enums and fixed types: what has a name.

use std::collections::HashSet;
use std::hash::Hash;

use crate::value::{Number, Object, Value};
use crate::{InvalidSchema, Place};

use super::super::equal;
use super::super::graph::{Enum, Field, Fixed, Naming, Node, Record, Symbol, TypeId, Use};
use super::super::logical;
use super::super::name::{Name, check_simple};
use super::super::positions::Positions;
use super::{Parser, RESERVED, Source, properties};

/// Java arrays cannot be longer.
const FIXED_SIZE_MAX: i32 = 2_147_483_639;

impl Parser {
    pub(super) fn record(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let mut naming = self.naming(object, value, namespace, |key| RESERVED.contains(&key))?;
        let Some(list) = object.get("fields").and_then(Value::as_array) else {
            return self.refuse_value("Record has no fields: ", value);
        };
        let mut fields = Vec::with_capacity(list.len());
        for field in list {
            // A type within the record is named relative to the record's own namespace.
            fields.push(self.field(field, naming.name.namespace())?);
        }
        naming.aliases = self.type_aliases(&naming.name, object, value)?;
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
                naming.name.full(),
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

    pub(super) fn enumeration(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let mut naming = self.naming(object, value, namespace, |key| {
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
        naming.aliases = self.type_aliases(&naming.name, object, value)?;
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
        naming.aliases = self.type_aliases(&naming.name, object, value)?;
        naming.properties.logical = logical::fits_fixed(size, &naming.properties);
        let node = Node::Fixed(Box::new(Fixed {
            naming,
            size,
            size_place: self.place(size_value.place),
        }));
        self.define(node, value)
    }

    /// Name, doc and properties of a named type; its aliases come later.
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
        Ok(Naming {
            place: self.place(written.place),
            whole: self.place(value.place),
            doc: text_attribute(object, "doc"),
            aliases: Vec::new(),
            properties: properties(object, is_reserved),
            name,
        })
    }

    /// The aliases of a named type, which are read after everything else of it.
    fn type_aliases(
        &self,
        name: &Name,
        object: &Object,
        value: &Value,
    ) -> Result<Vec<Name>, InvalidSchema> {
        let aliases = self.aliases(object, value, |alias| Name::new(alias, name.namespace()))?;
        for alias in &aliases {
            if let Err(reason) = alias.check_alias(self.strictness) {
                return self.refuse(value.place, reason);
            }
        }
        Ok(aliases)
    }

    /// The aliases without repetitions.
    pub(super) fn aliases<Alias: Clone + Eq + Hash>(
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
        } else if self.repeats_import(known, place) {
            self.graph.replace(known, node);
        }
        Ok(known)
    }

    /// True when the schema defines again, somewhere inside, what an import does, and has not used it before. Then its own docs,
    /// aliases and default of an enum count, as in the reference, for which the two are different objects; it looks the root up by its
    /// name in the end, and so has the imported one.
    fn repeats_import(&self, known: TypeId, place: Place) -> bool {
        self.text.source == Source::Main
            && place != self.text.root
            && (known.0 as usize) < self.text.first_node
            && !self.text.mentioned.contains(&known)
    }
}

/// An attribute that counts only as a text.
pub(super) fn text_attribute(object: &Object, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::to_owned)
}
