//! How the reference puts the keywords of a modern schema together.
//!
//! It joins them one by one. Keywords of one kind become one part, and a list of types takes the keywords of a kind
//! that it names, but only as long as nothing else has come between. What comes when depends on the order in which
//! Java's hash maps list the keywords; since that decides verdicts, it is the order here.

use crate::json::keywords::{Class, Part};
use crate::json::tree::Kind;
use crate::value::Member;

/// A part of a schema in the making.
pub(super) enum Piece {
    /// Keywords of one kind.
    Group(Group),
    /// A list of types, each with the keywords that it has taken.
    Types(Vec<Piece>),
    /// Anything that stands for itself.
    Whole(Kind),
}

/// Keywords of one kind, perhaps with the word in `type`.
#[derive(Clone, Copy)]
pub(super) struct Group {
    pub(super) class: Class,
    pub(super) word: Option<&'static str>,
    pub(super) part: Part,
}

impl Group {
    /// A single keyword.
    pub(super) fn of(class: Class, keyword: &str) -> Self {
        Self {
            class,
            word: None,
            part: Part::of(keyword),
        }
    }

    fn merge(&mut self, other: Self) {
        self.word = self.word.or(other.word);
        self.part = self.part.with(other.part);
    }
}

/// The pieces so far.
#[derive(Default)]
pub(super) struct Joined {
    pieces: Vec<Piece>,
    /// True once there was more than one piece to keep apart: from then on a list of types takes nothing more.
    is_list: bool,
}

impl Joined {
    pub(super) fn add(&mut self, piece: Piece) {
        if self.is_list {
            self.add_to_list(piece);
        } else {
            match self.pieces.pop() {
                None => self.pieces.push(piece),
                Some(before) => self.join(before, piece),
            }
        }
    }

    /// Something that says nothing, but counts.
    pub(super) fn add_nothing(&mut self) {
        self.is_list = true;
    }

    pub(super) fn pieces(self) -> Vec<Piece> {
        self.pieces
    }

    fn join(&mut self, before: Piece, piece: Piece) {
        let together = match (before, piece) {
            (Piece::Group(mut one), Piece::Group(other)) if one.class == other.class => {
                one.merge(other);
                Piece::Group(one)
            }
            (Piece::Types(mut types), Piece::Group(group))
            | (Piece::Group(group), Piece::Types(mut types))
                if takes(&types, group.class) =>
            {
                merge_into(&mut types, group);
                Piece::Types(types)
            }
            (before, piece) => {
                self.is_list = true;
                self.pieces.push(before);
                return self.add_to_list(piece);
            }
        };
        self.pieces.push(together);
    }

    fn add_to_list(&mut self, piece: Piece) {
        match piece {
            Piece::Group(group) if takes(&self.pieces, group.class) => {
                merge_into(&mut self.pieces, group);
            }
            piece => self.pieces.push(piece),
        }
    }
}

fn takes(pieces: &[Piece], class: Class) -> bool {
    pieces
        .iter()
        .any(|piece| matches!(piece, Piece::Group(group) if group.class == class))
}

fn merge_into(pieces: &mut [Piece], group: Group) {
    let same = pieces.iter_mut().find_map(|piece| match piece {
        Piece::Group(other) if other.class == group.class => Some(other),
        _ => None,
    });
    if let Some(other) = same {
        other.merge(group);
    }
}

/// The members in the order in which a Java `HashMap` that was filled with them lists them.
pub(super) fn in_order_of_the_reference(members: &[Member]) -> Vec<&Member> {
    let mut buckets = 16;
    while members.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    let mut ordered: Vec<&Member> = members.iter().collect();
    ordered.sort_by_key(|member| {
        let hash = java_hash(&member.key);
        (hash ^ (hash >> 16)) as usize & (buckets - 1)
    });
    ordered
}

/// What Java's `String.hashCode` gives.
fn java_hash(text: &str) -> u32 {
    text.encode_utf16().fold(0, |hash: u32, unit| {
        hash.wrapping_mul(31).wrapping_add(u32::from(unit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hash_as_in_java() {
        // The first is in the documentation of String.hashCode, the others are well known.
        assert_eq!(java_hash(""), 0);
        assert_eq!(java_hash("Aa"), java_hash("BB"));
        assert_eq!(java_hash("hello"), 99_162_322);
    }
}
