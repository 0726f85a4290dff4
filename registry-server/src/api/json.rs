//! Writes answers as the reference's JSON library does: compact, members in a given order, UTF-8 unescaped but
//! for what must be, characters outside the basic plane as surrogate pairs (`protocol.md` sections 1.2, 5).
//!
//! The entities of the protocol are in `api/entities.rs`.

use std::fmt::{Display, Write};
use std::mem::take;

use registry_core::json_text;

/// The text of an object.
#[must_use]
pub fn object(members: impl FnOnce(&mut Object<'_>)) -> String {
    object_around(0, members)
}

/// The text of an object that holds about so many bytes of texts.
#[must_use]
pub fn object_around(text_bytes: usize, members: impl FnOnce(&mut Object<'_>)) -> String {
    /// What stands around a text; small answers as a whole.
    const OTHER_BYTES: usize = 512;
    let mut out = String::with_capacity(text_bytes + OTHER_BYTES);
    write_object(&mut out, members);
    out
}

/// The text of an array; `each` writes one element.
#[must_use]
pub fn array<T>(items: impl IntoIterator<Item = T>, each: impl FnMut(&mut String, T)) -> String {
    let mut out = String::new();
    write_array(&mut out, items, each);
    out
}

/// The text of an array of strings.
#[must_use]
pub fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    array(items, |out, item| write_text(out, item.as_ref()))
}

/// The text of an array of integers.
#[must_use]
pub fn ints<T: Into<i64>>(items: impl IntoIterator<Item = T>) -> String {
    array(items, |out, item| write_int(out, item.into()))
}

/// An object that is being written.
pub struct Object<'o> {
    out: &'o mut String,
    is_empty: bool,
}

impl Object<'_> {
    /// A string, whatever it is.
    pub fn text(&mut self, name: &'static str, value: &str) {
        write_text(self.member(name), value);
    }

    /// A string under a name that is not of the protocol.
    pub fn text_under(&mut self, key: &str, value: &str) {
        write_text(self.key(key), value);
    }

    /// A string that is escaped already.
    pub fn escaped_text(&mut self, name: &'static str, escaped: &str) {
        let out = self.member(name);
        out.push('"');
        out.push_str(escaped);
        out.push('"');
    }

    /// A value whose spelling needs no escape.
    pub fn spelled(&mut self, name: &'static str, value: &impl Display) {
        let out = self.member(name);
        write!(out, "\"{value}\"").expect("writing to a String never fails");
    }

    /// A string, unless it is absent or empty.
    pub fn text_if_any(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.text(name, value);
        }
    }

    /// A value that is JSON already.
    pub fn raw(&mut self, name: &'static str, value: &str) {
        self.member(name).push_str(value);
    }

    /// An integer.
    pub fn int(&mut self, name: &'static str, value: i64) {
        write_int(self.member(name), value);
    }

    /// An integer, unless it is absent.
    pub fn int_if_any(&mut self, name: &'static str, value: Option<i64>) {
        if let Some(value) = value {
            self.int(name, value);
        }
    }

    /// True or false.
    pub fn boolean(&mut self, name: &'static str, value: bool) {
        self.member(name)
            .push_str(if value { "true" } else { "false" });
    }

    /// True or false, unless it is absent.
    pub fn boolean_if_any(&mut self, name: &'static str, value: Option<bool>) {
        if let Some(value) = value {
            self.boolean(name, value);
        }
    }

    /// The word `null`.
    pub fn null(&mut self, name: &'static str) {
        self.member(name).push_str("null");
    }

    /// An object, even an empty one.
    pub fn object(&mut self, name: &'static str, members: impl FnOnce(&mut Object<'_>)) {
        write_object(self.member(name), members);
    }

    /// An array, even an empty one.
    pub fn array<T>(
        &mut self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
        each: impl FnMut(&mut String, T),
    ) {
        write_array(self.member(name), items, each);
    }

    /// An array of strings under a name that is not of the protocol.
    pub fn texts_under<T: AsRef<str>>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        write_array(self.key(key), items, |out, item| {
            write_text(out, item.as_ref());
        });
    }

    /// An array, unless it is empty.
    pub fn array_if_any<T>(
        &mut self,
        name: &'static str,
        items: &[T],
        mut each: impl FnMut(&mut String, &T),
    ) {
        if !items.is_empty() {
            self.array(name, items, |out, item| each(out, item));
        }
    }

    /// An array of strings, unless it is empty.
    pub fn texts_if_any<T: AsRef<str>>(
        &mut self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
    ) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() {
            self.array(name, items, |out, item| write_text(out, item.as_ref()));
        }
    }

    /// Starts a member of the protocol, whose name needs no escape; its value is to be written next.
    fn member(&mut self, name: &'static str) -> &mut String {
        self.out.push_str(if take(&mut self.is_empty) {
            "\""
        } else {
            ",\""
        });
        self.out.push_str(name);
        self.out.push_str("\":");
        self.out
    }

    /// Starts any other member.
    fn key(&mut self, key: &str) -> &mut String {
        if !take(&mut self.is_empty) {
            self.out.push(',');
        }
        write_text(self.out, key);
        self.out.push(':');
        self.out
    }
}

/// Appends an object.
pub fn write_object(out: &mut String, members: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    members(&mut Object {
        out,
        is_empty: true,
    });
    out.push('}');
}

/// Appends an array.
pub fn write_array<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut each: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        each(out, item);
    }
    out.push(']');
}

/// Appends an integer.
pub fn write_int(out: &mut String, value: i64) {
    out.push_str(itoa::Buffer::new().format(value));
}

/// Appends a string.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    json_text::escape(text, out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_in_the_order_in_which_they_are_written_and_empty_ones_can_be_left_out() {
        let text = object(|outer| {
            outer.text_if_any("none", None);
            outer.text_if_any("empty", Some(""));
            outer.text("subject", "s");
            outer.int_if_any("version", Some(0));
            outer.boolean("deleted", false);
            outer.texts_if_any("tags", [] as [&str; 0]);
            outer.texts_if_any("aliases", ["a", "b"]);
            outer.object("metadata", |_| {});
            outer.null("mode");
        });
        assert_eq!(
            text,
            r#"{"subject":"s","version":0,"deleted":false,"aliases":["a","b"],"metadata":{},"mode":null}"#
        );
        assert_eq!(ints([1, 2]), "[1,2]");
        assert_eq!(texts(["a\"b"]), r#"["a\"b"]"#);
    }
}
