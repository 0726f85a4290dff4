//! The path of a request, segment by segment (`protocol.md` section 1.5).
//!
//! A segment is decoded on its own, so that a subject may hold a slash. Dot segments are names like any other;
//! the path is not normalised, only refused where two readings of it are possible.

use std::fmt::Write;

/// The decoded segments of a path; a trailing slash leaves none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// In order, each without its path parameters.
    pub segments: Vec<String>,
}

/// A path that is refused before routing: status 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    /// The path does not start with a slash.
    #[error("the request target is no path")]
    NoPath,
    /// A character that must be escaped stands there as it is.
    #[error("the path holds an illegal character; escape it")]
    IllegalCharacter,
    /// Two slashes in a row.
    #[error("the path holds an empty segment")]
    EmptySegment,
    /// `%` without two hexadecimal digits.
    #[error("the path holds an incomplete escape")]
    BadEscape,
    /// The escapes of a segment are no UTF-8.
    #[error("the path holds escapes that are not UTF-8")]
    NotUtf8,
    /// `%2e` or `%2e%2e` as a whole segment.
    #[error("the path holds an escaped dot segment")]
    EscapedDots,
    /// More `..` than segments before them.
    #[error("the path leaves the root")]
    AboveRoot,
}

impl Target {
    /// Reads the path of a request, without its query.
    pub fn parse(path: &str) -> Result<Self, BadTarget> {
        let inner = path.strip_prefix('/').ok_or(BadTarget::NoPath)?;
        if path.bytes().any(is_illegal) {
            return Err(BadTarget::IllegalCharacter);
        }
        let raw: Vec<&str> = inner.split('/').map(without_parameters).collect();
        let (last, others) = raw.split_last().expect("split yields at least one part");
        if others.contains(&"") {
            return Err(BadTarget::EmptySegment);
        }
        let kept = if last.is_empty() { others } else { &raw[..] };
        let segments = kept
            .iter()
            .map(|segment| decode(segment))
            .collect::<Result<Vec<_>, _>>()?;
        if climbs_above_root(&segments) {
            return Err(BadTarget::AboveRoot);
        }
        Ok(Self { segments })
    }

    /// The one spelling that the router knows: every segment escaped, no slash at the end.
    #[must_use]
    pub fn canonical_path(&self) -> String {
        if self.segments.is_empty() {
            return "/".to_owned();
        }
        let mut path =
            String::with_capacity(self.segments.iter().map(|segment| segment.len() + 1).sum());
        for segment in &self.segments {
            path.push('/');
            escape_into(segment, &mut path);
        }
        path
    }
}

/// True for a path that needs no reading: it is canonical, and no context stands in front of it. What is left out
/// is as it would be read, only not so quickly.
pub(crate) fn is_plain(path: &str) -> bool {
    let mut last = b'.';
    for byte in path.bytes() {
        let is_plain = match byte {
            b'/' => last != b'/',
            // Neither a context nor a dot segment.
            b'.' => last != b'/',
            b'-' | b'_' => true,
            _ => byte.is_ascii_alphanumeric(),
        };
        if !is_plain {
            return false;
        }
        last = byte;
    }
    last != b'/' && !path.starts_with("/contexts/")
}

/// True for what the reference refuses unescaped. The backslash is among them; escaped it is part of a name.
const fn is_illegal(byte: u8) -> bool {
    matches!(
        byte,
        0..=b' '
            | 0x7f
            | b'|'
            | b'"'
            | b'<'
            | b'>'
            | b'{'
            | b'}'
            | b'^'
            | b'`'
            | b'['
            | b']'
            | b'\\'
    )
}

fn without_parameters(segment: &str) -> &str {
    segment.split(';').next().unwrap_or_default()
}

fn decode(segment: &str) -> Result<String, BadTarget> {
    if !segment.contains('%') {
        return Ok(segment.to_owned());
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = tail;
            continue;
        }
        let [high, low, tail @ ..] = tail else {
            return Err(BadTarget::BadEscape);
        };
        let digit = |byte: u8| char::from(byte).to_digit(16).ok_or(BadTarget::BadEscape);
        let value = digit(*high)? * 16 + digit(*low)?;
        bytes.push(u8::try_from(value).expect("two hexadecimal digits fit a byte"));
        rest = tail;
    }
    let decoded = String::from_utf8(bytes).map_err(|_| BadTarget::NotUtf8)?;
    if decoded == "." || decoded == ".." {
        return Err(BadTarget::EscapedDots);
    }
    Ok(decoded)
}

fn climbs_above_root(segments: &[String]) -> bool {
    let mut depth = 0_usize;
    for segment in segments {
        match segment.as_str() {
            "." => {}
            ".." if depth == 0 => return true,
            ".." => depth -= 1,
            _ => depth += 1,
        }
    }
    false
}

/// Adds a segment to a path, escaped.
pub(crate) fn escape_into(segment: &str, path: &mut String) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:@!$&'()*+,=".contains(&byte) {
            path.push(char::from(byte));
        } else {
            write!(path, "%{byte:02X}").expect("writing to a String never fails");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(path: &str) -> Result<Vec<String>, BadTarget> {
        Target::parse(path).map(|target| target.segments)
    }

    fn names(names: &[&str]) -> Result<Vec<String>, BadTarget> {
        Ok(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_segment_is_decoded_on_its_own() {
        assert_eq!(
            segments("/subjects/a%2Fb%25%3A/versions"),
            names(&["subjects", "a/b%:", "versions"])
        );
        assert_eq!(
            segments("/subjects/:.ctx:s"),
            segments("/subjects/%3A.ctx%3as")
        );
        assert_eq!(
            segments("/subjects/a+b%20c/versions"),
            names(&["subjects", "a+b c", "versions"])
        );
    }

    #[test]
    fn a_trailing_slash_says_nothing() {
        assert_eq!(segments("/subjects/"), segments("/subjects"));
        assert_eq!(segments("/"), names(&[]));
    }

    #[test]
    fn path_parameters_are_dropped_and_an_escaped_semicolon_is_part_of_the_name() {
        assert_eq!(
            segments("/subjects/s;x=1/versions"),
            names(&["subjects", "s", "versions"])
        );
        assert_eq!(segments("/subjects;a/s"), names(&["subjects", "s"]));
        assert_eq!(segments("/subjects/s%3Bx"), names(&["subjects", "s;x"]));
    }

    #[test]
    fn plain_dot_segments_stay_and_may_not_leave_the_root() {
        assert_eq!(
            segments("/subjects/./s/versions"),
            names(&["subjects", ".", "s", "versions"])
        );
        assert_eq!(
            segments("/subjects/x/../s"),
            names(&["subjects", "x", "..", "s"])
        );
        assert_eq!(segments("/subjects/../../etc"), Err(BadTarget::AboveRoot));
    }

    #[test]
    fn ambiguous_paths_are_refused() {
        assert_eq!(segments("//subjects"), Err(BadTarget::EmptySegment));
        assert_eq!(
            segments("/subjects//versions"),
            Err(BadTarget::EmptySegment)
        );
        assert_eq!(
            segments("/subjects/%2e/versions"),
            Err(BadTarget::EscapedDots)
        );
        assert_eq!(
            segments("/subjects/%2E%2e/versions"),
            Err(BadTarget::EscapedDots)
        );
        assert_eq!(segments("*"), Err(BadTarget::NoPath));
    }

    #[test]
    fn bad_escapes_are_refused() {
        for path in [
            "/subjects/%",
            "/subjects/%zz",
            "/subjects/%2",
            "/subjects/%+1",
        ] {
            assert_eq!(segments(path), Err(BadTarget::BadEscape), "{path}");
        }
        assert_eq!(segments("/subjects/%FF"), Err(BadTarget::NotUtf8));
    }

    #[test]
    fn characters_that_must_be_escaped_are_refused_raw_and_accepted_escaped() {
        for raw in "|\"<>{}^`[]\\".chars() {
            assert_eq!(
                segments(&format!("/subjects/a{raw}b")),
                Err(BadTarget::IllegalCharacter),
                "{raw}"
            );
            let escaped = format!("/subjects/a%{:02x}b", u32::from(raw));
            assert_eq!(
                segments(&escaped),
                names(&["subjects", &format!("a{raw}b")]),
                "{escaped}"
            );
        }
        assert_eq!(segments("/subjects/a%0Ab"), names(&["subjects", "a\nb"]));
    }

    #[test]
    fn the_canonical_path_reads_back_as_the_same_segments() {
        for path in [
            "/",
            "/subjects/a%2Fb%0A%C3%BC%3B%25/versions/",
            "/contexts/.",
            "/subjects/%3A.c%3As",
        ] {
            let target = Target::parse(path).expect("valid");
            assert_eq!(
                Target::parse(&target.canonical_path()),
                Ok(target),
                "{path}"
            );
        }
        let spelled = Target::parse("/subjects/%3A.c%3as/versions/").expect("valid");
        assert_eq!(spelled.canonical_path(), "/subjects/:.c:s/versions");
    }
}
