//! Messages: which are there, and which fields they have.

use std::collections::{BTreeMap, HashMap};

use super::super::document::{Field, Label, Message};
use super::{Walk, rule};
use crate::Exhausted;

/// A field as a member of its message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) field: &'a Field,
    /// The name of the oneof that it is in.
    pub(super) oneof: Option<&'a str>,
}

/// The fields of a message by number, members of oneofs included; groups are not seen. Of two fields with one
/// number the later counts.
pub(super) fn members(message: &Message) -> BTreeMap<i32, Member<'_>> {
    let plain = message
        .fields
        .iter()
        .map(|field| Member { field, oneof: None });
    let in_oneofs = message.oneofs.iter().flat_map(|oneof| {
        let name = Some(oneof.name.as_str());
        let member = move |field| Member { field, oneof: name };
        oneof.fields.iter().map(member)
    });
    plain
        .chain(in_oneofs)
        .map(|member| (member.field.number, member))
        .collect()
}

impl<'a> Walk<'a, '_> {
    /// The messages at the top of a file or inside a message. Enums have no rule: every change of one is read.
    pub(super) fn level(
        &mut self,
        reader: &'a [Message],
        writer: &'a [Message],
    ) -> Result<(), Exhausted> {
        let by_name: HashMap<&str, &Message> = reader
            .iter()
            .map(|message| (message.name.as_str(), message))
            .collect();
        let of_writer: HashMap<&str, &Message> = writer
            .iter()
            .map(|message| (message.name.as_str(), message))
            .collect();
        for written in writer {
            self.budget.spend()?;
            // Of two messages with one name the later counts.
            if !std::ptr::eq(of_writer[written.name.as_str()], written) {
                continue;
            }
            match by_name.get(written.name.as_str()) {
                Some(read) => {
                    self.enter(&written.name);
                    self.messages(read, written)?;
                    self.leave();
                }
                None if written.is_map_entry() => {}
                None => {
                    let place = Some(written.place);
                    self.report_below(&[&written.name], &rule::MESSAGE_REMOVED, None, place)?;
                }
            }
        }
        Ok(())
    }

    /// Two messages, in whose scope we are already.
    pub(super) fn messages(
        &mut self,
        reader: &'a Message,
        writer: &'a Message,
    ) -> Result<(), Exhausted> {
        let pair = (std::ptr::from_ref(reader), std::ptr::from_ref(writer));
        if let Some(at) = self.active.iter().position(|active| *active == pair) {
            self.outermost_repeat = self.outermost_repeat.min(at);
            return Ok(());
        }
        self.active.push(pair);
        let read = members(reader);
        let written = members(writer);
        self.budget
            .spend_many((read.len() + written.len()) as u64)?;
        self.oneofs(reader, &written)?;
        self.fields(reader, &read, &written)?;
        self.level(&reader.messages, &writer.messages)?;
        self.active.pop();
        Ok(())
    }

    fn fields(
        &mut self,
        reader: &Message,
        read: &BTreeMap<i32, Member<'a>>,
        written: &BTreeMap<i32, Member<'a>>,
    ) -> Result<(), Exhausted> {
        for (number, member) in written {
            let segment = number.to_string();
            match read.get(number) {
                Some(read) => {
                    let depth = self.path.len();
                    self.path.extend(read.oneof.map(str::to_owned));
                    self.path.push(segment);
                    self.field(read.field, member.field)?;
                    self.path.truncate(depth);
                }
                None => self.removed(reader, read, written, member)?,
            }
        }
        for (number, member) in read {
            let is_required = member.field.label == Some(Label::Required);
            if is_required && member.oneof.is_none() && !written.contains_key(number) {
                let place = Some(member.field.place);
                let segment = number.to_string();
                self.report_below(&[&segment], &rule::REQUIRED_FIELD_ADDED, place, None)?;
            }
        }
        Ok(())
    }

    fn removed(
        &mut self,
        reader: &Message,
        read: &BTreeMap<i32, Member<'a>>,
        written: &BTreeMap<i32, Member<'a>>,
        member: &Member<'a>,
    ) -> Result<(), Exhausted> {
        let segment = member.field.number.to_string();
        let place = Some(member.field.place);
        match member.oneof {
            Some(oneof) if self.leaves_a_trace(oneof, reader, read, written) => {
                let segments = [oneof, &segment];
                self.report_below(&segments, &rule::ONEOF_FIELD_REMOVED, None, place)
            }
            None if member.field.label == Some(Label::Required) => {
                self.report_below(&[&segment], &rule::REQUIRED_FIELD_REMOVED, None, place)
            }
            _ => Ok(()),
        }
    }
}
