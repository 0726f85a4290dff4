//! Options: full names, one form for a path, sorted, merged.

use super::super::document::{Label, NamePart, ProtoOption, Value};
use super::super::names::{Extension, Named};
use super::tree::Tree;
use super::{Normal, Normalizer, number};

/// An option with its full name, and what is known of the extension that it sets.
struct Known<'a> {
    option: ProtoOption,
    extension: Option<Extension<'a>>,
}

/// What a key of a map may hold.
enum Shape<'a> {
    /// One value; a message that is known may be merged.
    Singular(Option<Named<'a>>),
    /// Several values, or nobody knows.
    Several,
}

impl<'a> Normalizer<'_, 'a> {
    pub(super) fn options(&mut self, options: &[ProtoOption]) -> Normal<Vec<ProtoOption>> {
        let mut known = Vec::with_capacity(options.len());
        for option in options {
            known.push(self.option(option)?);
        }
        known.sort_by(|one, other| one.option.name.text.cmp(&other.option.name.text));
        let mut normal = Vec::with_capacity(known.len());
        let mut rest = known.into_iter().peekable();
        while let Some(Known { option, extension }) = rest.next() {
            let ProtoOption {
                place,
                name,
                path,
                value,
            } = option;
            let mut tree = Tree::from(value);
            let is_merged = extension.is_some_and(|extension| !is_repeated(extension.field));
            let holds = extension.and_then(|extension| self.message_of(extension));
            while let Some(next) = rest.next_if(|next| is_merged && next.option.name == name) {
                self.merge(&mut tree, Tree::from(next.option.value), holds);
            }
            let value = tree.into_value();
            normal.push(ProtoOption {
                place,
                name,
                path,
                value,
            });
        }
        Ok(normal)
    }

    fn option(&mut self, option: &ProtoOption) -> Normal<Known<'a>> {
        let mut option = option.clone();
        self.value(&mut option.value)?;
        let name = &option.name;
        let extension = if name.custom {
            self.names.find_extension(&self.scope, &name.text)
        } else {
            None
        };
        if let Some(extension) = extension {
            option.name.text = self.names.extension_name(&extension);
            self.pay(option.name.text.len())?;
            let path = std::mem::take(&mut option.path);
            option.value = path.into_iter().rev().fold(option.value, |value, part| {
                Value::Map(vec![(self.key(&part), value)])
            });
        }
        Ok(Known { option, extension })
    }

    /// A part of a path as a key.
    fn key(&self, part: &NamePart) -> String {
        if part.custom {
            self.extension_key(&part.text)
        } else {
            part.text.clone()
        }
    }

    fn extension_key(&self, name: &str) -> String {
        let extension = self.names.find_extension(&self.scope, name);
        let full = extension.map(|extension| self.names.extension_name(&extension));
        format!("[{}]", full.as_deref().unwrap_or(name))
    }

    /// Numbers and extension keys, at any depth.
    fn value(&mut self, value: &mut Value) -> Normal<()> {
        match value {
            Value::Number(text) => {
                if let Some(normal) = number::normal(text)? {
                    *text = normal;
                }
            }
            Value::Map(entries) => {
                for (key, value) in entries {
                    if let Some(name) = key.strip_prefix('[').and_then(|key| key.strip_suffix(']'))
                    {
                        *key = self.extension_key(name);
                        self.pay(key.len())?;
                    }
                    self.value(value)?;
                }
            }
            Value::List(values) => {
                for value in values {
                    self.value(value)?;
                }
            }
            Value::String(_) | Value::Boolean(_) | Value::Word(_) => {}
        }
        Ok(())
    }

    /// Two values for one name: maps become one map, otherwise the later value counts.
    fn merge(&self, earlier: &mut Tree, later: Tree, holds: Option<Named<'a>>) {
        let entries = match earlier {
            Tree::Map(entries) if later.is_map() => entries,
            _ => {
                *earlier = later;
                return;
            }
        };
        let Tree::Map(more) = later else { return };
        for (key, value) in more {
            let Some(present) = entries.get_mut(&key) else {
                entries.insert(key, value);
                continue;
            };
            match self.shape(holds, &key) {
                Shape::Singular(inner @ Some(_)) if present.is_map() && value.is_map() => {
                    self.merge(present, value, inner);
                }
                Shape::Singular(_) => *present = value,
                Shape::Several => present.join(value),
            }
        }
    }

    fn shape(&self, holds: Option<Named<'a>>, key: &str) -> Shape<'a> {
        let Some((named, message)) = holds.and_then(|named| Some((named, named.message()?))) else {
            return Shape::Several;
        };
        if let Some(name) = key.strip_prefix('[').and_then(|key| key.strip_suffix(']')) {
            let absolute = format!(".{name}");
            return match self.names.find_extension(&self.scope, &absolute) {
                Some(extension) if !is_repeated(extension.field) => {
                    Shape::Singular(self.message_of(extension))
                }
                _ => Shape::Several,
            };
        }
        match message.all_fields().find(|field| field.name == key) {
            Some(field) if !is_repeated(field) => {
                let scope = self.names.scope_of(&named);
                let inner = self.names.find_type(&scope, &field.type_name);
                Shape::Singular(inner.filter(|inner| inner.message().is_some()))
            }
            _ => Shape::Several,
        }
    }

    /// The message that an extension holds.
    fn message_of(&self, extension: Extension<'a>) -> Option<Named<'a>> {
        let scope = self.names.scope_around(&extension);
        let named = self.names.find_type(&scope, &extension.field.type_name)?;
        named.message().map(|_| named)
    }
}

fn is_repeated(field: &super::super::document::Field) -> bool {
    field.label == Some(Label::Repeated) || field.type_name.starts_with("map<")
}
