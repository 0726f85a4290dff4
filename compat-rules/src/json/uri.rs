//! URI references: whether a text is one, and what it means within a document.
//!
//! The texts are kept as they are written: nothing is lower-cased, decoded or otherwise normalised, since the
//! names of imports are compared byte by byte.

use fluent_uri::{Iri, IriRef};

/// Stands before a relative base while something is resolved against it.
const MARK: &str = "relative:/";

/// The longest base, in bytes: each name inside begins with it. Nine thousand ids below one of half a megabyte would be gigabytes
/// of names.
const BASE_BYTES_MAX: usize = 1024;

/// False for what is too long to resolve anything against; then the base around it stays.
pub(super) const fn may_be_base(uri: &str) -> bool {
    uri.len() <= BASE_BYTES_MAX
}

/// True for what may be an `$id` or the name of an import.
pub(super) fn is_reference(text: &str) -> bool {
    IriRef::parse(text).is_ok()
}

/// True for what may be asked for in a `$ref`: the characters of a URI, and those beyond ASCII that Java's parser of URIs lets
/// through with them, such as letters. Brackets may stand anywhere, as in the names that generators give to types.
pub(super) fn may_be_asked_for(text: &str) -> bool {
    const PUNCTUATION: &str = ";/?:@&=+$,-_.!~*'()[]%#";
    let is_known = |character: char| match character.is_ascii() {
        true => character.is_ascii_alphanumeric() || PUNCTUATION.contains(character),
        false => !character.is_control() && !character.is_whitespace(),
    };
    let mut escapes = text.split('%').skip(1);
    let is_escape = |rest: &str| {
        let mut digits = rest.bytes().take_while(u8::is_ascii_hexdigit);
        digits.next().and(digits.next()).is_some()
    };
    text.chars().all(is_known) && escapes.all(is_escape) && !split(text).1.contains('#')
}

/// The reference as seen from a base, which may be relative itself, or missing.
pub(super) fn resolve(base: Option<&str>, reference: &str) -> String {
    let Some(base) = base else {
        return reference.to_owned();
    };
    let base = split(base).0;
    if reference.is_empty() || reference.starts_with('#') {
        return format!("{base}{reference}");
    }
    let parsed = IriRef::parse(reference);
    let Some(parsed) = parsed.ok().filter(|parsed| !parsed.has_scheme()) else {
        return reference.to_owned();
    };
    let marked;
    let (absolute, mark) = match Iri::parse(base) {
        Ok(absolute) => (absolute, ""),
        Err(_) => {
            marked = format!("{MARK}{base}");
            match Iri::parse(marked.as_str()) {
                Ok(absolute) => (absolute, MARK),
                Err(_) => return reference.to_owned(),
            }
        }
    };
    match parsed.resolve_against(&absolute) {
        Ok(resolved) => resolved
            .as_str()
            .strip_prefix(mark)
            .unwrap_or(resolved.as_str())
            .to_owned(),
        // An opaque base such as a URN has no folder that a name could be in.
        Err(_) => reference.to_owned(),
    }
}

/// What stands before and behind the first `#`. A missing fragment is an empty one.
pub(super) fn split(uri: &str) -> (&str, &str) {
    uri.split_once('#').unwrap_or((uri, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_resolved_against_absolute_relative_opaque_and_missing_bases() {
        let cases = [
            (Some("http://e/root.json"), "a.json", "http://e/a.json"),
            (
                Some("http://e/x/root.json#top"),
                "#a",
                "http://e/x/root.json#a",
            ),
            (Some("http://e/root.json"), "http://f/a", "http://f/a"),
            (Some("d/a.json"), "b.json", "d/b.json"),
            (Some("d/a.json"), "../b.json", "b.json"),
            (Some("a.json"), "#/x", "a.json#/x"),
            (Some("urn:x:a"), "b.json", "b.json"),
            (None, "./a.json", "./a.json"),
        ];
        for (base, reference, expected) in cases {
            assert_eq!(resolve(base, reference), expected, "{base:?} {reference}");
        }
    }

    #[test]
    fn blanks_and_brackets_make_no_reference() {
        assert!(is_reference("com.x.A"));
        assert!(is_reference("ü.json"));
        assert!(!is_reference("my address"));
        assert!(!is_reference("a b<c>"));
    }

    /// Each row as `java.net.URI` has it, which the loaders of the reference read a `$ref` with.
    #[test]
    fn what_no_uri_has_is_not_asked_for() {
        for text in [
            "",
            "#",
            "#/x/a%20b",
            "#/x/List[Foo]",
            "ü.json#/x/😀",
            "#/x/!$&'()*,;=:@?",
        ] {
            assert!(may_be_asked_for(text), "{text}");
        }
        for text in [
            "#/x/a b",
            "#/x/a<b>",
            "#/x/{b}",
            "#/x/a|b",
            "#/x/a^b",
            "#/x/a`b",
            "#/x/a\"b",
            "#/x/a\\b",
            "#/x/a\u{a0}b",
            "#/x/a\u{2028}b",
            "#/x/a\tb",
            "#/x#/y",
            "#/x/%",
            "#/x/%2",
            "#/x/%zz",
        ] {
            assert!(!may_be_asked_for(text), "{text}");
        }
    }
}
