//! Whether the elements of a file fit what they name.

use std::collections::HashMap;

use super::super::document::{Extend, Field, Label, Message, RangeValue, Service};
use super::super::map_entry;
use super::super::parse::NUMBER_MAX;
use super::super::scalar::Scalar;
use super::symbols::Symbol;
use super::{Files, Unlinkable, default};

/// One file, and what it sees.
struct Check<'f, 'a> {
    files: &'f Files<'a>,
    at: usize,
    visible: Vec<usize>,
}

impl Files<'_> {
    pub(super) fn check(&self, at: usize) -> Result<(), Unlinkable> {
        let check = Check {
            files: self,
            at,
            visible: self.visible(at),
        };
        let document = self.files[at].document;
        let package = document.package.as_deref().unwrap_or_default();
        for message in &document.messages {
            check.message(package, message)?;
        }
        for service in &document.services {
            check.service(package, service)?;
        }
        check.extends(package, &document.extends)
    }
}

impl<'a> Check<'_, 'a> {
    fn message(&self, scope: &str, message: &'a Message) -> Result<(), Unlinkable> {
        let full_name = join(scope, &message.name);
        for nested in &message.messages {
            self.message(&full_name, nested)?;
        }
        for field in &message.fields {
            if let Some((_, value)) = map_entry::of(field) {
                let entry = join(&full_name, &map_entry::name(&field.name));
                let element = join(&entry, "value");
                if Scalar::named(value).is_none() {
                    self.find(value, &element)?;
                }
            }
        }
        let members = message.oneofs.iter().flat_map(|oneof| &oneof.fields);
        let mut numbers: HashMap<i32, &str> = HashMap::new();
        for (field, is_member) in members
            .map(|field| (field, true))
            .chain(message.fields.iter().map(|field| (field, false)))
        {
            let element = join(&full_name, &field.name);
            if is_member || map_entry::of(field).is_none() {
                self.field(&element, field)?;
            }
            if let Some(other) = numbers.insert(field.number, &field.name) {
                let reason = format!(
                    "Field number {} has already been used in \"{full_name}\" by field \"{other}\".",
                    field.number
                );
                return Err(Unlinkable::element(&element, reason));
            }
        }
        self.extends(&full_name, &message.extends)
    }

    fn service(&self, scope: &str, service: &Service) -> Result<(), Unlinkable> {
        let full_name = join(scope, &service.name);
        for rpc in &service.rpcs {
            let element = join(&full_name, &rpc.name);
            for name in [&rpc.request.type_name, &rpc.response.type_name] {
                self.message_named(name, &element)?;
            }
        }
        Ok(())
    }

    fn extends(&self, scope: &str, extends: &[Extend]) -> Result<(), Unlinkable> {
        for extend in extends {
            for field in &extend.fields {
                let element = join(scope, &field.name);
                let extendee = self.message_named(&extend.extendee, &element)?;
                if extendee.is_some_and(|message| !declares_extension(message, field.number)) {
                    let reason = format!(
                        "\"{}\" does not declare {} as an extension number.",
                        extend.extendee.trim_start_matches('.'),
                        field.number
                    );
                    return Err(Unlinkable::element(&element, reason));
                }
                self.field(&element, field)?;
            }
        }
        Ok(())
    }

    fn field(&self, element: &str, field: &Field) -> Result<(), Unlinkable> {
        let scalar = Scalar::named(&field.type_name);
        let symbol = match scalar {
            Some(_) => None,
            None => Some(self.find(&field.type_name, element)?),
        };
        let is_repeated = field.label == Some(Label::Repeated);
        let is_text = matches!(scalar, Some(Scalar::String | Scalar::Bytes));
        let is_number = !is_text && !matches!(symbol, Some(Symbol::Message(_) | Symbol::MapEntry));
        let is_packed = field
            .options
            .iter()
            .rev()
            .find(|option| option.is_plain("packed"));
        if is_packed.is_some_and(|option| option.value.is_word("true"))
            && !(is_repeated && is_number)
        {
            let reason = "[packed = true] can only be specified for repeated primitive fields.";
            return Err(Unlinkable::element(element, reason));
        }
        let Some(text) = &field.default else {
            return Ok(());
        };
        if is_repeated {
            let reason = "Repeated fields cannot have default values.";
            return Err(Unlinkable::element(element, reason));
        }
        let fault = match symbol {
            Some(Symbol::Enum(enumeration)) => default::of_enum(enumeration, text),
            Some(_) => Some("Message type had default value.".to_owned()),
            None => scalar.and_then(|scalar| default::of_scalar(scalar, text)),
        };
        fault.map_or(Ok(()), |reason| Err(Unlinkable::element(element, reason)))
    }

    fn find(&self, name: &str, element: &str) -> Result<Symbol<'a>, Unlinkable> {
        self.files.lookup(self.at, &self.visible, name, element)
    }

    /// A message; none when it is one that stands for map entries.
    fn message_named(&self, name: &str, element: &str) -> Result<Option<&'a Message>, Unlinkable> {
        match self.find(name, element)? {
            Symbol::Message(message) => Ok(Some(message)),
            Symbol::MapEntry => Ok(None),
            _ => {
                let reason = format!("\"{name}\" is not a message type.");
                Err(Unlinkable::element(element, reason))
            }
        }
    }
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}

fn declares_extension(message: &Message, number: i32) -> bool {
    let mut values = message
        .extensions
        .iter()
        .flat_map(|statement| &statement.ranges.values);
    values.any(|value| match value {
        RangeValue::Number(only) => *only == number,
        RangeValue::Range(from, to) => *from <= number && (number <= *to || *to >= NUMBER_MAX),
        RangeValue::Name(_) => false,
    })
}
