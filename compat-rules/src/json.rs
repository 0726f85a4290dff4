//! JSON schemas.
//!
//! A text is read as JSON first (`documents.rs`); what it means is a tree, the same for all dialects (`tree.rs`), which
//! `load.rs` builds and `compare.rs` walks. A text whose tree cannot be built is kept all the same, as the reference
//! keeps it when it imports: `Schema::validate` says what is wrong, and `Schema::check_import` what no import may be.

mod compare;
mod dialect;
mod documents;
mod fault;
mod keywords;
mod load;
mod meta;
mod model;
mod pattern;
mod resolve;
mod shape;
mod tags;
mod tree;
mod uri;
mod values;

use std::sync::Arc;

use crate::value::{KeyOrder, NumberStyle, Style, Value};
use crate::{
    Budget, CompatibilityPolicy, Exhausted, InvalidSchema, References, Rule, Strictness, Violation,
};
use documents::Documents;
use fault::{Fault, FaultKind};
use tree::{Kind, Tree};

/// Every rule of the comparison.
pub(crate) const RULES: &[&Rule] = compare::RULES;

/// How the canonical text is written; the normal form differs in the order of keys only.
const STYLE: Style = Style {
    numbers: NumberStyle::Decimal,
    keys: KeyOrder::AsGiven,
};

/// A schema that was understood.
#[derive(Debug, Clone)]
pub struct Schema {
    canonical: String,
    references: References,
    value: Arc<Value>,
    tree: Arc<Result<Tree, Fault>>,
    /// What the documents that it refers to call themselves.
    imported_ids: Arc<[String]>,
}

/// Reads a text. It only has to be JSON here; both ways of parsing are alike.
pub(crate) fn parse(
    text: &str,
    references: &References,
    _strictness: Strictness,
) -> Result<Schema, InvalidSchema> {
    let value = Arc::new(documents::read(text)?);
    let documents = Documents::new(Arc::clone(&value), references);
    let imported_ids = documents
        .as_ref()
        .map_or_else(|_| Vec::new(), Documents::imported_ids);
    let tree = documents.and_then(|documents| load::load(&documents));
    Ok(Schema {
        canonical: value.to_text(STYLE),
        references: references.clone(),
        value,
        tree: Arc::new(tree),
        imported_ids: imported_ids.into(),
    })
}

/// What the reader refuses of what the writer allows.
pub(crate) fn compare(
    reader: &Schema,
    writer: &Schema,
    policy: CompatibilityPolicy,
    budget: &mut Budget,
) -> Result<Vec<Violation>, Exhausted> {
    // Whatever a text says, it accepts what it allows itself.
    if reader.canonical == writer.canonical && reader.references == writer.references {
        return Ok(Vec::new());
    }
    match (&*reader.tree, &*writer.tree) {
        (Ok(reader), Ok(writer)) => compare::violations(reader, writer, policy, budget),
        (Err(fault), _) | (_, Err(fault)) => Ok(vec![compare::unloaded(fault)]),
    }
}

impl Schema {
    pub(crate) fn canonical(&self) -> &str {
        &self.canonical
    }

    /// The same tree under a text with sorted keys.
    pub(crate) fn normalized(&self) -> Result<Self, InvalidSchema> {
        let keys = KeyOrder::Sorted;
        let canonical = self.value.to_text(Style { keys, ..STYLE });
        let value = documents::read(&canonical)?;
        Ok(Self {
            canonical,
            value: Arc::new(value),
            ..self.clone()
        })
    }

    pub(crate) fn validate(&self, fields: bool) -> Result<(), InvalidSchema> {
        if let Some(found) = documents::wrong_root(&self.value) {
            return Err(InvalidSchema::at(
                self.value.place,
                format!(
                    "Invalid JSON schema: expected an object or boolean at the root, found {found}"
                ),
            ));
        }
        let tree = self.tree.as_ref().as_ref().map_err(Fault::clone)?;
        if let (true, Kind::Object(rules)) = (fields, &tree.node(tree.root).kind) {
            let mut names = rules.properties.iter().map(|(name, _)| name);
            if names.any(|name| name.starts_with("$$")) {
                return Err(InvalidSchema::new(
                    "#: Field names cannot start with $$ prefix",
                ));
            }
        }
        Ok(())
    }

    /// Refuses what would have to be fetched, which an import may not bring in either (`json-schema.md` section 8).
    /// Whatever else is wrong with a text, an import keeps it.
    pub(crate) fn check_import(&self) -> Result<(), InvalidSchema> {
        match &*self.tree {
            Err(fault) if fault.kind == FaultKind::Remote => Err(fault.clone().into()),
            _ => Ok(()),
        }
    }

    /// True for a key under the `properties` of the root.
    pub(crate) fn has_top_level_field(&self, name: &str) -> bool {
        let root = self.value.as_object();
        let properties = root.and_then(|root| root.get("properties")?.as_object());
        properties.is_some_and(|properties| properties.get(name).is_some())
    }
}
