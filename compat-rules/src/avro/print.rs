//! The text of a schema: canonical, with imports written out, or the text that the normal form is read from.
//!
//! All three walk the graph depth first and write a named type where they meet it first, by its name after that. What
//! is special to the normal form is in `print/normal.rs`.

mod normal;

use std::borrow::Cow;
use std::collections::HashSet;

use crate::InvalidSchema;
use crate::value::{Rules, Value, escape_into};

use super::graph::{
    Enum, Field, Fixed, Graph, Naming, Node, Order, Properties, Record, TypeId, Use,
};
use super::name::Name;
use super::style::STYLE;

/// What the text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// To be stored, or served with imports written out.
    Canonical,
    /// To be read again, which gives the normal form.
    Normal(NullNamespace),
}

/// What the normal form does with a type that has no namespace, within one that has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NullNamespace {
    /// It moves into the enclosing namespace, as in the reference.
    Moves,
    /// It stays where it is.
    Stays,
}

/// Why a schema cannot be written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unprintable {
    /// The text would nest deeper than one that can be read.
    TooDeep,
    /// The text would be longer than one that can be read: long names can be used in few characters.
    TooLong,
}

impl From<Unprintable> for InvalidSchema {
    fn from(unprintable: Unprintable) -> Self {
        Self::new(match unprintable {
            Unprintable::TooDeep => format!(
                "the types nest deeper than {} levels of JSON when they are written out",
                Rules::DEPTH_MAX
            ),
            Unprintable::TooLong => format!(
                "the schema is longer than {} bytes when it is written out",
                Rules::TEXT_BYTES_MAX
            ),
        })
    }
}

/// Writes a schema. Types in `known` are written as names from the start.
pub(super) fn text(
    graph: &Graph,
    root: Use,
    known: &[TypeId],
    form: Form,
) -> Result<String, Unprintable> {
    let mut printer = Printer::new(graph, form);
    let named = known.iter().filter(|id| graph[**id].naming().is_some());
    printer.known.extend(named);
    printer.schema(root.id, None)?;
    Ok(printer.out)
}

/// Writes a type on its own, for a message. One that nests too deeply is cut off.
pub(super) fn fragment(graph: &Graph, id: TypeId) -> String {
    let mut printer = Printer::new(graph, Form::Canonical);
    // Cut off where it cannot be written, which is far behind what a message quotes.
    let _ = printer.schema(id, None);
    printer.out
}

struct Printer<'g> {
    graph: &'g Graph,
    form: Form,
    known: HashSet<TypeId>,
    out: String,
    depth: usize,
}

impl<'g> Printer<'g> {
    /// Bounds the recursion: the deepest list that can be read, and a plain type in it.
    const LEVELS_MAX: usize = Rules::DEPTH_MAX + 1;

    fn new(graph: &'g Graph, form: Form) -> Self {
        Self {
            graph,
            form,
            known: HashSet::new(),
            out: String::new(),
            depth: 0,
        }
    }

    fn schema(&mut self, id: TypeId, namespace: Option<&str>) -> Result<(), Unprintable> {
        let graph = self.graph;
        let node = &graph[id];
        if self.out.len() > Rules::TEXT_BYTES_MAX {
            return Err(Unprintable::TooLong);
        }
        if let Some(naming) = node.naming()
            && !self.known.insert(id)
        {
            let name = self.written(&naming.name, namespace);
            escape_into(&mut self.out, name);
            return Ok(());
        }
        self.depth += 1;
        if self.depth > Self::LEVELS_MAX {
            return Err(Unprintable::TooDeep);
        }
        match node {
            // Only a message written in the middle of a text can meet one.
            Node::Undefined(undefined) => escape_into(&mut self.out, &undefined.full_name),
            Node::Primitive(primitive, properties) => {
                self.primitive(primitive.as_str(), properties);
            }
            Node::Array(items, properties) => {
                self.container(["array", "items"], *items, properties, namespace)?;
            }
            Node::Map(values, properties) => {
                self.container(["map", "values"], *values, properties, namespace)?;
            }
            Node::Union(branches) => self.union(branches, namespace)?,
            Node::Record(record) => self.record(record, namespace)?,
            Node::Enum(enumeration) => self.enumeration(enumeration, namespace),
            Node::Fixed(fixed) => self.fixed(fixed, namespace),
        }
        self.depth -= 1;
        Ok(())
    }

    fn primitive(&mut self, word: &str, properties: &Properties) {
        if properties.list.is_empty() {
            return escape_into(&mut self.out, word);
        }
        self.open(word);
        self.properties(properties);
        self.out.push('}');
    }

    fn container(
        &mut self,
        [word, attribute]: [&str; 2],
        inner: Use,
        properties: &Properties,
        namespace: Option<&str>,
    ) -> Result<(), Unprintable> {
        self.open(word);
        self.attribute(attribute);
        self.schema(inner.id, namespace)?;
        self.properties(properties);
        self.out.push('}');
        Ok(())
    }

    fn union(&mut self, branches: &[Use], namespace: Option<&str>) -> Result<(), Unprintable> {
        self.out.push('[');
        for (index, branch) in branches.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.schema(branch.id, namespace)?;
        }
        self.out.push(']');
        Ok(())
    }

    fn record(&mut self, record: &Record, namespace: Option<&str>) -> Result<(), Unprintable> {
        let word = match self.form {
            Form::Canonical if record.is_error => "error",
            _ => "record",
        };
        self.open_named(word, &record.naming, namespace);
        self.attribute("fields");
        self.out.push('[');
        let inner = self.inner_namespace(&record.naming.name, namespace);
        for (index, field) in record.fields.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            self.field(field, inner)?;
        }
        self.out.push(']');
        self.close_named(&record.naming, inner);
        Ok(())
    }

    fn field(&mut self, field: &Field, namespace: Option<&str>) -> Result<(), Unprintable> {
        self.out.push_str("{\"name\":");
        escape_into(&mut self.out, &field.name);
        self.attribute("type");
        self.schema(field.r#type.id, namespace)?;
        self.text_attribute("doc", field.doc.as_deref());
        if let Some(default) = &field.default {
            self.attribute("default");
            self.default(default, field.r#type);
        }
        if field.order != Order::Ascending {
            self.text_attribute("order", Some(field.order.as_str()));
        }
        let aliases = field.aliases.iter().map(|alias| Cow::from(alias.as_str()));
        self.aliases(aliases.collect());
        self.properties(&field.properties);
        self.out.push('}');
        Ok(())
    }

    fn enumeration(&mut self, enumeration: &Enum, namespace: Option<&str>) {
        self.open_named("enum", &enumeration.naming, namespace);
        self.attribute("symbols");
        self.out.push('[');
        for (index, symbol) in enumeration.symbols.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            escape_into(&mut self.out, &symbol.name);
        }
        self.out.push(']');
        self.text_attribute("default", enumeration.default.as_deref());
        let inner = self.inner_namespace(&enumeration.naming.name, namespace);
        self.close_named(&enumeration.naming, inner);
    }

    fn fixed(&mut self, fixed: &Fixed, namespace: Option<&str>) {
        self.open_named("fixed", &fixed.naming, namespace);
        self.attribute("size");
        self.out.push_str(&fixed.size.to_string());
        let inner = self.inner_namespace(&fixed.naming.name, namespace);
        self.close_named(&fixed.naming, inner);
    }

    /// `{"type":"…"`.
    fn open(&mut self, word: &str) {
        self.out.push_str("{\"type\":");
        escape_into(&mut self.out, word);
    }

    /// Type, name and doc of a named type.
    fn open_named(&mut self, word: &str, naming: &Naming, namespace: Option<&str>) {
        self.open(word);
        match self.form {
            Form::Canonical => self.canonical_name(&naming.name, namespace),
            Form::Normal(null_namespace) => {
                self.normal_name(&naming.name, namespace, null_namespace);
            }
        }
        match (self.form, naming.doc.as_deref()) {
            (Form::Normal(_), Some("")) => {}
            (_, doc) => self.text_attribute("doc", doc),
        }
    }

    fn canonical_name(&mut self, name: &Name, namespace: Option<&str>) {
        self.text_attribute("name", Some(name.simple()));
        if name.namespace() != namespace {
            self.text_attribute("namespace", Some(name.namespace().unwrap_or_default()));
        }
    }

    /// Properties and aliases of a named type, whose own namespace is given.
    fn close_named(&mut self, naming: &Naming, own_namespace: Option<&str>) {
        self.properties(&naming.properties);
        let aliases = naming.aliases.iter().map(|alias| {
            Cow::from(match self.form {
                Form::Canonical => alias.written_in(own_namespace),
                Form::Normal(_) => alias.full(),
            })
        });
        self.aliases(aliases.collect());
        self.out.push('}');
    }

    /// The namespace in which the inside of a named type is read.
    fn inner_namespace<'n>(&self, name: &'n Name, namespace: Option<&'n str>) -> Option<&'n str> {
        match (self.form, name.namespace()) {
            (Form::Normal(NullNamespace::Moves), None) => namespace,
            (_, own) => own,
        }
    }

    /// A use of a type that was written already.
    fn written<'n>(&self, name: &'n Name, namespace: Option<&str>) -> &'n str {
        match self.form {
            Form::Canonical => name.written_in(namespace),
            Form::Normal(_) => name.full(),
        }
    }

    fn aliases(&mut self, mut aliases: Vec<Cow<'_, str>>) {
        if aliases.is_empty() {
            return;
        }
        if self.form != Form::Canonical {
            normal::sort(&mut aliases);
        }
        self.attribute("aliases");
        self.out.push('[');
        for (index, alias) in aliases.iter().enumerate() {
            if index > 0 {
                self.out.push(',');
            }
            escape_into(&mut self.out, alias);
        }
        self.out.push(']');
    }

    fn properties(&mut self, properties: &Properties) {
        if self.form != Form::Canonical {
            return self.normal_properties(properties);
        }
        for property in &properties.list {
            self.attribute(&property.key);
            property.value.write(&mut self.out, STYLE);
        }
    }

    fn default(&mut self, default: &Value, r#type: Use) {
        match self.form {
            Form::Canonical => default.write(&mut self.out, STYLE),
            Form::Normal(_) => self.normal_default(default, r#type),
        }
    }

    fn text_attribute(&mut self, key: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.attribute(key);
            escape_into(&mut self.out, text);
        }
    }

    /// A comma, the key and a colon. Never the first attribute.
    fn attribute(&mut self, key: &str) {
        self.out.push(',');
        escape_into(&mut self.out, key);
        self.out.push(':');
    }
}
