//! No text makes the parser, or what it returns, panic or hang; base64 descriptors are texts, too.
#![no_main]

use compat_rules::{Format, References, Strictness, TextForm, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(schema) = parse(Format::Protobuf, text, &References::none(), Strictness::New) else {
        return;
    };
    let _ = schema.validate(true);
    let _ = schema.normalized();
    let _ = schema.render(TextForm::Serialized);
    let _ = schema.render(TextForm::IgnoreExtensions);
    let _ = schema.tags();
    let _ = schema.has_top_level_field("a");
});
