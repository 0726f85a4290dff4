//! Tells names of fields that usually hold what has to be protected.

use std::collections::{HashMap, HashSet};

use super::lists::List;
use crate::policy::rule::BadParameters;
use crate::policy::rules::words::words;

/// Names that are looked for, each with the list that it comes from.
pub(super) struct SensitiveNames {
    known: HashMap<String, &'static str>,
    ignored: HashSet<String>,
}

/// More words in a row are no name of a list.
const WORDS_MAX: usize = 5;
/// Words of one name that are looked at.
const NAME_WORDS_MAX: usize = 20;

impl SensitiveNames {
    /// The names of the lists and the further ones; in `ignored` are whole names of fields that are none.
    pub(super) fn of(
        lists: &[List],
        further: &[String],
        ignored: &[String],
    ) -> Result<Self, BadParameters> {
        const FURTHER_MAX: usize = 10_000;
        if further.len() > FURTHER_MAX || ignored.len() > FURTHER_MAX {
            return Err(BadParameters(format!("more than {FURTHER_MAX} names")));
        }
        let mut known = HashMap::new();
        for list in lists {
            let names = list.names().split_ascii_whitespace();
            known.extend(names.map(|name| (name.to_owned(), list.as_str())));
        }
        known.extend(further.iter().map(|name| (joined(name), "own names")));
        Ok(Self {
            known,
            ignored: ignored.iter().map(|name| joined(name)).collect(),
        })
    }

    /// The names of all lists.
    pub(super) fn all() -> Self {
        let known = List::ALL.into_iter().flat_map(|list| {
            let names = list.names().split_ascii_whitespace();
            names.map(move |name| (name.to_owned(), list.as_str()))
        });
        Self {
            known: known.collect(),
            ignored: HashSet::new(),
        }
    }

    /// The list that speaks of the name, or of words in a row within it: `customerEmail` is in the list of `email`.
    pub(super) fn list(&self, name: &str) -> Option<&'static str> {
        let mut words = words(name);
        words.truncate(NAME_WORDS_MAX);
        if self.ignored.contains(&words.join("_")) {
            return None;
        }
        (0..words.len()).find_map(|first| {
            let last = words.len().min(first + WORDS_MAX);
            (first + 1..=last)
                .rev()
                .find_map(|end| self.known.get(&words[first..end].join("_")).copied())
        })
    }
}

fn joined(name: &str) -> String {
    words(name).join("_")
}

#[cfg(test)]
mod tests {
    use super::SensitiveNames;

    #[test]
    fn a_name_is_told_by_whole_words_in_any_style_and_language() {
        let names = SensitiveNames::all();
        for (name, list) in [
            ("email", Some("contact")),
            ("customerEmail", Some("contact")),
            ("CUSTOMER_E_MAIL", Some("contact")),
            ("dateOfBirth", Some("identity")),
            ("Geburtsdatum", Some("identity")),
            ("IBAN", Some("finance")),
            ("emailed", None),
            ("street_level_sales", Some("contact")),
            ("company", None),
            ("pants", None),
            ("name", None),
        ] {
            assert_eq!(names.list(name), list, "{name}");
        }
    }
}
