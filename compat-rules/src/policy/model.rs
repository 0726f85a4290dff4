//! One model of a schema, the same for all formats: what a rule of policy looks at.
//!
//! Every element knows its path in words (`lines[].amount`), its pointer into the text and its place. The model is
//! made from a schema that was understood and from the text as its author sent it; rules never look at either again.

mod held;
mod joined;
mod links;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use held::Inside;
pub use held::{Held, Inner};
pub(crate) use joined::joined;
pub(crate) use links::{Link, Links};

use crate::{Format, Place};

/// Attributes that the format itself gives no meaning: name to text, or to JSON where it is no text.
pub type Properties = BTreeMap<String, String>;

/// A schema as rules see it.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its format.
    pub format: Format,
    /// The namespace of the root, the package, or the `$id`.
    pub namespace: Option<String>,
    /// What the schema says of itself: the text of its root.
    pub doc: Option<String>,
    /// The length of the text, in bytes.
    pub bytes: usize,
    /// How deep types nest, the root being 1.
    pub depth: usize,
    /// Every type that the text defines, in its order; imported ones are not among them.
    pub types: Vec<Type>,
    /// The names by which the text refers to others: of imports, of imported types, or of documents.
    pub uses: Vec<Use>,
    /// The values that no field holds: the schema itself where it is no record, and what a JSON object may hold
    /// besides its properties.
    pub loose: Vec<Inner>,
    /// What is said about values that are neither fields nor types.
    pub remarks: Vec<Remark>,
    /// The attributes of the root.
    pub properties: Properties,
    /// What only one format has.
    pub details: Details,
}

/// What only one format has.
#[derive(Debug, Clone)]
pub enum Details {
    /// An Avro schema.
    Avro(AvroDetails),
    /// A JSON schema.
    Json(JsonDetails),
    /// A Protobuf file.
    Protobuf(ProtobufDetails),
}

/// What only Avro schemas have.
#[derive(Debug, Clone, Default)]
pub struct AvroDetails {
    /// The kind of the root, such as `record` or `union`.
    pub root: String,
}

/// What only JSON schemas have.
#[derive(Debug, Clone, Default)]
pub struct JsonDetails {
    /// `$schema`, as written.
    pub dialect: Option<String>,
    /// `$id` (draft-04: `id`), as written.
    pub id: Option<String>,
    /// Every `$id` of the text, resolved, with the schema that has it.
    pub ids: Vec<(Element, String)>,
    /// The `$id` of each document that is imported, as written.
    pub imported_ids: Vec<String>,
    /// The `type` of the root, as written; several are divided by `|`.
    pub root_type: Option<String>,
    /// Every `pattern` and every name of `patternProperties`, with where it stands.
    pub patterns: Vec<(Element, String)>,
}

/// What only Protobuf files have.
#[derive(Debug, Clone, Default)]
pub struct ProtobufDetails {
    /// `proto2`, `proto3` or the edition, if the file states it.
    pub syntax: Option<String>,
    /// The package.
    pub package: Option<String>,
    /// What is imported.
    pub imports: Vec<ProtobufImport>,
    /// Where extensions are declared or ranges are left to them.
    pub extensions: Vec<Element>,
    /// The services.
    pub services: Vec<Element>,
    /// The options of the file.
    pub options: Properties,
}

/// An `import` of a Protobuf file.
#[derive(Debug, Clone)]
pub struct ProtobufImport {
    /// The statement.
    pub element: Element,
    /// The path of the file.
    pub file: String,
    /// Passed on to those who import this file.
    pub is_public: bool,
    /// May be missing.
    pub is_weak: bool,
    /// True if a type of the file, or of what it passes on, is used.
    pub is_used: bool,
}

/// Where a part of a schema is. Path and pointer end early where they would be very long.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Element {
    /// In words, from the root: `lines[].amount`; the root itself is empty.
    pub path: String,
    /// In the text: a JSON pointer, or the full name in a Protobuf file.
    pub pointer: String,
    /// Where it begins in the text that was sent.
    pub place: Option<Place>,
}

impl Element {
    /// Something in it that is no member: the items of a list, a branch. `name` follows the path at once.
    pub(crate) fn inside(&self, name: &str, pointer: &str, place: Option<Place>) -> Self {
        Self {
            path: joined(&[&self.path, name]),
            pointer: joined(&[&self.pointer, pointer]),
            place: place.or(self.place),
        }
    }

    /// A member: its name follows after a dot, unless this is the root.
    pub(crate) fn member(&self, name: &str, pointer: &str, place: Option<Place>) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.inside(&format!("{dot}{name}"), pointer, place)
    }
}

/// A name that leads out of the text.
#[derive(Debug, Clone)]
pub struct Use {
    /// Where it is used.
    pub element: Element,
    /// The name, import path or URI.
    pub name: String,
}

/// What the text says about a value that is neither a field nor a type: the items of a list, a scalar that is defined
/// by itself.
#[derive(Debug, Clone)]
pub struct Remark {
    /// Where.
    pub element: Element,
    /// What its author says about it.
    pub doc: Option<String>,
    /// The default, as JSON.
    pub default: Option<String>,
    /// Its attributes.
    pub properties: Properties,
}

/// What a type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeKind {
    /// Has fields: a record, a message, an object.
    Record,
    /// Has symbols.
    Enum,
    /// A fixed number of bytes.
    Fixed,
    /// One of several: a union that is more than an optional value, `oneOf`, `anyOf`.
    Union,
}

/// A type that the text defines.
#[derive(Debug, Clone)]
pub struct Type {
    /// Where it is.
    pub element: Element,
    /// What it is.
    pub kind: TypeKind,
    /// Its own name; in JSON the key of its definition, or the property that holds it. Empty where it has none.
    pub name: String,
    /// The name with everything that it stands in.
    pub full_name: String,
    /// What its author says about it.
    pub doc: Option<String>,
    /// Marked as not to be used any more.
    pub deprecated: bool,
    /// The type of the whole schema. (A Protobuf file: its first message.)
    pub is_root: bool,
    /// It contains itself, at some depth.
    pub is_recursive: bool,
    /// The fields, in order, members of Protobuf's oneofs among them.
    pub fields: Vec<Field>,
    /// The symbols, of an enum.
    pub symbols: Vec<Symbol>,
    /// The default symbol, of an enum.
    pub default_symbol: Option<String>,
    /// Other names that it answers to.
    pub aliases: Vec<String>,
    /// Its attributes, or its options.
    pub properties: Properties,
    /// The tags that the text gives it.
    pub tags: Vec<String>,
    /// The branches, of a union.
    pub branches: usize,
    /// Numbers that may not be used again: first and last of each range. Protobuf only.
    pub reserved_numbers: Vec<(i64, i64)>,
    /// Names that may not be used again. Protobuf only.
    pub reserved_names: Vec<String>,
    /// Says whether further properties are allowed: none where it does not say. JSON only.
    pub is_open: Option<bool>,
    /// The names under `required`, defined or not. JSON only.
    pub required: Vec<String>,
}

/// The type of a value, the same words for all formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the usual name of a type")]
pub enum FieldType {
    Null,
    Boolean,
    Int32,
    Int64,
    #[serde(rename = "uint32")]
    UInt32,
    #[serde(rename = "uint64")]
    UInt64,
    Float32,
    Float64,
    Decimal,
    String,
    Bytes,
    Fixed,
    Uuid,
    Date,
    Time,
    Instant,
    LocalInstant,
    Duration,
    Enum,
    Record,
    Array,
    Map,
    Union,
    Any,
}

/// A field of a record, a message or an object.
#[derive(Debug, Clone)]
pub struct Field {
    /// Where it is.
    pub element: Element,
    /// Its name.
    pub name: String,
    /// What it holds.
    pub held: Held,
    /// The values within that one, each before those in it: what an array or a map is made of, at all depths.
    pub inner: Vec<Inner>,
    /// May be null, or absent with a meaning of its own.
    pub nullable: bool,
    /// `null` is the first branch of its union. Avro only.
    pub null_first: bool,
    /// Has to be there: no default, or listed under `required`.
    pub required: bool,
    /// May occur many times.
    pub repeated: bool,
    /// The default, as JSON.
    pub default: Option<String>,
    /// False for a default that the type does not allow.
    pub default_is_valid: bool,
    /// What its author says about it.
    pub doc: Option<String>,
    /// Marked as not to be used any more.
    pub deprecated: bool,
    /// The tags that the text gives it.
    pub tags: Vec<String>,
    /// Its number. Protobuf only.
    pub number: Option<i64>,
    /// The name in JSON, if the text gives one. Protobuf only.
    pub json_name: Option<String>,
    /// The oneof that it belongs to. Protobuf only.
    pub oneof: Option<String>,
    /// Other names that it answers to.
    pub aliases: Vec<String>,
    /// What values have to keep to.
    pub constraints: Constraints,
    /// Its attributes, or its options.
    pub properties: Properties,
}

/// What values of a field have to keep to; numbers as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the keyword of that name")]
pub struct Constraints {
    pub minimum: Option<String>,
    pub maximum: Option<String>,
    pub min_length: Option<i64>,
    pub max_length: Option<i64>,
    pub pattern: Option<String>,
    pub min_items: Option<i64>,
    pub max_items: Option<i64>,
}

/// A value of an enum.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// Where it is.
    pub element: Element,
    /// Its name; the JSON text of a value that is no text.
    pub name: String,
    /// Its number. Protobuf only.
    pub number: Option<i64>,
    /// What its author says about it.
    pub doc: Option<String>,
    /// Marked as not to be used any more.
    pub deprecated: bool,
}

impl Type {
    /// A type of which only this is known.
    pub(crate) const fn new(element: Element, kind: TypeKind) -> Self {
        Self {
            element,
            kind,
            name: String::new(),
            full_name: String::new(),
            doc: None,
            deprecated: false,
            is_root: false,
            is_recursive: false,
            fields: Vec::new(),
            symbols: Vec::new(),
            default_symbol: None,
            aliases: Vec::new(),
            properties: Properties::new(),
            tags: Vec::new(),
            branches: 0,
            reserved_numbers: Vec::new(),
            reserved_names: Vec::new(),
            is_open: None,
            required: Vec::new(),
        }
    }
}

impl Field {
    /// What it holds, and the values within, at all depths, each with its place.
    pub fn values(&self) -> impl Iterator<Item = (&Element, &Held)> {
        let inner = self.inner.iter();
        std::iter::once((&self.element, &self.held))
            .chain(inner.map(|inner| (&inner.element, &inner.held)))
    }
}

impl Model {
    /// The type of the whole schema, if it has one with a name or with fields.
    #[must_use]
    pub fn root(&self) -> Option<&Type> {
        self.types.iter().find(|one| one.is_root)
    }

    /// Every field with the type that holds it, in the order of the text.
    pub fn fields(&self) -> impl Iterator<Item = (&Type, &Field)> {
        self.types
            .iter()
            .flat_map(|holder| holder.fields.iter().map(move |field| (holder, field)))
    }

    /// Every value, at all depths, with the field that holds it: first those that no field holds.
    pub fn values(&self) -> impl Iterator<Item = (Option<&Field>, &Element, &Held)> {
        let loose = self.loose.iter();
        let loose = loose.map(|inner| (None, &inner.element, &inner.held));
        loose.chain(self.fields().flat_map(|(_, field)| {
            let values = field.values();
            values.map(move |(element, held)| (Some(field), element, held))
        }))
    }

    /// Every enum.
    pub fn enums(&self) -> impl Iterator<Item = &Type> {
        self.types.iter().filter(|one| one.kind == TypeKind::Enum)
    }
}
