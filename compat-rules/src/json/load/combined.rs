//! The keywords that build schemas from schemas, alike in all drafts.

use super::{Loader, Scope};
use crate::json::fault::Fault;
use crate::json::tree::{Criterion, Kind};

impl<'v> Loader<'v> {
    /// `allOf`, `anyOf` or `oneOf`, if it is there.
    pub(super) fn combined(
        &mut self,
        scope: &Scope<'v>,
        criterion: Criterion,
    ) -> Result<Option<Kind>, Fault> {
        let keyword = criterion.keyword();
        let Some(values) = scope.keywords.array(keyword)? else {
            return Ok(None);
        };
        // Equal children count once, so these need to be told apart.
        let shaped = scope.shaped || values.len() > 1;
        let children: Result<_, Fault> = values
            .iter()
            .map(|value| self.child_of_shape(scope, keyword, value, shaped))
            .collect();
        Ok(Some(Kind::Combined(criterion, children?)))
    }

    pub(super) fn conditional(&mut self, scope: &Scope<'v>) -> Result<Kind, Fault> {
        Ok(Kind::Conditional([
            self.child_at(scope, "if")?,
            self.child_at(scope, "then")?,
            self.child_at(scope, "else")?,
        ]))
    }
}
