//! Character classes of Java patterns: `[…]`, nested, with ranges and intersections.

use super::BadPattern;
use super::escape::Escape;
use super::syntax::{Reader, push_literal};

/// Deeper nesting is refused. (Java overflows its stack somewhere below.)
const DEPTH_MAX: usize = 100;

/// Reads a class; the reader stands behind the opening bracket.
pub(super) fn read(reader: &mut Reader) -> Result<(), BadPattern> {
    class(reader, 0)
}

fn class(reader: &mut Reader, depth: usize) -> Result<(), BadPattern> {
    if depth > DEPTH_MAX {
        return Err("classes nested too deep".to_owned());
    }
    reader.out.push('[');
    if reader.accept('^') {
        reader.out.push('^');
    }
    let mut first = true;
    loop {
        match reader.next() {
            None => return Err("an unclosed character class".to_owned()),
            Some(']') if !first => break,
            Some('[') => class(reader, depth + 1)?,
            Some('&') if reader.peek(0) == Some('&') => {
                while reader.accept('&') {}
                reader.out.push_str("&&");
            }
            Some('\\') if reader.accept('Q') => quoted(reader),
            Some(next) => range(reader, next)?,
        }
        first = false;
    }
    reader.out.push(']');
    Ok(())
}

fn quoted(reader: &mut Reader) {
    while let Some(next) = reader.next() {
        if next == '\\' && reader.accept('E') {
            break;
        }
        push_literal(&mut reader.out, next);
    }
}

/// A character, a set, or a range that begins with a character.
fn range(reader: &mut Reader, next: char) -> Result<(), BadPattern> {
    let Some(start) = element(reader, next)? else {
        return Ok(());
    };
    push_literal(&mut reader.out, start);
    let is_range = reader.peek(0) == Some('-') && !matches!(reader.peek(1), None | Some('[' | ']'));
    if !is_range {
        return Ok(());
    }
    reader.accept('-');
    reader.out.push('-');
    let next = reader.next().unwrap_or_default();
    let end = element(reader, next)?.filter(|end| *end >= start);
    let Some(end) = end else {
        return Err("an illegal character range".to_owned());
    };
    push_literal(&mut reader.out, end);
    Ok(())
}

/// The character, unless it was a set, which is written at once.
fn element(reader: &mut Reader, next: char) -> Result<Option<char>, BadPattern> {
    if next != '\\' {
        return Ok(Some(next));
    }
    Ok(match reader.escape(true)? {
        Escape::Char(literal) => Some(literal),
        Escape::Set(text) => {
            reader.out.push_str(&text);
            None
        }
        Escape::Other(_) | Escape::Unsupported => {
            reader.supported = false;
            None
        }
    })
}
