//! Names that are one name once case and separators are converted, as generators and JSON do.

use std::collections::HashMap;

use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::words::folded;

pub(super) const NAM017: PolicyRule = PolicyRule {
    code: "NAM017",
    slug: "case-collision",
    title: "No two siblings have the same name but for case and separators.",
    formats: ALL_FORMATS,
    hint: "rename one of them",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, no_collision),
};

fn no_collision(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let types = candidate.schema.types.iter();
    let types = types.filter(|one| !one.name.is_empty());
    // Types collide within what holds them: a package, a namespace, a message.
    let mut scopes: HashMap<&str, Siblings<'_>> = HashMap::new();
    for one in types {
        let scope = one.full_name.strip_suffix(&one.name).unwrap_or_default();
        let scope = scopes.entry(scope).or_default();
        scope.add("type", &one.name, &one.element, found);
    }
    for one in &candidate.schema.types {
        let mut fields = Siblings::default();
        for field in &one.fields {
            fields.add("field", &field.name, &field.element, found);
        }
        let mut symbols = Siblings::default();
        for symbol in &one.symbols {
            symbols.add("symbol", &symbol.name, &symbol.element, found);
        }
    }
}

#[derive(Default)]
struct Siblings<'a> {
    known: HashMap<String, &'a str>,
}

impl<'a> Siblings<'a> {
    fn add(&mut self, noun: &str, name: &'a str, element: &Element, found: &mut Found) {
        let key = folded(name);
        match self.known.get(&key) {
            // A name without a letter has nothing to fold: `-` and `+` are two.
            Some(other) if *other != name && !key.is_empty() => found.add(Report {
                element: element.clone(),
                detail: (*other).to_owned(),
                message: format!(
                    "{noun} \"{name}\" differs from \"{other}\" by case or separators only"
                ),
                hint: None,
            }),
            Some(_) => {}
            None => {
                self.known.insert(key, name);
            }
        }
    }
}
