//! Messages, fields, oneofs and groups.

use super::super::compare::map_types;
use super::super::document::{Field, Group, Message, Oneof};
use super::super::scalar::Scalar;
use super::{Normal, Normalizer, check_map_key, ranges, sort_fields};

impl Normalizer<'_, '_> {
    /// Entry messages of maps are left out: the fields say `map` again.
    pub(super) fn messages(&mut self, messages: &[Message]) -> Normal<Vec<Message>> {
        let mut normal = Vec::with_capacity(messages.len());
        for message in messages.iter().filter(|message| !message.is_map_entry()) {
            self.scope.enter(self.names, &message.name);
            normal.push(self.message(message)?);
            self.scope.leave();
        }
        Ok(normal)
    }

    fn message(&mut self, message: &Message) -> Normal<Message> {
        let mut extensions = Vec::new();
        for statement in &message.extensions {
            let options = self.options(&statement.options)?;
            extensions.extend(ranges::extensions(statement, &options));
        }
        extensions.sort_by_key(ranges::start);
        Ok(Message {
            place: message.place,
            name: message.name.clone(),
            reserved: ranges::reserved(&message.reserved),
            options: self.options(&message.options)?,
            fields: self.fields(&message.fields)?,
            oneofs: self.oneofs(&message.oneofs)?,
            groups: self.groups(&message.groups)?,
            extensions,
            extends: self.extends(&message.extends)?,
            messages: self.messages(&message.messages)?,
            enums: self.enums(&message.enums)?,
        })
    }

    fn fields(&mut self, fields: &[Field]) -> Normal<Vec<Field>> {
        let mut normal = Vec::with_capacity(fields.len());
        for field in fields {
            normal.push(self.field(field)?);
        }
        sort_fields(&mut normal);
        Ok(normal)
    }

    pub(super) fn field(&mut self, field: &Field) -> Normal<Field> {
        let mut label = field.label;
        let type_name = if Scalar::named(&field.type_name).is_some() {
            field.type_name.clone()
        } else if let Some((key, value)) = map_types(&field.type_name) {
            self.map(key, value)?
        } else {
            let named = self.names.find_type(&self.scope, &field.type_name);
            match named.and_then(|named| named.message()) {
                Some(entry) if entry.is_map_entry() => {
                    label = None;
                    let part = |number| {
                        let part = entry.all_fields().find(|part| part.number == number);
                        part.map_or("", |part| part.type_name.as_str())
                    };
                    self.map(part(1), part(2))?
                }
                _ => self.type_name(&field.type_name)?,
            }
        };
        let mut options = field.options.clone();
        options.extend(field.lifted_options());
        Ok(Field {
            label,
            type_name,
            options: self.options(&options)?,
            default: None,
            json_name: None,
            place: field.place,
            name: field.name.clone(),
            number: field.number,
        })
    }

    /// A value type that means nothing is left as it is; a key has to be a scalar that can be one.
    fn map(&mut self, key: &str, value: &str) -> Normal<String> {
        check_map_key(key)?;
        let is_scalar = Scalar::named(value).is_some();
        let full = if is_scalar {
            None
        } else {
            self.resolved(value)?
        };
        Ok(format!("map<{key}, {}>", full.as_deref().unwrap_or(value)))
    }

    /// Those without fields, whatever groups they hold, come last: they are not printed.
    fn oneofs(&mut self, oneofs: &[Oneof]) -> Normal<Vec<Oneof>> {
        let mut normal = Vec::new();
        for oneof in oneofs {
            normal.push(Oneof {
                place: oneof.place,
                name: oneof.name.clone(),
                options: self.options(&oneof.options)?,
                fields: self.fields(&oneof.fields)?,
                groups: self.groups(&oneof.groups)?,
            });
        }
        normal.sort_by_key(|oneof| {
            let first = oneof.fields.first().map(|field| field.number);
            (first.is_none(), first)
        });
        Ok(normal)
    }

    fn groups(&mut self, groups: &[Group]) -> Normal<Vec<Group>> {
        let mut normal = Vec::new();
        for group in groups {
            normal.push(Group {
                place: group.place,
                label: group.label,
                name: group.name.clone(),
                number: group.number,
                fields: self.fields(&group.fields)?,
            });
        }
        normal.sort_by_key(|group| group.number);
        Ok(normal)
    }
}
