//! A difference, and the words for it (`avro.md` section 6.4).

use crate::value::utf16_order;
use crate::{Message, Place, Rule, Violation};

use super::super::graph::{Enum, Graph, Node, Symbol, Use};
use super::TYPE_MISMATCH;
use super::named::{FIXED_SIZE_MISMATCH, MISSING_ENUM_SYMBOLS, NAME_MISMATCH};
use super::path::{PathId, Paths};
use super::record::READER_FIELD_MISSING_DEFAULT_VALUE;
use super::union::MISSING_UNION_BRANCH;

/// Something that the reader cannot read, still without words.
pub(super) struct Difference {
    pub(super) detail: Detail,
    pub(super) path: PathId,
    pub(super) reader: Use,
    pub(super) writer: Use,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Types,
    Name,
    Size,
    Symbols,
    Branch,
    /// The reader's field at this position is missing and has no default.
    Default(usize),
}

impl Detail {
    const fn rule(self) -> &'static Rule {
        match self {
            Self::Types => &TYPE_MISMATCH,
            Self::Name => &NAME_MISMATCH,
            Self::Size => &FIXED_SIZE_MISMATCH,
            Self::Symbols => &MISSING_ENUM_SYMBOLS,
            Self::Branch => &MISSING_UNION_BRANCH,
            Self::Default(_) => &READER_FIELD_MISSING_DEFAULT_VALUE,
        }
    }

    /// The text of the reference.
    const fn template(self) -> &'static str {
        match self {
            Self::Types => {
                "{errorType:'{type}', description:'The type (path '{path}') of a field in the {reader} schema \
                 does not match with the {writer} schema', additionalInfo:'{info}'}"
            }
            Self::Name => {
                "{errorType:'{type}', description:'The name of the schema has changed (path '{path}')', \
                 additionalInfo:'{info}'}"
            }
            Self::Size => {
                "{errorType:'{type}', description:'The size of FIXED type field at path '{path}' in the \
                 {reader} schema does not match with the {writer} schema', additionalInfo:'{info}'}"
            }
            Self::Symbols => {
                "{errorType:'{type}', description:'The {reader} schema is missing enum symbols '{info}' at path \
                 '{path}' in the {writer} schema', additionalInfo:'{info}'}"
            }
            Self::Branch => {
                "{errorType:'{type}', description:'The {reader} schema is missing a type inside a union field at \
                 path '{path}' in the {writer} schema', additionalInfo:'{info}'}"
            }
            Self::Default(_) => {
                "{errorType:'{type}', description:'The field '{info}' at path '{path}' in the {reader} schema has \
                 no default value and is missing in the {writer} schema', additionalInfo:'{info}'}"
            }
        }
    }
}

impl Difference {
    pub(super) fn violation(&self, reader: &Graph, writer: &Graph, paths: &Paths) -> Violation {
        let rule = self.detail.rule();
        let path = paths.text(self.path);
        let (reader, writer) = (&reader[self.reader.id], &writer[self.writer.id]);
        let info = self.info(reader, writer);
        let values = [("type", rule.wire_name), ("path", &path), ("info", &info)];
        let message = Message::template(self.detail.template(), &values);
        let (reader_place, writer_place) = self.places(reader, writer);
        Violation {
            reader_place: reader_place.or(self.reader.place),
            writer_place: writer_place.or(self.writer.place),
            ..Violation::new(rule, path, message)
        }
    }

    fn info(&self, reader: &Node, writer: &Node) -> String {
        let word = |node: &Node| node.type_word().to_uppercase();
        match (self.detail, reader, writer) {
            (Detail::Types, ..) => format!(
                "reader type: {} not compatible with writer type: {}",
                word(reader),
                word(writer)
            ),
            (Detail::Branch, ..) => {
                format!("reader union lacking writer type: {}", word(writer))
            }
            (Detail::Name, ..) => {
                let name = writer.naming().map(|naming| naming.name.full());
                format!("expected: {}", name.unwrap_or_default())
            }
            (Detail::Size, Node::Fixed(reader), Node::Fixed(writer)) => {
                format!("expected: {}, found: {}", writer.size, reader.size)
            }
            (Detail::Symbols, Node::Enum(reader), Node::Enum(writer)) => {
                let missing = missing_symbols(reader, writer);
                let mut names: Vec<&str> = missing.map(|symbol| symbol.name.as_str()).collect();
                names.sort_by(|one, other| utf16_order(one, other));
                format!("[{}]", names.join(", "))
            }
            (Detail::Default(position), Node::Record(reader), _) => {
                reader.fields[position].name.clone()
            }
            _ => String::new(),
        }
    }

    /// Places closer to the point than those of the two types.
    fn places(&self, reader: &Node, writer: &Node) -> (Option<Place>, Option<Place>) {
        let name_place = |node: &Node| node.naming().and_then(|naming| naming.place);
        match (self.detail, reader, writer) {
            (Detail::Name, ..) => (name_place(reader), name_place(writer)),
            (Detail::Size, Node::Fixed(reader), Node::Fixed(writer)) => {
                (reader.size_place, writer.size_place)
            }
            (Detail::Symbols, Node::Enum(reader), Node::Enum(writer)) => {
                let missing = missing_symbols(reader, writer).next();
                (
                    reader.symbols_place,
                    missing.and_then(|symbol| symbol.place),
                )
            }
            (Detail::Default(position), Node::Record(reader), _) => {
                (reader.fields[position].place, name_place(writer))
            }
            _ => (None, None),
        }
    }
}

/// The writer's symbols that the reader does not know, in the writer's order.
pub(super) fn missing_symbols<'g>(
    reader: &'g Enum,
    writer: &'g Enum,
) -> impl Iterator<Item = &'g Symbol> {
    writer
        .symbols
        .iter()
        .filter(|symbol| !reader.has_symbol(&symbol.name))
}
