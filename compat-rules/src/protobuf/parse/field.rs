//! Fields, oneofs and groups.

use super::super::document::{Field, Group, Label, Oneof, ProtoOption};
use super::super::print;
use super::{Parsed, Parser, Start};

impl Parser<'_> {
    /// The label and the type, of which `word` was the first word.
    pub(super) fn label_and_type(
        &mut self,
        start: &Start,
        word: &str,
    ) -> Parsed<(Option<Label>, String)> {
        let label = match word {
            "optional" => Label::Optional,
            "repeated" => Label::Repeated,
            "required" if self.proto3 => {
                let reason = "'required' label forbidden in proto3 field declarations";
                return Err(self.cursor.error_at(start, reason));
            }
            "required" => Label::Required,
            _ => {
                let may_stand_alone = self.proto3 || (word == "map" && self.cursor.peek()? == b'<');
                if !may_stand_alone {
                    let reason = format!("unexpected label: {word}");
                    return Err(self.cursor.error_at(start, reason));
                }
                return Ok((None, self.data_type_after(word)?));
            }
        };
        let type_name = self.data_type()?;
        if type_name.starts_with("map<") {
            return Err(self.cursor.error_at(start, "'map' type cannot have label"));
        }
        Ok((Some(label), type_name))
    }

    /// From the name on.
    pub(super) fn field(
        &mut self,
        start: &Start,
        label: Option<Label>,
        type_name: String,
    ) -> Parsed<Field> {
        let name = self.field_name()?.to_owned();
        self.cursor.expect('=')?;
        let number = self.cursor.integer()?;
        let mut options = self.option_list()?;
        let default = lift(&mut options, "default");
        let json_name = lift(&mut options, "json_name");
        self.cursor.expect(';')?;
        self.cursor.trailing_comment()?;
        Ok(Field {
            place: start.place,
            label,
            type_name,
            name,
            number,
            default,
            json_name,
            options,
        })
    }

    pub(super) fn oneof(&mut self, start: &Start) -> Parsed<Oneof> {
        let mut oneof = Oneof {
            place: start.place,
            name: self.name()?.to_owned(),
            options: Vec::new(),
            fields: Vec::new(),
            groups: Vec::new(),
        };
        self.cursor.expect('{')?;
        while !self.cursor.take_if(b'}')? {
            let start = self.cursor.start();
            match self.data_type()? {
                word if word == "group" => oneof.groups.push(self.group(&start, None)?),
                word if word == "option" => oneof.options.push(self.option_statement()?),
                type_name => oneof.fields.push(self.field(&start, None, type_name)?),
            }
        }
        Ok(oneof)
    }

    pub(super) fn group(&mut self, start: &Start, label: Option<Label>) -> Parsed<Group> {
        let name = self.cursor.word()?.to_owned();
        self.cursor.expect('=')?;
        let mut group = Group {
            place: start.place,
            label,
            name,
            number: self.cursor.integer()?,
            fields: Vec::new(),
        };
        self.cursor.expect('{')?;
        while !self.cursor.take_if(b'}')? {
            let start = self.cursor.start();
            let word = self.cursor.word()?;
            let (label, type_name) = self.label_and_type(&start, word)?;
            if type_name == "group" {
                let inner = self.nested(|parser| parser.group(&start, label))?;
                let reason = format!("expected field declaration, was group {}", inner.name);
                return Err(self.cursor.error(reason));
            }
            group.fields.push(self.field(&start, label, type_name)?);
        }
        Ok(group)
    }
}

/// Takes the options of that name out of the list; the text of the last one counts.
fn lift(options: &mut Vec<ProtoOption>, name: &str) -> Option<String> {
    if !options.iter().any(|option| option.name.text == name) {
        return None;
    }
    let mut last = None;
    options.retain(|option| {
        let is_lifted = option.name.text == name;
        if is_lifted {
            let text = option.value.text().map(str::to_owned);
            last = text.or_else(|| Some(print::value(&option.value)));
        }
        !is_lifted
    });
    last
}
