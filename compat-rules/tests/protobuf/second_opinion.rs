//! Another parser's view of the same text: where both accept it, both see the same messages, fields, numbers, types
//! and enums. Ours speaks through its descriptor.

use std::collections::BTreeMap;

use prost_reflect::prost::Message as _;
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto as Ours,
};
use protobuf_parse::Parser;

use super::generate;
use super::golden_texts::{accepted, parse_alone};

/// What is compared: by full name, each message's fields as `number name type label`, each enum's constants.
type View = BTreeMap<String, Vec<String>>;

#[test]
fn protobuf_parse_sees_the_same_messages_fields_and_enums() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("t.proto");
    let mut both = 0;
    // The descriptor has no groups, though the text does; the canonical text is held to them elsewhere.
    let texts = accepted()
        .into_iter()
        .filter(|text| !text.contains("group "));
    for text in texts.chain((0..500).map(generate::text)) {
        let Some(ours) = ours(&text) else { continue };
        std::fs::write(&path, &text).expect("a writable folder");
        let mut parser = Parser::new();
        parser.pure().include(folder.path()).input(&path);
        let Ok(theirs) = parser.parse_and_typecheck() else {
            continue;
        };
        let file = theirs.file_descriptors.last().expect("the file itself");
        // The two crates have types of their own for a descriptor; bytes are common ground.
        let bytes = protobuf_bytes(file);
        let theirs = Ours::decode(&*bytes).expect("a descriptor");
        // Two messages of almost one name: `protoc` refuses that, and this parser forgets one of them.
        if text.contains("message AEntry {}") {
            continue;
        }
        both += 1;
        assert_eq!(view(&ours), view(&theirs), "{text}");
    }
    assert!(both > 1_200, "both accept {both} texts only");
}

fn protobuf_bytes(file: &impl protobuf::Message) -> Vec<u8> {
    file.write_to_bytes().expect("a descriptor can be written")
}

/// The descriptor of our document, not linked: groups and relative names are as they are.
fn ours(text: &str) -> Option<Ours> {
    let schema = parse_alone(text).ok()?;
    let base64 = schema.render(compat_rules::TextForm::Serialized).ok()?;
    let engine = &base64::engine::general_purpose::STANDARD;
    let bytes = base64::Engine::decode(engine, base64).expect("base64");
    Some(Ours::decode(&*bytes).expect("a descriptor"))
}

fn view(file: &Ours) -> View {
    let mut view = View::new();
    for message in &file.message_type {
        add_message("", message, &mut view);
    }
    for enumeration in &file.enum_type {
        add_enum("", enumeration, &mut view);
    }
    view
}

fn add_message(scope: &str, message: &DescriptorProto, view: &mut View) {
    // The names of the messages for map entries are the reference's own; their fields are compared all the same.
    let is_entry = message
        .options
        .as_ref()
        .is_some_and(|options| options.map_entry());
    let name = if is_entry {
        message.name().to_lowercase()
    } else {
        message.name().to_owned()
    };
    let full = format!("{scope}.{name}").replace('_', "");
    let mut fields: Vec<String> = message
        .field
        .iter()
        .map(|field| {
            let simple = field.type_name().rsplit('.').next().unwrap_or_default();
            let simple = if simple.ends_with("Entry") {
                simple.to_lowercase().replace('_', "")
            } else {
                simple.to_owned()
            };
            let kind = if simple.is_empty() {
                format!("{:?}", field.r#type())
            } else {
                simple
            };
            // A label that is not written is optional.
            format!(
                "{} {} {kind} {:?}",
                field.number(),
                field.name(),
                field.label()
            )
        })
        .collect();
    fields.sort();
    view.insert(full.clone(), fields);
    for nested in &message.nested_type {
        add_message(&full, nested, view);
    }
    for nested in &message.enum_type {
        add_enum(&full, nested, view);
    }
}

fn add_enum(scope: &str, enumeration: &EnumDescriptorProto, view: &mut View) {
    let constants = enumeration.value.iter();
    let constants = constants.map(|constant| format!("{} {}", constant.number(), constant.name()));
    view.insert(
        format!("{scope}.{}", enumeration.name()),
        constants.collect(),
    );
}
