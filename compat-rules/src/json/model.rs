//! The model of a JSON schema for rules of policy: a walk over the text as JSON, in its order, without recursion.
//!
//! An object with properties is a record, a list of values an enum, `oneOf` or `anyOf` with more than one branch besides
//! null a union. A `$ref` within the text is looked through; one that leads out of it is a use. What a property holds is
//! in `model/field.rs`.

mod field;
mod parts;

use std::collections::HashMap;
use std::rc::Rc;

use crate::Format;
use crate::policy::model::{
    Details, Element, Inner, JsonDetails, Link, Links, Model, Properties, Remark, Symbol, Type,
    TypeKind, Use,
};
use crate::value::{Kind, Value};

use super::dialect::Dialect;
use super::{Schema, uri};
use parts::{
    doc, escaped, is_deprecated, items, member, members, name_of, properties, tags, text_of,
};

/// Keywords whose members are schemas that say nothing new of where they are: the same value is meant.
const SAME_VALUE_LISTS: [&str; 1] = ["allOf"];
const SAME_VALUE: [&str; 4] = ["if", "then", "else", "not"];
const NAMED_SAME_VALUE: [&str; 2] = ["dependentSchemas", "dependencies"];
const ITEMS: [&str; 4] = ["items", "additionalItems", "unevaluatedItems", "contains"];
const VALUES: [&str; 2] = ["additionalProperties", "unevaluatedProperties"];
const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];

impl Schema {
    /// The model of the schema, which was read from this text.
    pub(crate) fn model(&self, text: &str) -> Model {
        let mut walk = Walk {
            root: &self.value,
            look: field::Look::new(&self.value),
            loose: Vec::new(),
            remarks: Vec::new(),
            types: Vec::new(),
            by_pointer: HashMap::new(),
            references: Vec::new(),
            links: Links::default(),
            uses: Vec::new(),
            details: JsonDetails {
                dialect: text_of(&self.value, "$schema"),
                id: text_of(&self.value, "$id").or_else(|| text_of(&self.value, "id")),
                ids: Vec::new(),
                imported_ids: self.imported_ids.to_vec(),
                root_type: field::written_type(&self.value),
                patterns: Vec::new(),
            },
            waiting: Vec::new(),
            base: None,
        };
        walk.loose = walk.look.loose();
        walk.whole();
        walk.link_references();
        Model {
            format: Format::Json,
            namespace: walk.details.id.clone(),
            doc: doc(&self.value),
            bytes: text.len(),
            depth: walk.links.settle(&mut walk.types),
            types: walk.types,
            uses: walk.uses,
            loose: walk.loose,
            remarks: walk.remarks,
            properties: properties(&self.value),
            details: Details::Json(walk.details),
        }
    }
}

struct Walk<'v> {
    root: &'v Value,
    look: field::Look<'v>,
    loose: Vec<Inner>,
    remarks: Vec<Remark>,
    types: Vec<Type>,
    by_pointer: HashMap<String, Link>,
    /// Which type refers to what, by pointer.
    references: Vec<(Link, String)>,
    links: Links,
    uses: Vec<Use>,
    details: JsonDetails,
    /// What is still to be visited, the next one last.
    waiting: Vec<Visit<'v>>,
    /// What ids within the schema that is visited are resolved against.
    base: Option<Rc<str>>,
}

/// A schema to be visited.
struct Visit<'v> {
    schema: &'v Value,
    element: Element,
    /// The key of its definition; empty for any other.
    name: String,
    /// The type that it is a part of.
    holder: Option<Link>,
    /// What its id is resolved against.
    base: Option<Rc<str>>,
    /// It is what a property holds.
    is_field: bool,
}

impl<'v> Walk<'v> {
    fn whole(&mut self) {
        self.waiting.push(Visit {
            schema: self.root,
            element: Element {
                place: Some(self.root.place),
                ..Element::default()
            },
            name: String::new(),
            holder: None,
            base: None,
            is_field: false,
        });
        while let Some(visit) = self.waiting.pop() {
            let first = self.waiting.len();
            self.visit(&visit);
            self.waiting[first..].reverse();
        }
    }

    fn visit(&mut self, visit: &Visit<'v>) {
        if visit.schema.as_object().is_none() {
            return;
        }
        self.identify(visit);
        if let Some(pattern) = text_of(visit.schema, "pattern") {
            self.details.patterns.push((visit.element.clone(), pattern));
        }
        let own = self.types_of(visit);
        if !visit.is_field {
            self.remark(visit, own.is_some());
        }
        let holder = own.map(Link::Type).or(visit.holder);
        let holder = Some(holder.unwrap_or_else(|| self.passing(visit)));
        self.reference(visit, holder);
        self.properties(visit, holder);
        self.branches(visit, holder);
        self.applied(visit, holder);
        self.definitions(visit);
    }

    /// Notes the id, which is the base of those within.
    fn identify(&mut self, visit: &Visit<'v>) {
        self.base.clone_from(&visit.base);
        let dialect = self.details.dialect.as_deref().and_then(Dialect::of);
        let keyword = dialect.map_or("$id", |dialect| dialect.id_keyword());
        let Some(id) = text_of(visit.schema, keyword) else {
            return;
        };
        let resolved = uri::resolve(visit.base.as_deref(), &id);
        if !id.starts_with('#') && uri::may_be_base(&resolved) {
            self.base = Some(Rc::from(resolved.as_str()));
        }
        self.details.ids.push((visit.element.clone(), resolved));
    }

    /// What is said about a type, but for its default, stands with the type.
    fn remark(&mut self, visit: &Visit<'v>, is_type: bool) {
        let schema = visit.schema;
        // What is said of the whole, the model tells by itself.
        let is_told = is_type || visit.element.pointer.is_empty();
        let remark = Remark {
            element: visit.element.clone(),
            doc: doc(schema).filter(|_| !is_told),
            default: member(schema, "default").map(name_of),
            properties: match is_told {
                true => Properties::new(),
                false => properties(schema),
            },
        };
        if remark.doc.is_some() || remark.default.is_some() || !remark.properties.is_empty() {
            self.remarks.push(remark);
        }
    }

    /// The types that the schema itself is, if any; the record among them holds what follows.
    fn types_of(&mut self, visit: &Visit<'v>) -> Option<usize> {
        let mut holder = None;
        if field::is_record(visit.schema) {
            let found = self.record(visit);
            holder = Some(self.add(visit, found));
        }
        if let Some(values) = member(visit.schema, "enum").and_then(Value::as_array) {
            let found = enumeration(visit, values);
            let position = self.add(visit, found);
            holder = holder.or(Some(position));
        }
        let branches = field::branches_besides_null(visit.schema);
        if branches > 1 {
            let mut found = described(visit, TypeKind::Union);
            found.branches = branches;
            let position = self.add(visit, found);
            holder = holder.or(Some(position));
        }
        holder
    }

    fn add(&mut self, visit: &Visit<'v>, mut found: Type) -> usize {
        let position = self.types.len();
        found.is_root = visit.element.pointer.is_empty() && position == 0;
        if let Some(holder) = visit.holder {
            self.links.add(holder, position);
        }
        self.by_pointer
            .entry(visit.element.pointer.clone())
            .or_insert(Link::Type(position));
        self.types.push(found);
        position
    }

    /// A definition, or a root, that is no type by itself may lead to some.
    fn passing(&mut self, visit: &Visit<'v>) -> Link {
        let link = self.links.passing();
        let pointer = visit.element.pointer.clone();
        self.by_pointer.entry(pointer).or_insert(link);
        link
    }

    fn record(&mut self, visit: &Visit<'v>) -> Type {
        let mut record = described(visit, TypeKind::Record);
        record.required = field::required(visit.schema);
        record.is_open = VALUES
            .iter()
            .find_map(|keyword| member(visit.schema, keyword))
            .map(|allowed| !matches!(allowed.kind, Kind::Boolean(false)));
        self.loose
            .extend(self.look.besides(visit.schema, &visit.element));
        for (name, schema) in members(visit.schema, "properties") {
            let pointer = format!("/properties/{}", escaped(name));
            let element = visit.element.member(name, &pointer, Some(schema.place));
            record.fields.push(field::field(
                &mut self.look,
                element,
                name,
                schema,
                record.required.iter().any(|required| required == name),
            ));
        }
        record
    }

    /// Notes what a `$ref` leads to.
    fn reference(&mut self, visit: &Visit<'v>, holder: Option<Link>) {
        let Some(target) = text_of(visit.schema, "$ref") else {
            return;
        };
        match (field::local_pointer(self.root, &target), holder) {
            (Some(pointer), Some(holder)) => self.references.push((holder, pointer)),
            (Some(_), None) => {}
            (None, _) => self.uses.push(Use {
                element: visit.element.clone(),
                name: target,
            }),
        }
    }

    fn properties(&mut self, visit: &Visit<'v>, holder: Option<Link>) {
        for (name, schema) in members(visit.schema, "properties") {
            let pointer = format!("/properties/{}", escaped(name));
            let element = visit.element.member(name, &pointer, Some(schema.place));
            let first = self.waiting.len();
            self.wait(schema, element, holder);
            self.waiting[first..]
                .iter_mut()
                .for_each(|one| one.is_field = true);
        }
        for (pattern, schema) in members(visit.schema, "patternProperties") {
            let pointer = format!("/patternProperties/{}", escaped(pattern));
            let element = visit.element.inside("{}", &pointer, Some(schema.place));
            self.details
                .patterns
                .push((element.clone(), pattern.to_owned()));
            self.wait(schema, element, holder);
        }
    }

    fn branches(&mut self, visit: &Visit<'v>, holder: Option<Link>) {
        let is_union = field::branches_besides_null(visit.schema) > 1;
        for keyword in ["oneOf", "anyOf"] {
            for (number, schema) in items(visit.schema, keyword).enumerate() {
                let name = if is_union {
                    format!("<{number}>")
                } else {
                    String::new()
                };
                let pointer = format!("/{keyword}/{number}");
                let element = visit.element.inside(&name, &pointer, Some(schema.place));
                self.wait(schema, element, holder);
            }
        }
    }

    /// Keywords that apply schemas to the value, to its items or to its further members.
    fn applied(&mut self, visit: &Visit<'v>, holder: Option<Link>) {
        let lists = SAME_VALUE_LISTS
            .iter()
            .map(|keyword| (keyword, ""))
            .chain([(&"prefixItems", "[]"), (&"items", "[]")]);
        for (keyword, name) in lists {
            for (number, schema) in items(visit.schema, keyword).enumerate() {
                let pointer = format!("/{keyword}/{number}");
                let element = visit.element.inside(name, &pointer, Some(schema.place));
                self.wait(schema, element, holder);
            }
        }
        let single = SAME_VALUE
            .iter()
            .map(|keyword| (keyword, ""))
            .chain(ITEMS.iter().map(|keyword| (keyword, "[]")))
            .chain(VALUES.iter().map(|keyword| (keyword, "{}")));
        for (keyword, name) in single {
            if let Some(schema) = member(visit.schema, keyword) {
                let pointer = format!("/{keyword}");
                let element = visit.element.inside(name, &pointer, Some(schema.place));
                self.wait(schema, element, holder);
            }
        }
        for keyword in NAMED_SAME_VALUE {
            for (name, schema) in members(visit.schema, keyword) {
                let pointer = format!("/{keyword}/{}", escaped(name));
                let element = visit.element.inside("", &pointer, Some(schema.place));
                self.wait(schema, element, holder);
            }
        }
    }

    fn definitions(&mut self, visit: &Visit<'v>) {
        for keyword in DEFINITIONS {
            for (name, schema) in members(visit.schema, keyword) {
                let pointer = format!("/{keyword}/{}", escaped(name));
                let path = format!("{keyword}.{name}");
                self.waiting.push(Visit {
                    schema,
                    element: visit.element.member(&path, &pointer, Some(schema.place)),
                    name: name.to_owned(),
                    holder: None,
                    base: self.base.clone(),
                    is_field: false,
                });
            }
        }
    }

    fn wait(&mut self, schema: &'v Value, element: Element, holder: Option<Link>) {
        if schema.as_object().is_some() {
            self.waiting.push(Visit {
                schema,
                element,
                name: String::new(),
                holder,
                base: self.base.clone(),
                is_field: false,
            });
        }
    }

    fn link_references(&mut self) {
        for (holder, pointer) in &self.references {
            if let Some(target) = self.by_pointer.get(pointer) {
                self.links.add(*holder, *target);
            }
        }
    }
}

fn described(visit: &Visit<'_>, kind: TypeKind) -> Type {
    let mut described = Type::new(visit.element.clone(), kind);
    described.name.clone_from(&visit.name);
    described.full_name.clone_from(&visit.name);
    described.doc = doc(visit.schema);
    described.deprecated = is_deprecated(visit.schema);
    described.properties = properties(visit.schema);
    described.tags = tags(visit.schema);
    described
}

fn enumeration(visit: &Visit<'_>, values: &[Value]) -> Type {
    let mut found = described(visit, TypeKind::Enum);
    found.default_symbol = member(visit.schema, "default").map(name_of);
    let symbols = values.iter().enumerate();
    found.symbols = symbols
        .filter(|(_, value)| !matches!(value.kind, Kind::Null))
        .map(|(number, value)| {
            let name = name_of(value);
            let pointer = format!("/enum/{number}");
            Symbol {
                element: visit.element.member(&name, &pointer, Some(value.place)),
                name,
                number: None,
                doc: None,
                deprecated: false,
            }
        })
        .collect();
    found
}
