//! From the place of a finding to the stretch of text that stands there.

use compat_rules::Place;

/// A stretch of one line, for editors and review tools to underline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    /// Where it begins.
    pub(super) start: Place,
    /// The character behind it, in the same line.
    pub(super) end_column: u32,
}

impl Region {
    /// What begins at the place: a quoted text, a bracket with what is in it, a word, or one character. It never goes
    /// beyond the line.
    pub(super) fn at(text: &str, start: Place) -> Self {
        let rest: Vec<char> = line(text, start)
            .chars()
            .skip(usize::try_from(start.column - 1).unwrap_or(usize::MAX))
            .collect();
        let length = u32::try_from(length(&rest)).unwrap_or(u32::MAX);
        Self {
            start,
            end_column: start.column.saturating_add(length),
        }
    }
}

/// The line of a place, without its end; empty where the text has no such line.
pub(super) fn line(text: &str, place: Place) -> &str {
    let index = usize::try_from(place.line - 1).unwrap_or(usize::MAX);
    text.lines().nth(index).unwrap_or_default()
}

fn length(rest: &[char]) -> usize {
    match rest.first() {
        None => 0,
        Some('"') => quoted(rest),
        Some('{' | '[') => bracketed(rest),
        Some(first) if is_of_word(*first) => {
            rest.iter().take_while(|each| is_of_word(**each)).count()
        }
        Some(_) => 1,
    }
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '.' | '-')
}

/// The length of a text with its quotation marks; of the whole line where the second one is missing.
fn quoted(rest: &[char]) -> usize {
    let mut is_escaped = false;
    for (index, character) in rest.iter().enumerate().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length up to the bracket that closes the first one; of the whole line where that is in another line.
fn bracketed(rest: &[char]) -> usize {
    let (mut index, mut depth) = (0, 0_usize);
    while let Some(character) = rest.get(index) {
        match character {
            '"' => {
                index += quoted(&rest[index..]);
                continue;
            }
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        index += 1;
        if depth == 0 {
            return index;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text between the two ends.
    fn found(text: &str, line_number: u32, column: u32) -> String {
        let start = Place {
            line: line_number,
            column,
        };
        let region = Region::at(text, start);
        let length = usize::try_from(region.end_column - column).expect("a short line");
        let skipped = usize::try_from(column - 1).expect("a short line");
        line(text, start)
            .chars()
            .skip(skipped)
            .take(length)
            .collect()
    }

    #[test]
    fn a_region_is_what_begins_at_its_place() {
        let text = "{\"é\": \"a \\\" }b\", \"x\": {\"y\": [1, \"}\"]}, \"n\": 12.5}\r\n  int32 id = 1;\n{\n";
        for (line, column, expected) in [
            (1, 2, "\"é\""),
            (1, 7, "\"a \\\" }b\""),
            (1, 23, "{\"y\": [1, \"}\"]}"),
            (1, 45, "12.5"),
            (1, 21, ":"),
            (2, 3, "int32"),
            (2, 9, "id"),
            (3, 1, "{"),
        ] {
            assert_eq!(found(text, line, column), expected, "{line}:{column}");
        }
    }

    #[test]
    fn nothing_is_found_outside_of_the_text() {
        assert_eq!(found("ab", 1, 3), "");
        assert_eq!(found("ab", 9, 1), "");
    }
}
