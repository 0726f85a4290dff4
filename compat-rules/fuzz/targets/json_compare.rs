//! Two schemas, divided by a zero byte: comparing them ends, both ways and under both policies, and what the lenient
//! policy finds the strict one finds as well.
#![no_main]

use compat_rules::{Budget, CompatibilityPolicy, Format, References, Strictness, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|texts: &str| {
    let Some((one, other)) = texts.split_once('\0') else {
        return;
    };
    let none = References::none();
    let parse = |text| parse(Format::Json, text, &none, Strictness::Stored);
    let (Ok(one), Ok(other)) = (parse(one), parse(other)) else {
        return;
    };
    let (strict, lenient) = (CompatibilityPolicy::Strict, CompatibilityPolicy::Lenient);
    for (reader, writer) in [(&one, &other), (&other, &one)] {
        let found = |policy| reader.read_violations(writer, policy, &mut Budget::default());
        let (strictly, leniently) = (found(strict), found(lenient));
        if let (Ok(Some(strictly)), Ok(Some(leniently))) = (strictly, leniently) {
            assert!(!strictly.is_empty() || leniently.is_empty());
        }
    }
});
