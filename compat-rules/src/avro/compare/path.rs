//! Paths of a walk: each knows its parent, so that going down costs nothing until somebody reads one.

/// A path of one [`Paths`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PathId(u32);

pub(super) struct Paths {
    parts: Vec<(PathId, Part)>,
}

#[derive(Clone, Copy)]
enum Part {
    Word(&'static str),
    Index(usize),
}

impl Paths {
    pub(super) const ROOT: PathId = PathId(0);

    pub(super) fn new() -> Self {
        Self {
            parts: vec![(Self::ROOT, Part::Word(""))],
        }
    }

    pub(super) fn word(&mut self, parent: PathId, word: &'static str) -> PathId {
        self.add(parent, Part::Word(word))
    }

    pub(super) fn index(&mut self, parent: PathId, index: usize) -> PathId {
        self.add(parent, Part::Index(index))
    }

    fn add(&mut self, parent: PathId, part: Part) -> PathId {
        let id = u32::try_from(self.parts.len()).expect("the budget ends before that");
        self.parts.push((parent, part));
        PathId(id)
    }

    /// The path as the messages have it; the root is `/`. No part holds a character that would need escaping.
    pub(super) fn text(&self, path: PathId) -> String {
        let mut parts = Vec::new();
        let mut current = path;
        while current != Self::ROOT {
            let (parent, part) = self.parts[current.0 as usize];
            parts.push(match part {
                Part::Word(word) => word.to_owned(),
                Part::Index(index) => index.to_string(),
            });
            current = parent;
        }
        parts.reverse();
        format!("/{}", parts.join("/"))
    }
}
