//! Objects (`json-schema.md` section 6.3).

use super::difference::{Difference, wording};
use super::findings::Step;
use super::forest::At;
use super::judge::Judge;
use super::limit::{MAX_PROPERTIES, MIN_PROPERTIES};
use super::unevaluated::{ADDITIONAL_PROPERTIES, UNEVALUATED_PROPERTIES};
use crate::Exhausted;
use crate::json::tree::{Kind, NodeId, ObjectRules};

const CLOSE_THE_MODEL: &str = "Close the model with additionalProperties false from the first version on, use the \
     policy LENIENT, or start from a partially open model whose additionalProperties or patternProperties cover the \
     new property.";

pub(super) static REQUIRED_ATTRIBUTE_ADDED: Difference = Difference::new(
    "required-attribute-added",
    "REQUIRED_ATTRIBUTE_ADDED",
    wording::KEYWORD_ADDED,
    "The reader requires a property that the writer could leave out.",
    "Give the property a default, or leave it optional.",
);
pub(super) static OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: Difference = Difference::new(
    "optional-property-added-to-open-content-model",
    "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
    wording::OPEN,
    "The reader has a schema for a property that the writer, whose content model is open, could fill with anything.",
    CLOSE_THE_MODEL,
)
.tolerated();
pub(super) static REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL: Difference =
    Difference::new(
        "required-property-with-default-added-to-open-content-model",
        "REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL",
        wording::OPEN,
        "The reader requires a property with a default that the writer, whose content model is open, could fill with \
         anything.",
        CLOSE_THE_MODEL,
    )
    .tolerated();
pub(super) static REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL: Difference = Difference::new(
    "required-property-added-to-open-content-model",
    "REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
    wording::OPEN,
    "The reader requires a property that the writer did not know, and could have filled with anything.",
    "Leave the property optional or give it a default, and close the model from the first version on or use the \
     policy LENIENT.",
);
pub(super) static REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL: Difference = Difference::new(
    "required-property-added-to-unopen-content-model",
    "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL",
    wording::UNOPEN,
    "The reader requires a property that the writer did not know.",
    "Leave the property optional, or give it a default.",
);
pub(super) static PROPERTY_ADDED_NOT_COVERED: Difference = Difference::new(
    "property-added-not-covered-by-partially-open-content-model",
    "PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    wording::ADDED_NOT_COVERED,
    "The reader has another schema for a property than the one that the writer followed for properties it did not \
     list.",
    "Let the new property allow what additionalProperties or the matching pattern allowed, or use the policy LENIENT.",
)
.tolerated();
pub(super) static PROPERTY_REMOVED_NOT_COVERED: Difference = Difference::new(
    "property-removed-not-covered-by-partially-open-content-model",
    "PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",
    wording::REMOVED_NOT_COVERED,
    "The reader no longer lists a property, and its schema for properties that it does not list refuses what the \
     writer wrote.",
    "Keep the property, widen the schema that covers it, or use the policy LENIENT.",
)
.tolerated();
pub(super) static PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL: Difference = Difference::new(
    "property-removed-from-closed-content-model",
    "PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL",
    wording::CLOSED,
    "The reader forbids a property that the writer could write.",
    "Keep the property and stop writing it, or use the policy LENIENT.",
)
.tolerated();

impl<'t> Judge<'_, 't, '_> {
    pub(super) fn objects(
        &mut self,
        original: &'t ObjectRules,
        update: &'t ObjectRules,
    ) -> Result<(), Exhausted> {
        self.spend(original.properties.len() + update.properties.len())?;
        self.required(original, update);
        self.under("properties", |judge| judge.properties(original, update))?;
        self.dependencies(original, update);
        self.additional(
            &ADDITIONAL_PROPERTIES,
            original.additional,
            update.additional,
        );
        self.unevaluated(
            &UNEVALUATED_PROPERTIES,
            original.unevaluated,
            update.unevaluated,
        );
        self.limits(
            &MAX_PROPERTIES,
            original.max_properties,
            update.max_properties,
        );
        self.limits(
            &MIN_PROPERTIES,
            original.min_properties,
            update.min_properties,
        );
        Ok(())
    }

    /// Properties that both list; a name that nobody lists may be required without consequences.
    fn required(&mut self, original: &ObjectRules, update: &'t ObjectRules) {
        self.under("required", |judge| {
            for name in &update.required {
                let listed = (original.property(name), update.property(name));
                let (Some(before), Some(after)) = listed else {
                    continue;
                };
                let after = judge.update(after);
                let is_new = !original.requires(name);
                if is_new && !judge.forest().node(after).has_default {
                    let before = judge.original(before);
                    judge.at(Step::Name(name), |judge| {
                        judge.report_between(&REQUIRED_ATTRIBUTE_ADDED, before, after);
                    });
                }
            }
        });
    }

    /// The union of the names, in their order.
    fn properties(
        &mut self,
        original: &'t ObjectRules,
        update: &'t ObjectRules,
    ) -> Result<(), Exhausted> {
        let mut before = original.properties.iter().peekable();
        let mut after = update.properties.iter().peekable();
        loop {
            let order = match (before.peek(), after.peek()) {
                (None, None) => return Ok(()),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (Some((one, _)), Some((other, _))) => one.cmp(other),
            };
            let old = before.next_if(|_| order.is_le());
            let new = after.next_if(|_| order.is_ge());
            let Some((name, _)) = old.or(new) else {
                return Ok(());
            };
            self.at(Step::Name(name), |judge| match (old, new) {
                (Some((_, old)), Some((_, new))) => {
                    judge.compare(judge.original(*old), judge.update(*new));
                    Ok(())
                }
                (Some((_, old)), None) => judge.property_removed(name, *old, update),
                (_, Some((_, new))) => judge.property_added(name, *new, original, update),
                (None, None) => Ok(()),
            })?;
        }
    }

    /// Only what the update does with properties that it does not list counts.
    fn property_removed(
        &mut self,
        name: &str,
        property: NodeId,
        update: &'t ObjectRules,
    ) -> Result<(), Exhausted> {
        let property = self.original(property);
        let object = self.pair.update;
        if self.has_open_properties(object, update) {
            return Ok(());
        }
        match self.property_cover(object, update, name)? {
            Some(cover) => {
                self.covered(property, cover, &PROPERTY_REMOVED_NOT_COVERED);
            }
            None if matches!(self.forest().kind(property), Kind::False) => {}
            None => {
                let difference = &PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL;
                self.report_between(difference, property, object);
            }
        }
        Ok(())
    }

    /// Only what the original did with properties that it did not list counts.
    fn property_added(
        &mut self,
        name: &str,
        property: NodeId,
        original: &'t ObjectRules,
        update: &ObjectRules,
    ) -> Result<(), Exhausted> {
        let property = self.update(property);
        let object = self.pair.original;
        let node = self.forest().node(property);
        let is_required = update.requires(name);
        if self.has_open_properties(object, original) {
            if !matches!(node.kind, Kind::Empty | Kind::True) {
                let difference = match (is_required, node.has_default) {
                    (false, _) => &OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL,
                    (true, true) => &REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL,
                    (true, false) => &REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL,
                };
                self.report_between(difference, object, property);
            }
            return Ok(());
        }
        if let Some(cover) = self.property_cover(object, original, name)? {
            self.covered(cover, property, &PROPERTY_ADDED_NOT_COVERED);
        }
        if is_required && !node.has_default {
            let difference = &REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL;
            self.report_between(difference, object, property);
        }
        Ok(())
    }

    /// Something that only one of the two lists, against what covers it in the other.
    pub(super) fn covered(&mut self, original: At, update: At, not_covered: &'static Difference) {
        self.compare(original, update);
        if !self.accepts(original, update) {
            self.report_between(not_covered, original, update);
        }
    }
}
