//! Messages and `extend` blocks.

use super::super::document::{Extend, Extensions, Field, Group, Message, Oneof, Ranges};
use super::{Parsed, Parser, Start, named};

/// What a statement inside a message or `extend` block can be.
enum Member {
    Field(Field),
    Group(Group),
    Oneof(Oneof),
    Message(Message),
    Enum(super::super::document::Enum),
    Extensions(Extensions),
    Extend(Extend),
    Reserved(Ranges),
    Option(super::super::document::ProtoOption),
}

impl Parser<'_> {
    /// The name is read already.
    pub(super) fn message(&mut self, start: &Start, name: &str) -> Parsed<Message> {
        let mut message = named(start, name);
        self.nested(|parser| {
            parser.block(|parser, start| {
                match parser.message_member(start)? {
                    Member::Field(field) => message.fields.push(field),
                    Member::Group(group) => message.groups.push(group),
                    Member::Oneof(oneof) => message.oneofs.push(oneof),
                    Member::Message(nested) => message.messages.push(nested),
                    Member::Enum(nested) => message.enums.push(nested),
                    Member::Extensions(extensions) => message.extensions.push(extensions),
                    Member::Extend(extend) => message.extends.push(extend),
                    Member::Reserved(reserved) => message.reserved.push(reserved),
                    Member::Option(option) => message.options.push(option),
                }
                Ok(())
            })
        })?;
        Ok(message)
    }

    fn message_member(&mut self, start: &Start) -> Parsed<Member> {
        Ok(match self.cursor.word()? {
            "option" => Member::Option(self.option_statement()?),
            "reserved" => Member::Reserved(self.reserved(start)?),
            "message" => {
                let name = self.name()?;
                Member::Message(self.message(start, name)?)
            }
            "enum" => {
                let name = self.name()?;
                Member::Enum(self.enumeration(start, name)?)
            }
            "extend" => Member::Extend(self.extend(start)?),
            "oneof" => Member::Oneof(self.oneof(start)?),
            "extensions" => Member::Extensions(self.extensions(start)?),
            word => self.field_or_group(start, word)?,
        })
    }

    fn field_or_group(&mut self, start: &Start, word: &str) -> Parsed<Member> {
        let (label, type_name) = self.label_and_type(start, word)?;
        Ok(if type_name == "group" {
            Member::Group(self.group(start, label)?)
        } else {
            Member::Field(self.field(start, label, type_name)?)
        })
    }

    /// Only the fields of an `extend` block are kept; whatever else is said there has no meaning.
    pub(super) fn extend(&mut self, start: &Start) -> Parsed<Extend> {
        let mut extend = Extend {
            place: start.place,
            extendee: self.name()?.to_owned(),
            fields: Vec::new(),
        };
        self.block(|parser, start| {
            match parser.cursor.word()? {
                "option" => drop(parser.option_statement()?),
                "reserved" => drop(parser.reserved(start)?),
                word => {
                    if let Member::Field(field) = parser.field_or_group(start, word)? {
                        extend.fields.push(field);
                    }
                }
            }
            Ok(())
        })?;
        Ok(extend)
    }
}
