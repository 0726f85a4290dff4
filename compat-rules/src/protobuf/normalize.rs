//! The normal form of a document (`protobuf.md` section 7): what two authors of the same schema agree on.
//!
//! Full names, sorted members, merged options. The order of messages stays, because clients write it into every
//! record. Looking names up is part of it, so this is also where a type that nobody declares is found.

mod message;
mod number;
mod option;
mod ranges;
mod tree;

use super::document::{Document, Enum, Extend, Field, Message, Service, Syntax};
use super::names::{Names, Scope};
use super::scalar::Scalar;

/// Why a document has no normal form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoNormalForm {
    #[error("Could not resolve type: {0}")]
    UnknownType(String),
    #[error("map key must be non-byte, non-floating point scalar: {0}")]
    MapKey(String),
    #[error("a number in an option is too large: {0}")]
    Number(String),
    #[error("the full names of the types make the text longer than {TEXT_BYTES_MAX} bytes")]
    TooLong,
}

/// How long all full names together may become. Short names of deeply nested types can make a text grow with the
/// square of its length.
const TEXT_BYTES_MAX: usize = 64 << 20;

/// The normal form of a document, made to be printed: fields carry default and JSON name among their sorted
/// options, and oneofs without fields are still there. [`settle`] ends both.
///
/// # Errors
/// [`NoNormalForm`] when a type does not resolve, or a map has a key that it may not have.
pub(crate) fn document(document: &Document, names: &Names<'_>) -> Result<Document, NoNormalForm> {
    let mut normalizer = Normalizer {
        names,
        scope: names.scope(document.package.as_deref().unwrap_or_default()),
        bytes_left: TEXT_BYTES_MAX,
    };
    normalizer.document(document)
}

/// Turns the form that was made to be printed into a document like any other.
pub(crate) fn settle(document: &mut Document) {
    document.for_each_field(&mut |field| {
        let mut options = std::mem::take(&mut field.options);
        options.retain(|option| {
            let slot = if option.is_plain("default") {
                &mut field.default
            } else if option.is_plain("json_name") {
                &mut field.json_name
            } else {
                return true;
            };
            *slot = option.value.text().map(str::to_owned);
            false
        });
        field.options = options;
    });
    document
        .messages
        .iter_mut()
        .for_each(drop_oneofs_without_fields);
}

/// A key of a map is a scalar that is exact.
pub(crate) fn check_map_key(key: &str) -> Result<(), NoNormalForm> {
    match Scalar::named(key) {
        Some(scalar) if scalar.may_be_map_key() => Ok(()),
        _ => Err(NoNormalForm::MapKey(key.to_owned())),
    }
}

fn drop_oneofs_without_fields(message: &mut Message) {
    message.oneofs.retain(|oneof| !oneof.fields.is_empty());
    message
        .messages
        .iter_mut()
        .for_each(drop_oneofs_without_fields);
}

type Normal<T> = Result<T, NoNormalForm>;

struct Normalizer<'n, 'a> {
    names: &'n Names<'a>,
    scope: Scope,
    bytes_left: usize,
}

impl Normalizer<'_, '_> {
    fn document(&mut self, document: &Document) -> Normal<Document> {
        Ok(Document {
            syntax: document.syntax.filter(|syntax| *syntax == Syntax::Proto3),
            package: document.package.clone(),
            imports: sorted(&document.imports),
            public_imports: sorted(&document.public_imports),
            weak_imports: document.weak_imports.clone(),
            options: self.options(&document.options)?,
            messages: self.messages(&document.messages)?,
            enums: self.enums(&document.enums)?,
            extends: self.extends(&document.extends)?,
            services: self.services(&document.services)?,
        })
    }

    /// Merged where they extend the same type, in the order of their first appearance.
    fn extends(&mut self, extends: &[Extend]) -> Normal<Vec<Extend>> {
        let mut merged: Vec<Extend> = Vec::new();
        let mut index = std::collections::HashMap::new();
        for extend in extends {
            let extendee = self.type_name(&extend.extendee)?;
            let at = *index.entry(extendee.clone()).or_insert(merged.len());
            if at == merged.len() {
                merged.push(Extend {
                    place: extend.place,
                    extendee,
                    fields: Vec::new(),
                });
            }
            for field in &extend.fields {
                merged[at].fields.push(self.field(field)?);
            }
        }
        for extend in &mut merged {
            sort_fields(&mut extend.fields);
        }
        Ok(merged)
    }

    fn services(&mut self, services: &[Service]) -> Normal<Vec<Service>> {
        let mut normal = services.to_vec();
        for service in &mut normal {
            service.options = self.options(&service.options)?;
            for rpc in &mut service.rpcs {
                rpc.request.type_name = self.type_name(&rpc.request.type_name)?;
                rpc.response.type_name = self.type_name(&rpc.response.type_name)?;
                rpc.options = self.options(&rpc.options)?;
            }
        }
        Ok(normal)
    }

    fn enums(&mut self, enums: &[Enum]) -> Normal<Vec<Enum>> {
        let mut normal = enums.to_vec();
        for enumeration in &mut normal {
            enumeration.reserved = ranges::reserved(&enumeration.reserved);
            enumeration.options = self.options(&enumeration.options)?;
            for constant in &mut enumeration.constants {
                constant.options = self.options(&constant.options)?;
            }
            enumeration
                .constants
                .sort_by(|one, other| (one.number, &one.name).cmp(&(other.number, &other.name)));
        }
        Ok(normal)
    }

    /// The full name with a leading dot.
    fn type_name(&mut self, name: &str) -> Normal<String> {
        match self.resolved(name)? {
            Some(full) => Ok(full),
            None => Err(NoNormalForm::UnknownType(name.to_owned())),
        }
    }

    /// The full name with a leading dot, if the name means something.
    fn resolved(&mut self, name: &str) -> Normal<Option<String>> {
        let Some(named) = self.names.find_type(&self.scope, name) else {
            return Ok(None);
        };
        let full = format!(".{}", self.names.full_name(&named));
        self.pay(full.len())?;
        Ok(Some(full))
    }

    fn pay(&mut self, bytes: usize) -> Normal<()> {
        let left = self.bytes_left.checked_sub(bytes);
        self.bytes_left = left.ok_or(NoNormalForm::TooLong)?;
        Ok(())
    }
}

fn sort_fields(fields: &mut [Field]) {
    fields.sort_by_key(|field| field.number);
}

/// In the order of UTF-16 units, each once.
fn sorted(paths: &[String]) -> Vec<String> {
    let mut paths = paths.to_vec();
    paths.sort_by(|one, other| one.encode_utf16().cmp(other.encode_utf16()));
    paths.dedup();
    paths
}
