//! The texts that a schema consists of: its own, its imports, and the meta-schemas that everybody knows.
//!
//! There is nothing else, and nothing is ever fetched. How a `$ref` finds its way among them is in `resolve.rs`.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::dialect::Dialect;
use super::fault::{Fault, FaultKind};
use super::{meta, uri};
use crate::value::{self, Kind, Rules, Trailing, Value};
use crate::{InvalidSchema, References};

/// JSON as the reference reads it (`json-schema.md` section 2).
const RULES: Rules = Rules {
    comments: false,
    non_finite: true,
    trailing: Trailing::Ignore,
};

/// Reads a schema text.
pub(super) fn read(text: &str) -> Result<Value, InvalidSchema> {
    value::read(text, &RULES).map_err(|unreadable| {
        InvalidSchema::at(unreadable.place, "Invalid JSON schema").because(unreadable.reason)
    })
}

/// One text.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) value: Arc<Value>,
    /// What whoever needs it calls it; only the root has no name.
    pub(super) name: Option<Box<str>>,
    /// What references inside of it are resolved against.
    pub(super) base: Option<String>,
    pub(super) dialect: Dialect,
}

/// The position of a document in its [`Documents`], the root being 0; built-in ones follow behind the last.
pub(super) type DocumentId = usize;

/// A schema and what it may refer to.
#[derive(Debug)]
pub(super) struct Documents {
    own: Vec<Document>,
    by_name: BTreeMap<String, DocumentId>,
}

impl Documents {
    pub(super) const ROOT: DocumentId = 0;

    /// Takes the root, and reads the imports by the rules that the root makes for them.
    pub(super) fn new(root: Arc<Value>, references: &References) -> Result<Self, Fault> {
        let dialect = root_dialect(&root)?;
        let id = own_id(&root, dialect);
        if let Some(id) = &id {
            check_root_id(&root, id, dialect)?;
        }
        let mut documents = Self {
            own: vec![Document {
                value: root,
                name: None,
                base: id.filter(|id| uri::may_be_base(id)),
                dialect,
            }],
            by_name: BTreeMap::new(),
        };
        for import in references.iter() {
            documents.import(&import.name, &import.text)?;
        }
        Ok(documents)
    }

    fn import(&mut self, name: &str, text: &str) -> Result<(), Fault> {
        let fault = |reason: &str| Fault {
            place: None,
            import: Some(name.into()),
            reason: reason.to_owned(),
            kind: FaultKind::Malformed,
        };
        if !uri::is_reference(name) {
            return Err(fault("the name is no URI"));
        }
        let value = read(text).map_err(|_| fault("the text is not JSON"))?;
        let value = Arc::new(value);
        let root = &self.own[Self::ROOT];
        let id = self.own.len();
        let document = if root.dialect.is_modern() {
            let base = match own_id(&value, Dialect::Modern) {
                Some(own) => uri::resolve(Some(name), &own),
                None => name.to_owned(),
            };
            if !name.starts_with('.') {
                self.by_name.entry(format!("./{name}")).or_insert(id);
            }
            self.by_name.insert(name.to_owned(), id);
            Document {
                value,
                name: Some(name.into()),
                base: Some(base).filter(|base| uri::may_be_base(base)),
                dialect: Dialect::Modern,
            }
        } else {
            if value.as_object().is_none() {
                return Err(fault("the text is not a JSON object"));
            }
            let base = uri::resolve(root.base.as_deref(), name);
            self.by_name.insert(base.clone(), id);
            Document {
                dialect: import_dialect(&value, root.dialect),
                value,
                name: Some(name.into()),
                base: Some(base).filter(|base| uri::may_be_base(base)),
            }
        };
        self.own.push(document);
        Ok(())
    }

    /// The ids that the imports have, as written.
    pub(super) fn imported_ids(&self) -> Vec<String> {
        let imports = self.own.iter().skip(1);
        imports
            .filter_map(|import| own_id(&import.value, import.dialect))
            .collect()
    }

    pub(super) fn get(&self, id: DocumentId) -> &Document {
        match self.own.get(id) {
            Some(document) => document,
            None => &BUILT_IN[id - self.own.len()],
        }
    }

    /// The document of that name: an import, or a meta-schema that the root's dialect knows.
    pub(super) fn find(&self, name: &str) -> Option<DocumentId> {
        if let Some(id) = self.by_name.get(name) {
            return Some(*id);
        }
        let url = name.replacen("https://", "http://", 1);
        let modern = self.own[Self::ROOT].dialect.is_modern();
        let position = BUILT_IN.iter().position(|document| {
            document.dialect.is_modern() == modern && document.base.as_deref() == Some(&url)
        })?;
        Some(self.own.len() + position)
    }

    /// True for a document in which places mean something to the author of the root.
    pub(super) const fn is_root(id: DocumentId) -> bool {
        id == Self::ROOT
    }
}

/// The meta-schemas, under their `http` names.
static BUILT_IN: LazyLock<Vec<Document>> = LazyLock::new(|| {
    meta::built_in()
        .map(|built_in| Document {
            value: Arc::new(read(built_in.text).expect("the built-in texts are JSON")),
            name: Some(built_in.address.into()),
            base: Some(format!("http://{}", built_in.address)),
            dialect: built_in.dialect,
        })
        .collect()
});

/// The `$schema` of the root decides; what it says further inside does not count.
fn root_dialect(root: &Value) -> Result<Dialect, Fault> {
    match schema_keyword(root) {
        None => Ok(Dialect::Draft7),
        Some(value) => match value.as_str() {
            Some(name) => Ok(Dialect::of(name).unwrap_or(Dialect::Draft7)),
            None => Err(Fault::new(value.place, "$schema must be a string")),
        },
    }
}

/// A classical import says itself which draft it is, and follows the root when it does not.
fn import_dialect(import: &Value, root: Dialect) -> Dialect {
    let Some(name) = schema_keyword(import).and_then(Value::as_str) else {
        return root;
    };
    Dialect::of(name)
        .filter(|dialect| !dialect.is_modern())
        .unwrap_or(Dialect::Draft7)
}

fn schema_keyword(value: &Value) -> Option<&Value> {
    value.as_object()?.get("$schema")
}

fn own_id(value: &Value, dialect: Dialect) -> Option<String> {
    let id = value.as_object()?.get(dialect.id_keyword())?.as_str()?;
    Some(id.to_owned())
}

fn check_root_id(root: &Value, id: &str, dialect: Dialect) -> Result<(), Fault> {
    if !uri::is_reference(id) {
        return Err(Fault::new(root.place, "the id must be a URI reference"));
    }
    if dialect.is_modern() && id.contains('#') {
        return Err(Fault::new(root.place, "the $id of the root has a fragment"));
    }
    Ok(())
}

/// What the root is, where it is neither an object nor a boolean.
pub(super) const fn wrong_root(root: &Value) -> Option<&'static str> {
    match root.kind {
        Kind::Object(_) | Kind::Boolean(_) => None,
        Kind::Null => Some("NULL"),
        Kind::Number(_) => Some("NUMBER"),
        Kind::String(_) => Some("STRING"),
        Kind::Array(_) => Some("ARRAY"),
    }
}
