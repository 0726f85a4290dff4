//! The syntax of `Accept` and `Content-Type` values.

use std::borrow::Cow;

/// A media range with its weight.
#[derive(Debug)]
pub(super) struct Range<'h> {
    /// In lower case, `*` for any.
    pub(super) kind: Cow<'h, str>,
    /// In lower case, `*` for any.
    pub(super) subkind: Cow<'h, str>,
    /// Thousandths.
    pub(super) quality: u16,
    /// Names in lower case, values as they came.
    pub(super) parameters: Vec<(String, &'h str)>,
}

impl Range<'_> {
    /// How exactly a range names a type when it has no wildcard.
    pub(super) const EXACT: u8 = 2;

    /// How exactly this range names the type, if it covers it.
    pub(super) fn matches(&self, kind: &str, subkind: &str) -> Option<u8> {
        match (&*self.kind, &*self.subkind) {
            ("*", _) => Some(0),
            (own, "*") if own == kind => Some(1),
            (own, own_subkind) if own == kind && own_subkind == subkind => Some(Self::EXACT),
            _ => None,
        }
    }
}

/// The ranges of an `Accept` value; `None` if it cannot be read. Empty elements are skipped, and a type without
/// a subtype means any of them.
pub(super) fn ranges(value: &str) -> Option<Vec<Range<'_>>> {
    split_outside_quotes(value, ',')
        .map(str::trim)
        .filter(|element| !element.is_empty())
        .map(|element| range(element, true))
        .collect()
}

/// The type of a `Content-Type` value, which needs both its parts.
pub(super) fn single(value: &str) -> Option<Range<'_>> {
    range(value.trim(), false)
}

fn range(text: &str, may_lack_subtype: bool) -> Option<Range<'_>> {
    let mut parts = split_outside_quotes(text, ';').map(str::trim);
    let (kind, subkind) = match parts.next()?.split_once('/') {
        Some((kind, subkind)) => (token(kind.trim())?, token(subkind.trim())?),
        None if may_lack_subtype => (token(text.split(';').next()?.trim())?, "*"),
        None => return None,
    };
    let mut quality = 1000;
    let mut parameters = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=')?;
        let (name, value) = (token(name.trim())?.to_ascii_lowercase(), value.trim());
        if name == "q" {
            quality = thousandths(value)?;
        }
        parameters.push((name, parameter_value(value)?));
    }
    Some(Range {
        kind: lower(kind),
        subkind: lower(subkind),
        quality,
        parameters,
    })
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

fn token(text: &str) -> Option<&str> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (!text.is_empty() && text.bytes().all(is_token)).then_some(text)
}

/// A token, or a quoted text with its quotes.
fn parameter_value(text: &str) -> Option<&str> {
    let is_quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
    if is_quoted { Some(text) } else { token(text) }
}

/// A weight from 0 to 1 with at most three decimals.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let whole = match whole {
        "0" => 0,
        "1" => 1000,
        "" if !decimals.is_empty() => 0,
        _ => return None,
    };
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded: u16 = format!("{decimals:0<3}").parse().ok()?;
    Some(whole + padded).filter(|quality| *quality <= 1000)
}

/// The parts between separators that stand outside double quotes.
fn split_outside_quotes(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    text.split(move |character| {
        let was_escaped = std::mem::take(&mut escaped);
        match character {
            '\\' if quoted && !was_escaped => escaped = true,
            '"' if !was_escaped => quoted = !quoted,
            _ => {}
        }
        character == separator && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_have_at_most_three_decimals_and_do_not_exceed_one() {
        for (text, expected) in [
            ("1", 1000),
            ("0", 0),
            ("0.5", 500),
            (".25", 250),
            ("1.000", 1000),
            ("0.001", 1),
            ("0.", 0),
        ] {
            assert_eq!(thousandths(text), Some(expected), "{text}");
        }
        for text in ["2", "1.001", "0.1234", "x", "", ".", "-1", "0.x"] {
            assert_eq!(thousandths(text), None, "{text}");
        }
    }

    #[test]
    fn separators_inside_quotes_do_not_separate() {
        let ranges = ranges("a/b;x=\"1,2;\\\"3\";y=z, c/d").expect("readable");
        assert_eq!(ranges.len(), 2);
        assert_eq!(
            ranges[0].parameters,
            [("x".to_owned(), "\"1,2;\\\"3\""), ("y".to_owned(), "z")]
        );
    }
}
