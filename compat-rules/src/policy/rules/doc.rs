//! DOC: documentation inside schemas.

use schemars::JsonSchema;
use serde::Deserialize;

use super::look;
use super::words::words;
use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::model::{Element, Type, TypeKind};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&DOC001, &DOC002, &DOC003, &DOC005];

const DOC001: PolicyRule = PolicyRule {
    code: "DOC001",
    slug: "doc-type-required",
    title: "Every named type has text.",
    formats: ALL_FORMATS,
    hint: "add \"doc\", a comment or \"description\"",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, types_have_text),
};

const DOC002: PolicyRule = PolicyRule {
    code: "DOC002",
    slug: "doc-field-required",
    title: "Every field has text.",
    formats: ALL_FORMATS,
    hint: "add \"doc\", a comment or \"description\"",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, fields_have_text),
};

const DOC003: PolicyRule = PolicyRule {
    code: "DOC003",
    slug: "doc-enum-required",
    title: "Every enum has text.",
    formats: ALL_FORMATS,
    hint: "add \"doc\", a comment or \"description\"",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with::<NoParameters>(parameters, enums_have_text),
};

const DOC005: PolicyRule = PolicyRule {
    code: "DOC005",
    slug: "doc-not-trivial",
    title: "Text says more than the name.",
    formats: ALL_FORMATS,
    hint: "say what the name does not: unit, origin",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'w']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NotTrivial>,
    prepare: |parameters| look::with::<NotTrivial>(parameters, text_is_not_trivial),
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct NotTrivial {
    /// Text of fewer words is too little.
    min_words: usize,
}

impl Default for NotTrivial {
    fn default() -> Self {
        Self { min_words: 2 }
    }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

fn types_have_text(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    let types = candidate.schema.types.iter();
    // A fixed type has no place for text, and what has no name is described by the field that holds it.
    for one in
        types.filter(|one| one.kind == TypeKind::Record && (one.is_root || !one.name.is_empty()))
    {
        if is_blank(one.doc.as_deref()) {
            found.report(&one.element, format!("{} has no text", called("type", one)));
        }
    }
}

fn fields_have_text(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for (_, field) in candidate.schema.fields() {
        if is_blank(field.doc.as_deref()) {
            found.report(
                &field.element,
                format!("field \"{}\" has no text", field.name),
            );
        }
    }
}

fn enums_have_text(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    for one in candidate.schema.enums() {
        if is_blank(one.doc.as_deref()) {
            found.report(&one.element, format!("{} has no text", called("enum", one)));
        }
    }
}

fn called(noun: &str, one: &Type) -> String {
    match one.name.as_str() {
        "" => format!("the {noun}"),
        name => format!("{noun} \"{name}\""),
    }
}

fn text_is_not_trivial(parameters: &NotTrivial, candidate: &Candidate<'_>, found: &mut Found) {
    let mut look = |element: &Element, noun: &str, name: &str, text: Option<&str>| {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
            return;
        };
        if repeats(text, name) {
            found.report(element, format!("{noun} \"{name}\": text repeats the name"));
        } else if text.split_whitespace().count() < parameters.min_words {
            let least = parameters.min_words;
            let message = format!("{noun} \"{name}\": text has fewer than {least} words");
            found.report(element, message);
        }
    };
    for one in &candidate.schema.types {
        let noun = match one.kind {
            TypeKind::Enum => "enum",
            _ => "type",
        };
        look(&one.element, noun, &one.name, one.doc.as_deref());
        for field in &one.fields {
            look(&field.element, "field", &field.name, field.doc.as_deref());
        }
    }
}

/// True for text that is the name in other clothes: `The order id.` for `orderId`.
fn repeats(text: &str, name: &str) -> bool {
    const WITHOUT_MEANING: &[&str] = &["the", "a", "an", "this", "is", "of", "field", "type", "s"];
    let of_name = words(name);
    let mut of_text = words(text);
    of_text.retain(|word| !WITHOUT_MEANING.contains(&word.as_str()) || of_name.contains(word));
    !name.is_empty() && of_text.iter().all(|word| of_name.contains(word))
}
