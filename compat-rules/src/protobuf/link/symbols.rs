//! What one file declares, by full name.

use std::collections::HashMap;

use super::super::document::{Document, Enum, Extend, Field, Message, Service};
use super::super::map_entry;
use super::Unlinkable;

#[derive(Debug, Clone, Copy)]
pub(super) enum Symbol<'a> {
    Package,
    Message(&'a Message),
    /// The message for the entries of a map, which only the descriptor has.
    MapEntry,
    Enum(&'a Enum),
    Service,
    /// A field, constant or call: it has a name, and nothing is in it.
    Leaf,
}

impl Symbol<'_> {
    pub(super) const fn is_type(&self) -> bool {
        matches!(self, Self::Message(_) | Self::MapEntry | Self::Enum(_))
    }

    /// True for what other names may be in.
    pub(super) const fn is_aggregate(&self) -> bool {
        !matches!(self, Self::Leaf)
    }
}

pub(super) struct Symbols<'a> {
    by_name: HashMap<String, Symbol<'a>>,
    /// Full names of messages and enums, in the order of declaration.
    types: Vec<String>,
    /// Names, numbers and repetitions are taken on trust in the built-in files.
    is_checked: bool,
}

impl<'a> Symbols<'a> {
    pub(super) fn declare(
        document: &'a Document,
        is_checked: bool,
        bytes_left: &mut usize,
    ) -> Result<Self, Unlinkable> {
        let mut symbols = Self {
            by_name: HashMap::new(),
            types: Vec::new(),
            is_checked,
        };
        let package = document.package.as_deref().unwrap_or_default();
        if !package.is_empty() {
            symbols.add_package(package);
        }
        let mut scope = Scope {
            name: package.to_owned(),
            bytes_left,
        };
        for message in &document.messages {
            symbols.message(&mut scope, message)?;
        }
        for enumeration in &document.enums {
            symbols.enumeration(&mut scope, enumeration)?;
        }
        for service in &document.services {
            symbols.service(&mut scope, service)?;
        }
        symbols.extends(&mut scope, &document.extends)?;
        Ok(symbols)
    }

    pub(super) fn get(&self, full_name: &str) -> Option<Symbol<'a>> {
        self.by_name.get(full_name).copied()
    }

    pub(super) fn types(&self) -> impl Iterator<Item = &str> {
        self.types.iter().map(String::as_str)
    }

    /// The package and those around it, where nothing else has the name.
    pub(super) fn add_package(&mut self, package: &str) {
        let ends = package.match_indices('.').map(|(at, _)| at);
        for end in ends.chain([package.len()]) {
            let name = package[..end].to_owned();
            self.by_name.entry(name).or_insert(Symbol::Package);
        }
    }

    fn message(&mut self, scope: &mut Scope<'_>, message: &'a Message) -> Result<(), Unlinkable> {
        scope.inside(&message.name, |scope| {
            for nested in &message.messages {
                self.message(scope, nested)?;
            }
            for field in &message.fields {
                if map_entry::of(field).is_some() {
                    self.map_entry(scope, field)?;
                }
            }
            for nested in &message.enums {
                self.enumeration(scope, nested)?;
            }
            let members = message.oneofs.iter().flat_map(|oneof| &oneof.fields);
            for field in members.chain(&message.fields) {
                self.field(scope, field)?;
            }
            self.extends(scope, &message.extends)
        })?;
        let full_name = scope.full(&message.name)?;
        self.types.push(full_name.clone());
        self.add(full_name, Symbol::Message(message))
    }

    fn map_entry(&mut self, scope: &mut Scope<'_>, field: &Field) -> Result<(), Unlinkable> {
        let name = map_entry::name(&field.name);
        scope.inside(&name, |scope| {
            for part in ["key", "value"] {
                self.add(scope.full(part)?, Symbol::Leaf)?;
            }
            Ok(())
        })?;
        self.add(scope.full(&name)?, Symbol::MapEntry)
    }

    fn enumeration(
        &mut self,
        scope: &mut Scope<'_>,
        enumeration: &'a Enum,
    ) -> Result<(), Unlinkable> {
        let full_name = scope.full(&enumeration.name)?;
        if self.is_checked && enumeration.constants.is_empty() {
            let reason = "Enums must contain at least one value.";
            return Err(Unlinkable::element(&full_name, reason));
        }
        self.types.push(full_name.clone());
        self.add(full_name, Symbol::Enum(enumeration))?;
        scope.inside(&enumeration.name, |scope| {
            for constant in &enumeration.constants {
                self.add(scope.full(&constant.name)?, Symbol::Leaf)?;
            }
            Ok(())
        })
    }

    fn service(&mut self, scope: &mut Scope<'_>, service: &Service) -> Result<(), Unlinkable> {
        self.add(scope.full(&service.name)?, Symbol::Service)?;
        scope.inside(&service.name, |scope| {
            for rpc in &service.rpcs {
                self.add(scope.full(&rpc.name)?, Symbol::Leaf)?;
            }
            Ok(())
        })
    }

    fn extends(&mut self, scope: &mut Scope<'_>, extends: &[Extend]) -> Result<(), Unlinkable> {
        for field in extends.iter().flat_map(|extend| &extend.fields) {
            self.field(scope, field)?;
        }
        Ok(())
    }

    fn field(&mut self, scope: &mut Scope<'_>, field: &Field) -> Result<(), Unlinkable> {
        let full_name = scope.full(&field.name)?;
        if self.is_checked && field.number <= 0 {
            let reason = "Field numbers must be positive integers.";
            return Err(Unlinkable::element(&full_name, reason));
        }
        self.add(full_name, Symbol::Leaf)
    }

    fn add(&mut self, full_name: String, symbol: Symbol<'a>) -> Result<(), Unlinkable> {
        let (parent, name) = full_name
            .rsplit_once('.')
            .map_or((None, full_name.as_str()), |(parent, name)| {
                (Some(parent), name)
            });
        if !is_identifier(name) {
            let reason = format!("\"{name}\" is not a valid identifier.");
            return Err(Unlinkable::element(&full_name, reason));
        }
        if self.by_name.contains_key(&full_name) {
            let inside = parent.map(|parent| format!(" in \"{parent}\""));
            let inside = inside.unwrap_or_default();
            let reason = format!("\"{name}\" is already defined{inside}.");
            return Err(Unlinkable::element(&full_name, reason));
        }
        self.by_name.insert(full_name, symbol);
        Ok(())
    }
}

/// Letters, digits and underscores. A name with a point falls apart before this sees it whole, so that is caught
/// where the name is made.
fn is_identifier(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts_well = name
        .bytes()
        .next()
        .is_some_and(|byte| !byte.is_ascii_digit());
    starts_well && name.bytes().all(is_part)
}

/// The full name of what surrounds a declaration.
struct Scope<'b> {
    name: String,
    bytes_left: &'b mut usize,
}

impl Scope<'_> {
    fn full(&mut self, name: &str) -> Result<String, Unlinkable> {
        let full = if self.name.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.name)
        };
        if name.contains('.') {
            let reason = format!("\"{name}\" is not a valid identifier.");
            return Err(Unlinkable::element(&full, reason));
        }
        let left = self.bytes_left.checked_sub(full.len());
        *self.bytes_left = left.ok_or(Unlinkable::TooLong)?;
        Ok(full)
    }

    fn inside<T>(
        &mut self,
        name: &str,
        act: impl FnOnce(&mut Self) -> Result<T, Unlinkable>,
    ) -> Result<T, Unlinkable> {
        let outer = self.name.len();
        if outer > 0 {
            self.name.push('.');
        }
        self.name.push_str(name);
        let result = act(self);
        self.name.truncate(outer);
        result
    }
}
