//! A document without what only some readers understand: the text for `format=ignore_extensions`.

use super::document::{Document, Enum, Field, Group, Message, ProtoOption};

/// The same document without `extensions` and `extend`, and without custom options but Confluent's own. Imports
/// stay, needed or not.
pub(crate) fn document(document: &Document) -> Document {
    let mut slim = document.clone();
    slim.extends.clear();
    options(&mut slim.options);
    slim.messages.iter_mut().for_each(message);
    slim.enums.iter_mut().for_each(enumeration);
    for service in &mut slim.services {
        options(&mut service.options);
        for rpc in &mut service.rpcs {
            options(&mut rpc.options);
        }
    }
    slim
}

fn message(message: &mut Message) {
    message.extensions.clear();
    message.extends.clear();
    options(&mut message.options);
    fields(&mut message.fields);
    for oneof in &mut message.oneofs {
        options(&mut oneof.options);
        fields(&mut oneof.fields);
        groups(&mut oneof.groups);
    }
    groups(&mut message.groups);
    message.messages.iter_mut().for_each(self::message);
    message.enums.iter_mut().for_each(enumeration);
}

fn groups(groups: &mut [Group]) {
    for group in groups {
        fields(&mut group.fields);
    }
}

fn enumeration(enumeration: &mut Enum) {
    options(&mut enumeration.options);
    for constant in &mut enumeration.constants {
        options(&mut constant.options);
    }
}

fn fields(fields: &mut [Field]) {
    for field in fields {
        options(&mut field.options);
    }
}

fn options(options: &mut Vec<ProtoOption>) {
    options.retain(|option| !option.name.custom || option.name.text.starts_with("confluent."));
}
