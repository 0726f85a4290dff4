//! DOC: documentation inside schemas.

use crate::policy::candidate::Candidate;
use crate::policy::finding::Found;
use crate::policy::profile::Profiles;
use crate::policy::rule::{
    self, ALL_FORMATS, CONTENT_POINTS, Category, Check, NoParameters, PolicyRule,
};

/// The rules of the family.
pub(super) const RULES: &[&PolicyRule] = &[&DOC002];

const DOC002: PolicyRule = PolicyRule {
    code: "DOC002",
    slug: "doc-field-required",
    title: "Every field has text.",
    formats: ALL_FORMATS,
    hint: "say what the field means: \"doc\" in Avro, a comment in Protobuf, \"description\" in JSON Schema",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| {
        rule::read::<NoParameters>(parameters)?;
        Ok(Box::new(FieldsHaveText))
    },
};

struct FieldsHaveText;

impl Check for FieldsHaveText {
    fn check(&self, candidate: &Candidate<'_>, found: &mut Found) {
        for (_, field) in candidate.schema.fields() {
            if field
                .doc
                .as_deref()
                .is_none_or(|text| text.trim().is_empty())
            {
                found.report(
                    &field.element,
                    format!("field \"{}\" has no text", field.name),
                );
            }
        }
    }
}
