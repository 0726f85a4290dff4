//! Rules about the tags of fields: the words, the fields that lack one, and what follows from personal data.

use schemars::JsonSchema;
use serde::Deserialize;

use super::lists::List;
use super::names::SensitiveNames;
use crate::policy::candidate::{Candidate, Role};
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, ALL_FORMATS, BadParameters, CONTENT_POINTS, Category, NoParameters, PolicyRule,
};
use crate::policy::rules::look;
use crate::policy::rules::tags::Tags;

pub(super) const CLS002: PolicyRule = PolicyRule {
    code: "CLS002",
    slug: "tag-vocabulary",
    title: "Every tag is in the vocabulary.",
    formats: ALL_FORMATS,
    hint: "use a tag of the vocabulary",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, vocabulary),
};

pub(super) const CLS003: PolicyRule = PolicyRule {
    code: "CLS003",
    slug: "sensitive-name-untagged",
    title: "A field whose name sounds like personal data has a tag.",
    formats: ALL_FORMATS,
    hint: "add \"confluent:tags\": [\"PII\"], or another",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Names>,
    prepare: |parameters| look::with_made(parameters, Names::make, untagged),
};

pub(super) const CLS006: PolicyRule = PolicyRule {
    code: "CLS006",
    slug: "sensitive-in-key",
    title: "Keys hold no personal data.",
    formats: ALL_FORMATS,
    hint: "use an id without a meaning as the key",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Personal>,
    prepare: |parameters| look::with_made(parameters, Personal::make, in_key),
};

pub(super) const CLS008: PolicyRule = PolicyRule {
    code: "CLS008",
    slug: "retention-declared",
    title: "Where there is personal data, the metadata says how long it is kept.",
    formats: ALL_FORMATS,
    hint: "send the property retention, such as retention=30d",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Personal>,
    prepare: |parameters| look::with_made(parameters, Personal::make, retention),
};

fn vocabulary(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let known = &candidate.vocabulary.tags;
    // A vocabulary without tags allows any.
    if known.is_empty() {
        return;
    }
    let is_unknown = |tag: &str| !known.iter().any(|one| one == tag);
    let types = candidate.schema.types.iter();
    let on_types = types.flat_map(|one| one.tags.iter().map(|tag| (&one.element, tag)));
    let on_fields = candidate.schema.fields();
    let on_fields =
        on_fields.flat_map(|(_, field)| field.tags.iter().map(|tag| (&field.element, tag)));
    for (element, tag) in on_types.chain(on_fields).filter(|(_, tag)| is_unknown(tag)) {
        report_tag(element, tag, "", found);
    }
    for (path, tags) in &candidate.metadata.tags {
        for tag in tags.iter().filter(|tag| is_unknown(tag)) {
            report_tag(&Element::default(), tag, path, found);
        }
    }
}

fn report_tag(element: &Element, tag: &str, path: &str, found: &mut Found) {
    let on = match (path, element.path.as_str()) {
        ("", "") => "the schema".to_owned(),
        ("", path) | (path, _) => format!("\"{path}\""),
    };
    found.add(Report {
        element: element.clone(),
        detail: format!("{path} {tag}"),
        message: format!("the tag \"{tag}\" on {on} is not in the vocabulary"),
        hint: None,
    });
}

/// Parameters of CLS003.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Names {
    /// The shipped lists that are looked at.
    lists: Vec<List>,
    /// Further names, such as `loyalty_number`.
    names: Vec<String>,
    /// Whole names of fields that are harmless here, such as `company_email`.
    ignore: Vec<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            lists: List::ALL.to_vec(),
            names: Vec::new(),
            ignore: Vec::new(),
        }
    }
}

impl Names {
    fn make(self) -> Result<SensitiveNames, BadParameters> {
        SensitiveNames::of(&self.lists, &self.names, &self.ignore)
    }
}

fn untagged(names: &SensitiveNames, candidate: &Candidate<'_>, found: &mut Found) {
    let tags = Tags::of(candidate.schema, candidate.metadata);
    for (holder, field) in candidate.schema.fields() {
        if let Some(list) = names.list(&field.name)
            && tags.field(holder, field).is_empty()
        {
            let message = format!(
                "field \"{}\" sounds like {list}, and has no tag",
                field.name
            );
            found.report(&field.element, message);
        }
    }
}

/// Parameters of CLS006 and CLS008.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Personal {
    /// The tags that mark personal data; case does not matter.
    tags: Vec<String>,
}

impl Default for Personal {
    fn default() -> Self {
        let tags = ["PII", "PHI", "PCI", "PERSONAL", "SENSITIVE"];
        Self {
            tags: tags.map(str::to_owned).to_vec(),
        }
    }
}

struct PersonalData {
    tags: Vec<String>,
    names: SensitiveNames,
}

impl Personal {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "what is made of parameters may be refused"
    )]
    fn make(self) -> Result<PersonalData, BadParameters> {
        Ok(PersonalData {
            tags: self.tags,
            names: SensitiveNames::all(),
        })
    }
}

impl PersonalData {
    /// The fields that carry one of the tags; and those without any tag whose name sounds like it. A field with another
    /// tag has been looked at by somebody.
    fn each<'c>(&self, candidate: &Candidate<'c>, mut see: impl FnMut(&'c Element, String)) {
        let tags = Tags::of(candidate.schema, candidate.metadata);
        for (holder, field) in candidate.schema.fields() {
            let own = tags.field(holder, field);
            let is_marking =
                |tag: &&&str| self.tags.iter().any(|one| one.eq_ignore_ascii_case(tag));
            if let Some(tag) = own.iter().find(is_marking) {
                see(
                    &field.element,
                    format!("field \"{}\" has the tag {tag}", field.name),
                );
            } else if own.is_empty()
                && let Some(list) = self.names.list(&field.name)
            {
                see(
                    &field.element,
                    format!("field \"{}\" sounds like {list}", field.name),
                );
            }
        }
    }
}

fn in_key(personal: &PersonalData, candidate: &Candidate<'_>, found: &mut Found) {
    if candidate.subject.role == Role::Key {
        personal.each(candidate, |element, why| {
            found.report(element, format!("{why}, and stands in a key"));
        });
    }
}

fn retention(personal: &PersonalData, candidate: &Candidate<'_>, found: &mut Found) {
    let retention = candidate.metadata.properties.get("retention");
    if retention.is_some_and(|text| !text.trim().is_empty()) {
        return;
    }
    let mut first = None;
    personal.each(candidate, |_, why| {
        first.get_or_insert(why);
    });
    if let Some(why) = first {
        found.report_whole(format!(
            "{why}, and the metadata lacks the property \"retention\""
        ));
    }
}
