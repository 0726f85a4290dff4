//! Rules for unions, on either side (`avro.md` section 6.1).

use crate::{Format, Rule};

use super::super::graph::Use;
use super::difference::Detail;
use super::path::{PathId, Paths};
use super::{Comparison, Found, Stop};

pub(super) const MISSING_UNION_BRANCH: Rule = Rule {
    id: "missing-union-branch",
    format: Format::Avro,
    wire_name: "MISSING_UNION_BRANCH",
    summary: "The writer may write a type that no branch of the reader's union can read.",
    advice: "Keep every branch of the union, and add a branch first to those who read.",
};

impl Comparison<'_, '_> {
    /// Each branch of the writer must be readable by the reader's union.
    pub(super) fn union_from_union(
        &mut self,
        reader: Use,
        branches: &[Use],
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        for (index, branch) in branches.iter().enumerate() {
            if !self.is_readable(reader, *branch)? {
                let path = self.paths.index(path, index);
                self.report(Detail::Branch, reader, *branch, path, found);
            }
        }
        Ok(())
    }

    /// A reader without a union must read every branch; what it cannot read is reported as it is.
    pub(super) fn one_from_union(
        &mut self,
        reader: Use,
        branches: &[Use],
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        for (index, branch) in branches.iter().enumerate() {
            let path = self.paths.index(path, index);
            self.pair(reader, *branch, path, found)?;
        }
        Ok(())
    }

    /// Some branch of the reader must read the writer's type.
    pub(super) fn union_from_one(
        &mut self,
        branches: &[Use],
        reader: Use,
        writer: Use,
        path: PathId,
        found: &mut Found,
    ) -> Result<(), Stop> {
        for branch in branches {
            if self.is_readable(*branch, writer)? {
                return Ok(());
            }
        }
        self.report(Detail::Branch, reader, writer, path, found);
        Ok(())
    }

    /// A comparison of its own: only whether anything was found counts. Its paths begin anew.
    fn is_readable(&mut self, reader: Use, writer: Use) -> Result<bool, Stop> {
        let mut found = Found::new();
        self.pair(reader, writer, Paths::ROOT, &mut found)?;
        Ok(found.is_empty())
    }
}
