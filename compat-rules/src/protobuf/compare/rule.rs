//! The rules, and the reference's text for each.

use crate::{Format, Message, Rule};

/// A rule and what is said when it is broken.
pub(super) struct Breaking {
    pub(super) rule: Rule,
    template: &'static str,
}

impl Breaking {
    pub(super) fn message(&self, path: &str) -> Message {
        Message::template(self.template, &[("path", path)])
    }
}

macro_rules! breaking {
    ($id:literal, $wire_name:literal, $summary:literal, $description:literal, $advice:literal) => {
        Breaking {
            rule: Rule {
                id: $id,
                format: Format::Protobuf,
                wire_name: $wire_name,
                summary: $summary,
                advice: $advice,
            },
            template: concat!(
                "{errorType:\"",
                $wire_name,
                "\", description:\"",
                $description,
                "\"}"
            ),
        }
    };
}

pub(super) static PACKAGE_CHANGED: Breaking = breaking!(
    "package-changed",
    "PACKAGE_CHANGED",
    "the package differs, and with it the full name of every type",
    "The package at '{path}' in the {reader} schema does not match the package in the {writer} schema",
    "keep the package, or register the file under another subject"
);

pub(super) static MESSAGE_REMOVED: Breaking = breaking!(
    "message-removed",
    "MESSAGE_REMOVED",
    "the reader lacks a message that the writer has",
    "The {reader} schema is missing a MESSAGE type at path '{path}' in the {writer} schema",
    "keep the message, marked deprecated, until nothing refers to it"
);

pub(super) static FIELD_KIND_CHANGED: Breaking = breaking!(
    "field-kind-changed",
    "FIELD_KIND_CHANGED",
    "a field is a scalar, a message or a map on one side and something else on the other",
    "The type of a field at path '{path}' in the {reader} schema does not match the {writer} schema",
    "add a field with a new number and reserve the old one"
);

pub(super) static FIELD_SCALAR_KIND_CHANGED: Breaking = breaking!(
    "field-scalar-kind-changed",
    "FIELD_SCALAR_KIND_CHANGED",
    "the scalar type of a field changed to one with another encoding",
    "The kind of a SCALAR field at path '{path}' in the {reader} schema does not match its kind in the {writer} schema",
    "add a field with a new number, or stay among types with the same encoding"
);

pub(super) static FIELD_NAMED_TYPE_CHANGED: Breaking = breaking!(
    "field-named-type-changed",
    "FIELD_NAMED_TYPE_CHANGED",
    "a field holds another message, or one that changed incompatibly",
    "The type of a MESSAGE field at path '{path}' in the {reader} schema does not match its type in the {writer} schema",
    "keep the message, or add a field with a new number for the other one"
);

pub(super) static FIELD_NUMERIC_LABEL_CHANGED: Breaking = breaking!(
    "field-numeric-label-changed",
    "FIELD_NUMERIC_LABEL_CHANGED",
    "the label of a numeric field changed",
    "The label for a NUMERIC field at path '{path}' in the {reader} schema does not match its label in the {writer} schema",
    "add a field with a new number and the other label"
);

pub(super) static REQUIRED_FIELD_ADDED: Breaking = breaking!(
    "required-field-added",
    "REQUIRED_FIELD_ADDED",
    "the reader requires a field that the writer does not know",
    "A required field  at path '{path}' in the {reader} schema is missing in the {writer} schema",
    "make the new field optional"
);

pub(super) static REQUIRED_FIELD_REMOVED: Breaking = breaking!(
    "required-field-removed",
    "REQUIRED_FIELD_REMOVED",
    "the reader lacks a field that the writer requires",
    "The {reader} schema is missing a required field at path: '{path}' in the {writer} schema",
    "keep the field required, or start with optional fields from the first version on"
);

pub(super) static ONEOF_FIELD_REMOVED: Breaking = breaking!(
    "oneof-field-removed",
    "ONEOF_FIELD_REMOVED",
    "the reader lacks a member of a oneof",
    "The {reader} schema is missing a oneof field at path '{path}' in the {writer} schema",
    "keep the member, marked deprecated"
);

pub(super) static MULTIPLE_FIELDS_MOVED_TO_ONEOF: Breaking = breaking!(
    "multiple-fields-moved-to-oneof",
    "MULTIPLE_FIELDS_MOVED_TO_ONEOF",
    "fields that the writer may set together exclude each other for the reader",
    "Multiple fields in the oneof at path '{path}' in the {reader} schema are outside a oneof in the {writer} schema",
    "move one field at a time into a new oneof, or add new fields for it"
);

pub(super) static FIELD_MOVED_TO_EXISTING_ONEOF: Breaking = breaking!(
    "field-moved-to-existing-oneof",
    "FIELD_MOVED_TO_EXISTING_ONEOF",
    "a field joined a oneof that the writer already has",
    "A field in the oneof at path '{path}' in the {reader} schema is outside an existing oneof in the {writer} schema",
    "add a new member with a new number to the oneof"
);

/// Every rule of the comparison.
pub(crate) const RULES: &[&Rule] = &[
    &PACKAGE_CHANGED.rule,
    &MESSAGE_REMOVED.rule,
    &FIELD_KIND_CHANGED.rule,
    &FIELD_SCALAR_KIND_CHANGED.rule,
    &FIELD_NAMED_TYPE_CHANGED.rule,
    &FIELD_NUMERIC_LABEL_CHANGED.rule,
    &REQUIRED_FIELD_ADDED.rule,
    &REQUIRED_FIELD_REMOVED.rule,
    &ONEOF_FIELD_REMOVED.rule,
    &MULTIPLE_FIELDS_MOVED_TO_ONEOF.rule,
    &FIELD_MOVED_TO_EXISTING_ONEOF.rule,
];
