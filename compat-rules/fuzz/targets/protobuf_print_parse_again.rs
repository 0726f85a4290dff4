//! The canonical text is a fixed point, and what it says is the same schema.
#![no_main]

use compat_rules::{Budget, CompatibilityPolicy, Format, References, Strictness, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let none = References::none();
    let parse = |text| parse(Format::Protobuf, text, &none, Strictness::New);
    let Ok(schema) = parse(text) else { return };
    if schema.validate(false).is_err() || !schema.canonical().lines().all(says_what_it_means) {
        return;
    }
    let again = parse(schema.canonical()).expect("a canonical text is a schema");
    assert_eq!(schema.canonical(), again.canonical());
    if schema.validate(true).is_err() {
        // Two fields with one number: which one counts depends on their order, as in the reference.
        return;
    }
    let strict = CompatibilityPolicy::Strict;
    if let Ok(found) = again.read_violations(&schema, strict, &mut Budget::default()) {
        assert_eq!(found, Some(Vec::new()), "a schema reads its own text");
    }
});

/// Import paths and reserved names are printed raw, as the reference prints them: those with escapes or line breaks are others when
/// they are read again.
fn says_what_it_means(line: &str) -> bool {
    let line = line.trim_start();
    let is_raw = line.starts_with("reserved ") || line.starts_with("import ");
    let quotes = line.matches('"').count();
    !is_raw || (!line.contains('\\') && quotes % 2 == 0 && line.ends_with(';'))
}
