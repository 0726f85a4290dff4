//! What may not change from one version to the next, although the wire format would not mind.

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, CHANGE_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::before::{self, Fields};
use crate::policy::rules::look;

pub(super) const PRO006: PolicyRule = PolicyRule {
    code: "PRO006",
    slug: "oneof-evolution",
    title: "No field moves into a oneof or out of one.",
    formats: &[Format::Protobuf],
    hint: "leave it where it is, and add another field",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, same_oneof),
};

pub(super) const PRO008: PolicyRule = PolicyRule {
    code: "PRO008",
    slug: "reserved-kept",
    title: "What is reserved stays reserved.",
    formats: &[Format::Protobuf],
    hint: "put the reserved range or name back",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, still_reserved),
};

fn same_oneof(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(before) = before::pairs(candidate) else {
        return;
    };
    for (one, was) in before.pairs {
        let had = Fields::of(was);
        for field in &one.fields {
            if let Some(old) = had.was(field)
                && old.oneof != field.oneof
            {
                let place = |oneof: &Option<String>| match oneof {
                    Some(oneof) => format!("in the oneof \"{oneof}\""),
                    None => "in no oneof".to_owned(),
                };
                let (old, new) = (place(&old.oneof), place(&field.oneof));
                found.add(Report {
                    element: field.element.clone(),
                    detail: format!("{old} {new}"),
                    message: format!("field \"{}\" was {old} and is {new}", field.name),
                    hint: None,
                });
            }
        }
    }
}

fn still_reserved(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(before) = before::pairs(candidate) else {
        return;
    };
    for (one, was) in before.pairs {
        let numbers = was.reserved_numbers.iter();
        let lost = numbers
            .filter(|range| !covers(&one.reserved_numbers, **range))
            .map(|(first, last)| match first == last {
                true => first.to_string(),
                false => format!("{first} to {last}"),
            });
        let names = was.reserved_names.iter();
        let lost_names = names
            .filter(|name| !one.reserved_names.contains(name))
            .cloned();
        for what in lost.chain(lost_names) {
            found.add(Report {
                element: one.element.clone(),
                detail: what.clone(),
                message: format!("\"{}\" does not reserve {what} any more", one.name),
                hint: None,
            });
        }
    }
}

/// True when every number of the range is in one of the ranges.
fn covers(ranges: &[(i64, i64)], (first, last): (i64, i64)) -> bool {
    let mut ranges = ranges.to_vec();
    ranges.sort_unstable();
    let mut next = first;
    for (from, to) in ranges {
        if from <= next && to >= next {
            next = to.saturating_add(1);
        }
    }
    next > last
}
