//! Which element a name means, seen from where it is written.
//!
//! All types of a file, of everything that it references (directly or not) and of the built-in files form one
//! tree of names; imports play no part (`protobuf.md` section 5). A scope is a place in that tree; a name is
//! tried from the inside out, and unlike in `protoc` a hit is judged on the whole name, not on its first part.
//! Lookups walk parts instead of gluing strings, so that no text makes them expensive.

use std::collections::HashMap;

use super::builtin;
use super::document::{Document, Enum, Extend, Field, Message};

/// Where a file came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin<'a> {
    /// The schema itself.
    Own,
    /// A reference: its subject and version, and whether the schema itself lists it.
    Reference {
        subject: &'a str,
        version: u32,
        direct: bool,
    },
    BuiltIn,
}

/// A type and the file it stands in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) kind: NamedKind<'a>,
    /// The package of its file.
    pub(crate) package: Option<&'a str>,
    pub(crate) origin: Origin<'a>,
    node: Node,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum NamedKind<'a> {
    Message(&'a Message),
    Enum,
}

impl<'a> Named<'a> {
    pub(crate) const fn message(&self) -> Option<&'a Message> {
        match self.kind {
            NamedKind::Message(message) => Some(message),
            NamedKind::Enum => None,
        }
    }
}

/// A field declared in an `extend` block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extension<'a> {
    pub(crate) field: &'a Field,
    node: Node,
}

/// A place in one of the two trees: the built-in one is shared by all schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Own(usize),
    BuiltIn(usize),
}

/// A tree of the names of some files.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    children: HashMap<(usize, &'a str), usize>,
    /// Parent and own part of each node but the root, which has no name.
    parts: Vec<(usize, &'a str)>,
    types: HashMap<usize, Named<'a>>,
    extensions: HashMap<usize, Extension<'a>>,
}

const ROOT: usize = 0;

impl<'a> Tree<'a> {
    /// Adds everything that a file declares; what is there already is replaced.
    pub(crate) fn add(&mut self, document: &'a Document, origin: Origin<'a>) {
        let package = document.package.as_deref();
        let node = self.descend(ROOT, package.unwrap_or_default());
        self.add_all(
            node,
            package,
            origin,
            (&document.messages, &document.enums, &document.extends),
        );
    }

    fn add_all(
        &mut self,
        parent: usize,
        package: Option<&'a str>,
        origin: Origin<'a>,
        (messages, enums, extends): (&'a [Message], &'a [Enum], &'a [Extend]),
    ) {
        let name = |tree: &mut Self, name, kind| {
            let id = tree.descend(parent, name);
            let named = Named {
                kind,
                package,
                origin,
                node: at(origin, id),
            };
            tree.types.insert(id, named);
            id
        };
        for message in messages {
            let id = name(self, &message.name, NamedKind::Message(message));
            let inner = (&*message.messages, &*message.enums, &*message.extends);
            self.add_all(id, package, origin, inner);
        }
        for enumeration in enums {
            name(self, &enumeration.name, NamedKind::Enum);
        }
        for field in extends.iter().flat_map(|extend| &extend.fields) {
            let id = self.descend(parent, &field.name);
            let node = at(origin, id);
            self.extensions.insert(id, Extension { field, node });
        }
    }

    /// The node of a name below another; a name may have dots in it.
    fn descend(&mut self, parent: usize, name: &'a str) -> usize {
        let parts = name.split('.').filter(|part| !part.is_empty());
        parts.fold(parent, |node, part| self.child(node, part))
    }

    fn child(&mut self, parent: usize, part: &'a str) -> usize {
        let next = self.parts.len() + 1;
        let id = *self.children.entry((parent, part)).or_insert(next);
        if id == next {
            self.parts.push((parent, part));
        }
        id
    }

    /// How many nodes there are, the root not counted.
    pub(super) const fn size(&self) -> usize {
        self.parts.len()
    }

    fn find(&self, from: Option<usize>, part: &str) -> Option<usize> {
        self.children.get(&(from?, part)).copied()
    }

    /// The full name of a node, without a leading dot.
    fn full_name(&self, mut node: usize) -> String {
        let mut parts = Vec::new();
        while node != ROOT {
            let (parent, part) = self.parts[node - 1];
            parts.push(part);
            node = parent;
        }
        parts.reverse();
        parts.join(".")
    }
}

const fn at(origin: Origin<'_>, id: usize) -> Node {
    match origin {
        Origin::BuiltIn => Node::BuiltIn(id),
        Origin::Own | Origin::Reference { .. } => Node::Own(id),
    }
}

/// The names that one schema can mean.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    own: Tree<'a>,
    /// Paths of built-in files that a reference replaces.
    replaced: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// The names of a schema: its own file, and its references with the path of each.
    pub(crate) fn new(
        document: &'a Document,
        references: impl Iterator<Item = (&'a str, &'a Document, Origin<'a>)>,
    ) -> Self {
        let mut own = Tree::default();
        let mut replaced = Vec::new();
        for (path, reference, origin) in references {
            own.add(reference, origin);
            if builtin::file(path).is_some() {
                replaced.push(path);
            }
        }
        // Last, so that its own declarations win.
        own.add(document, Origin::Own);
        Self { own, replaced }
    }

    /// True when some built-in file means something else here.
    pub(crate) const fn replaces_built_in(&self) -> bool {
        !self.replaced.is_empty()
    }

    /// The type that `name` means in `scope`.
    pub(crate) fn find_type(&self, scope: &Scope, name: &str) -> Option<Named<'a>> {
        self.search(scope, name, |tree, node| match node {
            Node::Own(id) => self.own.types.get(&id).copied(),
            Node::BuiltIn(id) => tree.types.get(&id).copied(),
        })
    }

    /// The extension field that `name` means in `scope`.
    pub(crate) fn find_extension(&self, scope: &Scope, name: &str) -> Option<Extension<'a>> {
        self.search(scope, name, |tree, node| match node {
            Node::Own(id) => self.own.extensions.get(&id).copied(),
            Node::BuiltIn(id) => tree.extensions.get(&id).copied(),
        })
    }

    fn search<T>(
        &self,
        scope: &Scope,
        name: &str,
        ask: impl Fn(&'static Tree<'static>, Node) -> Option<T>,
    ) -> Option<T> {
        let built_in = builtin::tree();
        let (name, levels) = match name.strip_prefix('.') {
            Some(name) => (name, &scope.levels[..1]),
            None => (name, &scope.levels[..]),
        };
        levels.iter().rev().find_map(|level| {
            let mut here = *level;
            for part in name.split('.') {
                here = here.child(self, part);
                if here.is_nowhere() {
                    return None;
                }
            }
            let own = here.own.and_then(|id| ask(built_in, Node::Own(id)));
            own.or_else(|| {
                let id = here.built_in?;
                let found = ask(built_in, Node::BuiltIn(id))?;
                let file = builtin::file_of(id);
                (!self.replaced.contains(&file)).then_some(found)
            })
        })
    }

    /// The full name of a type, without a leading dot.
    pub(crate) fn full_name(&self, named: &Named<'_>) -> String {
        self.node_name(named.node)
    }

    /// Names for all types, each made once.
    pub(crate) fn told(&self, qualified: impl Fn(&str, &str) -> String) -> ToldNames {
        let mut own = vec![String::new()];
        // A node comes after the one that it is in.
        for (parent, part) in &self.own.parts {
            own.push(qualified(&own[*parent], part));
        }
        ToldNames { own }
    }

    /// The full name of an extension, without a leading dot.
    pub(crate) fn extension_name(&self, extension: &Extension<'_>) -> String {
        self.node_name(extension.node)
    }

    fn node_name(&self, node: Node) -> String {
        match node {
            Node::Own(id) => self.own.full_name(id),
            Node::BuiltIn(id) => builtin::tree().full_name(id),
        }
    }

    /// The scope inside a type: where its fields look up their types.
    pub(crate) fn scope_of(&self, named: &Named<'_>) -> Scope {
        self.scope(&self.full_name(named))
    }

    /// The scope that an extension is declared in: where its type is looked up.
    pub(crate) fn scope_around(&self, extension: &Extension<'_>) -> Scope {
        let mut scope = self.scope(&self.extension_name(extension));
        scope.leave();
        scope
    }

    /// The scope of a dotted name, such as a package.
    pub(crate) fn scope(&self, name: &str) -> Scope {
        let mut scope = Scope::root();
        for part in name.split('.').filter(|part| !part.is_empty()) {
            scope.enter(self, part);
        }
        scope
    }
}

/// The names of all types, made part by part from those that they stand in.
#[derive(Debug)]
pub(crate) struct ToldNames {
    /// By node; the root has none.
    own: Vec<String>,
}

impl ToldNames {
    pub(crate) fn of(&self, named: &Named<'_>) -> String {
        match named.node {
            Node::Own(id) => self.own[id].clone(),
            Node::BuiltIn(id) => builtin::tree().full_name(id),
        }
    }
}

/// A place to look up names from: one level for each part of its name, the root first.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    levels: Vec<Level>,
}

/// The same place in both trees, where it exists.
#[derive(Debug, Clone, Copy)]
struct Level {
    own: Option<usize>,
    built_in: Option<usize>,
}

impl Level {
    fn child(self, names: &Names<'_>, part: &str) -> Self {
        Self {
            own: names.own.find(self.own, part),
            built_in: builtin::tree().find(self.built_in, part),
        }
    }

    const fn is_nowhere(self) -> bool {
        self.own.is_none() && self.built_in.is_none()
    }
}

impl Scope {
    fn root() -> Self {
        let root = Some(ROOT);
        Self {
            levels: vec![Level {
                own: root,
                built_in: root,
            }],
        }
    }

    /// Goes into a package part or message.
    pub(crate) fn enter(&mut self, names: &Names<'_>, name: &str) {
        let innermost = self.levels[self.levels.len() - 1];
        let parts = name.split('.').filter(|part| !part.is_empty());
        let level = parts.fold(innermost, |level, part| level.child(names, part));
        self.levels.push(level);
    }

    /// Leaves what was entered last.
    pub(crate) fn leave(&mut self) {
        self.levels.pop();
    }
}
