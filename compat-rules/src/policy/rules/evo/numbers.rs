//! Numbers of Protobuf fields: those that are free are reserved, and none gets another meaning.

use std::collections::{HashMap, HashSet};

use crate::Format;
use crate::policy::candidate::Candidate;
use crate::policy::change::pair;
use crate::policy::finding::{Found, Report};
use crate::policy::model::{Element, Field, Type};
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, CHANGE_POINTS, CONTENT_POINTS, Category, NoParameters, PolicyRule,
};
use crate::policy::rules::look;

pub(super) const EVO006: PolicyRule = PolicyRule {
    code: "EVO006",
    slug: "removed-reserved",
    title: "Number and name of a field that is removed are reserved.",
    formats: &[Format::Protobuf],
    hint: "add: reserved 4; reserved \"name\";",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, reserved),
};

pub(super) const EVO007: PolicyRule = PolicyRule {
    code: "EVO007",
    slug: "number-reused",
    title: "The number of a field keeps its meaning through all versions.",
    formats: &[Format::Protobuf],
    hint: "take a number that was never used in it",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, reused),
};

fn reserved(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(earlier) = candidate.history.first() else {
        return;
    };
    if earlier.schema.format != Format::Protobuf {
        return;
    }
    for (new, old) in pair(&earlier.schema, candidate.schema).pairs {
        let numbers: HashSet<_> = new.fields.iter().map(|one| one.number).collect();
        let names: HashSet<_> = new.fields.iter().map(|one| one.name.as_str()).collect();
        let reserved = Reserved::of(new);
        for gone in old
            .fields
            .iter()
            .filter(|one| !numbers.contains(&one.number))
        {
            let name = gone.name.as_str();
            // A name that another field has now cannot be reserved.
            let lacks_name = !reserved.names.contains(name) && !names.contains(name);
            let lacks_number = gone.number.filter(|number| !reserved.has(*number));
            if lacks_name || lacks_number.is_some() {
                found.add(not_reserved(new, gone, lacks_number, lacks_name));
            }
        }
    }
}

/// What a message reserves, made to be asked often.
struct Reserved<'m> {
    names: HashSet<&'m str>,
    /// The beginning of each range, with the furthest end of it and of those before.
    ranges: Vec<(i64, i64)>,
}

impl<'m> Reserved<'m> {
    fn of(message: &'m Type) -> Self {
        let mut ranges = message.reserved_numbers.clone();
        ranges.sort_unstable();
        let mut furthest = i64::MIN;
        for (_, last) in &mut ranges {
            furthest = furthest.max(*last);
            *last = furthest;
        }
        Self {
            names: message.reserved_names.iter().map(String::as_str).collect(),
            ranges,
        }
    }

    fn has(&self, number: i64) -> bool {
        let begun = self.ranges.partition_point(|(first, _)| *first <= number);
        begun > 0 && self.ranges[begun - 1].1 >= number
    }
}

fn not_reserved(message: &Type, gone: &Field, number: Option<i64>, name: bool) -> Report {
    let number = number.map(|number| format!("reserved {number};"));
    let name = name.then(|| format!("reserved \"{}\";", gone.name));
    let lines: Vec<String> = number.into_iter().chain(name).collect();
    Report {
        // The field is gone; its message is where the cure belongs.
        element: Element {
            path: gone.element.path.clone(),
            ..message.element.clone()
        },
        detail: String::new(),
        message: format!(
            "field \"{}\" of message {} is gone, and not reserved",
            gone.name, message.name
        ),
        hint: Some(format!("add: {}", lines.join(" "))),
    }
}

/// What a number meant in the versions before, from the newest on.
struct Meaning<'c> {
    name: &'c str,
    type_name: &'c str,
    /// True after a version in which nobody had the number.
    was_free: bool,
    /// The first field that the number meant something else for.
    other: Option<(&'c str, u32)>,
}

/// A number that goes on under another name with the same type is a rename. One that comes back under another name
/// after it was free, or with another name and another type at once, is another field, and old data is misread.
fn reused(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let mut meanings: HashMap<(&str, i64), Meaning<'_>> = HashMap::new();
    for (holder, field) in candidate.schema.fields() {
        if let Some(number) = field.number {
            let meaning = Meaning {
                name: &field.name,
                type_name: &field.held.type_name,
                was_free: false,
                other: None,
            };
            meanings.insert((&holder.full_name, number), meaning);
        }
    }
    // What the messages of the candidate were called, as far back as that can be told.
    let types = candidate.schema.types.iter();
    let mut names: HashMap<&str, &str> = types
        .map(|one| (one.full_name.as_str(), one.full_name.as_str()))
        .collect();
    let mut later = candidate.schema;
    for earlier in candidate.history {
        if earlier.schema.format != Format::Protobuf {
            continue;
        }
        for (new, old) in pair(&earlier.schema, later).pairs {
            if let Some(name) = names.get(new.full_name.as_str()).copied() {
                names.entry(&old.full_name).or_insert(name);
            }
        }
        later = &earlier.schema;
        let name_of = |holder: &Type| names.get(holder.full_name.as_str()).copied();
        let mut seen = HashSet::new();
        for (holder, field) in earlier.schema.fields() {
            let key = name_of(holder).zip(field.number);
            if let Some(key) = key
                && let Some(meaning) = meanings.get_mut(&key)
            {
                seen.insert(key);
                meaning.look_at(field, earlier.version);
            }
        }
        let holders: HashSet<&str> = earlier.schema.types.iter().filter_map(name_of).collect();
        #[expect(clippy::iter_over_hash_type, reason = "each is looked at by itself")]
        for (key, meaning) in &mut meanings {
            meaning.was_free |= holders.contains(key.0) && !seen.contains(key);
        }
    }
    for (holder, field) in candidate.schema.fields() {
        let key = field
            .number
            .map(|number| (holder.full_name.as_str(), number));
        if let Some((number, (name, version))) =
            key.and_then(|key| Some((key.1, meanings.get(&key)?.other?)))
        {
            found.report(
                &field.element,
                format!(
                    "number {number} of \"{}\" was \"{name}\" in version {version}",
                    field.name
                ),
            );
        }
    }
}

impl<'c> Meaning<'c> {
    fn look_at(&mut self, field: &'c Field, version: u32) {
        let is_renamed = field.name != self.name;
        let is_other = is_renamed && (self.was_free || field.held.type_name != self.type_name);
        if is_other {
            self.other.get_or_insert((&field.name, version));
        } else {
            self.name = &field.name;
            self.type_name = &field.held.type_name;
            self.was_free = false;
        }
    }
}
