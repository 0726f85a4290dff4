//! Writes answers as the reference's JSON library does: compact, members in a given order, UTF-8 unescaped but
//! for what must be, characters outside the basic plane as surrogate pairs (`protocol.md` sections 1.2, 5).
//!
//! The entities of the protocol are in `api/entities.rs`.

use std::fmt::Write;

/// The text of an object.
#[must_use]
pub fn object(members: impl FnOnce(&mut Object<'_>)) -> String {
    // Enough for what stands around a text, and for small answers as a whole.
    let mut out = String::with_capacity(256);
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
    pub fn text(&mut self, name: &str, value: &str) {
        write_text(self.member(name), value);
    }

    /// A string, unless it is absent or empty.
    pub fn text_if_any(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.text(name, value);
        }
    }

    /// A value that is JSON already.
    pub fn raw(&mut self, name: &str, value: &str) {
        self.member(name).push_str(value);
    }

    /// An integer.
    pub fn int(&mut self, name: &str, value: i64) {
        write_int(self.member(name), value);
    }

    /// An integer, unless it is absent.
    pub fn int_if_any(&mut self, name: &str, value: Option<i64>) {
        if let Some(value) = value {
            self.int(name, value);
        }
    }

    /// True or false.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.member(name)
            .push_str(if value { "true" } else { "false" });
    }

    /// True or false, unless it is absent.
    pub fn boolean_if_any(&mut self, name: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.boolean(name, value);
        }
    }

    /// The word `null`.
    pub fn null(&mut self, name: &str) {
        self.member(name).push_str("null");
    }

    /// An object, even an empty one.
    pub fn object(&mut self, name: &str, members: impl FnOnce(&mut Object<'_>)) {
        write_object(self.member(name), members);
    }

    /// An array, even an empty one.
    pub fn array<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        each: impl FnMut(&mut String, T),
    ) {
        write_array(self.member(name), items, each);
    }

    /// An array, unless it is empty.
    pub fn array_if_any<T>(
        &mut self,
        name: &str,
        items: &[T],
        mut each: impl FnMut(&mut String, &T),
    ) {
        if !items.is_empty() {
            self.array(name, items, |out, item| each(out, item));
        }
    }

    /// An array of strings, unless it is empty.
    pub fn texts_if_any<T: AsRef<str>>(&mut self, name: &str, items: impl IntoIterator<Item = T>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_some() {
            self.array(name, items, |out, item| write_text(out, item.as_ref()));
        }
    }

    /// Starts a member; its value is to be written next.
    fn member(&mut self, name: &str) -> &mut String {
        if !std::mem::take(&mut self.is_empty) {
            self.out.push(',');
        }
        write_text(self.out, name);
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
    write!(out, "{value}").expect("writing to a String never fails");
}

/// Appends a string.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    if any(text, |byte| !(b' '..0xF0).contains(&byte)) {
        write_unusual(out, text);
    } else if any(text, is_quoted) {
        write_quoted(out, text);
    } else {
        out.push_str(text);
    }
    out.push('"');
}

/// Without an early end, which would keep the compiler from looking at many bytes at a time.
fn any(text: &str, is_meant: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(false, |any, byte| any | is_meant(byte))
}

const fn is_quoted(byte: u8) -> bool {
    byte == b'"' || byte == b'\\'
}

/// Appends a text in which only quotation marks and backslashes are escaped: in a schema every eighth byte or so.
/// Eight bytes are copied at a time; behind the first of them that is escaped the next eight begin.
fn write_quoted(out: &mut String, text: &str) {
    let mut buffer = vec![0; 2 * text.len()];
    let (mut rest, mut end) = (text.as_bytes(), 0);
    while let Some((word, _)) = rest.split_first_chunk::<WORD>() {
        buffer[end..end + WORD].copy_from_slice(word);
        let clean = clean_bytes(u64::from_le_bytes(*word));
        if clean == WORD {
            rest = &rest[WORD..];
            end += WORD;
        } else {
            let place = &mut buffer[end + clean..end + clean + 2];
            place.copy_from_slice(&[b'\\', word[clean]]);
            rest = &rest[clean + 1..];
            end += clean + 2;
        }
    }
    for byte in rest {
        if is_quoted(*byte) {
            buffer[end] = b'\\';
            end += 1;
        }
        buffer[end] = *byte;
        end += 1;
    }
    // With the mark behind it.
    out.reserve(end + 1);
    out.push_str(str::from_utf8(&buffer[..end]).expect("ASCII among whole characters"));
}

const WORD: usize = size_of::<u64>();

/// How many bytes of a word, from its low end, stand before the first that is escaped.
const fn clean_bytes(word: u64) -> usize {
    // The high bit of each byte that is zero; right up to the first one that is, which is all that counts.
    const fn zeros(word: u64) -> u64 {
        const LOW: u64 = u64::MAX / 255;
        word.wrapping_sub(LOW) & !word & (LOW << 7)
    }
    const QUOTES: u64 = u64::MAX / 255 * b'"' as u64;
    const BACKSLASHES: u64 = u64::MAX / 255 * b'\\' as u64;
    let found = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES);
    (found.trailing_zeros() / u8::BITS) as usize
}

/// Appends a text in which control characters are escaped, or characters outside the basic plane.
fn write_unusual(out: &mut String, text: &str) {
    out.reserve(text.len() + 2);
    let mut clean = 0;
    for (index, byte) in text.bytes().enumerate() {
        // Of the bytes of a character, only the first can be less than 0x80, or at least 0xF0.
        if (b' '..0xF0).contains(&byte) && !is_quoted(byte) {
            continue;
        }
        out.push_str(&text[clean..index]);
        clean = index + write_escaped(out, &text[index..]);
    }
    out.push_str(&text[clean..]);
}

/// Appends the escape for the first character of the text, and says how many bytes that character has.
fn write_escaped(out: &mut String, text: &str) -> usize {
    let Some(character) = text.chars().next() else {
        return 0;
    };
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04X}").expect("writing to a String never fails");
            }
        }
    }
    character.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = String::new();
        write_text(&mut out, text);
        out
    }

    #[test]
    fn only_what_must_be_is_escaped_and_characters_outside_the_basic_plane() {
        assert_eq!(
            written("a/b ü 名 \u{7f}\u{2028}"),
            "\"a/b ü 名 \u{7f}\u{2028}\""
        );
        assert_eq!(written(r#"{"a\b":"ü"}"#), r#""{\"a\\b\":\"ü\"}""#);
        assert_eq!(
            written(r#"{"a name of nine":"\\""}"#),
            r#""{\"a name of nine\":\"\\\\\"\"}""#
        );
        assert_eq!(written("\"\\\n\r\t\u{8}\u{c}"), r#""\"\\\n\r\t\b\f""#);
        assert_eq!(written("\u{0}\u{1f}"), r#""\u0000\u001F""#);
        assert_eq!(written("x😀y"), r#""x\uD83D\uDE00y""#);
    }

    #[test]
    fn what_is_written_reads_back() {
        let text: String = (0..0x2_0000_u32)
            .step_by(7)
            .filter_map(char::from_u32)
            .collect();
        assert_eq!(
            serde_json::from_str::<String>(&written(&text)).expect("JSON"),
            text
        );
    }

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
