//! Terms that are not used, each with what to say instead.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::names;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::words::{folded, words};

pub(super) const NAM011: PolicyRule = PolicyRule {
    code: "NAM011",
    slug: "forbidden-term",
    title: "No name contains a term that is not to be used.",
    formats: ALL_FORMATS,
    hint: "use the term that the registry prefers",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Terms>,
    prepare: |parameters| {
        look::with_made::<Terms, _>(parameters, |terms| Ok(Folded::of(&terms)), no_term)
    },
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Terms {
    /// Each term with its replacement.
    terms: BTreeMap<String, String>,
}

impl Default for Terms {
    fn default() -> Self {
        let terms = [
            ("blacklist", "blocklist"),
            ("whitelist", "allowlist"),
            ("slave", "replica"),
        ];
        let owned = |(term, better): (&str, &str)| (term.to_owned(), better.to_owned());
        Self {
            terms: terms.into_iter().map(owned).collect(),
        }
    }
}

/// The terms without case and separators, each with itself and its replacement.
struct Folded {
    terms: BTreeMap<String, (String, String)>,
    longest: usize,
}

impl Folded {
    fn of(terms: &Terms) -> Self {
        let terms: BTreeMap<_, _> = terms
            .terms
            .iter()
            .map(|(term, better)| (folded(term), (term.clone(), better.clone())))
            .collect();
        let longest = terms.keys().map(String::len).max().unwrap_or(0);
        Self { terms, longest }
    }

    /// The terms that are one or more whole words of the name.
    fn within(&self, name: &str) -> Vec<&(String, String)> {
        let words = words(name);
        let mut within = Vec::new();
        for first in 0..words.len() {
            let mut run = String::new();
            for word in &words[first..] {
                run.push_str(word);
                if run.len() > self.longest {
                    break;
                }
                within.extend(self.terms.get(&run));
            }
        }
        within
    }
}

fn no_term(terms: &Folded, candidate: &Candidate<'_>, found: &mut Found) {
    for one in names(candidate.schema) {
        for (term, better) in terms.within(one.name) {
            found.add(Report {
                element: one.element.clone(),
                detail: term.clone(),
                message: format!("{} \"{}\" contains \"{term}\"", one.noun, one.name),
                hint: Some(format!("say \"{better}\"")),
            });
        }
    }
}
