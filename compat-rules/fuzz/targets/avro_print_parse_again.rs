//! The canonical text is a fixed point, and what it says is the same schema.
#![no_main]

use compat_rules::{Format, References, Strictness, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let none = References::none();
    let Ok(schema) = parse(Format::Avro, text, &none, Strictness::Stored) else {
        return;
    };
    let again = parse(Format::Avro, schema.canonical(), &none, Strictness::Stored)
        .expect("a canonical text is a schema");
    assert_eq!(schema.canonical(), again.canonical());
});
