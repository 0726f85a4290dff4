//! A text as it stands between the quotation marks of a JSON string: contents are stored so, ready to be sent.
//!
//! It is written as the reference's JSON library does: UTF-8 unescaped but for what must be, characters outside the
//! basic plane as surrogate pairs (`protocol.md` section 1.2).

use std::fmt::Write;

/// Appends a text, escaped.
pub fn escape(text: &str, out: &mut String) {
    let is_unusual = |byte| !(b' '..0xF0).contains(&byte);
    if !any(text, |byte| is_unusual(byte) || is_quoted(byte)) {
        out.push_str(text);
    } else if any(text, is_unusual) {
        escape_unusual(text, out);
    } else {
        escape_quoted(text, out);
    }
}

/// The text of an escaped one; `None` for what [`escape`] does not write.
pub(crate) fn unescape(escaped: &str) -> Option<String> {
    let mut text = Vec::with_capacity(escaped.len() + WORD);
    if unescape_quoted(escaped.as_bytes(), &mut text) == escaped.len() {
        String::from_utf8(text).ok()
    } else {
        serde_json::from_str(&format!("\"{escaped}\"")).ok()
    }
}

/// Appends the text of an escaped one as far as it escapes quotation marks and backslashes only, and says how many
/// bytes of it that are. It ends before what cannot stand in a string, such as the mark that closes it.
pub fn unescape_quoted(escaped: &[u8], text: &mut Vec<u8>) -> usize {
    let mut rest = escaped;
    loop {
        // As in `escape_quoted`; the last bytes are found one by one.
        let clean = match rest.split_first_chunk::<WORD>() {
            Some((word, after)) => {
                text.extend_from_slice(word);
                let clean = clean_bytes(u64::from_le_bytes(*word));
                if clean == WORD {
                    rest = after;
                    continue;
                }
                text.truncate(text.len() - WORD + clean);
                clean
            }
            None => {
                let clean = clean_length(rest);
                text.extend_from_slice(&rest[..clean]);
                clean
            }
        };
        rest = &rest[clean..];
        match rest {
            [b'\\', escaped @ (b'"' | b'\\'), after @ ..] => {
                text.push(*escaped);
                rest = after;
            }
            _ => return escaped.len() - rest.len(),
        }
    }
}

/// How many bytes stand for themselves in a string before the first that does not.
#[must_use]
pub fn clean_length(text: &[u8]) -> usize {
    let is_special = |byte: &u8| *byte < b' ' || is_quoted(*byte);
    text.iter().position(is_special).unwrap_or(text.len())
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
fn escape_quoted(text: &str, out: &mut String) {
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
    // With the mark that comes behind it.
    out.reserve(end + 1);
    out.push_str(str::from_utf8(&buffer[..end]).expect("ASCII among whole characters"));
}

const WORD: usize = size_of::<u64>();

/// How many bytes of a word, from its low end, stand before the first that is escaped.
const fn clean_bytes(word: u64) -> usize {
    const EACH: u64 = u64::MAX / 255;
    // The high bit of each byte that is less; right up to the first one that is, which is all that counts.
    const fn less(word: u64, than: u8) -> u64 {
        word.wrapping_sub(EACH * than as u64) & !word & (EACH << 7)
    }
    let quotes = less(word ^ (EACH * b'"' as u64), 1);
    let backslashes = less(word ^ (EACH * b'\\' as u64), 1);
    let found = quotes | backslashes | less(word, b' ');
    (found.trailing_zeros() / u8::BITS) as usize
}

/// Appends a text in which control characters are escaped, or characters outside the basic plane.
fn escape_unusual(text: &str, out: &mut String) {
    out.reserve(text.len() + 2);
    let mut clean = 0;
    for (index, byte) in text.bytes().enumerate() {
        // Of the bytes of a character, only the first can be less than 0x80, or at least 0xF0.
        if (b' '..0xF0).contains(&byte) && !is_quoted(byte) {
            continue;
        }
        out.push_str(&text[clean..index]);
        clean = index + escape_first(&text[index..], out);
    }
    out.push_str(&text[clean..]);
}

/// Appends the escape for the first character of the text, and says how many bytes that character has.
fn escape_first(text: &str, out: &mut String) -> usize {
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

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        escape(text, &mut out);
        out
    }

    #[test]
    fn only_what_must_be_is_escaped_and_characters_outside_the_basic_plane() {
        for (text, expected) in [
            ("a/b ü 名 \u{7f}\u{2028}", "a/b ü 名 \u{7f}\u{2028}"),
            (r#"{"a\b":"ü"}"#, r#"{\"a\\b\":\"ü\"}"#),
            (
                r#"{"a name of nine":"\\""}"#,
                r#"{\"a name of nine\":\"\\\\\"\"}"#,
            ),
            ("\"\\\n\r\t\u{8}\u{c}", r#"\"\\\n\r\t\b\f"#),
            ("\u{0}\u{1f}", r"\u0000\u001F"),
            ("x😀y", r"x\uD83D\uDE00y"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn what_is_escaped_reads_back() {
        let every_seventh: String = (0..0x2_0000_u32)
            .step_by(7)
            .filter_map(char::from_u32)
            .collect();
        let quoted = r#"{"type":"record","name":"a\\b","doc":"12345678"}"#;
        for text in [every_seventh.as_str(), quoted, "plain", ""] {
            let read: String =
                serde_json::from_str(&format!("\"{}\"", escaped(text))).expect("JSON");
            assert_eq!(read, text);
            assert_eq!(unescape(&escaped(text)).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_escaped_text_is_not_read() {
        assert_eq!(unescape(r"a\"), None);
        assert_eq!(unescape(r#"a\" "b"#), None);
        assert_eq!(unescape("a line\n"), None);
    }

    #[test]
    fn unescaping_ends_before_what_is_no_quoted_text() {
        for (escaped, text, rest) in [
            (r#"a\"b\\c","d":1"#, r#"a"b\c"#, r#"","d":1"#),
            (r#"eight by\u00e9tes""#, "eight by", r#"\u00e9tes""#),
            (
                "ü 名 one two three\u{7f}\n",
                "ü 名 one two three\u{7f}",
                "\n",
            ),
            (r"12345678\", "12345678", r"\"),
            ("", "", ""),
        ] {
            let mut read = b"before ".to_vec();
            let length = unescape_quoted(escaped.as_bytes(), &mut read);
            assert_eq!(&escaped[length..], rest);
            assert_eq!(read, format!("before {text}").as_bytes());
        }
    }
}
