//! Any text: loading it, asking it everything and editing its tags ends without a panic.
#![no_main]

use compat_rules::{Format, References, Strictness, TagEdit, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(schema) = parse(Format::Json, text, &References::none(), Strictness::New) else {
        return;
    };
    let _ = schema.validate(true);
    let _ = schema.has_top_level_field("a");
    let tags = schema.tags();
    let edit = TagEdit {
        add: tags.clone(),
        remove: tags,
    };
    let _ = schema.with_tags(&edit);
});
