//! Reads texts into one [`Graph`]: first the imports, each on its own, then the schema itself.
//!
//! A name is looked up among the types defined *so far*; one without a definition gets a node that its definition
//! fills later, and what is still empty at the end of its text is an error (`avro.md` section 3.3). The nesting of
//! the JSON text bounds the recursion here. Read on in `parse/named.rs`; `parse/finish.rs` has the end of a text.

mod default;
mod field;
mod finish;
mod named;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::value::{Kind, Object, Value, read};
use crate::{Budget, InvalidSchema, Place, Strictness};

use super::graph::{Graph, Node, Primitive, Properties, Property, TypeId, Undefined, Use};
use super::style::{RULES, STYLE};
use super::{logical, print};

/// Attributes that are dropped where they have no meaning (`avro.md` section 3.1).
const RESERVED: [&str; 10] = [
    "doc",
    "fields",
    "items",
    "name",
    "namespace",
    "size",
    "symbols",
    "values",
    "type",
    "aliases",
];

/// Whether a text is the schema itself or one of those that it imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Main,
    Import,
}

pub(super) struct Parser {
    pub(super) graph: Graph,
    names: HashMap<String, TypeId>,
    strictness: Strictness,
    /// Bounds the checks of defaults, which unions of records can make exponential, and the completing of names.
    budget: Budget,
    text: Text,
}

/// What is remembered of one text until its end.
struct Text {
    source: Source,
    /// Where the value begins that is the whole text.
    root: Place,
    /// The first node that the text added.
    first_node: usize,
    /// Names used before their definition, in order.
    awaited: Vec<TypeId>,
    /// Types that were used by name.
    mentioned: HashSet<TypeId>,
    /// Records in the order in which their last field was read.
    records: Vec<TypeId>,
}

impl Parser {
    /// Far more than checking the defaults of a schema takes, and still well below a second.
    const STEPS: u64 = 10_000_000;
    /// How much of a faulty part of the text a message quotes.
    const QUOTED_CHARS_MAX: usize = 1000;

    pub(super) fn new(strictness: Strictness) -> Self {
        Self {
            graph: Graph::default(),
            names: HashMap::new(),
            strictness,
            budget: Budget::steps(Self::STEPS),
            text: Text::new(Source::Import, 0),
        }
    }

    /// Reads one text; whatever it defines is known to the texts after it.
    pub(super) fn text(&mut self, text: &str, source: Source) -> Result<Use, InvalidSchema> {
        self.text = Text::new(source, self.graph.len());
        let value = read(text, &RULES)
            .or_else(|unreadable| self.refuse(unreadable.place, unreadable.reason))?;
        self.text.root = value.place;
        let root = self.schema(&value, None)?;
        self.finish(root)
    }

    /// True when the last text used a name before its definition, which is written at the use then.
    pub(super) const fn moves_definitions(&self) -> bool {
        !self.text.awaited.is_empty()
    }

    /// Reads whatever stands where a type is expected.
    fn schema(&mut self, value: &Value, namespace: Option<&str>) -> Result<Use, InvalidSchema> {
        match &value.kind {
            Kind::String(name) => self.find(name, namespace, value.place),
            Kind::Object(object) => self.object(object, value, namespace),
            Kind::Array(branches) => self.union(branches, value, namespace),
            _ => self.refuse_value("Schema not yet supported: ", value),
        }
    }

    fn object(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let Some(word) = object.get("type").and_then(Value::as_str) else {
            return self.refuse_value("No type: ", value);
        };
        match word {
            "record" | "error" => self.record(object, value, namespace),
            "enum" => self.enumeration(object, value, namespace),
            "fixed" => self.fixed(object, value, namespace),
            "array" => self.array(object, value, namespace),
            "map" => self.map(object, value, namespace),
            _ => self.primitive_or_name(word, object, value, namespace),
        }
    }

    fn primitive_or_name(
        &mut self,
        word: &str,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let Some(primitive) = Primitive::from_word(word) else {
            // The named type itself; what else the object says is dropped.
            return self.find(word, namespace, value.place);
        };
        let mut properties = properties(object, |key| RESERVED.contains(&key));
        properties.logical = logical::fits_primitive(primitive, &properties);
        let node = Node::Primitive(primitive, properties);
        Ok(self.used(node, value.place))
    }

    fn array(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let Some(items) = object.get("items") else {
            return self.refuse_value("Array has no items type: ", value);
        };
        let items = self.schema(items, namespace)?;
        let mut properties = properties(object, |key| RESERVED.contains(&key));
        if logical::fits_array(items, &properties, &self.graph) {
            properties.put_logical_type_first();
        }
        let node = Node::Array(items, properties);
        Ok(self.used(node, value.place))
    }

    fn map(
        &mut self,
        object: &Object,
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let Some(values) = object.get("values") else {
            return self.refuse_value("Map has no values type: ", value);
        };
        let values = self.schema(values, namespace)?;
        let node = Node::Map(values, properties(object, |key| RESERVED.contains(&key)));
        Ok(self.used(node, value.place))
    }

    fn union(
        &mut self,
        branches: &[Value],
        value: &Value,
        namespace: Option<&str>,
    ) -> Result<Use, InvalidSchema> {
        let mut union = Vec::with_capacity(branches.len());
        for branch in branches {
            union.push(self.schema(branch, namespace)?);
        }
        let is_union = |branch: &Use| matches!(self.graph[branch.id], Node::Union(_));
        if union.iter().any(is_union) {
            let id = self.graph.add(Node::Union(union));
            let text = print::fragment(&self.graph, id);
            return self.refuse(value.place, format!("Nested union: {}", quoted(&text)));
        }
        self.check_union(&union, value)?;
        Ok(self.used(Node::Union(union), value.place))
    }

    fn check_union(&self, union: &[Use], value: &Value) -> Result<(), InvalidSchema> {
        let mut seen = HashSet::with_capacity(union.len());
        for branch in union {
            let node = &self.graph[branch.id];
            let name = full_name(node);
            if !seen.insert(name) {
                return self.refuse(
                    branch.place.unwrap_or(value.place),
                    format!("Duplicate in union:{name}"),
                );
            }
        }
        Ok(())
    }

    /// The type of a name, or a node that its definition will fill.
    fn find(
        &mut self,
        written: &str,
        namespace: Option<&str>,
        place: Place,
    ) -> Result<Use, InvalidSchema> {
        if let Some(primitive) = Primitive::from_word(written) {
            return Ok(self.used(Node::Primitive(primitive, Properties::default()), place));
        }
        self.spend_on_name(written, namespace, place)?;
        let full_name = match namespace {
            Some(namespace) if !written.contains('.') => {
                Cow::from(format!("{namespace}.{written}"))
            }
            _ => Cow::from(written),
        };
        let place = self.place(place);
        let defined = self.defined(&full_name).or_else(|| self.defined(written));
        if let Some(id) = defined {
            self.text.mentioned.insert(id);
            return Ok(Use {
                id,
                place,
                forward: false,
            });
        }
        let id = match self.names.get(&*full_name) {
            Some(id) => *id,
            None => self.await_definition(full_name.into_owned(), written, place),
        };
        Ok(Use {
            id,
            place,
            forward: true,
        })
    }

    /// A namespace is written once and completes any number of names, so a long one multiplies.
    fn spend_on_name(
        &mut self,
        written: &str,
        namespace: Option<&str>,
        place: Place,
    ) -> Result<(), InvalidSchema> {
        let length = written.len() + namespace.map_or(0, str::len);
        let steps = u64::try_from(length / 8).unwrap_or(u64::MAX);
        match self.budget.spend_many(steps) {
            Ok(()) => Ok(()),
            Err(_) => self.refuse(place, "the names of the schema are too long altogether"),
        }
    }

    /// The type of a full name, if its definition is complete.
    fn defined(&self, full_name: &str) -> Option<TypeId> {
        let id = *self.names.get(full_name)?;
        (!matches!(self.graph[id], Node::Undefined(_))).then_some(id)
    }

    fn await_definition(
        &mut self,
        full_name: String,
        written: &str,
        place: Option<Place>,
    ) -> TypeId {
        let id = self.graph.add(Node::Undefined(Undefined {
            full_name: full_name.clone(),
            written: written.to_owned(),
            place,
        }));
        self.names.insert(full_name, id);
        self.text.awaited.push(id);
        id
    }

    fn used(&mut self, node: Node, place: Place) -> Use {
        Use {
            id: self.graph.add(node),
            place: self.place(place),
            forward: false,
        }
    }

    /// A place as it is kept: imported texts have none that anybody could look up.
    fn place(&self, place: Place) -> Option<Place> {
        (self.text.source == Source::Main).then_some(place)
    }

    fn refuse<T>(&self, place: Place, reason: impl Into<String>) -> Result<T, InvalidSchema> {
        Err(match self.place(place) {
            Some(place) => InvalidSchema::at(place, reason),
            None => InvalidSchema::new(reason),
        })
    }

    /// Refuses with the faulty part of the text behind the reason.
    fn refuse_value<T>(&self, reason: &str, value: &Value) -> Result<T, InvalidSchema> {
        let text = value.to_text(STYLE);
        self.refuse(value.place, format!("{reason}{}", quoted(&text)))
    }
}

impl Text {
    fn new(source: Source, first_node: usize) -> Self {
        Self {
            source,
            root: Place::START,
            first_node,
            awaited: Vec::new(),
            mentioned: HashSet::new(),
            records: Vec::new(),
        }
    }
}

/// The name by which a union tells its branches apart.
fn full_name(node: &Node) -> &str {
    match (node.naming(), node) {
        (Some(naming), _) => naming.name.full(),
        (None, Node::Undefined(undefined)) => &undefined.full_name,
        (None, _) => node.type_word(),
    }
}

/// Every member that is not reserved, in order.
fn properties(object: &Object, is_reserved: impl Fn(&str) -> bool) -> Properties {
    let list = object
        .members()
        .iter()
        .filter(|member| !is_reserved(&member.key))
        .map(|member| Property {
            key: member.key.clone(),
            value: member.value.clone(),
        })
        .collect();
    Properties {
        list,
        logical: false,
    }
}

/// A part of a text as a message quotes it.
fn quoted(text: &str) -> &str {
    match text.char_indices().nth(Parser::QUOTED_CHARS_MAX) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
