//! Whether the default of a field is a value of its type.

use super::super::document::Enum;
use super::super::scalar::Scalar;

/// What is wrong with it, if anything.
pub(super) fn of_enum(enumeration: &Enum, text: &str) -> Option<String> {
    let is_known = enumeration
        .constants
        .iter()
        .any(|constant| constant.name == text);
    (!is_known).then(|| format!("Unknown enum default value: \"{text}\""))
}

/// What is wrong with it, if anything.
pub(super) fn of_scalar(scalar: Scalar, text: &str) -> Option<String> {
    let fits = match scalar {
        Scalar::Int32 | Scalar::Sint32 | Scalar::Sfixed32 => {
            is_integer(text, i32::MIN.into(), i32::MAX.into())
        }
        Scalar::Uint32 | Scalar::Fixed32 => is_integer(text, 0, u32::MAX.into()),
        Scalar::Int64 | Scalar::Sint64 | Scalar::Sfixed64 => {
            is_integer(text, i64::MIN.into(), i64::MAX.into())
        }
        Scalar::Uint64 | Scalar::Fixed64 => is_integer(text, 0, u64::MAX.into()),
        Scalar::Float | Scalar::Double => is_real(text),
        // Any text is a boolean there: what is not `true` is false.
        Scalar::Bool | Scalar::String => true,
        Scalar::Bytes => is_escaped(text),
    };
    (!fits).then(|| format!("Could not parse default value: \"{text}\""))
}

/// Decimal, hexadecimal or octal.
fn is_integer(text: &str, min: i128, max: i128) -> bool {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (digits, radix) = if let Some(hexadecimal) = digits.strip_prefix("0x") {
        (hexadecimal, 16)
    } else if digits.len() > 1 && digits.starts_with('0') {
        (&digits[1..], 8)
    } else {
        (digits, 10)
    };
    if digits.starts_with(['+', '-']) {
        return false;
    }
    let value = i128::from_str_radix(digits, radix);
    value.is_ok_and(|value| {
        let value = if is_negative { -value } else { value };
        (min..=max).contains(&value)
    })
}

fn is_real(text: &str) -> bool {
    if matches!(text, "inf" | "-inf" | "nan") {
        return true;
    }
    let number = text.strip_suffix(['f', 'F', 'd', 'D']).unwrap_or(text);
    let is_part = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    number.bytes().all(is_part) && number.parse::<f64>().is_ok()
}

/// Escapes of bytes: a known letter, digits, or nothing.
fn is_escaped(text: &str) -> bool {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            continue;
        }
        let fits = match letters.next() {
            Some('x' | 'X') => letters
                .next()
                .is_some_and(|digit| digit.is_ascii_hexdigit()),
            Some(letter) => "abfnrtv?\\'\"01234567".contains(letter),
            None => false,
        };
        if !fits {
            return false;
        }
    }
    true
}
