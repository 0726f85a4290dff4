//! Schemas as the generator thinks of them, and their text.

use serde_json::{Value, json};

use super::dice::Dice;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Primitive(&'static str),
    Array(Box<Type>),
    Map(Box<Type>),
    Union(Vec<Type>),
    Record {
        name: String,
        aliases: Vec<String>,
        fields: Vec<Field>,
    },
    Enum {
        name: String,
        symbols: Vec<&'static str>,
        default: bool,
    },
    Fixed {
        name: String,
        size: usize,
    },
    /// A type that was defined before, or is being defined.
    Named(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) r#type: Type,
    pub(crate) default: Option<Value>,
}

pub(crate) const PRIMITIVES: [&str; 8] = [
    "null", "boolean", "int", "long", "float", "double", "bytes", "string",
];
pub(crate) const SYMBOLS: [&str; 5] = ["A", "B", "C", "D", "E"];

/// Makes schemas.
pub(crate) struct Generator<'d, 'b> {
    pub(crate) dice: &'d mut Dice<'b>,
    /// What was defined so far.
    defined: Vec<String>,
    names: usize,
}

impl<'d, 'b> Generator<'d, 'b> {
    /// `prefix` keeps the names of two generators apart.
    pub(crate) const fn new(dice: &'d mut Dice<'b>, first_name: usize) -> Self {
        Self {
            dice,
            defined: Vec::new(),
            names: first_name,
        }
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("T{}", self.names)
    }

    pub(crate) fn record(&mut self, depth: usize) -> Type {
        let name = self.name();
        let count = 1 + self.dice.below(4);
        let mut fields = Vec::new();
        for number in 0..count {
            let mut r#type = self.r#type(depth);
            if self.dice.sometimes(1) {
                // A list of itself, or nothing: the only ways in which a type may hold itself.
                r#type = Type::Union(vec![Type::Primitive("null"), Type::Named(name.clone())]);
            }
            fields.push(self.field(format!("f{number}"), r#type));
        }
        self.defined.push(name.clone());
        Type::Record {
            name,
            aliases: Vec::new(),
            fields,
        }
    }

    pub(crate) fn field(&mut self, name: String, r#type: Type) -> Field {
        let default = match self.dice.sometimes(6) {
            true => default(&r#type),
            false => None,
        };
        Field {
            name,
            aliases: Vec::new(),
            r#type,
            default,
        }
    }

    pub(crate) fn r#type(&mut self, depth: usize) -> Type {
        let kinds = if depth == 0 { 6 } else { 12 };
        match self.dice.below(kinds) {
            0..=3 => Type::Primitive(self.dice.pick(&PRIMITIVES)),
            4 => self.enumeration(),
            5 if self.defined.is_empty() || self.dice.sometimes(8) => Type::Fixed {
                name: self.name(),
                size: 1 + self.dice.below(4),
            },
            5 => Type::Named(self.dice.pick(&self.defined)),
            6 => Type::Array(Box::new(self.r#type(depth - 1))),
            7 => Type::Map(Box::new(self.r#type(depth - 1))),
            8..=9 => self.record(depth - 1),
            _ => self.union(depth - 1),
        }
    }

    fn enumeration(&mut self) -> Type {
        let count = 1 + self.dice.below(SYMBOLS.len());
        Type::Enum {
            name: self.name(),
            symbols: SYMBOLS[..count].to_vec(),
            default: self.dice.sometimes(5),
        }
    }

    fn union(&mut self, depth: usize) -> Type {
        let mut branches: Vec<Type> = Vec::new();
        for _ in 0..1 + self.dice.below(4) {
            let branch = self.r#type(depth);
            if may_join(&branches, &branch) {
                branches.push(branch);
            }
        }
        Type::Union(branches)
    }
}

/// True when a union may hold the branch beside the others.
pub(crate) fn may_join(branches: &[Type], branch: &Type) -> bool {
    let kind = |r#type: &Type| match r#type {
        Type::Primitive(word) => (*word).to_owned(),
        Type::Array(_) => "array".to_owned(),
        Type::Map(_) => "map".to_owned(),
        Type::Union(_) => "union".to_owned(),
        Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::Fixed { name, .. }
        | Type::Named(name) => name.clone(),
    };
    let new = kind(branch);
    new != "union" && branches.iter().all(|other| kind(other) != new)
}

/// A default for a type, in JSON. A named type has none here, since it is defined elsewhere.
pub(crate) fn default(r#type: &Type) -> Option<Value> {
    Some(match r#type {
        Type::Primitive("null") => Value::Null,
        Type::Primitive("boolean") => json!(true),
        Type::Primitive("int" | "long") => json!(7),
        Type::Primitive("float" | "double") => json!(1.5),
        Type::Primitive(_) => json!("text"),
        Type::Array(_) => json!([]),
        Type::Map(_) => json!({}),
        Type::Union(branches) => default(branches.first()?)?,
        Type::Enum { symbols, .. } => json!(symbols.first()?),
        Type::Fixed { size, .. } => json!("x".repeat(*size)),
        Type::Record { fields, .. } => {
            let mut members = serde_json::Map::new();
            for field in fields {
                members.insert(field.name.clone(), default(&field.r#type)?);
            }
            Value::Object(members)
        }
        Type::Named(_) => return None,
    })
}

impl Type {
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Primitive(word) => json!(word),
            Self::Array(items) => json!({"type": "array", "items": items.to_json()}),
            Self::Map(values) => json!({"type": "map", "values": values.to_json()}),
            Self::Union(branches) => branches.iter().map(Self::to_json).collect(),
            Self::Named(name) => json!(name),
            Self::Fixed { name, size } => json!({"type": "fixed", "name": name, "size": size}),
            Self::Enum {
                name,
                symbols,
                default,
            } => {
                let mut text = json!({"type": "enum", "name": name, "symbols": symbols});
                if *default {
                    text["default"] = json!(symbols[0]);
                }
                text
            }
            Self::Record {
                name,
                aliases,
                fields,
            } => {
                let fields: Vec<Value> = fields.iter().map(Field::to_json).collect();
                let mut text = json!({"type": "record", "name": name, "fields": fields});
                if !aliases.is_empty() {
                    text["aliases"] = json!(aliases);
                }
                text
            }
        }
    }

    /// Every type in it, itself included, outermost first.
    pub(crate) fn all(&self) -> Vec<&Type> {
        let mut all = vec![self];
        match self {
            Self::Array(inner) | Self::Map(inner) => all.extend(inner.all()),
            Self::Union(branches) => all.extend(branches.iter().flat_map(Self::all)),
            Self::Record { fields, .. } => {
                all.extend(fields.iter().flat_map(|field| field.r#type.all()));
            }
            _ => {}
        }
        all
    }
}

impl Field {
    fn to_json(&self) -> Value {
        let mut text = json!({"name": self.name, "type": self.r#type.to_json()});
        if let Some(default) = &self.default {
            text["default"] = default.clone();
        }
        if !self.aliases.is_empty() {
            text["aliases"] = json!(self.aliases);
        }
        text
    }
}
