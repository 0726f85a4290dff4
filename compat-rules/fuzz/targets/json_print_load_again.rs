//! The canonical text is a fixed point, and so is the normal form, which is the same schema.
#![no_main]

use compat_rules::{Budget, CompatibilityPolicy, Format, References, Strictness, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let none = References::none();
    let parse = |text: &str| parse(Format::Json, text, &none, Strictness::New);
    let Ok(schema) = parse(text) else {
        return;
    };
    let again = parse(schema.canonical()).expect("a canonical text is JSON");
    assert_eq!(schema.canonical(), again.canonical());
    let normal = again.normalized().expect("every JSON has a normal form");
    let twice = parse(normal.canonical()).and_then(|normal| normal.normalized());
    assert_eq!(twice.expect("it is JSON").canonical(), normal.canonical());
    if again.validate(false).is_err() {
        return;
    }
    let strict = CompatibilityPolicy::Strict;
    if let Ok(found) = normal.read_violations(&again, strict, &mut Budget::default()) {
        assert_eq!(found, Some(Vec::new()), "a schema reads itself");
    }
});
