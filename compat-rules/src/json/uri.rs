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
}
