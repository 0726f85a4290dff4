//! Content models: what becomes of properties and items that a schema does not list.
//!
//! A model is *open* when they may be anything, *partially open* when some schema applies to them, else *closed*.

use super::forest::At;
use super::judge::Judge;
use crate::Exhausted;
use crate::json::tree::{Additional, ArrayRules, Kind, NodeId, ObjectRules};

impl<'t> Judge<'_, 't, '_> {
    pub(super) fn has_open_properties(&self, at: At, rules: &ObjectRules) -> bool {
        rules.patterns.is_empty() && self.is_open(at, rules.additional, rules.unevaluated)
    }

    pub(super) fn has_open_items(&self, at: At, rules: &ArrayRules) -> bool {
        self.is_open(at, rules.additional, rules.unevaluated)
    }

    fn is_open(&self, at: At, additional: Additional, unevaluated: Option<NodeId>) -> bool {
        let kind = unevaluated.map(|id| self.forest().kind(at.sibling(id)));
        additional == Additional::Permitted && matches!(kind, None | Some(Kind::Empty | Kind::True))
    }

    /// The schema that a model which is not open has for a property that it does not list.
    pub(super) fn property_cover(
        &mut self,
        at: At,
        rules: &'t ObjectRules,
        name: &str,
    ) -> Result<Option<At>, Exhausted> {
        for (matcher, id) in &*self.patterns(at, &rules.patterns)? {
            if self.is_found(matcher, name)? {
                return Ok(Some(at.sibling(*id)));
            }
        }
        Ok(self.cover(at, rules.additional, rules.unevaluated))
    }

    /// The same for items.
    pub(super) fn item_cover(&self, at: At, rules: &ArrayRules) -> Option<At> {
        self.cover(at, rules.additional, rules.unevaluated)
    }

    fn cover(&self, at: At, additional: Additional, unevaluated: Option<NodeId>) -> Option<At> {
        let is_boolean = |id: &NodeId| {
            matches!(
                self.forest().kind(at.sibling(*id)),
                Kind::True | Kind::False
            )
        };
        let id = match additional {
            Additional::Schema(id) => Some(id),
            Additional::Permitted => unevaluated.filter(|id| !is_boolean(id)),
            Additional::Forbidden => None,
        };
        id.map(|id| at.sibling(id))
    }
}
