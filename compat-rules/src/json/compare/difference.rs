//! One kind of difference that breaks readers: its rule, its words, and who tolerates it.

use crate::{Format, Message, Rule};

/// A kind of difference. There is a `static` of this type beside the code that reports it.
pub(super) struct Difference {
    pub(super) rule: Rule,
    wording: &'static str,
    /// True if the policy LENIENT lets it pass.
    pub(super) is_tolerated: bool,
}

/// The texts of the reference (`json-schema.md` section 7.2), with its odd quotes.
pub(super) mod wording {
    pub(crate) const NOTHING: &str = "{errorType:\"{type}\", description:\"'}";
    pub(crate) const TYPE_DIFFERS: &str = "{errorType:\"{type}\", description:\"A type at path '{path}' is \
         different between the {reader} schema and the {writer} schema'}";
    pub(crate) const KEYWORD_ADDED: &str = "{errorType:\"{type}\", description:\"The keyword at path '{path}' \
         in the {reader} schema is not present in the {writer} schema'}";
    pub(crate) const LESS: &str = "{errorType:\"{type}\", description:\"The value at path '{path}' in the \
         {reader} schema is less than its value in the {writer} schema'}";
    pub(crate) const MORE: &str = "{errorType:\"{type}\", description:\"The value at path '{path}' in the \
         {reader} schema is more than its value in the {writer} schema'}";
    pub(crate) const VALUE_DIFFERS: &str = "{errorType:\"{type}\", description:\"The value at path '{path}' \
         is different between the {reader} and {writer} schema'}";
    pub(crate) const FEWER: &str = "{errorType:\"{type}\", description:\"An array or combined type at path \
         '{path}' has fewer elements in the {reader} schema than the {writer} schema'}";
    pub(crate) const MORE_ELEMENTS: &str = "{errorType:\"{type}\", description:\"An array or combined type \
         at path '{path}' has more elements in the {reader} schema than the {writer} schema'}";
    pub(crate) const OPEN: &str = "{errorType:\"{type}\", description:\"The {reader} schema has an open \
         content model and has a property or item at path '{path}' which is missing in the {writer} schema'}";
    pub(crate) const UNOPEN: &str = "{errorType:\"{type}\", description:\"The {reader} schema has an unopen \
         content model and has a required property at path '{path}' which is missing in the {writer} schema'}";
    pub(crate) const CLOSED: &str = "{errorType:\"{type}\", description:\"The {reader} has a closed content \
         model and is missing a property or item present at path '{path}' in the {writer} schema'}";
    pub(crate) const REMOVED_NOT_COVERED: &str = "{errorType:\"{type}\", description:\"A property or item is \
         missing in the {reader} schema but present at path '{path}' in the {writer} schema and is not covered by its \
         partially open content model'}";
    pub(crate) const ADDED_NOT_COVERED: &str = "{errorType:\"{type}\", description:\"The {reader} schema has \
         a property or item at path '{path}' which is missing in the {writer} schema and is not covered by its \
         partially open content model'}";
}

impl Difference {
    /// A difference with the reference's name for it; the rule's id is the same in lower case with dashes.
    pub(super) const fn new(
        id: &'static str,
        wire_name: &'static str,
        wording: &'static str,
        summary: &'static str,
        advice: &'static str,
    ) -> Self {
        Self {
            rule: Rule {
                id,
                format: Format::Json,
                wire_name,
                summary,
                advice,
            },
            wording,
            is_tolerated: false,
        }
    }

    /// The same, tolerated by the policy LENIENT.
    pub(super) const fn tolerated(mut self) -> Self {
        self.is_tolerated = true;
        self
    }

    pub(super) fn message(&self, path: &str) -> Message {
        Message::template(
            self.wording,
            &[("type", self.rule.wire_name), ("path", path)],
        )
    }
}
