//! What has to be there when a certain property is (`dependencies`, `dependentRequired`, `dependentSchemas`).

use super::difference::{Difference, wording};
use super::enumeration::is_subset;
use super::findings::Step;
use super::judge::Judge;
use crate::json::tree::ObjectRules;

pub(super) static DEPENDENCY_ARRAY_ADDED: Difference = Difference::new(
    "dependency-array-added",
    "DEPENDENCY_ARRAY_ADDED",
    wording::KEYWORD_ADDED,
    "The reader demands properties beside another one; the writer could write it alone.",
    "Do not state the dependency, or state it from the first version on.",
);
pub(super) static DEPENDENCY_ARRAY_EXTENDED: Difference = Difference::new(
    "dependency-array-extended",
    "DEPENDENCY_ARRAY_EXTENDED",
    wording::MORE_ELEMENTS,
    "The reader demands more properties beside another one than the writer had to write.",
    "Leave the list as it is, or shorten it.",
);
pub(super) static DEPENDENCY_ARRAY_CHANGED: Difference = Difference::new(
    "dependency-array-changed",
    "DEPENDENCY_ARRAY_CHANGED",
    wording::VALUE_DIFFERS,
    "The reader demands other properties beside another one than the writer had to write.",
    "Leave the list as it is, or shorten it.",
);
pub(super) static DEPENDENCY_SCHEMA_ADDED: Difference = Difference::new(
    "dependency-schema-added",
    "DEPENDENCY_SCHEMA_ADDED",
    wording::KEYWORD_ADDED,
    "The reader has a schema for objects with a certain property; the writer had none.",
    "Do not state the dependency, or state it from the first version on.",
);

impl<'t> Judge<'_, 't, '_> {
    pub(super) fn dependencies(&mut self, original: &ObjectRules, update: &'t ObjectRules) {
        self.under("dependencies", |judge| {
            for (name, names) in &update.dependent_names {
                let before = find(&original.dependent_names, name);
                judge.at(Step::Name(name), |judge| judge.names(before, names));
            }
            for (name, schema) in &update.dependent_schemas {
                let before = find(&original.dependent_schemas, name);
                judge.at(Step::Name(name), |judge| match before {
                    None => judge.report(&DEPENDENCY_SCHEMA_ADDED),
                    Some(before) => {
                        judge.compare(judge.original(*before), judge.update(*schema));
                    }
                });
            }
        });
    }

    fn names(&mut self, original: Option<&Vec<Box<str>>>, update: &[Box<str>]) {
        let difference = match original {
            None => &DEPENDENCY_ARRAY_ADDED,
            Some(original) if is_subset(update, original) => return,
            Some(original) if is_subset(original, update) => &DEPENDENCY_ARRAY_EXTENDED,
            Some(_) => &DEPENDENCY_ARRAY_CHANGED,
        };
        self.report(difference);
    }
}

fn find<'n, T>(named: &'n [(Box<str>, T)], name: &str) -> Option<&'n T> {
    let found = named.binary_search_by(|(other, _)| (**other).cmp(name));
    found.ok().map(|found| &named[found].1)
}
