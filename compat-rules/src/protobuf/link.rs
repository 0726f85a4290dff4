//! Whether a file links: the checks that are made only where field validation is asked for, and before a
//! descriptor is handed out (`protobuf.md` sections 3.1 and 8).
//!
//! They are those of the reference's descriptor builder, which knows fewer rules than `protoc`: see
//! `docs/decisions` for why no other linker is asked. Unlike in `names.rs` imports count here, and a name's first
//! part decides where its rest is looked for.

mod check;
mod default;
mod symbols;

use std::collections::HashMap;

use self::symbols::{Symbol, Symbols};
use super::document::Document;
use super::{Schema, builtin};

/// Why a file does not link, in the reference's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unlinkable {
    #[error("Invalid protobuf schema definition: {element}: {reason}")]
    Element { element: String, reason: String },
    #[error("duplicate name: {0}")]
    Duplicate(String),
    #[error("the full names of all elements are longer than {FULL_NAME_BYTES_MAX} bytes")]
    TooLong,
}

impl Unlinkable {
    fn element(element: &str, reason: impl Into<String>) -> Self {
        Self::Element {
            element: element.to_owned(),
            reason: reason.into(),
        }
    }
}

/// How long all full names together may be.
const FULL_NAME_BYTES_MAX: usize = 64 << 20;

/// Links a schema with the files that it imports.
///
/// # Errors
/// [`Unlinkable`] at the first thing that does not fit.
pub(crate) fn link(schema: &Schema) -> Result<(), Unlinkable> {
    let mut files = Files {
        schema,
        by_path: HashMap::new(),
        files: Vec::new(),
        bytes_left: FULL_NAME_BYTES_MAX,
    };
    let own = files.add(&schema.document, false)?;
    files.refuse_duplicates()?;
    for at in (0..files.files.len()).rev() {
        if !files.files[at].is_built_in {
            files.check(at)?;
        }
    }
    debug_assert_eq!(own, 0, "the schema's own file is the first");
    Ok(())
}

/// True when some file of that path can be had without asking anybody: a reference or a built-in file.
pub(crate) fn supplies(schema: &Schema, path: &str) -> bool {
    supplied(schema, path).is_some()
}

/// The file of that path, and whether it is a built-in one; a reference comes before a built-in file.
fn supplied<'a>(schema: &'a Schema, path: &str) -> Option<(&'a Document, bool)> {
    let referenced = schema.imports.iter().find(|import| import.path == path);
    referenced
        .map(|import| (&import.document, false))
        .or_else(|| builtin::file(path).map(|document| (document, true)))
}

struct Files<'a> {
    schema: &'a Schema,
    by_path: HashMap<&'a str, usize>,
    files: Vec<File<'a>>,
    bytes_left: usize,
}

/// A file with what it declares and sees.
struct File<'a> {
    document: &'a Document,
    is_built_in: bool,
    symbols: Symbols<'a>,
    /// The files that it imports.
    imports: Vec<usize>,
    /// Those of them that whoever imports this file sees, too.
    public: Vec<usize>,
}

impl<'a> Files<'a> {
    /// Adds a file and everything that it imports; a file met again, be it in a circle, is added once.
    fn add(&mut self, document: &'a Document, is_built_in: bool) -> Result<usize, Unlinkable> {
        let own = self.files.len();
        let mut waiting = vec![(own, document, is_built_in)];
        self.push(document, is_built_in)?;
        while let Some((at, document, _)) = waiting.pop() {
            let plain = document.imports.iter().map(|path| (path, false));
            let public = document.public_imports.iter().map(|path| (path, true));
            for (path, is_public) in plain.chain(public) {
                let Some((imported, is_built_in)) = supplied(self.schema, path) else {
                    continue;
                };
                let next = match self.by_path.get(path.as_str()) {
                    Some(known) => *known,
                    None => {
                        let next = self.push(imported, is_built_in)?;
                        self.by_path.insert(path, next);
                        waiting.push((next, imported, is_built_in));
                        next
                    }
                };
                self.files[at].imports.push(next);
                if is_public {
                    self.files[at].public.push(next);
                }
            }
        }
        for at in own..self.files.len() {
            self.add_packages(at);
        }
        Ok(own)
    }

    fn push(&mut self, document: &'a Document, is_built_in: bool) -> Result<usize, Unlinkable> {
        let symbols = Symbols::declare(document, !is_built_in, &mut self.bytes_left)?;
        self.files.push(File {
            document,
            is_built_in,
            symbols,
            imports: Vec::new(),
            public: Vec::new(),
        });
        Ok(self.files.len() - 1)
    }

    /// The packages of what a file sees are places for it to look names up in.
    fn add_packages(&mut self, at: usize) {
        for seen in self.visible(at) {
            let package = self.files[seen].document.package.as_deref();
            if let Some(package) = package {
                self.files[at].symbols.add_package(package);
            }
        }
    }

    /// The files that a file imports, and what those import publicly.
    fn visible(&self, at: usize) -> Vec<usize> {
        let mut visible = self.files[at].imports.clone();
        let mut next = 0;
        while next < visible.len() {
            for public in &self.files[visible[next]].public {
                if !visible.contains(public) {
                    visible.push(*public);
                }
            }
            next += 1;
        }
        visible
    }

    /// A type declared in two of the files.
    fn refuse_duplicates(&self) -> Result<(), Unlinkable> {
        let mut declared = HashMap::new();
        for (at, file) in self.files.iter().enumerate() {
            for name in file.symbols.types() {
                if declared.insert(name, at).is_some() {
                    return Err(Unlinkable::Duplicate(name.to_owned()));
                }
            }
        }
        Ok(())
    }

    fn find(&self, at: usize, visible: &[usize], full_name: &str) -> Option<Symbol<'a>> {
        let elsewhere = || {
            let symbols = visible.iter().map(|seen| &self.files[*seen].symbols);
            symbols
                .filter_map(|symbols| symbols.get(full_name))
                .find(|symbol| !matches!(symbol, Symbol::Package))
        };
        self.files[at].symbols.get(full_name).or_else(elsewhere)
    }

    /// What `name` means to an element: the innermost scope that knows its first part decides.
    fn lookup(
        &self,
        at: usize,
        visible: &[usize],
        name: &str,
        element: &str,
    ) -> Result<Symbol<'a>, Unlinkable> {
        let undefined = || Unlinkable::element(element, format!("\"{name}\" is not defined."));
        if let Some(absolute) = name.strip_prefix('.') {
            let found = self.find(at, visible, absolute);
            return found.filter(Symbol::is_type).ok_or_else(undefined);
        }
        let first = name.split('.').next().unwrap_or(name);
        let mut scope = element;
        while let Some((outer, _)) = scope.rsplit_once('.') {
            let candidate = self.find(at, visible, &format!("{outer}.{first}"));
            if candidate.is_some_and(|symbol| symbol.is_aggregate()) {
                let found = self.find(at, visible, &format!("{outer}.{name}"));
                return found.filter(Symbol::is_type).ok_or_else(undefined);
            }
            scope = outer;
        }
        let found = self.find(at, visible, name);
        found.filter(Symbol::is_type).ok_or_else(undefined)
    }
}
