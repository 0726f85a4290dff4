//! Parameters that several resources share: versions, pages, lists of deleted things, spellings of a text.

use std::cmp::Ordering;

use compat_rules::TextForm;
use registry_core::{Deleted, Scope, Subject, Version, VersionSpec, View};

use super::call::Call;
use super::error::Refusal;
use crate::request::alias;

/// Reads a version of a path: `latest`, `-1`, or a number from 1 (`protocol.md` section 3).
pub fn version(call: &Call) -> Result<VersionSpec, Refusal> {
    let text = call.parameter("version");
    // Java's idea of blanks: everything up to the space.
    let trimmed = text.trim_matches(|character| character <= ' ');
    if trimmed.eq_ignore_ascii_case("latest") {
        return Ok(VersionSpec::Latest);
    }
    match trimmed.parse::<i32>() {
        Ok(-1) => Ok(VersionSpec::Latest),
        Ok(number) => Version::new(number.into())
            .map(VersionSpec::Number)
            .ok_or_else(|| Refusal::invalid_version(&number.to_string())),
        Err(_) => Err(Refusal::invalid_version(text)),
    }
}

/// The subject of a path, or the one that its alias stands for.
pub fn subject(view: &View<'_>, call: &Call) -> Result<Subject, Refusal> {
    named(view, call.parameter("subject"))
}

/// The subject of a path of the key registry: an alias of its own kind comes before the one of schemas.
pub fn subject_of_deks(view: &View<'_>, call: &Call) -> Result<Subject, Refusal> {
    let text = call.parameter("subject");
    let Scope::Subject(subject) = Scope::of(Subject::parse(text)) else {
        return named(view, text);
    };
    let config = view.config(&Scope::Subject(subject))?;
    let for_deks = config.and_then(|config| config.alias_for_deks);
    match for_deks.filter(|alias| !alias.is_empty()) {
        Some(alias) => Ok(Subject::parse(&alias::follow(text, Some(&alias)))),
        None => named(view, text),
    }
}

/// The subject of a query; without one, the empty name.
pub fn subject_of_query(view: &View<'_>, call: &Call) -> Result<Subject, Refusal> {
    named(view, call.query.first("subject").unwrap_or_default())
}

/// The subject of that name, or the one that its own alias stands for, never one that it inherits.
fn named(view: &View<'_>, text: &str) -> Result<Subject, Refusal> {
    let subject = Subject::parse(text);
    Ok(match view.alias(&subject)? {
        None => subject,
        Some(alias) => Subject::parse(&alias::follow(text, Some(&alias))),
    })
}

/// The scope of a path of `/config` or `/mode`; these are never aliased.
#[must_use]
pub fn scope(call: &Call) -> Scope {
    Scope::of(Subject::parse(call.parameter("scope")))
}

/// Which of the softly deleted a list shows: `deletedOnly` wins over `deleted`.
#[must_use]
pub fn deleted(call: &Call) -> Deleted {
    if call.query.flag("deletedOnly") {
        Deleted::Only
    } else if call.query.flag("deleted") {
        Deleted::With
    } else {
        Deleted::Without
    }
}

/// Java's order of texts: by UTF-16 code unit, which puts characters outside the basic plane before some inside.
#[must_use]
pub fn text_order(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// The spelling of a text that `format` asks for.
#[must_use]
pub fn form(call: &Call, format: compat_rules::Format) -> TextForm {
    TextForm::from_parameter(call.query.first("format").unwrap_or_default(), format)
}

/// How many items a list shows: the option for "not said", and the highest that may be asked for.
#[derive(Debug, Clone, Copy)]
pub struct PageLimits {
    /// Without a number, or with one that is too large.
    pub default: i32,
    /// The highest.
    pub max: i32,
}

/// A part of a list (`protocol.md` section 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    offset: usize,
    limit: usize,
}

impl Page {
    /// What the request asks for. A number that is too large falls back to the default, it is not cut.
    pub fn of(call: &Call, limits: PageLimits) -> Result<Self, Refusal> {
        let offset = call.query_number("offset")?.unwrap_or(0);
        let asked = call.query_number("limit")?.unwrap_or(-1);
        let limit = if asked > 0 && asked <= limits.max {
            asked
        } else {
            limits.default
        };
        let offset = usize::try_from(offset)
            .map_err(|_| Refusal::bad_request("offset must not be negative"))?;
        Ok(Self {
            offset,
            limit: usize::try_from(limit).unwrap_or(0),
        })
    }

    /// The items of the page.
    pub fn cut<T>(self, items: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        items.into_iter().skip(self.offset).take(self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::call::Origin;
    use crate::request::query::Query;

    fn call<'r>(path_version: &'r str, query: &str) -> Call<'r> {
        Call {
            origin: Origin::default(),
            parameters: vec![("version".into(), path_version.into())],
            query: Query::parse(Some(query)),
            body: axum::body::Bytes::new(),
        }
    }

    #[test]
    fn a_version_is_latest_or_a_number_from_1() {
        let spec = |text| version(&call(text, ""));
        for latest in ["latest", "LATEST", "Latest", "-1", " -1"] {
            assert_eq!(spec(latest), Ok(VersionSpec::Latest), "{latest}");
        }
        for one in ["1", "01", " 1 ", "+1"] {
            assert_eq!(spec(one), Ok(VersionSpec::Number(Version::FIRST)), "{one}");
        }
        for (text, shown) in [
            ("0", "0"),
            ("-2", "-2"),
            ("-02", "-2"),
            ("abc", "abc"),
            ("1.0", "1.0"),
            ("2147483648", "2147483648"),
            (" ", " "),
        ] {
            assert_eq!(spec(text), Err(Refusal::invalid_version(shown)));
        }
    }

    #[test]
    fn a_page_that_is_too_large_falls_back_to_the_default() {
        let limits = PageLimits { default: 2, max: 4 };
        let page = |query| {
            Page::of(&call("", query), limits).map(|page| page.cut(1..=9).collect::<Vec<_>>())
        };
        assert_eq!(page(""), Ok(vec![1, 2]));
        assert_eq!(page("limit=4&offset=1"), Ok(vec![2, 3, 4, 5]));
        assert_eq!(page("limit=5"), Ok(vec![1, 2]));
        assert_eq!(page("limit=0"), Ok(vec![1, 2]));
        assert_eq!(page("limit=-3&offset=8"), Ok(vec![9]));
        assert_eq!(page("limit=x").map_err(|refusal| refusal.code()), Err(404));
        assert_eq!(
            page("offset=-1").map_err(|refusal| refusal.code()),
            Err(400)
        );
    }

    #[test]
    fn texts_are_ordered_by_their_utf_16_code_units() {
        let mut texts = ["\u{ff5e}", "😀", "a", ":.c:s", "B"];
        texts.sort_by(|one, other| text_order(one, other));
        assert_eq!(texts, [":.c:s", "B", "a", "😀", "\u{ff5e}"]);
    }

    #[test]
    fn only_the_deleted_wins_over_the_deleted_too() {
        assert_eq!(deleted(&call("", "")), Deleted::Without);
        assert_eq!(deleted(&call("", "deleted=true")), Deleted::With);
        assert_eq!(
            deleted(&call("", "deleted=true&deletedOnly=TRUE")),
            Deleted::Only
        );
    }
}
