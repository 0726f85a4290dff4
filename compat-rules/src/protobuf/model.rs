//! The model of a `.proto` file for rules of policy.
//!
//! Paths begin with the name of the message: which message stands first may change. Comments are read off the text that
//! was sent. Imported types are seen from the field that uses them and not walked into.

mod field;

use std::collections::{BTreeSet, HashMap};

use crate::policy::model::{
    Details, Element, Links, Model, Properties, ProtobufDetails, ProtobufImport, Symbol, Type,
    TypeKind, Use, joined,
};
use crate::{Format, Place};

use super::Schema;
use super::builtin;
use super::comments::Comments;
use super::document::{Document, Enum, Group, Message, ProtoOption, RangeValue, Ranges};
use super::names::{Names, Scope, ToldNames};
use super::print;

impl Schema {
    /// The model of the schema, which was read from this text.
    pub(crate) fn model(&self, text: &str) -> Model {
        let names = self.names();
        let mut walk = Walk {
            names: &names,
            told: names.told(qualified),
            comments: Comments::of(text),
            proto3: self.document.is_proto3(),
            types: Vec::new(),
            used: Vec::new(),
            groups: Vec::new(),
        };
        let outer = Element {
            pointer: package(&self.document),
            ..Element::default()
        };
        let scope = names.scope(self.document.package.as_deref().unwrap_or_default());
        for message in &self.document.messages {
            walk.message(message, &outer, &scope);
        }
        for enumeration in &self.document.enums {
            walk.enumeration(enumeration, &outer);
        }
        walk.types.sort_by_key(|one| one.element.place);
        mark_root(&mut walk.types);
        let used: BTreeSet<&str> = walk.used.iter().map(|(_, name)| name.as_str()).collect();
        let details = self.details(&walk.groups, &used);
        Model {
            format: Format::Protobuf,
            namespace: self.document.package.clone(),
            doc: walk
                .types
                .iter()
                .find(|one| one.is_root)
                .and_then(|root| root.doc.clone()),
            bytes: text.len(),
            depth: linked(&mut walk.types, &walk.used).settle(&mut walk.types),
            uses: uses(&details),
            loose: Vec::new(),
            remarks: Vec::new(),
            properties: properties(&self.document.options),
            types: walk.types,
            details: Details::Protobuf(details),
        }
    }

    fn details(&self, groups: &[Element], used: &BTreeSet<&str>) -> ProtobufDetails {
        let document = &self.document;
        let at = |place: Place, name: &str| Element {
            path: name.to_owned(),
            pointer: name.to_owned(),
            place: Some(place),
        };
        let import = |(file, is_public, is_weak): (&String, bool, bool)| ProtobufImport {
            element: Element {
                path: file.clone(),
                pointer: file.clone(),
                place: None,
            },
            file: file.clone(),
            is_public,
            is_weak,
            is_used: self.declares_used(file, used),
        };
        let plain = document.imports.iter().map(|file| (file, false, false));
        let public = document
            .public_imports
            .iter()
            .map(|file| (file, true, false));
        let weak = document.weak_imports.iter().map(|file| (file, false, true));
        let mut extensions = groups.to_vec();
        extensions.extend(
            document
                .extends
                .iter()
                .map(|one| at(one.place, &one.extendee)),
        );
        for message in &document.messages {
            extensions_of(message, &joined(&[&message.name]), &mut extensions);
        }
        ProtobufDetails {
            syntax: document.syntax.map(|syntax| syntax.as_str().to_owned()),
            package: document.package.clone(),
            imports: plain.chain(public).chain(weak).map(import).collect(),
            extensions,
            services: document
                .services
                .iter()
                .map(|one| at(one.place, &one.name))
                .collect(),
            options: properties(&document.options),
        }
    }

    /// True if the file, or one that it passes on, declares a type that is used. One that declares extensions is
    /// taken to be used: options may name them.
    fn declares_used(&self, file: &str, used: &BTreeSet<&str>) -> bool {
        let mut waiting = vec![file];
        let mut seen = BTreeSet::new();
        while let Some(path) = waiting.pop() {
            let own = self.imports.iter().find(|import| import.path == path);
            let document = own
                .map(|import| &import.document)
                .or_else(|| builtin::file(path));
            // What is not there cannot be judged.
            let Some(document) = document else {
                return true;
            };
            if !document.extends.is_empty()
                || declared(document)
                    .iter()
                    .any(|name| used.contains(name.as_str()))
            {
                return true;
            }
            let passed_on = document.public_imports.iter().map(String::as_str);
            waiting.extend(passed_on.filter(|path| seen.insert(*path)));
        }
        false
    }
}

/// The full names of all types of a file.
fn declared(document: &Document) -> Vec<String> {
    let package = &package(document);
    let mut names: Vec<String> = document
        .enums
        .iter()
        .map(|one| qualified(package, &one.name))
        .collect();
    let mut waiting: Vec<(String, &Message)> = document
        .messages
        .iter()
        .map(|one| (qualified(package, &one.name), one))
        .collect();
    while let Some((name, message)) = waiting.pop() {
        names.extend(message.enums.iter().map(|one| qualified(&name, &one.name)));
        waiting.extend(
            message
                .messages
                .iter()
                .map(|one| (qualified(&name, &one.name), one)),
        );
        names.push(name);
    }
    names
}

/// The name of something in something that is called so already.
fn qualified(outer: &str, name: &str) -> String {
    let dot = if outer.is_empty() { "" } else { "." };
    joined(&[outer, dot, name])
}

/// The package, part by part, as the names in it begin.
fn package(document: &Document) -> String {
    let name = document.package.as_deref().unwrap_or_default();
    let parts = name.split('.').filter(|part| !part.is_empty());
    parts.fold(String::new(), |outer, part| qualified(&outer, part))
}

fn extensions_of(message: &Message, path: &str, found: &mut Vec<Element>) {
    let places = message.extensions.iter().map(|one| one.ranges.place);
    let places = places.chain(message.extends.iter().map(|one| one.place));
    found.extend(places.map(|place| Element {
        path: path.to_owned(),
        pointer: path.to_owned(),
        place: Some(place),
    }));
    for nested in &message.messages {
        extensions_of(nested, &qualified(path, &nested.name), found);
    }
}

/// The first message is the root; a file of enums alone has none.
fn mark_root(types: &mut [Type]) {
    let top = |one: &&mut Type| one.kind == TypeKind::Record && !one.element.path.contains('.');
    if let Some(first) = types.iter_mut().find(top) {
        first.is_root = true;
    }
}

fn linked(types: &mut [Type], used: &[(String, String)]) -> Links {
    let by_name: HashMap<&str, usize> = types
        .iter()
        .enumerate()
        .map(|(position, one)| (one.full_name.as_str(), position))
        .collect();
    let mut links = Links::default();
    for (holder, name) in used {
        if let (Some(holder), Some(inner)) =
            (by_name.get(holder.as_str()), by_name.get(name.as_str()))
        {
            links.add(*holder, *inner);
        }
    }
    links
}

fn uses(details: &ProtobufDetails) -> Vec<Use> {
    let imports = details.imports.iter();
    imports
        .map(|import| Use {
            element: import.element.clone(),
            name: import.file.clone(),
        })
        .collect()
}

struct Walk<'d> {
    names: &'d Names<'d>,
    /// The names of types as they are told.
    told: ToldNames,
    comments: Comments,
    proto3: bool,
    types: Vec<Type>,
    /// Which message uses which type, by full names.
    used: Vec<(String, String)>,
    groups: Vec<Element>,
}

impl Walk<'_> {
    /// Messages nest no deeper than the parser allows.
    fn message(&mut self, message: &Message, outer: &Element, around: &Scope) {
        let mut scope = around.clone();
        scope.enter(self.names, &message.name);
        let mut found = self.described(
            message.place,
            &message.name,
            &message.options,
            outer,
            TypeKind::Record,
        );
        found.tags = super::tags::of_message(&message.options);
        reserve(&mut found, &message.reserved);
        let element = found.element.clone();
        for (oneof, field) in field::with_oneofs(message) {
            let described = self.field(field, oneof, &element, &scope);
            found.fields.push(described);
        }
        found.fields.sort_by_key(|field| field.element.place);
        let in_oneofs = message.oneofs.iter().flat_map(|oneof| &oneof.groups);
        for group in message.groups.iter().chain(in_oneofs) {
            self.group(group, &element, &scope);
        }
        self.types.push(found);
        for nested in message
            .messages
            .iter()
            .filter(|nested| !nested.is_map_entry())
        {
            self.message(nested, &element, &scope);
        }
        for enumeration in &message.enums {
            self.enumeration(enumeration, &element);
        }
    }

    fn group(&mut self, group: &Group, outer: &Element, around: &Scope) {
        let mut scope = around.clone();
        scope.enter(self.names, &group.name);
        let mut found = self.described(group.place, &group.name, &[], outer, TypeKind::Record);
        let element = found.element.clone();
        for field in &group.fields {
            let described = self.field(field, None, &element, &scope);
            found.fields.push(described);
        }
        self.groups.push(element);
        self.types.push(found);
    }

    fn enumeration(&mut self, enumeration: &Enum, outer: &Element) {
        let mut found = self.described(
            enumeration.place,
            &enumeration.name,
            &enumeration.options,
            outer,
            TypeKind::Enum,
        );
        reserve(&mut found, &enumeration.reserved);
        for constant in &enumeration.constants {
            let pointer = format!(".{}", constant.name);
            found.symbols.push(Symbol {
                element: found
                    .element
                    .member(&constant.name, &pointer, Some(constant.place)),
                name: constant.name.clone(),
                number: Some(i64::from(constant.number)),
                doc: self.comments.about(constant.place),
                deprecated: is_deprecated(&constant.options),
            });
        }
        self.types.push(found);
    }

    fn described(
        &self,
        place: Place,
        name: &str,
        options: &[ProtoOption],
        outer: &Element,
        kind: TypeKind,
    ) -> Type {
        let full_name = qualified(&outer.pointer, name);
        let element = Element {
            path: qualified(&outer.path, name),
            pointer: full_name.clone(),
            place: Some(place),
        };
        let mut found = Type::new(element, kind);
        found.full_name = full_name;
        name.clone_into(&mut found.name);
        found.doc = self
            .comments
            .about(place)
            .or_else(|| super::tags::doc(options));
        found.deprecated = is_deprecated(options);
        found.properties = properties(options);
        found
    }
}

fn reserve(found: &mut Type, reserved: &[Ranges]) {
    for value in reserved.iter().flat_map(|ranges| &ranges.values) {
        match value {
            RangeValue::Number(number) => found
                .reserved_numbers
                .push((i64::from(*number), i64::from(*number))),
            RangeValue::Range(first, last) => found
                .reserved_numbers
                .push((i64::from(*first), i64::from(*last))),
            RangeValue::Name(name) => found.reserved_names.push(name.clone()),
        }
    }
}

fn is_deprecated(options: &[ProtoOption]) -> bool {
    options
        .iter()
        .any(|option| option.is_plain("deprecated") && option.value.is_word("true"))
}

/// The options by their names as written; a value that is no text as it is printed.
fn properties(options: &[ProtoOption]) -> Properties {
    options
        .iter()
        .map(|option| {
            let parts = std::iter::once(&option.name).chain(&option.path);
            let name: Vec<&str> = parts.map(|part| part.text.as_str()).collect();
            let value = match &option.value {
                super::document::Value::String(text) => text.clone(),
                value => print::value(value),
            };
            (name.join("."), value)
        })
        .collect()
}
