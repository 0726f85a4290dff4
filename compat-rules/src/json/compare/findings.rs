//! What was found out about pairs, each kept once and relative to its pair.

use super::difference::Difference;
use super::forest::{At, Forest, Side};
use crate::Violation;

/// The position of the findings about one pair.
pub(super) type FindingsId = u32;

/// A step of a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'t> {
    /// A keyword.
    Keyword(&'static str),
    /// A name out of a schema.
    Name(&'t str),
    /// A position in an array.
    Index(usize),
}

/// Something incompatible, and where, seen from the pair.
pub(super) struct Finding<'t> {
    pub(super) path: Box<[Step<'t>]>,
    pub(super) what: What,
}

pub(super) enum What {
    /// A difference between these two nodes.
    Difference(&'static Difference, At, At),
    /// All that was found about another pair.
    Nested(FindingsId),
}

/// The findings of a comparison.
pub(super) struct Findings<'t> {
    kept: Vec<Vec<Finding<'t>>>,
}

impl Default for Findings<'_> {
    fn default() -> Self {
        Self {
            kept: vec![Vec::new()],
        }
    }
}

impl<'t> Findings<'t> {
    /// Nothing incompatible.
    pub(super) const NONE: FindingsId = 0;
    /// More violations are not listed: nobody reads them, and nested findings can stand for endlessly many.
    const VIOLATIONS_MAX: usize = 10_000;
    /// The same for the length of all paths together: those through recursive schemas can be very long.
    const PATH_BYTES_MAX: usize = 4 << 20;

    pub(super) fn keep(&mut self, found: Vec<Finding<'t>>) -> FindingsId {
        if found.is_empty() {
            return Self::NONE;
        }
        self.kept.push(found);
        FindingsId::try_from(self.kept.len() - 1).unwrap_or(FindingsId::MAX)
    }

    /// Writes the findings about the roots out, with full paths.
    pub(super) fn violations(&self, root: FindingsId, forest: Forest<'t>) -> Vec<Violation> {
        let mut violations = Vec::new();
        let mut path = String::from("#");
        let mut bytes = 0;
        // Where we are in which findings, and how long the path was before.
        let mut stack = vec![(root, 0, path.len())];
        while let Some((id, next, length)) = stack.last_mut() {
            path.truncate(*length);
            let Some(finding) = self.kept[*id as usize].get(*next) else {
                stack.pop();
                continue;
            };
            *next += 1;
            for step in &finding.path {
                step.append_to(&mut path);
            }
            match finding.what {
                What::Nested(nested) => stack.push((nested, 0, path.len())),
                What::Difference(difference, original, update) => {
                    violations.push(violation(difference, &path, [original, update], forest));
                    bytes += path.len();
                    if violations.len() == Self::VIOLATIONS_MAX || bytes > Self::PATH_BYTES_MAX {
                        break;
                    }
                }
            }
        }
        violations
    }
}

impl Step<'_> {
    /// Names are appended as they are, without escapes.
    fn append_to(&self, path: &mut String) {
        path.push('/');
        match self {
            Step::Keyword(text) | Step::Name(text) => path.push_str(text),
            Step::Index(index) => path.push_str(&index.to_string()),
        }
    }
}

fn violation(
    difference: &'static Difference,
    path: &str,
    nodes: [At; 2],
    forest: Forest<'_>,
) -> Violation {
    let path = match path {
        "#" => "#/",
        path => path,
    };
    let place = |side: Side| {
        let at = nodes.into_iter().find(|at| at.side == side)?;
        forest.node(at).place
    };
    Violation {
        reader_place: place(Side::Reader),
        writer_place: place(Side::Writer),
        ..Violation::new(&difference.rule, path.to_owned(), difference.message(path))
    }
}
