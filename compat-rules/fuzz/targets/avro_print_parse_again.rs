//! The canonical text reads back, and is a fixed point from then on.
//!
//! Not at once: an alias in the null namespace is written like one in the namespace of its type, as the reference
//! does, so two aliases may become one when the text is read.
#![no_main]

use compat_rules::{Format, ParsedSchema, References, Strictness, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let none = References::none();
    let Ok(schema) = parse(Format::Avro, text, &none, Strictness::Stored) else {
        return;
    };
    let read_back = |schema: &ParsedSchema| {
        parse(Format::Avro, schema.canonical(), &none, Strictness::Stored)
            .expect("a canonical text is a schema")
    };
    let once = read_back(&schema);
    let twice = read_back(&once);
    assert_eq!(once.canonical(), twice.canonical());
    assert!(once.is_equivalent(&twice));
});
