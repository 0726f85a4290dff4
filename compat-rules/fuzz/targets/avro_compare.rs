//! Two schemas, divided by a zero byte: comparing them ends, and each reads itself.
#![no_main]

use compat_rules::{Budget, CompatibilityPolicy, Format, References, Strictness, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: &str| {
    let Some((one, other)) = texts.split_once('\0') else {
        return;
    };
    let none = References::none();
    let parse = |text| parse(Format::Avro, text, &none, Strictness::Stored);
    let (Ok(one), Ok(other)) = (parse(one), parse(other)) else {
        return;
    };
    let strict = CompatibilityPolicy::Strict;
    let _ = one.read_violations(&other, strict, &mut Budget::default());
    let _ = other.read_violations(&one, strict, &mut Budget::default());
    if let Ok(Some(itself)) = one.read_violations(&one, strict, &mut Budget::default()) {
        // An alias that is the name of another field, or of its own, fits more than one field even of itself.
        let only_aliases = itself
            .iter()
            .all(|violation| violation.rule.id == "reader-field-matches-several");
        assert!(only_aliases, "a schema reads itself");
    }
});
