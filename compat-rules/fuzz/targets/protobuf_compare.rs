//! Two schemas, divided by a zero byte: comparing them ends, and each that links reads itself.
#![no_main]

use compat_rules::{Budget, CompatibilityPolicy, Format, References, Strictness, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: &str| {
    let Some((one, other)) = texts.split_once('\0') else {
        return;
    };
    let none = References::none();
    let parse = |text| parse(Format::Protobuf, text, &none, Strictness::Stored);
    let (Ok(one), Ok(other)) = (parse(one), parse(other)) else {
        return;
    };
    let strict = CompatibilityPolicy::Strict;
    let _ = one.read_violations(&other, strict, &mut Budget::default());
    let _ = other.read_violations(&one, strict, &mut Budget::default());
    if one.validate(true).is_err() {
        return;
    }
    if let Ok(itself) = one.read_violations(&one, strict, &mut Budget::default()) {
        assert_eq!(itself, Some(Vec::new()), "a schema reads itself");
    }
});
