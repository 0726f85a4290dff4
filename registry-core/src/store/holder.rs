//! The row of a holder: which versions of a subject have an id, in the order in which they came.
//!
//! Rows of the first encoding name only the one that came last; they are read as if there were no others.

use super::Fault;
use super::codec;

/// The encoding of these rows. The one before was a number in [`codec`]'s own.
const ENCODING: u8 = 2;

/// The value of a holder's row: numbers of versions, mostly one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct HolderRow(Vec<u32>);

impl HolderRow {
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Fault> {
        if bytes.first() == Some(&ENCODING) {
            codec::decode_as(ENCODING, bytes).map(Self)
        } else {
            codec::decode(bytes).map(|last| Self(vec![last]))
        }
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        codec::encode_as(ENCODING, &self.0)
    }

    pub(crate) fn versions(&self) -> &[u32] {
        &self.0
    }

    /// The version that came last.
    pub(crate) fn last(&self) -> Option<u32> {
        self.0.last().copied()
    }

    /// A version comes, or comes again.
    pub(crate) fn add(&mut self, version: u32) {
        self.remove(version);
        self.0.push(version);
    }

    pub(crate) fn remove(&mut self, version: u32) {
        self.0.retain(|other| *other != version);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_to_come_is_the_one_that_is_named() {
        let mut row = HolderRow::default();
        for version in [3, 5, 2, 3] {
            row.add(version);
        }
        assert_eq!(row.versions(), [5, 2, 3]);
        assert_eq!(
            HolderRow::decode(&row.encode()).expect("a row").last(),
            Some(3)
        );
        row.remove(3);
        assert_eq!(row.last(), Some(2));
    }

    #[test]
    fn a_row_of_the_first_encoding_has_one_version() {
        let row = HolderRow::decode(b"\x01\x07").expect("a row");
        assert_eq!(row.versions(), [7]);
    }
}
