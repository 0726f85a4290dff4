//! The syntax of Java's properties files.
//!
//! A logical line is `name=value`, `name: value` or `name value`; `#` and `!` start comments, a backslash at the
//! end of a line joins the next one, and `\uXXXX` and the usual letters are escapes.

use std::ops::Range;

/// One property.
#[derive(Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name, escapes resolved.
    pub name: String,
    /// Its value, escapes resolved.
    pub value: String,
    /// The bytes of the file that it was read from.
    pub span: Range<usize>,
}

/// The properties of a text, in its order.
#[must_use]
pub fn parse(text: &str) -> Vec<Property> {
    let mut properties = Vec::new();
    let mut lines = natural_lines(text).into_iter().peekable();
    while let Some(span) = lines.next() {
        let first = text[span.clone()].trim_start();
        if first.is_empty() || first.starts_with(['#', '!']) {
            continue;
        }
        let mut logical = first.to_owned();
        while ends_with_continuation(&logical) {
            logical.pop();
            let Some(next) = lines.next() else { break };
            logical.push_str(text[next].trim_start());
        }
        let (name, value) = split(&logical);
        properties.push(Property {
            name: unescaped(name),
            value: unescaped(value),
            span,
        });
    }
    properties
}

/// The lines of the text, without their ends.
fn natural_lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive(['\n', '\r']) {
        lines.push(start..start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
    }
    lines
}

/// True when an odd number of backslashes ends the line.
fn ends_with_continuation(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// Name and value, cut at the first `=`, `:` or blank that no backslash protects.
fn split(line: &str) -> (&str, &str) {
    const BLANKS: [char; 3] = [' ', '\t', '\x0c'];
    let mut escaped = false;
    let end = line
        .char_indices()
        .find(|(_, character)| {
            let ends = !escaped && (BLANKS.contains(character) || ['=', ':'].contains(character));
            escaped = *character == '\\' && !escaped;
            ends
        })
        .map_or(line.len(), |(index, _)| index);
    let rest = line[end..].trim_start_matches(BLANKS);
    let value = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (&line[..end], value.trim_start_matches(BLANKS))
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match rest.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('f') => plain.push('\x0c'),
            Some('u') => {
                let digits: String = rest.by_ref().take(4).collect();
                let code = u32::from_str_radix(&digits, 16)
                    .ok()
                    .and_then(char::from_u32);
                plain.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text)
            .into_iter()
            .map(|property| (property.name, property.value))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn the_three_separators_mean_the_same() {
        assert_eq!(
            pairs("a=1\nb: 2\n  c 3\nd = 4 \r\ne\n"),
            [
                pair("a", "1"),
                pair("b", "2"),
                pair("c", "3"),
                pair("d", "4 "),
                pair("e", "")
            ]
        );
    }

    #[test]
    fn comments_and_empty_lines_are_left_out() {
        assert_eq!(pairs("# a=1\n! b=2\n\n   \n"), []);
    }

    #[test]
    fn a_backslash_at_the_end_joins_the_next_line_without_its_indent() {
        assert_eq!(
            pairs("list=a,\\\n    b,\\\n    c\nx=y\\\\\nz=1"),
            [pair("list", "a,b,c"), pair("x", "y\\"), pair("z", "1")]
        );
    }

    #[test]
    fn escapes_stand_for_their_characters() {
        assert_eq!(pairs("a\\=b\\ c=\\u00fc\\t\\\\"), [pair("a=b c", "ü\t\\")]);
    }
}
