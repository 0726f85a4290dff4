//! Writes a tree back as JSON text without white space, the way Java's printers do.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::number::java_double;
use super::{Kind, Member, Number, Value};

/// How a tree is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) numbers: NumberStyle,
    pub(crate) keys: KeyOrder,
}

/// How a number with a fraction or an exponent is written; an integer is always its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberStyle {
    /// As the nearest double.
    Double,
    /// As the exact decimal.
    Decimal,
}

/// The order of the members of every object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyOrder {
    /// As in the text.
    AsGiven,
    /// By UTF-16 code units.
    Sorted,
}

impl Value {
    /// The whole tree as text.
    pub(crate) fn to_text(&self, style: Style) -> String {
        let mut out = String::new();
        self.write(&mut out, style);
        out
    }

    /// Appends the whole tree.
    pub(crate) fn write(&self, out: &mut String, style: Style) {
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Boolean(true) => out.push_str("true"),
            Kind::Boolean(false) => out.push_str("false"),
            Kind::Number(number) => out.push_str(&number.to_text(style.numbers)),
            Kind::String(text) => escape_into(out, text),
            Kind::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out, style);
                }
                out.push(']');
            }
            Kind::Object(object) => write_members(out, object.members(), style),
        }
    }
}

fn write_members(out: &mut String, members: &[Member], style: Style) {
    let mut ordered: Vec<&Member> = members.iter().collect();
    if style.keys == KeyOrder::Sorted {
        ordered.sort_by(|one, other| utf16_order(&one.key, &other.key));
    }
    out.push('{');
    for (index, member) in ordered.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        escape_into(out, &member.key);
        out.push(':');
        member.value.write(out, style);
    }
    out.push('}');
}

impl Number {
    /// The number as the printers write it. What is not finite becomes a string.
    pub(crate) fn to_text(&self, style: NumberStyle) -> Cow<'_, str> {
        if self.is_integer() {
            return Cow::Borrowed(self.integer_text());
        }
        let text = match (style, self.decimal()) {
            (NumberStyle::Decimal, Some(decimal)) => decimal.to_string(),
            _ => java_double(self.as_f64()),
        };
        // Also for a double that overflowed.
        if text.ends_with(['N', 'y']) {
            return Cow::Owned(format!("\"{text}\""));
        }
        Cow::Owned(text)
    }
}

/// Java compares strings by UTF-16 code units: a character above U+FFFF comes before U+E000.
pub(crate) fn utf16_order(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// Appends a JSON string. Escaped are the quote, the backslash and what is below U+0020; nothing else.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(position) = rest
        .bytes()
        .position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')
    {
        out.push_str(&rest[..position]);
        match rest.as_bytes()[position] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            0x08 => out.push_str("\\b"),
            0x0C => out.push_str("\\f"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            control => {
                out.push_str("\\u00");
                for digit in [control >> 4, control & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
                }
            }
        }
        rest = &rest[position + 1..];
    }
    out.push_str(rest);
    out.push('"');
}
