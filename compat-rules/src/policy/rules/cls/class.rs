//! Rules about classifications: of the subject, of its fields by their tags, and of what it refers to.

use std::collections::{BTreeSet, HashMap};

use crate::policy::candidate::Candidate;
use crate::policy::document::VocabularySpec;
use crate::policy::finding::{Found, Report};
use crate::policy::model::Element;
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, ALL_FORMATS, CHANGE_POINTS, CONTENT_POINTS, Category, NoParameters, PolicyRule,
};
use crate::policy::rules::before::{self, Fields};
use crate::policy::rules::look;
use crate::policy::rules::tags::Tags;

pub(super) const CLS001: PolicyRule = PolicyRule {
    code: "CLS001",
    slug: "classification-required",
    title: "The subject has a classification of the vocabulary.",
    formats: ALL_FORMATS,
    hint: "send classification=, a word of the vocabulary",
    category: Category::Security,
    is_pattern: true,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, classified),
};

pub(super) const CLS007: PolicyRule = PolicyRule {
    code: "CLS007",
    slug: "classification-lowered",
    title: "Neither the subject nor a field is classified lower than before.",
    formats: ALL_FORMATS,
    hint: "keep the classification and the tags",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CHANGE_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, lowered),
};

pub(super) const CLS010: PolicyRule = PolicyRule {
    code: "CLS010",
    slug: "classification-covers",
    title: "The subject is classified at least as high as its fields and what it refers to.",
    formats: ALL_FORMATS,
    hint: "raise the classification of the subject",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, covers),
};

const KEY: &str = "classification";

fn classified(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let known = &candidate.vocabulary.classifications;
    match said(candidate.metadata.properties.get(KEY)) {
        None => found.report_whole("the metadata lacks the property \"classification\""),
        // A vocabulary without classifications allows any.
        Some(word) if !known.is_empty() && !known.iter().any(|one| one == word) => {
            found.report_whole(format!(
                "the classification \"{word}\" is not in the vocabulary"
            ));
        }
        Some(_) => {}
    }
}

fn said(value: Option<&String>) -> Option<&str> {
    let value = value?.trim();
    (!value.is_empty()).then_some(value)
}

/// The words of the vocabulary by their height.
struct Heights<'c> {
    vocabulary: &'c VocabularySpec,
}

impl<'c> Heights<'c> {
    /// Of a word; none for one that the vocabulary does not have.
    fn of(&self, word: &str) -> Option<usize> {
        let mut words = self.vocabulary.classifications.iter();
        words.position(|one| one == word)
    }

    /// The highest word that tags ask for.
    fn asked(&self, tags: &BTreeSet<&str>) -> Option<(usize, &'c str)> {
        let words = tags
            .iter()
            .filter_map(|tag| self.vocabulary.tag_classifications.get(*tag));
        words
            .filter_map(|word| Some((self.of(word)?, word.as_str())))
            .max()
    }

    /// A place in an order: without tags, with tags that say nothing of height, then by height.
    fn of_field(&self, tags: &BTreeSet<&str>) -> Option<usize> {
        match self.asked(tags) {
            Some((height, _)) => Some(height + 1),
            None => (!tags.is_empty()).then_some(0),
        }
    }
}

fn lowered(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let Some(earlier) = candidate.history.first() else {
        return;
    };
    let heights = Heights {
        vocabulary: candidate.vocabulary,
    };
    let before = said(earlier.metadata.properties.get(KEY));
    let after = said(candidate.metadata.properties.get(KEY));
    if let Some(before) = before
        && let Some(height) = heights.of(before)
        && after
            .and_then(|after| heights.of(after))
            .is_none_or(|after| after < height)
    {
        let after = after.map_or_else(|| "nothing".to_owned(), |word| format!("\"{word}\""));
        found.report_whole(format!(
            "the subject was classified \"{before}\", and is now {after}"
        ));
    }
    let tags = Tags::of(&earlier.schema, &earlier.metadata);
    let heights_before: HashMap<&str, Option<usize>> = earlier
        .schema
        .fields()
        .map(|(holder, field)| {
            let height = heights.of_field(&tags.field(holder, field));
            (field.element.path.as_str(), height)
        })
        .collect();
    let moved = moved(candidate);
    let tags = Tags::of(candidate.schema, candidate.metadata);
    for (holder, field) in candidate.schema.fields() {
        let path = field.element.path.as_str();
        let before = heights_before.get(moved.get(path).copied().unwrap_or(path));
        let after = heights.of_field(&tags.field(holder, field));
        if before.is_some_and(|before| after < *before) {
            let message = format!(
                "field \"{}\" has lost tags, and is classified lower",
                field.name
            );
            found.report(&field.element, message);
        }
    }
}

/// The paths of fields that had another one, as far as that can be told, to the earlier ones.
fn moved<'a>(candidate: &Candidate<'a>) -> HashMap<&'a str, &'a str> {
    let pairs = before::pairs(candidate).map_or_else(Vec::new, |before| before.pairs);
    let mut moved = HashMap::new();
    for (one, was) in pairs {
        let had = Fields::of(was);
        for field in &one.fields {
            if let Some(old) = had
                .was(field)
                .filter(|old| old.element.path != field.element.path)
            {
                moved.insert(field.element.path.as_str(), old.element.path.as_str());
            }
        }
    }
    moved
}

fn covers(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let heights = Heights {
        vocabulary: candidate.vocabulary,
    };
    let own = said(candidate.metadata.properties.get(KEY));
    let Some((own, height)) = own.and_then(|own| Some((own, heights.of(own)?))) else {
        return;
    };
    let tags = Tags::of(candidate.schema, candidate.metadata);
    for (holder, field) in candidate.schema.fields() {
        if let Some((asked, word)) = heights.asked(&tags.field(holder, field))
            && asked > height
        {
            let message = format!("field \"{}\" is {word}, the subject only {own}", field.name);
            found.add(report(&field.element, "", message, word));
        }
    }
    for reference in candidate.references {
        if let Some(word) = said(reference.properties.get(KEY))
            && heights.of(word).is_some_and(|asked| asked > height)
        {
            let message = format!(
                "reference \"{}\" is {word}, the subject only {own}",
                reference.name
            );
            found.add(report(&Element::default(), &reference.name, message, word));
        }
    }
}

fn report(element: &Element, detail: &str, message: String, word: &str) -> Report {
    Report {
        element: element.clone(),
        detail: detail.to_owned(),
        message,
        hint: Some(format!("send classification={word}")),
    }
}
