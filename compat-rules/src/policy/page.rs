//! The pages of the rules: manual and test in one, in the binary.

use std::borrow::Cow;

use super::rule::PolicyRule;

/// Code and page, by code; made by `build.rs` from the folder `governance`.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page of a rule as Markdown: why, examples, what to write instead, and the parameters.
#[must_use]
pub fn rule_page(rule: &PolicyRule) -> Cow<'static, str> {
    match PAGES.binary_search_by_key(&rule.code, |(code, _)| code) {
        Ok(found) => Cow::Borrowed(PAGES[found].1),
        Err(_) => Cow::Owned(format!(
            "# {} {}\n\n{}\n\nInstead: {}.\n",
            rule.code, rule.slug, rule.title, rule.hint
        )),
    }
}
