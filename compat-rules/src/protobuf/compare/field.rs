//! Fields: kind, scalar type, label and the message that they hold.

use super::super::document::{Field, Message};
use super::super::names::{Named, NamedKind, Origin};
use super::super::scalar::Scalar;
use super::{FINDING_STEPS, Pair, Walk, rule};
use crate::Exhausted;

/// What a field holds, after looking its type up.
enum Kind<'a> {
    Scalar(Encoding),
    /// The types of key and value, as written.
    Map(String, String),
    /// A message, or a name that means nothing.
    Message(Option<Named<'a>>),
}

/// Scalars that read each other's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Varint,
    ZigZag,
    Text,
    Fixed32,
    Fixed64,
    Float,
    Double,
}

const fn encoding(scalar: Scalar) -> Encoding {
    match scalar {
        Scalar::Int32 | Scalar::Int64 | Scalar::Uint32 | Scalar::Uint64 | Scalar::Bool => {
            Encoding::Varint
        }
        Scalar::Sint32 | Scalar::Sint64 => Encoding::ZigZag,
        Scalar::String | Scalar::Bytes => Encoding::Text,
        Scalar::Fixed32 | Scalar::Sfixed32 => Encoding::Fixed32,
        Scalar::Fixed64 | Scalar::Sfixed64 => Encoding::Fixed64,
        Scalar::Float => Encoding::Float,
        Scalar::Double => Encoding::Double,
    }
}

impl<'a> Walk<'a, '_> {
    /// Two fields with the same number; their path is the current one.
    pub(super) fn field(&mut self, reader: &'a Field, writer: &'a Field) -> Result<(), Exhausted> {
        let fields = Pair { reader, writer };
        let types = Pair {
            reader: reader.type_name.as_str(),
            writer: writer.type_name.as_str(),
        };
        let differs =
            reader.label.is_some() && writer.label.is_some() && reader.label != writer.label;
        self.types(fields, types, differs, 0)
    }

    fn types(
        &mut self,
        fields: Pair<&'a Field>,
        types: Pair<&str>,
        labels_differ: bool,
        depth: usize,
    ) -> Result<(), Exhausted> {
        self.budget.spend()?;
        let kinds = (
            self.reader_kind(types.reader),
            self.writer_kind(types.writer),
        );
        match kinds {
            (Kind::Scalar(one), Kind::Scalar(other)) if one != other => {
                self.field_broken(fields, &rule::FIELD_SCALAR_KIND_CHANGED)
            }
            (Kind::Scalar(encoding), Kind::Scalar(_)) => {
                if labels_differ && encoding != Encoding::Text {
                    self.field_broken(fields, &rule::FIELD_NUMERIC_LABEL_CHANGED)?;
                }
                Ok(())
            }
            (Kind::Map(key, value), Kind::Map(other_key, other_value)) => {
                let keys = Pair {
                    reader: key.as_str(),
                    writer: other_key.as_str(),
                };
                let values = Pair {
                    reader: value.as_str(),
                    writer: other_value.as_str(),
                };
                if depth >= super::super::parse::DEPTH_MAX {
                    return Ok(());
                }
                self.types(fields, keys, false, depth + 1)?;
                self.types(fields, values, false, depth + 1)
            }
            (Kind::Message(Some(read)), Kind::Message(Some(written))) => {
                self.named_types(fields, read, written)
            }
            (Kind::Message(_), Kind::Message(_)) => {
                if types.reader == types.writer {
                    Ok(())
                } else {
                    self.field_broken(fields, &rule::FIELD_NAMED_TYPE_CHANGED)
                }
            }
            _ => self.field_broken(fields, &rule::FIELD_KIND_CHANGED),
        }
    }

    fn field_broken(
        &mut self,
        fields: Pair<&Field>,
        breaking: &'static rule::Breaking,
    ) -> Result<(), Exhausted> {
        let (reader, writer) = (fields.reader.place, fields.writer.place);
        self.report(breaking, Some(reader), Some(writer))
    }

    fn reader_kind(&self, type_name: &str) -> Kind<'a> {
        kind(type_name, |name| {
            self.names.reader.find_type(&self.scope.reader, name)
        })
    }

    fn writer_kind(&self, type_name: &str) -> Kind<'a> {
        kind(type_name, |name| {
            self.names.writer.find_type(&self.scope.writer, name)
        })
    }

    /// Two messages that fields hold: the same one if their names without the package are, and, unless their
    /// contents are compared elsewhere or known to be equal, if one reads the other.
    fn named_types(
        &mut self,
        fields: Pair<&'a Field>,
        reader: Named<'a>,
        writer: Named<'a>,
    ) -> Result<(), Exhausted> {
        let full = Pair {
            reader: self.names.reader.full_name(&reader),
            writer: self.names.writer.full_name(&writer),
        };
        self.budget
            .spend_many((full.reader.len() + full.writer.len()) as u64 / 64)?;
        let inner = without_package(&full.reader, reader.package);
        if inner != without_package(&full.writer, writer.package) {
            return self.field_broken(fields, &rule::FIELD_NAMED_TYPE_CHANGED);
        }
        let (Some(read), Some(written)) = (reader.message(), writer.message()) else {
            return Ok(());
        };
        if are_settled(reader.origin, writer.origin)
            || self.is_same_built_in(read, written, &reader)
        {
            return Ok(());
        }
        let inner = inner.to_owned();
        if self.in_depth(&inner, (reader, read), (writer, written))? {
            self.field_broken(fields, &rule::FIELD_NAMED_TYPE_CHANGED)?;
        }
        Ok(())
    }

    /// Compares two messages away from where we are; true when they do not go together.
    fn in_depth(
        &mut self,
        inner: &str,
        (reader, read): (Named<'a>, &'a Message),
        (writer, written): (Named<'a>, &'a Message),
    ) -> Result<bool, Exhausted> {
        let pair = (std::ptr::from_ref(read), std::ptr::from_ref(written));
        if let Some(known) = self.finished.get(&pair) {
            self.budget.spend_many(FINDING_STEPS * known.len() as u64)?;
            let is_broken = !known.is_empty();
            self.found.extend(known.iter().cloned());
            return Ok(is_broken);
        }
        let scope = Pair {
            reader: self.names.reader.scope_of(&reader),
            writer: self.names.writer.scope_of(&writer),
        };
        let path = inner.split('.').map(str::to_owned).collect();
        let outer_scope = std::mem::replace(&mut self.scope, scope);
        let outer_path = std::mem::replace(&mut self.path, path);
        let outer_repeat = std::mem::replace(&mut self.outermost_repeat, usize::MAX);
        let first = self.found.len();
        self.messages(read, written)?;
        self.scope = outer_scope;
        self.path = outer_path;
        // Cut short by a pair that is still being compared: the answer holds only here.
        if self.outermost_repeat >= self.active.len() {
            self.finished.insert(pair, self.found[first..].to_vec());
        }
        self.outermost_repeat = self.outermost_repeat.min(outer_repeat);
        Ok(self.found.len() > first)
    }

    /// A built-in type on both sides, where no reference puts another file in its place.
    fn is_same_built_in(&self, read: &Message, written: &Message, reader: &Named<'_>) -> bool {
        reader.origin == Origin::BuiltIn
            && std::ptr::eq(read, written)
            && !self.names.reader.replaces_built_in()
            && !self.names.writer.replaces_built_in()
    }
}

fn kind<'a>(type_name: &str, find: impl Fn(&str) -> Option<Named<'a>>) -> Kind<'a> {
    if let Some(scalar) = Scalar::named(type_name) {
        return Kind::Scalar(encoding(scalar));
    }
    if let Some((key, value)) = map_types(type_name) {
        return Kind::Map(key.to_owned(), value.to_owned());
    }
    let named = find(type_name);
    match named.map(|named| named.kind) {
        Some(NamedKind::Enum) => Kind::Scalar(Encoding::Varint),
        Some(NamedKind::Message(message)) if message.is_map_entry() => {
            let part = |number| {
                let field = message.all_fields().find(|field| field.number == number);
                field
                    .map(|field| field.type_name.clone())
                    .unwrap_or_default()
            };
            Kind::Map(part(1), part(2))
        }
        _ => Kind::Message(named),
    }
}

/// Key and value of `map<K, V>`; the key may be anything as far as the grammar goes.
pub(crate) fn map_types(type_name: &str) -> Option<(&str, &str)> {
    let inner = type_name.strip_prefix("map<")?.strip_suffix('>')?;
    let mut open = 0_usize;
    let comma = inner.char_indices().find(|(_, character)| {
        match character {
            '<' => open += 1,
            '>' => open = open.saturating_sub(1),
            _ => {}
        }
        *character == ',' && open == 0
    });
    let (at, _) = comma?;
    Some((&inner[..at], inner[at + 1..].trim_start()))
}

fn without_package<'n>(full_name: &'n str, package: Option<&str>) -> &'n str {
    package
        .and_then(|package| full_name.strip_prefix(package)?.strip_prefix('.'))
        .unwrap_or(full_name)
}

/// True when the contents need no look: both are compared where they stand, or they are the same version of the
/// same reference.
fn are_settled(reader: Origin<'_>, writer: Origin<'_>) -> bool {
    match (reader, writer) {
        (Origin::Own, Origin::Own) => true,
        (
            Origin::Reference {
                subject,
                version,
                direct: true,
            },
            Origin::Reference {
                subject: other_subject,
                version: other_version,
                direct: true,
            },
        ) => subject == other_subject && version == other_version,
        _ => false,
    }
}
