//! No text makes the parser, or what it returns, panic or hang.
#![no_main]

use compat_rules::{Format, References, Strictness, TextForm, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for strictness in [Strictness::New, Strictness::Stored] {
        let Ok(schema) = parse(Format::Avro, text, &References::none(), strictness) else {
            continue;
        };
        let _ = schema.normalized();
        let _ = schema.render(TextForm::Resolved);
        let _ = schema.tags();
        let _ = schema.has_top_level_field("a");
    }
});
