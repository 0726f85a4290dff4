//! The two trees of a comparison, and how their nodes are named together.

use crate::json::tree::{Kind, Node, NodeId, Tree};

/// Both trees.
#[derive(Clone, Copy)]
pub(super) struct Forest<'t> {
    pub(super) reader: &'t Tree,
    pub(super) writer: &'t Tree,
}

/// Which of the two trees a node is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Reader,
    Writer,
}

/// A node of one of the trees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) side: Side,
    pub(super) id: NodeId,
}

/// Two nodes to compare: does the update accept what the original allows? Within a `not` the roles are swapped, so
/// the original may be in either tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) original: At,
    pub(super) update: At,
}

impl<'t> Forest<'t> {
    pub(super) fn node(self, at: At) -> &'t Node {
        match at.side {
            Side::Reader => self.reader.node(at.id),
            Side::Writer => self.writer.node(at.id),
        }
    }

    pub(super) fn kind(self, at: At) -> &'t Kind {
        &self.node(at).kind
    }

    /// What stands behind a reference; anything else is itself.
    pub(super) fn target(self, at: At) -> At {
        match self.kind(at) {
            Kind::Reference(id, _) => At { id: *id, ..at },
            _ => at,
        }
    }

    pub(super) fn pair(self, original: At, update: At) -> Pair {
        Pair {
            original: self.target(original),
            update: self.target(update),
        }
    }

    pub(super) fn roots(self) -> Pair {
        self.pair(
            At {
                side: Side::Writer,
                id: self.writer.root,
            },
            At {
                side: Side::Reader,
                id: self.reader.root,
            },
        )
    }
}

impl At {
    /// Another node of the same tree.
    pub(super) const fn sibling(self, id: NodeId) -> Self {
        Self {
            side: self.side,
            id,
        }
    }
}
